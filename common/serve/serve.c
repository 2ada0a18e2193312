/* serve.c -- see serve.h. */
#include "serve/serve.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

#include "device/sev.h"
#include "host/guard.h"
#include "net/http.h"
#include "serve/backend.h"
#include "serve/httpd.h"
#include "serve/trim.h"

/* Until there are certificates. */
struct preparer {
	struct backend *backend;
	struct log *log;
	pthread_t thread;
	atomic_bool over, done;
};

/* Say why it is not ready, once for each reason. */
static void
say_why(struct log *log, struct slice why, struct buf *said)
{
	if (slice_eq(why, slice_buf(said)))
		return;
	log_say(log, LOG_WARNING, "not ready: %.*s", (int)why.n,
	    (const char *)why.p);
	buf_cut(said, 0);
	buf_add(said, why);
}

static void *
prepare(void *arg)
{
	struct preparer *p = arg;
	struct buf why = {0}, said = {0};
	bool ready = false;
	unsigned ms;

	while (!ready && !atomic_load(&p->over)) {
		backend_prepare(p->backend);
		buf_cut(&why, 0);
		ready = backend_ready(p->backend, &why);
		if (!ready)
			say_why(p->log, slice_buf(&why), &said);
		for (ms = 0; !ready && ms < 1000 && !atomic_load(&p->over);
		    ms += 50)
			(void)usleep(50 * 1000);
	}
	buf_free(&why);
	buf_free(&said);
	trim_image();
	if (ready)
		log_say(p->log, LOG_INFO, "ready");
	atomic_store(&p->done, true);
	return NULL;
}

/* What a trust option changed, as one text. */
static void
add_trust(const struct serve_config *c, struct buf *out)
{
	const struct {
		const char *what, *value;
	} changed[] = {
		{"ARK", c->root}, {"endorser", c->uvm_issuer},
		{"TLS roots", c->cacert}, {"release roots", c->release_roots},
		{"reports", c->no_verify ? "not verified" : NULL},
	};
	size_t i;

	for (i = 0; i < sizeof changed / sizeof *changed; i++)
		if (changed[i].value != NULL)
			buf_addf(out, "%s%s: %s", out->n > 0 ? "; " : "",
			    changed[i].what, changed[i].value);
	if (out->n == 0)
		buf_adds(out, "AMD, Microsoft, the system's TLS roots");
}

static void
add_allowed(const struct serve_config *c, struct buf *out)
{
	size_t i;

	for (i = 0; i < c->nallow; i++)
		buf_addf(out, "%s%s", i > 0 ? " " : "", c->allow[i]);
	if (c->nallow == 0)
		buf_adds(out, "Azure's");
}

int
serve_check(const struct serve_config *c, struct buf *out, struct err *e)
{
	struct buf trust = {0}, allowed = {0};
	struct backend *b;
	size_t i;
	int ret;

	if ((ret = backend_new(c, &b, e)) < 0)
		return -1;
	/* a file that cannot be used is wrong; one to be fetched may come */
	if (c->files.certs.n > 0 ||
	    platform_context(backend_platform(b)) != NULL)
		ret = backend_check(b, e);
	add_trust(c, &trust);
	add_allowed(c, &allowed);
	for (i = 0; i < c->nlisten; i++)
		buf_addf(out, "listen: %s\n", c->listen[i]);
	if (c->nlisten == 0)
		buf_addf(out, "listen: 127.0.0.1:%u [::1]:%u\n", c->port,
		    c->port);
	buf_addf(out, "trust: %.*s\nhosts: %.*s\ncontext: %s\ndevice: %s\n",
	    (int)trust.n, (const char *)trust.p, (int)allowed.n,
	    (const char *)allowed.p,
	    platform_context(backend_platform(b)) != NULL ?
	    platform_context(backend_platform(b)) : "none",
	    sev_present() ? "there" : "none");
	buf_free(&trust);
	buf_free(&allowed);
	backend_free(b);
	return ret;
}

/* What is read, used and taken away later. */
static void
allow_files(const struct serve_config *c, const struct listeners *sockets,
    const struct backend *b)
{
	const char *const anew[] = {c->cacert, getenv("SSL_CERT_FILE"),
	    c->bearer_path, c->secret_path,
	    getenv("AZURE_CLIENT_CERTIFICATE_PATH"),
	    getenv("AZURE_FEDERATED_TOKEN_FILE")};
	bool device = false;
	enum sev_source s;
	size_t i;

	for (i = 0; i < sizeof anew / sizeof *anew; i++)
		guard_may(GUARD_READ_ANEW, anew[i]);
	for (i = 0; i < c->files.certs.n; i++)
		guard_may(GUARD_READ_ANEW, c->files.certs.v[i]);
	guard_may(GUARD_READ, platform_context(backend_platform(b)));
	for (i = 0; i < sockets->n; i++)
		guard_may(GUARD_GONE, sockets->v[i].path);
	for (s = SEV_GUEST; s <= SEV_VTPM; s++) {
		device = device || access(sev_path(s), F_OK) == 0;
		guard_may(GUARD_USE, sev_path(s));
	}
	/* one that the kernel makes later must be found */
	if (!device)
		guard_may(GUARD_USE, "/dev");
	/* how many descriptors there are, for the metrics */
	guard_may(GUARD_LIST, "/proc");
}

static void
first_line(const struct serve_config *c, const struct listeners *sockets,
    const struct backend *b, unsigned guard, struct log *log)
{
	const char *context = platform_context(backend_platform(b));
	struct buf at = {0}, trust = {0}, allowed = {0}, guarded = {0};
	struct log_line l;
	size_t i;

	for (i = 0; i < sockets->n; i++)
		buf_addf(&at, "%s%s", i > 0 ? " " : "", sockets->v[i].name);
	add_trust(c, &trust);
	add_allowed(c, &allowed);
	guard_text(guard, &guarded);
	log_begin(log, LOG_INFO, &l);
	log_text(&l, "msg", slice_str("listening"));
	log_text(&l, "listen", slice_buf(&at));
	log_text(&l, "trust", slice_buf(&trust));
	log_text(&l, "hosts", slice_buf(&allowed));
	log_text(&l, "context", slice_str(context != NULL ? context : "none"));
	log_text(&l, "guard", slice_buf(&guarded));
	log_end(log, LOG_INFO, &l);
	if (platform_endorsement_of(backend_platform(b)).n == 0)
		log_say(log, LOG_WARNING, "no endorsement of the utility VM: "
		    "tokens will lack x-ms-compliance-status");
	buf_free(&at);
	buf_free(&trust);
	buf_free(&allowed);
	buf_free(&guarded);
}

/* A second signal does not wait for anybody. */
static void *
impatience(void *arg)
{
	const sigset_t *set = arg;
	int got;

	if (sigwait(set, &got) == 0)
		_exit(E_OK);
	return NULL;
}

static void
stop(struct httpd *h, struct listeners *sockets, sigset_t *set,
    struct log *log)
{
	pthread_t second;

	listen_notify("STOPPING=1");
	log_say(log, LOG_INFO, "stopping: no more connections, the requests "
	    "under way are answered");
	if (pthread_create(&second, NULL, impatience, set) == 0)
		(void)pthread_detach(second);
	if (!httpd_drain(h, sockets, SERVE_DRAIN)) {
		log_say(log, LOG_WARNING, "stopped with requests unanswered "
		    "after %d s", SERVE_DRAIN);
		listen_close(sockets);
		_exit(E_OK);
	}
}

static int
serve(const struct serve_config *c, struct backend *b, struct log *log,
    sigset_t *set, struct err *e)
{
	struct preparer p = {.backend = b, .log = log};
	struct listeners sockets = {0};
	struct metrics *m;
	struct httpd *h;
	unsigned guard;
	int got;

	if (listen_open(c->listen, c->nlisten, c->port, &sockets, e) < 0)
		return -1;
	m = metrics_new();
	allow_files(c, &sockets, b);
	guard = guard_network(true);
	if (httpd_start(c, &sockets, b, log, m, &h, e) < 0) {
		metrics_free(m);
		listen_close(&sockets);
		return -1;
	}
	if (pthread_create(&p.thread, NULL, prepare, &p) != 0)
		err_nomem();
	first_line(c, &sockets, b, guard, log);
	listen_notify("READY=1\nSTATUS=listening");
	while (sigwait(set, &got) != 0)
		;
	atomic_store(&p.over, true);
	stop(h, &sockets, set, log);
	httpd_free(h);
	metrics_free(m);
	listen_close(&sockets);
	log_say(log, LOG_INFO, "stopped");
	if (!atomic_load(&p.done))
		/* in the middle of a look for certificates: nobody waits */
		(void)usleep(100 * 1000);
	if (!atomic_load(&p.done))
		_exit(E_OK);
	(void)pthread_join(p.thread, NULL);
	return 0;
}

int
serve_run(const struct serve_config *c, struct err *e)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	struct backend *b;
	struct log *log;
	sigset_t set;
	int ret;

	/* one heap for all threads: what one frees another uses */
	(void)mallopt(M_ARENA_MAX, 1);
	(void)mallopt(M_TRIM_THRESHOLD, 256 << 10);
	(void)mallopt(M_MMAP_THRESHOLD, 256 << 10);
	(void)sigaction(SIGPIPE, &ignore, NULL);
	(void)sigemptyset(&set);
	(void)sigaddset(&set, SIGTERM);
	(void)sigaddset(&set, SIGINT);
	(void)pthread_sigmask(SIG_BLOCK, &set, NULL);
	http_ready();
	if (log_open(c->log_path, c->level, c->log_json, &log, e) < 0)
		return -1;
	if ((ret = backend_new(c, &b, e)) == 0) {
		ret = serve(c, b, log, &set, e);
		backend_free(b);
	}
	log_close(log);
	return ret;
}

/* httpd.c -- see httpd.h. */
#include "serve/httpd.h"

#include <errno.h>
#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "evidence/report.h"
#include "serve/allow.h"
#include "serve/conns.h"
#include "serve/pool.h"

enum {
	NEAR = 2,	/* threads that ask the device alone */
	FAR = 8,	/* threads that ask services too */
	STACK = 512 << 10,	/* bytes of a thread's stack */
	TICK = 250,	/* ms between two looks at the connections */
	CALM = 3,	/* looks at a server with nothing left to do */
	LOOK = 20,	/* ms between them */
	ID = 16,	/* characters of a request's id */
	AA_DATA_MAX = SNP_REPORT_DATA_SIZE,
};

struct httpd {
	const struct serve_config *config;
	struct backend *backend;
	struct log *log;
	struct metrics *metrics;
	struct conns *conns;
	struct pool *near, *far;
	struct MHD_Daemon *daemon[LISTEN_MAX];
	size_t n;
	pthread_t keeper;
	atomic_bool draining, over;
	atomic_size_t calls;	/* begun and not yet answered */
	atomic_size_t bodies;	/* bytes of them that are kept */
};

/* One request, from its head to its answer. */
struct call {
	struct waiter waiter;
	struct httpd *h;
	struct MHD_Connection *c;
	struct conn *conn;
	enum route route;
	char *path;
	struct buf body;
	size_t total;		/* bytes of the body that came */
	bool no_room, waiting, done;
	struct outcome o;
	int64_t began;		/* ms */
	char id[ID + 1];
};

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
sleep_ms(long ms)
{
	const struct timespec t = {.tv_sec = ms / 1000,
	    .tv_nsec = ms % 1000 * 1000000};

	(void)nanosleep(&t, NULL);
}

/* --- answers --- */

static void
body_free(void *arg)
{
	struct buf *body = arg;

	buf_free(body);
	free(body);
}

static struct MHD_Response *
response(struct buf *text)
{
	struct buf *body = malloc(sizeof *body);
	struct MHD_Response *r;

	if (body == NULL)
		err_nomem();
	*body = *text;
	*text = (struct buf){0};
	r = MHD_create_response_from_buffer_with_free_callback_cls(body->n,
	    body->p, body_free, body);
	if (r == NULL)
		err_nomem();
	return r;
}

static void
header(struct MHD_Response *r, const char *name, const char *value)
{
	if (MHD_add_response_header(r, name, value) != MHD_YES)
		err_nomem();
}

static void
note(struct call *c, long ms)
{
	struct outcome *o = &c->o;
	enum log_level level = o->status < 400 || c->route == ROUTE_NONE ?
	    LOG_INFO : LOG_WARNING;
	struct log_line l;

	log_begin(c->h->log, level, &l);
	log_text(&l, "route", slice_str(route_name(c->route)));
	log_number(&l, "status", (long)o->status);
	log_number(&l, "ms", ms);
	log_text(&l, "id", slice_str(c->id));
	if (o->status >= 400 && c->route != ROUTE_NONE) {
		log_text(&l, "service", slice_str(service_name(o->by)));
		log_text(&l, "code", slice_str(o->code));
		log_text(&l, "cause", slice_str(o->err.text));
		if (o->err.hint[0] != '\0')
			log_text(&l, "hint", slice_str(o->err.hint));
	}
	if (o->request_id[0] != '\0')
		log_text(&l, "request_id", slice_str(o->request_id));
	log_end(c->h->log, level, &l);
	metrics_count(c->h->metrics, c->route, o, ms);
}

static enum MHD_Result
answer(struct call *c, const char *type)
{
	struct outcome *o = &c->o;
	struct MHD_Response *r;
	enum MHD_Result ret;
	char number[24];

	if (o->status >= 400 && o->body.n == 0)
		answer_error(o, c->id, &o->body);
	r = response(&o->body);
	header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	header(r, "X-Request-Id", c->id);
	if (o->retry_after >= 0 && o->status >= 400) {
		(void)snprintf(number, sizeof number, "%ld", o->retry_after);
		header(r, MHD_HTTP_HEADER_RETRY_AFTER, number);
	}
	if (c->route == ROUTE_MOVED) {
		c->path[strlen(c->path) - 1] = '\0';
		header(r, MHD_HTTP_HEADER_LOCATION, c->path);
	}
	if (atomic_load(&c->h->draining))
		header(r, MHD_HTTP_HEADER_CONNECTION, "close");
	note(c, (long)(now() - c->began));
	ret = MHD_queue_response(c->c, o->status, r);
	MHD_destroy_response(r);
	return ret;
}

static enum MHD_Result
json(struct call *c)
{
	return answer(c, "application/json; charset=utf-8");
}

static enum MHD_Result
say_status(struct call *c)
{
	struct buf why = {0};
	bool ready = backend_ready(c->h->backend, &why);
	struct err e;

	if (!ready) {
		(void)err_set(&e, E_SYSTEM, "%.*s", (int)why.n,
		    (const char *)why.p);
		outcome_device(&c->o, &e);
		(void)snprintf(c->o.code, sizeof c->o.code, "NotReady");
		c->o.retry_after = 5;
	}
	answer_status(ready, slice_buf(&why), &c->o.body);
	buf_free(&why);
	return json(c);
}

static enum MHD_Result
refuse(struct call *c, unsigned status, const struct err *e)
{
	outcome_refuse(&c->o, status, e);
	return json(c);
}

/* --- requests --- */

/* In a thread of a pool: the answer goes out in the connection's own. */
static void
done(struct waiter *w, const struct outcome *o)
{
	struct call *c = (struct call *)w;
	struct buf body = {0};

	buf_add(&body, slice_buf(&o->body));
	c->o = *o;
	c->o.body = body;
	c->done = true;
	conns_busy(c->h->conns, c->conn, false);
	MHD_resume_connection(c->c);
}

static enum MHD_Result
wait_for_it(struct call *c)
{
	struct httpd *h = c->h;
	bool near = c->route == ROUTE_RAW || c->route == ROUTE_COMBINED ||
	    c->route == ROUTE_AA_EVIDENCE;
	struct err e;

	c->waiting = true;
	c->waiter.route = c->route;
	c->waiter.done = done;
	conns_busy(h->conns, c->conn, true);
	MHD_suspend_connection(c->c);
	if (pool_add(near ? h->near : h->far, &c->waiter))
		return MHD_YES;
	(void)err_set(&e, E_NETWORK, "too many requests wait already");
	outcome_refuse(&c->o, 503, &e);
	c->done = true;
	conns_busy(h->conns, c->conn, false);
	MHD_resume_connection(c->c);
	return MHD_YES;
}

static int
allowed(struct call *c, struct err *e)
{
	const struct serve_config *s = c->h->config;
	const struct request *r = &c->waiter.request;

	if ((c->route == ROUTE_MAA || c->route == ROUTE_RELEASE) &&
	    allow_check(s->allow, s->nallow, ALLOW_MAA, slice_buf(&r->issuer),
	    e) < 0)
		return -1;
	return c->route != ROUTE_RELEASE ? 0 : allow_check(s->allow,
	    s->nallow, ALLOW_VAULT, slice_buf(&r->key.base), e);
}

static enum MHD_Result
read_body(struct call *c)
{
	struct err e;

	if (c->total > REQUEST_MAX) {
		(void)err_set(&e, E_INPUT, "request: larger than %d bytes",
		    REQUEST_MAX);
		return refuse(c, 413, &e);
	}
	if (c->no_room) {
		(void)err_set(&e, E_NETWORK, "too many large requests at "
		    "once");
		return refuse(c, 503, &e);
	}
	if (request_read(c->route, slice_buf(&c->body), &c->waiter.request,
	    &e) < 0)
		return refuse(c, 400, &e);
	if (allowed(c, &e) < 0)
		return refuse(c, 403, &e);
	return wait_for_it(c);
}

static struct slice
argument(struct call *c, const char *name)
{
	const char *value = NULL;
	size_t n = 0;

	(void)MHD_lookup_connection_value_n(c->c, MHD_GET_ARGUMENT_KIND,
	    name, strlen(name), &value, &n);
	return slice_of(value, n);
}

static enum MHD_Result
read_aa_evidence(struct call *c)
{
	struct slice data = argument(c, "runtime_data");
	struct err e;

	if (data.n == 0 || data.n > AA_DATA_MAX) {
		(void)err_set(&e, E_INPUT, "request: runtime_data: %zu bytes "
		    "instead of 1 to %d", data.n, AA_DATA_MAX);
		return refuse(c, 400, &e);
	}
	buf_add(&c->waiter.request.runtime, data);
	return wait_for_it(c);
}

static enum MHD_Result
read_aa_token(struct call *c)
{
	const char *provider = c->h->config->aa_endpoint;
	struct slice type = argument(c, "token_type");
	struct err e;

	if (!slice_is(type, "maa")) {
		(void)err_set(&e, E_INPUT, "request: token_type: maa is the "
		    "one there is");
		return refuse(c, 400, &e);
	}
	if (provider == NULL) {
		(void)err_set(&e, E_INPUT, "no provider to ask");
		(void)err_hint(&e, "skr-serve --endpoint names it");
		return refuse(c, 404, &e);
	}
	if (endpoint_issuer(provider, &c->waiter.request.issuer, &e) < 0)
		return refuse(c, 400, &e);
	return wait_for_it(c);
}

static enum MHD_Result
nothing_here(struct call *c)
{
	c->route = ROUTE_NONE;
	c->o.status = c->o.meant = 404;
	buf_adds(&c->o.body, "404 page not found");
	return answer(c, "text/plain");
}

static enum MHD_Result
say_metrics(struct call *c)
{
	struct httpd *h = c->h;
	size_t owed;

	if (!h->config->metrics)
		return nothing_here(c);
	metrics_page(h->metrics, conns_count(h->conns, &owed),
	    pool_waiting(h->near) + pool_waiting(h->far), &c->o.body);
	return answer(c, "text/plain; version=0.0.4");
}

/* The whole request is there. */
static enum MHD_Result
do_call(struct call *c)
{
	switch (c->route) {
	case ROUTE_STATUS:
		return say_status(c);
	case ROUTE_RAW:
	case ROUTE_COMBINED:
	case ROUTE_MAA:
	case ROUTE_RELEASE:
		return read_body(c);
	case ROUTE_AA_EVIDENCE:
		return read_aa_evidence(c);
	case ROUTE_AA_TOKEN:
		return read_aa_token(c);
	case ROUTE_METRICS:
		return say_metrics(c);
	default:
		return c->route == ROUTE_MOVED ? json(c) : nothing_here(c);
	}
}

/* A request's name; random bytes are asked for many at a time. */
static void
new_id(char id[ID + 1])
{
	static _Thread_local uint8_t random[64 * ID / 2];
	static _Thread_local size_t left;
	static const char digits[] = "0123456789abcdef";
	size_t i;

	if (left == 0) {
		hash_random(random, sizeof random);
		left = sizeof random;
	}
	for (i = 0; i < ID; i += 2) {
		left--;
		id[i] = digits[random[left] >> 4];
		id[i + 1] = digits[random[left] & 15];
	}
	id[ID] = '\0';
}

static struct call *
begin(struct httpd *h, struct MHD_Connection *connection, const char *method,
    const char *path)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct call *c = calloc(1, sizeof *c);

	if (c == NULL)
		err_nomem();
	c->h = h;
	c->c = connection;
	c->conn = info->socket_context;
	c->route = route_of(method, path);
	c->began = now();
	c->o.status = c->o.meant = 200;
	c->o.retry_after = -1;
	if (c->route == ROUTE_MOVED) {
		c->path = slice_dup(slice_str(path));
		c->o.status = c->o.meant = strcmp(method, "GET") == 0 ? 301 :
		    307;
	}
	new_id(c->id);
	(void)atomic_fetch_add(&h->calls, 1);
	conns_touch(h->conns, c->conn);
	return c;
}

/* Keep a part of the body, or only count it. */
static enum MHD_Result
more(struct call *c, const char *p, size_t n)
{
	c->total += n;
	if (c->total > HTTPD_SWALLOW)
		return MHD_NO;
	if (c->total > REQUEST_MAX || c->no_room)
		return MHD_YES;
	if (atomic_fetch_add(&c->h->bodies, n) + n > HTTPD_BODIES) {
		(void)atomic_fetch_sub(&c->h->bodies, n);
		c->no_room = true;
		return MHD_YES;
	}
	buf_add(&c->body, slice_of(p, n));
	return MHD_YES;
}

static enum MHD_Result
on_request(void *arg, struct MHD_Connection *connection, const char *path,
    const char *method, const char *version, const char *data, size_t *n,
    void **state)
{
	struct call *c = *state;
	enum MHD_Result ret;

	(void)version;
	if (c == NULL) {
		*state = begin(arg, connection, method, path);
		return MHD_YES;
	}
	if (*n > 0) {
		ret = more(c, data, *n);
		*n = 0;
		return ret;
	}
	if (c->waiting)
		/* called once more while it waits, there is nothing to do */
		return c->done ? json(c) : MHD_YES;
	return do_call(c);
}

static void
on_completed(void *arg, struct MHD_Connection *connection, void **state,
    enum MHD_RequestTerminationCode why)
{
	struct httpd *h = arg;
	struct call *c = *state;

	(void)connection;
	(void)why;
	if (c == NULL)
		return;
	conns_busy(h->conns, c->conn, false);
	(void)atomic_fetch_sub(&h->bodies, c->body.n);
	(void)atomic_fetch_sub(&h->calls, 1);
	request_free(&c->waiter.request);
	outcome_free(&c->o);
	buf_free(&c->body);
	free(c->path);
	free(c);
	*state = NULL;
}

static void
on_connection(void *arg, struct MHD_Connection *connection, void **socket,
    enum MHD_ConnectionNotificationCode what)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
	    connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct httpd *h = arg;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*socket = conns_open(h->conns, info->connect_fd);
	} else {
		conns_close(h->conns, *socket);
		*socket = NULL;
	}
}

/* --- the server --- */

static void *
keep(void *arg)
{
	struct httpd *h = arg;

	while (!atomic_load(&h->over)) {
		conns_reap(h->conns, HTTPD_READ_TIME * 1000);
		sleep_ms(TICK);
	}
	return NULL;
}

/* Connections and files of all threads, with room to spare. */
static void
raise_limit(void)
{
	const rlim_t want = HTTPD_CONNECTIONS * 2;
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_cur >= want)
		return;
	r.rlim_cur = r.rlim_max < want ? r.rlim_max : want;
	(void)setrlimit(RLIMIT_NOFILE, &r);
}

static void
work(void *arg, enum route route, const struct request *r, struct outcome *o)
{
	backend_do(arg, route, r, o);
}

static struct MHD_Daemon *
start(struct httpd *h, int fd)
{
	return MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD |
	    MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC, 0, NULL, NULL, on_request,
	    h, MHD_OPTION_LISTEN_SOCKET, fd,
	    MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTPD_CONNECTIONS,
	    MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTPD_HEAD_MAX,
	    MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)HTTPD_READ_TIME,
	    MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK,
	    MHD_OPTION_SIGPIPE_HANDLED_BY_APP, 1,
	    MHD_OPTION_NOTIFY_COMPLETED, on_completed, h,
	    MHD_OPTION_NOTIFY_CONNECTION, on_connection, h, MHD_OPTION_END);
}

int
httpd_start(const struct serve_config *config, struct listeners *sockets,
    struct backend *b, struct log *log, struct metrics *m,
    struct httpd **out, struct err *e)
{
	struct httpd *h = calloc(1, sizeof *h);

	if (h == NULL)
		err_nomem();
	h->config = config;
	h->backend = b;
	h->log = log;
	h->metrics = m;
	raise_limit();
	h->conns = conns_new(HTTPD_CONNECTIONS / 4 * 3);
	h->near = pool_new(NEAR, config->waiting, work, b);
	h->far = pool_new(FAR, config->waiting, work, b);
	for (; h->n < sockets->n; h->n++)
		if ((h->daemon[h->n] = start(h, sockets->v[h->n].fd)) == NULL)
			break;
	if (pthread_create(&h->keeper, NULL, keep, h) != 0)
		err_nomem();
	if (h->n == sockets->n) {
		*out = h;
		return 0;
	}
	(void)err_set(e, E_SYSTEM, "%s: no server can be started",
	    sockets->v[h->n].name);
	httpd_free(h);
	return -1;
}

/* Those whom the kernel has let in already are let in, and then nobody. */
static void
close_door(struct MHD_Daemon *d, struct listener *l)
{
	struct sockaddr_storage from;
	socklen_t n = sizeof from;
	int fd;

	(void)MHD_quiesce_daemon(d);
	if (l->handed)
		return;
	while ((fd = accept4(l->fd, (struct sockaddr *)&from, &n,
	    SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
		if (MHD_add_connection(d, fd, (struct sockaddr *)&from, n) !=
		    MHD_YES && errno == EBADF)
			(void)close(fd);
		n = sizeof from;
	}
	(void)close(l->fd);
	l->fd = -1;
}

bool
httpd_drain(struct httpd *h, struct listeners *sockets, int seconds)
{
	int64_t begun = now();
	size_t i, owed;
	int calm = 0;

	atomic_store(&h->draining, true);
	for (i = 0; i < h->n; i++)
		close_door(h->daemon[i], &sockets->v[i]);
	while (calm < CALM && now() - begun < (int64_t)seconds * 1000) {
		sleep_ms(LOOK);
		(void)conns_count(h->conns, &owed);
		/* one that says nothing for long will not ask any more */
		if (now() - begun > 2000)
			owed = 0;
		calm = owed == 0 && atomic_load(&h->calls) == 0 ? calm + 1 :
		    0;
	}
	return atomic_load(&h->calls) == 0;
}

void
httpd_free(struct httpd *h)
{
	size_t i;

	atomic_store(&h->over, true);
	(void)pthread_join(h->keeper, NULL);
	for (i = 0; i < h->n; i++)
		MHD_stop_daemon(h->daemon[i]);
	pool_free(h->near);
	pool_free(h->far);
	conns_free(h->conns);
	free(h);
}

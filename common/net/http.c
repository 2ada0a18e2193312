/* http.c -- see http.h: what may be asked, where, and how often. */
#include "net/http.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "azure/endpoint.h"
#include "azure/retry.h"
#include "ground/text.h"
#include "host/guard.h"
#include "net/http_in.h"

static const char *const bundles[] = {
	"/etc/ssl/certs/ca-certificates.crt",	/* Debian, Alpine */
	"/etc/pki/tls/certs/ca-bundle.crt",	/* RHEL to 9 */
	"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* RHEL */
	"/etc/ssl/ca-bundle.pem",		/* SUSE */
	"/etc/ssl/cert.pem",			/* Alpine */
};

int
http_roots(const char *cacert, const char **path, struct err *e)
{
	size_t i;

	*path = cacert;
	if (cacert == NULL)
		*path = getenv("SSL_CERT_FILE");
	if (*path != NULL && **path != '\0') {
		if (access(*path, R_OK) == 0)
			return 0;
		return err_sys(e, "%s", *path);
	}
	for (i = 0; i < sizeof bundles / sizeof *bundles; i++)
		if (access(bundles[i], R_OK) == 0) {
			*path = bundles[i];
			return 0;
		}
	(void)err_set(e, E_SYSTEM, "no roots: none of %s, %s and the like",
	    bundles[0], bundles[1]);
	return err_hint(e, "install ca-certificates, or name a file of roots "
	    "with --cacert");
}

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* "host[:port]" and the path of a URL; the query is nobody's business. */
static struct slice
authority(const char *url, struct slice *path)
{
	struct slice s = slice_str(url);
	const char *at = strstr(url, "://");
	size_t n;

	if (at != NULL)
		s = slice_str(at + 3);
	for (n = 0; n < s.n && strchr("/?#", s.p[n]) == NULL; n++)
		;
	*path = slice_from(s, n);
	*path = slice_head(*path, slice_find(*path, '?'));
	return slice_head(s, n);
}

void
http_note(const char *fmt, ...)
{
	struct buf line = {0};
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	text_escape(slice_str(text), &line);
	(void)fprintf(stderr, "%s: %.*s\n", err_tool, (int)line.n,
	    (const char *)line.p);
	buf_free(&line);
}

static void
say(const struct http_request *rq, const struct http_answer *a, int64_t ms,
    bool failed)
{
	struct slice path, host = authority(rq->url, &path);
	char status[32] = "failed";

	if (!failed)
		(void)snprintf(status, sizeof status, "%ld", a->status);
	http_note("%s %.*s%.*s %s, %lld ms%s%s%s", rq->method, (int)host.n,
	    (const char *)host.p, (int)path.n, (const char *)path.p, status,
	    (long long)ms, rq->client_id != NULL ?
	    " (x-ms-client-request-id " : "", rq->client_id != NULL ?
	    rq->client_id : "", rq->client_id != NULL ? ")" : "");
}

static void
pause_for(unsigned ms)
{
	struct timespec t = {.tv_sec = ms / 1000,
	    .tv_nsec = (long)(ms % 1000) * 1000000};

	while (nanosleep(&t, &t) < 0)
		;
}

/* https, or http to an address that never leaves the host or the link. */
static int
judge_url(struct http_attempt *at, struct err *e)
{
	const char *url = at->rq->url;
	bool local = endpoint_local(endpoint_host(slice_str(url)));

	at->direct = local;
	if (strncasecmp(url, "https://", 8) == 0 && at->rq->thumbprint != NULL)
		return 0;
	if (strncasecmp(url, "https://", 8) == 0)
		return http_roots(at->rq->cacert, &at->roots, e);
	at->plain = true;
	if (strncasecmp(url, "http://", 7) == 0 && local)
		return 0;
	(void)err_set(e, E_USAGE, "%s: not over plain http", url);
	return err_hint(e, "http is for loopback and link-local addresses "
	    "only");
}

static bool
may_pass(const struct http_attempt *at, const struct http_answer *a)
{
	const char *passing = at->rq->passing;

	if (a->status == 0)
		return at->again;
	if (a->status == 401 && passing != NULL)
		return slice_search(slice_buf(&a->body), passing) < a->body.n;
	if (a->status == 500 && at->rq->once)
		return false;
	return retry_status(a->status) || (at->rq->awaited != NULL &&
	    (a->status == 404 || a->status == 410));
}

/* Whether to ask once more, after having waited. */
static bool
once_more(const struct http_attempt *at, const struct http_answer *a,
    unsigned done, int64_t deadline)
{
	struct retry rules = {.retries = at->rq->retries,
	    .patient = at->rq->awaited != NULL};
	uint32_t random;
	unsigned ms;

	if (!may_pass(at, a))
		return false;
	hash_random((uint8_t *)&random, sizeof random);
	if (!retry_more(&rules, done, a->status == 0 ? -1 : a->retry_after,
	    deadline - now_ms(), random, &ms))
		return false;
	if (at->rq->awaited != NULL && done == 1 && !err_quiet)
		http_note("warning: waiting for %s", at->rq->awaited);
	if (at->rq->verbose)
		http_note("waiting %u.%u s before attempt %u", ms / 1000,
		    ms % 1000 / 100, done + 1);
	pause_for(ms);
	return true;
}

static struct {
	bool wanted, verbose;
} guard;

void
http_guard(bool verbose)
{
	guard.wanted = true;
	guard.verbose = verbose;
}

void
http_guard_now(bool verbose)
{
	struct buf text = {0};

	guard.wanted = false;
	/* libcurl and libcrypto read now what they are configured with */
	http_ready();
	guard_may(GUARD_READ, getenv("SSL_CERT_FILE"));
	guard_text(guard_network(false), &text);
	if (verbose)
		http_note("guard: %.*s", (int)text.n, (const char *)text.p);
	buf_free(&text);
}

static int
is_answer(const struct http_answer *a, struct err *e)
{
	if (a->status >= 300 && a->status < 400)
		return err_set(e, E_INPUT, "%s: %ld: a redirect%s%s, which is "
		    "not followed", a->host, a->status,
		    a->location[0] != '\0' ? " to " : "", a->location);
	if (a->status < 200 || a->status > 599)
		return err_set(e, E_INPUT, "%s: %ld: no status of HTTP",
		    a->host, a->status);
	return 0;
}

/* With retries, until an answer or a failure stands. */
static int
attempts(const struct http_request *rq, struct http_answer *out,
    struct err *e)
{
	unsigned most = rq->ms > 0 ? rq->ms : HTTP_TIMEOUT * 1000;
	int64_t first = now_ms(), deadline = first + most, begin;
	struct http_attempt at = {.rq = rq};
	struct http_answer a = {0};
	struct slice path, host = authority(rq->url, &path);
	unsigned done = 0;
	int ret;

	if (judge_url(&at, e) < 0)
		return -1;
	if (guard.wanted)
		http_guard_now(guard.verbose);
	do {
		http_free(&a);
		(void)snprintf(a.host, sizeof a.host, "%.*s", (int)host.n,
		    host.p);
		begin = now_ms();
		at.ms = (long)(deadline - begin);
		ret = http_attempt(&at, &a, e);
		if (ret < 0)
			a.status = 0;
		if (rq->verbose)
			say(rq, &a, now_ms() - begin, ret < 0);
		if (a.status == 410 && deadline < first + rq->gone_ms)
			deadline = first + rq->gone_ms;
	} while (once_more(&at, &a, ++done, deadline));
	if (rq->client_id != NULL)
		(void)snprintf(a.client_id, sizeof a.client_id, "%s",
		    rq->client_id);
	if (ret == 0)
		ret = is_answer(&a, e);
	if (ret == 0)
		*out = a;
	else
		http_free(&a);
	return ret;
}

int
http_do(const struct http_request *rq, struct http_answer *out, struct err *e)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN}, was;
	int ret;

	/* libcrypto writes to sockets that the peer may have closed: that is
	 * an error to report, not the end of a pipeline */
	(void)sigaction(SIGPIPE, &ignore, &was);
	ret = attempts(rq, out, e);
	(void)sigaction(SIGPIPE, &was, NULL);
	return ret;
}

void
http_free(struct http_answer *a)
{
	buf_free(&a->body);
	*a = (struct http_answer){.retry_after = -1};
}

struct service_answer
http_service(const struct http_answer *a)
{
	return (struct service_answer){.who = a->host, .status = a->status,
	    .body = slice_buf(&a->body), .content_type = a->content_type,
	    .request_id = a->request_id, .client_id = a->client_id,
	    .error_code = a->error_code,
	    .challenge = a->challenge, .retry_after = a->retry_after};
}

void
http_escape(struct slice s, struct buf *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789-._~";
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] != 0 && strchr(plain, s.p[i]) != NULL)
			buf_addc(out, s.p[i]);
		else
			buf_addf(out, "%%%02X", (unsigned)s.p[i]);
}

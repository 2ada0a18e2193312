/* http.h -- one request, one answer: the only user of libcurl.  Status,
 * headers and bytes; what they mean is format's.  World. */
#ifndef NET_HTTP_H
#define NET_HTTP_H

#include "azure/service.h"
#include "ground/buf.h"
#include "ground/err.h"

enum {
	HTTP_BODY_MAX = 1 << 20,	/* bytes of an answer, unless said */
	HTTP_CONNECT_TIMEOUT = 10,	/* seconds */
	HTTP_TIMEOUT = 60,		/* seconds for a whole exchange */
	HTTP_TIMEOUT_MAX = 3600,	/* seconds */
	HTTP_RETRIES = 3,		/* after the first attempt */
	HTTP_RETRIES_MAX = 20,
};

/* https anywhere (TLS 1.2 at least, verified, no redirects, no netrc, no
 * cookies); plain http to loopback and link-local addresses only, and never
 * through a proxy. */
struct http_request {
	const char *method;		/* "GET" or "POST" */
	const char *url;
	const char *content_type;	/* NULL without a body */
	struct slice body;
	struct slice bearer;		/* empty: no Authorization */
	const char *const *headers;	/* "Name: value", NULL at the end */
	const char *cacert;		/* file of TLS roots; NULL: system's */
	const char *thumbprint;		/* 40 hex digits: the SHA-1 of the one
					 * certificate trusted, as Service
					 * Fabric says it; NULL: by the roots */
	size_t body_max;		/* 0: HTTP_BODY_MAX */
	unsigned ms;			/* for all attempts and the waits
					 * between; 0: HTTP_TIMEOUT */
	unsigned retries;		/* attempts after the first */
	const char *awaited;		/* not NULL: something by this name may
					 * be starting; 404 and 410 too are
					 * asked again, until the timeout if
					 * retries is not 0; said once */
	unsigned gone_ms;		/* for what is awaited and says 410,
					 * which passes: for all attempts,
					 * where that is more than ms */
	bool once;			/* a 500 is an answer: what was asked
					 * may be half done, and is not asked
					 * again */
	const char *passing;		/* not NULL: a 401 whose body has this
					 * text is asked again as a 503 is */
	const char *client_id;		/* of the request, for who runs the
					 * service: x-ms-client-request-id;
					 * NULL: none */
	bool verbose;			/* method, host, path, status, time on
					 * standard error; never a body */
};

/* The last answer; {0} is empty, http_free() releases. */
struct http_answer {
	char host[280];			/* "host[:port]" that was asked */
	long status;			/* 200 ... 599 */
	struct buf body;
	char content_type[128];
	char request_id[128];		/* x-ms-request-id, or empty */
	char client_id[40];		/* the request's client_id, or empty */
	char error_code[128];		/* x-ms-error-code, or empty */
	char challenge[512];		/* WWW-Authenticate, or empty; of
					 * several the one for Bearer */
	char location[256];		/* of a redirect, or empty */
	long retry_after;		/* seconds, or -1 */
};

/* Have libcurl begin now, for a process that has threads later; each of them
 * may ask, once SIGPIPE is ignored for good. */
void http_ready(void);

/* Set the guard of host/guard.h right before the first request, when all else
 * that is read or made ready is; -v says what was set. */
void http_guard(bool verbose);
/* Set it now. */
void http_guard_now(bool verbose);

/* Do it, with the retries of the request (408, 429, 5xx, and connections that
 * fail or break; waits of retry.h, Retry-After honoured up to RETRY_MAX).  An
 * attempt that could not begin before the timeout is not made.  0 for every
 * answer that came whole, whatever its status but a redirect; 408, 429 and
 * 5xx after the retries are NOT errors here: the caller reads the status and
 * the body.  E_NETWORK: name, connect, time-out, cut off.  E_NO: the peer's
 * certificate; E_INPUT: over body_max, a redirect, no HTTP; E_USAGE: a URL
 * that is not allowed. */
int http_do(const struct http_request *, struct http_answer *,
    struct err *);
void http_free(struct http_answer *);

/* The answer as format judges it; borrowed. */
struct service_answer http_service(const struct http_answer *);

/* The file of roots that TLS trusts: cacert if not NULL, else $SSL_CERT_FILE,
 * else the bundle where Debian, RHEL, SUSE or Alpine have it.  E_SYSTEM if it
 * cannot be read or there is none. */
int http_roots(const char *cacert, const char **path, struct err *);

/* Print "tool: ..." on standard error, for those who have verbose set. */
void http_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Append s with everything but unreserved characters percent-encoded. */
void http_escape(struct slice s, struct buf *out);

#endif

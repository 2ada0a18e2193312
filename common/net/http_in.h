/* http_in.h -- between http.c, which decides, and net/curl.c, which does one
 * attempt.  World. */
#ifndef NET_HTTP_IN_H
#define NET_HTTP_IN_H

#include "net/http.h"

/* One attempt. */
struct http_attempt {
	const struct http_request *rq;
	const char *roots;	/* file */
	long ms;		/* how long it may take */
	bool plain;		/* http: only to loopback and link-local */
	bool direct;		/* no proxy */
	bool again;		/* out: it failed in a way that may pass */
};
int http_attempt(struct http_attempt *, struct http_answer *, struct err *);

#endif

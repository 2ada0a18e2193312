/* http_in.h -- between http.c, which decides, and httpcurl.c, which does one
 * attempt.  World. */
#ifndef WORLD_HTTP_IN_H
#define WORLD_HTTP_IN_H

#include "world/http.h"

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

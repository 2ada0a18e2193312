/* httpd.h -- HTTP/1.1 over libmicrohttpd: connections in bounds of number,
 * memory and time, requests handed to the pools, answers logged.  World. */
#ifndef SERVE_HTTPD_H
#define SERVE_HTTPD_H

#include "serve/backend.h"
#include "serve/listen.h"
#include "serve/metrics.h"

enum {
	HTTPD_CONNECTIONS = 1024,	/* open at once, all sockets together */
	HTTPD_HEAD_MAX = 16 << 10,	/* bytes of a request's head */
	HTTPD_READ_TIME = 30,	/* seconds for a request to be whole, and
				 * for a connection to be idle */
	HTTPD_SWALLOW = 64 << 20,	/* bytes of a body that are read to be
				 * thrown away, so that 413 arrives */
	HTTPD_BODIES = 16 << 20,	/* bytes of all bodies kept at once */
};

struct httpd;
/* Begin to accept.  All of it is borrowed; metrics NULL: not offered. */
int httpd_start(const struct serve_config *, struct listeners *,
    struct backend *, struct log *, struct metrics *, struct httpd **,
    struct err *);

/* Accept no more, and wait until all that was asked is answered, at most so
 * many seconds; false if something is left then. */
bool httpd_drain(struct httpd *, struct listeners *, int seconds);
/* After a drain that left nothing. */
void httpd_free(struct httpd *);

#endif

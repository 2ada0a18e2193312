/* kds.h -- ask AMD's key server, or one that speaks like it.  World. */
#ifndef NET_KDS_H
#define NET_KDS_H

#include "net/ask.h"

enum { KDS_MAX = 1 << 20 };	/* bytes of an answer */

struct kds {
	const struct ask *ask;
	struct slice base;	/* endpoint_issuer()'s */
};

/* GET route and append the body of a 200.  Other answers as
 * service_refused() has them; *absent, if not NULL, says of a 404 that it was
 * one. */
int kds_get(const struct kds *, const char *route, struct buf *out,
    bool *absent, struct err *);

#endif

/* feed.h -- bytes that come piece by piece, whatever makes them.  Ground. */
#ifndef GROUND_FEED_H
#define GROUND_FEED_H

#include "ground/buf.h"
#include "ground/err.h"

struct feed {
	void *ctx;
	/* The next bytes, which stay until the next call; none: the end.  -1
	 * with the error set. */
	int (*more)(void *ctx, struct slice *piece, struct err *);
	/* Leave out n bytes that were not given yet, without making them;
	 * whoever calls it knows that they are there.  NULL: it cannot. */
	int (*skip)(void *ctx, uint64_t n, struct err *);
};

#endif

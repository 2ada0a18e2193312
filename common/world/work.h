/* work.h -- the same work on many pieces, on all cores, results in order and
 * memory constant.  The only scheduler; it knows no format.  World. */
#ifndef WORLD_WORK_H
#define WORLD_WORK_H

#include "ground/buf.h"
#include "ground/err.h"

enum { WORK_THREADS_MAX = 64 };

/* One piece at a time is in a worker's hands: at most as many pieces as
 * threads are in memory.  next and put are never called by two threads at
 * once, nor put out of the order in which next gave. */
struct work {
	void *ctx;
	/* Fill in (empty at the call) with the next piece: 1, 0 at the end,
	 * -1 with *e set. */
	int (*next)(void *ctx, struct buf *in, struct err *e);
	/* Turn in into out (empty at the call): 0, or -1 with *e set.  state
	 * is the worker's own. */
	int (*turn)(void *ctx, void *state, struct slice in, struct buf *out,
	    struct err *e);
	/* Take the result. */
	int (*put)(void *ctx, struct slice out, struct err *e);
	/* A worker's own state, made before its first piece and released
	 * after its last; both may be NULL. */
	int (*begin)(void *ctx, void **state, struct err *e);
	void (*end)(void *ctx, void *state);
};

/* How many threads there are cores for, as the scheduler lets us run. */
unsigned work_cores(void);

/* Run it on so many threads (0: work_cores()).  On the first failure in the
 * order of the pieces everything before it has been put and nothing after
 * it; -1 with *e that failure's. */
int work_run(const struct work *, unsigned threads, struct err *);

#endif

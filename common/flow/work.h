/* work.h -- the same work on many pieces, on all cores, results in order and
 * memory constant.  The only scheduler; it knows no format.  World. */
#ifndef FLOW_WORK_H
#define FLOW_WORK_H

#include <stdatomic.h>

#include "ground/buf.h"
#include "ground/err.h"

enum { WORK_THREADS_MAX = 64 };

/* One piece on its way.  in and out are empty when next begins but keep their
 * memory, unwiped, from piece to piece; they are wiped in the end. */
struct work_piece {
	uint64_t number;	/* from 0, in the order of next */
	bool last;		/* next may set it, for turn */
	struct buf in, out;
	struct slice result;	/* what put takes; turn sets it, to part of
				 * in or out, or to bytes that outlive it */
};

/* next and put are never called by two threads at once, nor put out of the
 * order in which next gave. */
struct work {
	void *ctx;
	/* Pieces in memory are two for each thread, but no more than this; 0:
	 * no other bound. */
	size_t most;
	/* Fill p->in with the next piece: 1, 0 at the end, -1 with *e set. */
	int (*next)(void *ctx, struct work_piece *p, struct err *e);
	/* Turn p->in into p->result: 0, or -1 with *e set.  state is the
	 * worker's own. */
	int (*turn)(void *ctx, void *state, struct work_piece *p,
	    struct err *e);
	/* Take the result. */
	int (*put)(void *ctx, struct slice result, struct err *e);
	/* A worker's own state, made before its first piece and released
	 * after its last; both may be NULL. */
	int (*begin)(void *ctx, void **state, struct err *e);
	void (*end)(void *ctx, void *state);
};

/* How many threads there are cores for, as the scheduler lets us run. */
unsigned work_cores(void);

/* Of exit statuses that the workers meet the highest is kept. */
void work_worst(atomic_int *kept, int status);

/* Run it on so many threads (0: work_cores()).  On the first failure in the
 * order of the pieces everything before it has been put, and of the piece that
 * failed the result that turn had set; nothing after it.  -1 with *e that
 * failure's. */
int work_run(const struct work *, unsigned threads, struct err *);

#endif

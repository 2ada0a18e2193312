/* twice.h -- an input that is read twice, because only its end tells whether
 * it is good: once to see that, and then to write what it becomes.  World. */
#ifndef FLOW_TWICE_H
#define FLOW_TWICE_H

#include "ground/io.h"
#include "flow/source.h"

struct twice {
	void *ctx;
	/* Append what the next piece becomes. */
	int (*more)(void *ctx, struct slice in, struct buf *out, struct err *);
	/* That was all: append the rest, or say that it is not good.  The
	 * same may follow from its beginning. */
	int (*end)(void *ctx, struct buf *out, struct err *);
	size_t skip;		/* bytes before the first piece */
};

/* source is one that spool() made fit.  Nothing is written before the first
 * pass is over, and in the second no piece that is not byte for byte what it
 * was in the first: that is E_SYSTEM, the file was changed. */
int twice_run(const struct twice *, struct source *, const char *out_path,
    unsigned how, struct err *);

#endif

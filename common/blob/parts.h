/* parts.h -- a document of many parts that are turned each by itself, in any
 * order and at the same time.  Pure. */
#ifndef BLOB_PARTS_H
#define BLOB_PARTS_H

#include "ground/buf.h"
#include "ground/err.h"

/* Made by a format with the document read; parts_free() it. */
struct parts {
	size_t n;
	/* What a worker has to itself: a key made ready. */
	int (*begin)(const struct parts *, void **state, struct err *);
	void (*end)(void *state);
	/* Turn part i.  Different parts may be turned by several threads. */
	int (*turn)(struct parts *, void *state, size_t i, struct err *);
	/* Append the document, once all parts are turned. */
	void (*write)(struct parts *, struct buf *out);
	/* Release what the format keeps, this included. */
	void (*free)(struct parts *);
};

/* Turn all, one after the other, and write; on failure out is as it was. */
int parts_run(struct parts *, struct buf *out, struct err *);
/* NULL is nothing. */
void parts_free(struct parts *);

#endif

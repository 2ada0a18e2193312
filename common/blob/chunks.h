/* chunks.h -- data in chunks that are sealed one by one, behind the header of
 * some format: what flow/stream.h reads, hands to workers and writes in
 * order.  Pure. */
#ifndef BLOB_CHUNKS_H
#define BLOB_CHUNKS_H

#include "ground/buf.h"
#include "ground/err.h"

/* One direction of one blob.  A format makes one with the key unwrapped and
 * its header read or made; chunks_free() it.  What turn needs is not changed
 * after that, so that several threads may turn chunks at once. */
struct chunks {
	/* Bytes of a chunk as it is read, and the most it becomes.  Every
	 * chunk but the last has exactly in bytes; the last has 1 to in, or
	 * none if it is the only one. */
	size_t in, out;
	/* In the order of the data and by one thread, before turn: what can
	 * be said of chunk i, from 0, by public bytes.  May be NULL. */
	int (*see)(struct chunks *, uint64_t i, bool last, struct slice in,
	    struct err *);
	/* Turn may be given an out that lies in in, so that what comes out
	 * takes the place of the bytes from at on. */
	bool in_place;
	size_t at;
	/* What a worker has to itself: a cipher under this key. */
	int (*begin)(const struct chunks *, void **state, struct err *);
	void (*end)(void *state);
	/* Append what chunk i becomes; on failure nothing.  To open: E_NO
	 * "decryption failed" unless its tag is right, and its place too. */
	int (*turn)(const struct chunks *, void *state, uint64_t i, bool last,
	    struct slice in, struct buf *out, struct err *);
	/* Release what the format keeps, this included. */
	void (*free)(struct chunks *);
};

/* Turn all of in, one chunk after the other; on failure what came before it is
 * in out. */
int chunks_run(struct chunks *, struct slice in, struct buf *out,
    struct err *);
/* NULL is nothing. */
void chunks_free(struct chunks *);

#endif

/* certcache.h -- AMD's certificates as they were fetched, below
 * $XDG_CACHE_HOME/teeutils, else $HOME/.cache/teeutils: a folder a product, in
 * it a file for each chip and TCB and those of all chips.  What is read is
 * worth no more than what the network says, and proved like it.  World. */
#ifndef HOST_CERTCACHE_H
#define HOST_CERTCACHE_H

#include "evidence/tcb.h"

enum { CERTCACHE_MAX = 1 << 20 };	/* bytes of a file */

/* {0} is none: nothing is found and nothing kept.  certcache_close(). */
struct certcache {
	struct buf dir;		/* of the product, with a NUL */
	int lock;		/* of a leaf; -1 or 0 if there is none */
};

/* Find the product's folder, which is made, mode 0700, if need be.  -1 with a
 * reason, E_SYSTEM, if there can be none: no home, nothing writable, or one
 * that others may write to; the cache stays empty then. */
int certcache_open(enum product, struct certcache *, struct err *);
void certcache_close(struct certcache *);

/* Append the name of the leaf's file: chip id and reported TCB in hex. */
void certcache_leaf(struct slice r, enum product, struct buf *out);

/* Append a file of the folder; false if it is not there or cannot be read. */
bool certcache_get(const struct certcache *, const char *name,
    struct buf *out);
/* Write it, whole or not at all. */
int certcache_put(const struct certcache *, const char *name, struct slice,
    struct err *);
/* Remove it. */
void certcache_drop(const struct certcache *, const char *name);

/* Be the only process that asks for name, waiting ms at most for another one
 * that does: false if it still does then.  Without a cache, true. */
bool certcache_lock(struct certcache *, const char *name, unsigned ms);

#endif

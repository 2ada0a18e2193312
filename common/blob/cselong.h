/* cselong.h -- a body of client-side encryption, version 2.0 or 2.1, whose
 * regions are of whatever size, in constant memory: read once to see that all
 * of them are authentic and in their places, and again to decrypt them.
 * Pure. */
#ifndef BLOB_CSELONG_H
#define BLOB_CSELONG_H

#include "blob/cse.h"

/* Refused as by cse_open_start(); the metadata is not needed after.
 * cselong_free() it. */
struct cselong;
int cselong_start(const struct cse_meta *, const struct key *,
    struct cselong **, struct err *);
void cselong_free(struct cselong *);

/* Append the plaintext of the next piece of the body; nothing of it is
 * authentic before cselong_end() has said so.  E_NO "decryption failed": the
 * tag of a region that has ended is wrong; E_NO, too: a region that is not in
 * its place. */
int cselong_more(struct cselong *, struct slice in, struct buf *out,
    struct err *);
/* The body is over: as above of the last region, and E_INPUT if that is too
 * short.  The same body may follow from its beginning. */
int cselong_end(struct cselong *, struct err *);

#endif

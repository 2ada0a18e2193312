/* blobtwice.h -- blobs that are read twice in constant memory: version 1.0 of
 * the client-side encryption, or 2.1 with regions over CSE_REGION_CAP, and a
 * compact JWE that is too large to be read whole.  World. */
#ifndef FLOW_BLOBTWICE_H
#define FLOW_BLOBTWICE_H

#include "flow/blobrun.h"
#include "flow/source.h"

/* Whether it is one of these, by public bytes.  Of a pipe that looks like a
 * JWE up to BLOB_MAX + 1 bytes are read ahead. */
int blobtwice_wants(const struct blobrun *, struct source *, bool *wants,
    struct err *);
/* how: as for io_open(); the source went through spool(). */
int blobtwice_open(const struct blobrun *, struct source *, unsigned how,
    struct err *);

#endif

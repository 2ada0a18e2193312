/* partsrun.h -- a document in parts, turned on all cores.  World. */
#ifndef WORLD_PARTSRUN_H
#define WORLD_PARTSRUN_H

#include "format/parts.h"

/* As parts_run(), on so many threads (0: one for each core).  The first
 * failure in the order of the parts is the one that is told. */
int partsrun(struct parts *, unsigned threads, struct buf *out, struct err *);

#endif

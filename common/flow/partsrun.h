/* partsrun.h -- a document in parts, turned on all cores.  World. */
#ifndef FLOW_PARTSRUN_H
#define FLOW_PARTSRUN_H

#include "blob/parts.h"

/* As parts_run(), on so many threads (0: one for each core).  The first
 * failure in the order of the parts is the one that is told. */
int partsrun(struct parts *, unsigned threads, struct buf *out, struct err *);

#endif

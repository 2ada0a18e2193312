/* spool.h -- an input that is to be read twice.  World. */
#ifndef FLOW_SPOOL_H
#define FLOW_SPOOL_H

#include "flow/source.h"

/* Have a source, of which nothing was seen yet, that source_again() can take
 * back to its beginning: what is no regular file is copied, as it is, into a
 * nameless file in $TMPDIR, or else /var/tmp, and read from there. */
int spool(struct source *, struct err *);

#endif

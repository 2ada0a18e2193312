/* screen.h -- text for a terminal, which is given all of it or nothing.
 * World. */
#ifndef FLOW_SCREEN_H
#define FLOW_SCREEN_H

#include "ground/io.h"

enum { SCREEN_MAX = 1 << 20 };	/* bytes a terminal is given */

/* {0} is empty; screen_free() it. */
struct screen {
	struct buf text;
};

/* Keep what comes; over SCREEN_MAX in all is E_USAGE. */
int screen_put(struct screen *, struct slice, struct err *);
/* Write it, if it is plain text; else E_USAGE.  Both with a hint. */
int screen_end(struct screen *, struct io_out *, struct err *);
void screen_free(struct screen *);

#endif

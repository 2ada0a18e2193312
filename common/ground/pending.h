/* pending.h -- temporary names, which nothing that ends the process may leave
 * behind.  They are needed only where there are no nameless files.  Ground. */
#ifndef GROUND_PENDING_H
#define GROUND_PENDING_H

#include <stdbool.h>

/* From now on the signals that end us by default take this name away first.
 * The name is borrowed until pending_done(); false if there are too many. */
bool pending_add(const char *name);
void pending_done(const char *name);

/* Take all of them away: for what ends the process at once. */
void pending_clear(void);

#endif

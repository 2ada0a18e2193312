/* wipe.h -- an allocator for libraries to be given: what it takes back is
 * wiped, whatever it held.  Ground. */
#ifndef GROUND_WIPE_H
#define GROUND_WIPE_H

#include <stddef.h>

/* free(3) and realloc(3) of what malloc(3) gave, but that nothing is left
 * behind: neither where p was nor in what is cut off.  p may be NULL; the
 * result is if there is no memory, then p is as it was. */
void wipe_free(void *p);
void *wipe_realloc(void *p, size_t n);

#endif

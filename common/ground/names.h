/* names.h -- path names that a filter of system calls can tell from others.
 * A filter sees where a name stands, not what it says.  So the names that a
 * process still needs are kept in a window of memory that is made unchangeable
 * before the filter is set: a pointer into it is such a name, whatever else
 * goes on in the process.  The window lies below everything else, so that the
 * filter can keep it from being mapped anew by one comparison.  Ground. */
#ifndef GROUND_NAMES_H
#define GROUND_NAMES_H

#include <stdbool.h>
#include <stdint.h>

enum names_use {
	NAMES_MADE,	/* linked, renamed, unlinked: results and their like */
	NAMES_READ,	/* opened for reading: operands yet to come */
	NAMES_USES
};

/* A copy that stays: in the window if it has room and is not shut yet, else
 * from malloc(); never released. */
const char *names_keep(enum names_use, const char *);

/* Addresses, the end excluded; both 0 if nothing is kept. */
struct names_range {
	uint32_t start, end;
};

/* Make the window unchangeable and say where the names of each use stand.
 * Names that found no room are not there: overflow then says so. */
void names_shut(struct names_range range[NAMES_USES],
    bool overflow[NAMES_USES]);

/* No memory at or above this address is the window's. */
enum { NAMES_END = 0x100000 };

#endif

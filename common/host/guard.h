/* guard.h -- what a process gives up for the sake of the secrets it holds.
 * World. */
#ifndef HOST_GUARD_H
#define HOST_GUARD_H

#include <stdbool.h>

/* No core dump and no ptrace of this process; first thing in main.  What the
 * system refuses is done without. */
void guard_secrets(void);

/* For a filter whose inputs are open and read: from now on no file can be
 * opened for reading, no program run and no socket made, whatever a flaw in
 * a parser would like to do.  Writing the result of -o stays possible.  With
 * more, reading does too, for operands yet to come.  A belt: where the kernel
 * has no seccomp it is done without. */
void guard_filter(bool more);

#endif

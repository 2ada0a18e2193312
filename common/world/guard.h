/* guard.h -- what a process gives up for the sake of the secrets it holds.
 * World. */
#ifndef WORLD_GUARD_H
#define WORLD_GUARD_H

/* No core dump and no ptrace of this process; first thing in main.  What the
 * system refuses is done without. */
void guard_secrets(void);

#endif

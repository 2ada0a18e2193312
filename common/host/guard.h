/* guard.h -- what a process gives up for the sake of the secrets it holds.
 * World. */
#ifndef HOST_GUARD_H
#define HOST_GUARD_H

#include <stdbool.h>

/* No core dump and no ptrace of this process; first thing in main.  What the
 * system refuses is done without. */
void guard_secrets(void);

/* An operand that is opened later, behind guard_filter(true): the name to
 * open it by.  Said of all of them, or of none. */
const char *guard_operand(const char *path);

/* For a filter whose inputs are open and read and whose result io_prepare()
 * has made ready: from now on no thread of this process can make any system
 * call but those of guardcalls.c, whatever a flaw in a parser would like to
 * do.  No file can be opened, no program run, no socket made, no other
 * process reached; the result can be written, synced and named, and threads
 * can be started.
 *
 * With more, files can be opened for reading: those named by guard_operand()
 * and no others.  If that named none, the tool is one that finds names on its
 * way: it can open, make, link, rename and take away what its user can, and
 * list directories; the rest is refused as ever.
 *
 * Also by Landlock, where the kernel has it.  A belt: what the system has not
 * is done without; the result says what was set, for -v and for tests. */
enum { GUARD_SECCOMP = 1, GUARD_LANDLOCK = 2, GUARD_THREADS = 4 };

unsigned guard_filter(bool more);

#endif

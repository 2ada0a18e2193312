/* guard_in.h -- between the files of the guard.  World. */
#ifndef HOST_GUARD_IN_H
#define HOST_GUARD_IN_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/names.h"

/* When a call is allowed. */
enum guard_rule {
	GUARD_ALWAYS,
	GUARD_OURSELVES,	/* argument 0 is this process */
	GUARD_THREAD,		/* argument 0, flags: a thread, nothing else */
	GUARD_MAP,		/* mmap: nothing to execute, not the names */
	GUARD_PROTECT,		/* likewise mprotect */
	GUARD_ABOVE,		/* argument 0, an address: above the names */
	GUARD_REMAP,		/* likewise mremap, to no chosen address */
	GUARD_IOCTL,		/* argument 1: one of the questions */
	GUARD_FCNTL,		/* argument 1: likewise */
	GUARD_LIMITS,		/* prlimit64: ours, asked and not set */
	GUARD_STAT,		/* newfstatat: of a descriptor */
	/* names that are kept, by the arguments that hold them */
	GUARD_NAME_0, GUARD_NAME_0_1, GUARD_NAME_1, GUARD_NAME_1_3,
	GUARD_OPEN,		/* open, flags in argument 1 */
	GUARD_OPENAT,		/* openat, flags in argument 2 */
	GUARD_UNKNOWN,		/* ENOSYS: the C library has another way */
};

struct guard_call {
	int number;		/* -1: not on this machine */
	enum guard_rule rule;
};

/* What a filter calls; guard_san is added for a program with sanitizers,
 * guard_any for one that finds names on its way. */
extern const struct guard_call guard_calls[], guard_san[], guard_any[];
extern const size_t guard_calls_n, guard_san_n, guard_any_n;
/* The last arguments to fcntl(2) and ioctl(2) that only ask. */
extern const unsigned guard_ioctls[], guard_fcntls[];
extern const size_t guard_ioctls_n, guard_fcntls_n;

/* Take away all rights to files but those to name the results that
 * io_prepare() made ready, with more to read, and with any to write as well;
 * false if the kernel cannot.  Of this thread and those it starts. */
bool guard_landlock(bool more, bool any);

#endif

/* guard_in.h -- between the files of the guard.  World. */
#ifndef HOST_GUARD_IN_H
#define HOST_GUARD_IN_H

#include <stdbool.h>
#include <stddef.h>

#include "ground/names.h"
#include "host/guard.h"

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
	/* what the network needs */
	GUARD_READING,		/* open, flags in argument 1: to read */
	GUARD_READING_AT,	/* openat, flags in argument 2: to read */
	GUARD_USING,		/* likewise, or to write what is there */
	GUARD_USING_AT,
	GUARD_MAP_LIBRARY,	/* GUARD_MAP, or a file's to execute */
	GUARD_SOCKET,		/* families and kinds */
	GUARD_PAIR,		/* socketpair: of this process */
	GUARD_BIND,		/* a netlink socket's size of address */
	GUARD_SETTING,		/* setsockopt: no filter, no firewall */
	GUARD_TITLE,		/* prctl: a thread's name */
};

struct guard_call {
	int number;		/* -1: not on this machine */
	enum guard_rule rule;
};

struct guard_list {
	const struct guard_call *v;
	size_t n;
};

/* What a filter calls; and what is added for a program with sanitizers, for
 * one that finds names on its way (to look, to change), for one that asks
 * services, and for one that is asked. */
extern const struct guard_list guard_calls, guard_san, guard_look,
    guard_change, guard_net, guard_serve;
/* The last arguments to fcntl(2) and ioctl(2) that only ask. */
extern const unsigned guard_ioctls[], guard_fcntls[];
extern const size_t guard_ioctls_n, guard_fcntls_n;
/* Those of a program that asks services; the last ioctls are of the guest's
 * device, for one that serves. */
extern const unsigned guard_net_ioctls[], guard_net_fcntls[];
extern const size_t guard_net_ioctls_n, guard_net_fcntls_n;
extern const size_t guard_device_ioctls_n;

/* What a guard is for. */
struct guard_wish {
	bool more, any;		/* guard_filter()'s; no operand was named */
	bool net, serves;	/* guard_network()'s */
	bool makes;		/* files: guard_may() has GUARD_MAKE */
	bool local;		/* sockets to services of this machine */
};

/* Set the filter and Landlock; guard.h's result. */
unsigned guard_set(struct guard_wish);

/* Take away all rights to files but those to name the results that
 * io_prepare() made ready, with more to read, with any to write as well, with
 * net those of guard_each(); false if the kernel cannot.  Of this thread and
 * those it starts. */
bool guard_landlock(const struct guard_wish *);

/* Call for each path of guard_may(), and of the system's. */
void guard_each(void (*)(void *, enum guard_may, const char *path), void *);

#endif

/* guard.h -- what a process gives up for the sake of the secrets it holds.
 * World. */
#ifndef HOST_GUARD_H
#define HOST_GUARD_H

#include <stdbool.h>

#include "ground/buf.h"

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

/* What a tool that asks services may still do with a path, which must last
 * until guard_network(); NULL and "-" are none, and one that is not there then
 * cannot be used later. */
enum guard_may {
	GUARD_READ,	/* a file, or a folder and all in it */
	GUARD_READ_ANEW,	/* a file that may be replaced: its folder, if
				 * that is not / and not above the home */
	GUARD_GONE,	/* a file of names_keep(NAMES_MADE) that is taken away:
			 * any in its folder, but only by such names */
	GUARD_LIST,	/* a folder and all below: what there is */
	GUARD_MAKE,	/* a folder: make, replace and take away files in it */
	GUARD_USE,	/* a device, or a folder of the kernel's like configfs:
			 * read, write, ask, make and take away folders */
};
void guard_may(enum guard_may, const char *path);

/* For a tool that asks services, before it asks the first and has threads: no
 * program run, no other process reached, no memory made to be executed but a
 * library's, sockets of the Internet, the resolver's and no others, no
 * connection taken (unless it serves), files opened to be read only, and by
 * Landlock only those of the system's folders, of the resolver and of
 * guard_may(); results by io_prepare() as with guard_filter(). */
unsigned guard_network(bool serves);

/* Append what was set, for people: "system calls of all threads, files". */
void guard_text(unsigned set, struct buf *out);

#endif

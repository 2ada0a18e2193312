/* guardlandlock.c -- see guard.h: no right to files, landlock(7).  It judges
 * what a name leads to, where a filter of calls sees the name alone. */
#include "host/guard_in.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ground/io.h"

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset	444
#define SYS_landlock_add_rule		445
#define SYS_landlock_restrict_self	446
#endif

/* <linux/landlock.h>, whose newer rights the headers may not know. */
struct ruleset {
	uint64_t files, net, scoped;
};

struct beneath {
	uint64_t rights;
	int32_t dir;
} __attribute__((packed));

enum {
	VERSION = 1,		/* flag: ask for the version */
	BENEATH = 1,		/* kind of a rule */
	WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3,
	REMOVE_FILE = 1 << 5, MAKE_DIR = 1 << 7, MAKE_REG = 1 << 8,
	REFER = 1 << 13, TRUNCATE = 1 << 14,
	WRITING = WRITE_FILE | REMOVE_FILE | MAKE_DIR | MAKE_REG | REFER |
	    TRUNCATE,
};

/* All the rights of a version. */
static struct ruleset
everything(long version)
{
	struct ruleset r = {.files = 0x1fff};

	if (version >= 2)
		r.files |= 1 << 13;	/* to another directory */
	if (version >= 3)
		r.files |= 1 << 14;	/* truncate */
	if (version >= 5)
		r.files |= 1 << 15;	/* ioctl of devices */
	if (version >= 4)
		r.net = 3;		/* bind and connect */
	if (version >= 6)
		r.scoped = 3;		/* sockets without a name, signals */
	return r;
}

static size_t
size_of(long version)
{
	return version >= 6 ? 24 : version >= 4 ? 16 : 8;
}

static bool
give(int rules, int dir, uint64_t rights)
{
	const struct beneath b = {.rights = rights, .dir = dir};

	return syscall(SYS_landlock_add_rule, rules, BENEATH, &b, 0) == 0;
}

static bool
give_all(int rules, uint64_t rights)
{
	int dir = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	bool ok = dir >= 0 && give(rules, dir, rights);

	if (dir >= 0)
		(void)close(dir);
	return ok;
}

/* A result is linked and renamed in its directory. */
static bool
give_results(int rules)
{
	int dir;
	size_t i;

	for (i = 0; io_prepared(i, &dir); i++)
		if (dir >= 0 && !give(rules, dir, REMOVE_FILE | MAKE_REG))
			return false;
	return true;
}

bool
guard_landlock(bool more, bool any)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION);
	struct ruleset r = everything(version);
	int rules;
	bool ok;

	if (version < 1)
		return false;
	rules = (int)syscall(SYS_landlock_create_ruleset, &r,
	    size_of(version), 0);
	if (rules < 0)
		return false;
	ok = give_results(rules);
	if (ok && more)
		ok = give_all(rules, READ_FILE | READ_DIR |
		    (any ? r.files & WRITING : 0));
	if (ok)
		ok = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	(void)close(rules);
	return ok;
}

/* guardlandlock.c -- see guard.h: no right to files, landlock(7).  It judges
 * what a name leads to, where a filter of calls sees the name alone. */
#include "host/guard_in.h"

#include <fcntl.h>
#include <libgen.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
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
	BIND_TCP = 1, SIGNALS = 2,
	VERSION = 1,		/* flag: ask for the version */
	BENEATH = 1,		/* kind of a rule */
	WRITE_FILE = 1 << 1, READ_FILE = 1 << 2, READ_DIR = 1 << 3,
	REMOVE_DIR = 1 << 4, REMOVE_FILE = 1 << 5, MAKE_DIR = 1 << 7,
	MAKE_REG = 1 << 8, REFER = 1 << 13, TRUNCATE = 1 << 14,
	IOCTL_DEV = 1 << 15,
	/* what a rule for something that is no folder may have */
	OF_FILES = 1 << 0 | WRITE_FILE | READ_FILE | TRUNCATE | IOCTL_DEV,
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

/* What cannot be opened cannot be used later either. */
static bool
give_path(int rules, const char *path, uint64_t rights)
{
	int fd = open(path, O_PATH | O_CLOEXEC);
	struct stat st;
	bool ok = true;

	if (fd < 0)
		return true;
	if (fstat(fd, &st) == 0)
		ok = give(rules, fd, S_ISDIR(st.st_mode) ? rights :
		    rights & OF_FILES);
	(void)close(fd);
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

/* Under way: the rules of guard_may(). */
struct giving {
	int rules;
	uint64_t known;		/* rights that this kernel has */
	bool ok;
};

/* Whether the folder is / or one that leads to the home. */
static bool
above_home(const char *dir)
{
	const char *home = getenv("HOME");
	char *real = realpath(dir, NULL), *of = NULL;
	size_t n = real != NULL ? strlen(real) : 0;
	bool yes = n <= 1;

	if (!yes && home != NULL && (of = realpath(home, NULL)) != NULL)
		yes = strncmp(of, real, n) == 0 &&
		    (of[n] == '/' || of[n] == '\0');
	free(real);
	free(of);
	return yes;
}

/* To the folder that the path is in. */
static void
give_beside(struct giving *g, const char *path, uint64_t rights)
{
	char *copy = slice_dup(slice_str(path)), *dir = dirname(copy);

	if ((rights & READ_DIR) == 0 || !above_home(dir))
		g->ok = g->ok && give_path(g->rules, dir, rights);
	free(copy);
}

static void
give_may(void *arg, enum guard_may may, const char *path)
{
	static const uint64_t rights[] = {
		[GUARD_READ] = READ_FILE | READ_DIR,
		[GUARD_READ_ANEW] = READ_FILE | READ_DIR,
		[GUARD_GONE] = REMOVE_FILE,
		[GUARD_LIST] = READ_DIR,
		[GUARD_MAKE] = READ_FILE | READ_DIR | WRITE_FILE |
		    REMOVE_FILE | MAKE_REG | TRUNCATE,
		[GUARD_USE] = READ_FILE | READ_DIR | WRITE_FILE | MAKE_DIR |
		    REMOVE_DIR | IOCTL_DEV,
	};
	struct giving *g = arg;

	if (may == GUARD_READ_ANEW || may == GUARD_GONE)
		give_beside(g, path, rights[may]);
	if (may == GUARD_GONE)
		return;
	g->ok = g->ok && give_path(g->rules, path, rights[may] & g->known);
}

static bool
give_each(int rules, uint64_t known)
{
	struct giving g = {rules, known, true};

	guard_each(give_may, &g);
	return g.ok;
}

bool
guard_landlock(const struct guard_wish *w)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION);
	struct ruleset r = everything(version);
	int rules;
	bool ok;

	if (version < 1)
		return false;
	if (w->net)
		r.net &= BIND_TCP;
	if (w->local)
		r.scoped &= SIGNALS;
	rules = (int)syscall(SYS_landlock_create_ruleset, &r,
	    size_of(version), 0);
	if (rules < 0)
		return false;
	ok = give_results(rules);
	if (ok && w->more)
		ok = give_path(rules, "/", READ_FILE | READ_DIR |
		    (w->any ? r.files & WRITING : 0));
	if (ok && w->net)
		ok = give_each(rules, r.files);
	if (ok)
		ok = syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	(void)close(rules);
	return ok;
}

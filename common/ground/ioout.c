/* ioout.c -- see io.h: results written. */
#include "ground/io.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/names.h"
#include "ground/pending.h"

static bool
is_dash(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

static int
guard_stdout(bool insist, unsigned how, struct err *e)
{
	struct stat st;

	if ((how & (IO_BINARY | IO_SECRET)) == 0 || insist)
		return 0;
	if (isatty(STDOUT_FILENO)) {
		(void)err_set(e, E_USAGE, "refusing to write %s to a terminal",
		    (how & IO_SECRET) != 0 ? "a secret" : "binary data");
		return err_hint(e, "name a file with -o, or insist with -o -");
	}
	if ((how & IO_SECRET) != 0 && fstat(STDOUT_FILENO, &st) == 0 &&
	    S_ISREG(st.st_mode) && (st.st_mode & 077) != 0) {
		(void)err_set(e, E_USAGE, "refusing to write a secret into a "
		    "file that others can read");
		return err_hint(e, "use -o FILE, which is made with mode 0600");
	}
	return 0;
}

int
io_may_write(const char *path, unsigned how, struct err *e)
{
	struct stat st;

	if (io_is_std(path))
		return guard_stdout(path != NULL, how, e);
	if ((how & IO_NEW) != 0 && lstat(path, &st) == 0)
		return err_set(e, E_SYSTEM, "%s: exists already", path);
	return 0;
}

/* A name that lasts as long as the result, kept for good if it must still be
 * usable behind a filter. */
static void
keep(struct io_out *o, const char **to, const char *name)
{
	*to = o->kept ? names_keep(NAMES_MADE, name) :
	    slice_dup(slice_str(name));
}

static void
let_go(struct io_out *o, const char **name)
{
	/* what was kept is not ours to release */
	if (!o->kept)
		free((void *)(uintptr_t)*name);
	*name = NULL;
}

/* A name that nobody can guess, with the result's for people to see. */
static int
name_temp(struct io_out *o, const char *dir, struct err *e)
{
	const char *slash = strrchr(o->final, '/');
	struct buf name = {0};
	uint64_t salt;

	if (getrandom(&salt, sizeof salt, 0) != (ssize_t)sizeof salt)
		return err_sys(e, "getrandom");
	buf_addf(&name, "%s/.teeutils.%016" PRIx64 ".%.100s", dir, salt,
	    slash != NULL ? slash + 1 : o->final);
	buf_addc(&name, '\0');
	keep(o, &o->temp, (const char *)name.p);
	buf_free(&name);
	return 0;
}

/* A file with a name, which signals take away. */
static int
open_named(struct io_out *o, mode_t mode, struct err *e)
{
	if (!pending_add(o->temp))
		return err_set(e, E_SYSTEM, "%s: too many results at once",
		    o->path);
	o->named = true;
	o->fd = open(o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
	    O_NOFOLLOW, mode);
	if (o->fd >= 0)
		return 0;
	(void)err_sys(e, "%s", o->path);
	/* what is there is not ours to take away */
	pending_done(o->temp);
	o->named = false;
	return -1;
}

/* A nameless file where the file system has them: nothing is left whatever
 * happens to us.  The directory is opened to be synced at the end. */
static int
open_beside(struct io_out *o, struct err *e)
{
	mode_t mode = (o->how & IO_SECRET) != 0 ? 0600 : 0666;
	char *copy = slice_dup(slice_str(o->final)), *dir = dirname(copy);
	char self[64];
	int ret;

	ret = name_temp(o, dir, e);
	if (ret == 0) {
		o->fd = open(dir, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
		if (o->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
			ret = open_named(o, mode, e);
		else if (o->fd < 0)
			ret = err_sys(e, "%s", o->path);
	}
	if (ret == 0) {
		(void)snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
		keep(o, &o->self, self);
		o->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		/* one that may not be read cannot be synced */
		if (o->dir < 0)
			o->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	free(copy);
	return ret;
}

/* Where a rename belongs: behind the links of path, which stay. */
static void
resolve(struct io_out *o, const char *path)
{
	char *real = realpath(path, NULL);

	keep(o, &o->final, real != NULL ? real : path);
	free(real);
}

static int
begin(const char *path, unsigned how, bool kept, struct io_out *o,
    struct err *e)
{
	struct stat st;

	*o = (struct io_out){.path = is_dash(path) ? "standard output" : path,
	    .fd = STDOUT_FILENO, .dir = -1, .how = how, .kept = kept};
	if (io_may_write(path, how, e) < 0)
		return -1;
	if (is_dash(path))
		return 0;
	o->fd = -1;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return o->fd < 0 ? err_sys(e, "%s", path) : 0;
	}
	resolve(o, path);
	if (open_beside(o, e) == 0)
		return 0;
	io_drop(o);
	return -1;
}

/* What io_prepare() made and io_open() has not yet asked for. */
static struct io_out ready[4];

/* What of how says how a file is made. */
enum { HOW_MADE = IO_SECRET | IO_NEW };

int
io_prepare(const char *path, unsigned how, struct err *e)
{
	size_t i;

	if (is_dash(path))
		return 0;
	for (i = 0; i < sizeof ready / sizeof *ready; i++)
		if (ready[i].path == NULL)
			return begin(path, how, true, &ready[i], e);
	return err_set(e, E_SYSTEM, "%s: too many results at once", path);
}

bool
io_prepared(size_t i, int *dir)
{
	if (i >= sizeof ready / sizeof *ready)
		return false;
	*dir = ready[i].final != NULL ? ready[i].dir : -1;
	return true;
}

int
io_open(const char *path, unsigned how, struct io_out *o, struct err *e)
{
	size_t i;

	for (i = 0; !is_dash(path) && i < sizeof ready / sizeof *ready; i++)
		if (ready[i].path != NULL &&
		    ((ready[i].how ^ how) & HOW_MADE) == 0 &&
		    strcmp(ready[i].path, path) == 0) {
			*o = ready[i];
			ready[i] = (struct io_out){.path = NULL};
			return 0;
		}
	return begin(path, how, false, o, e);
}

int
io_put(struct io_out *o, struct slice s, struct err *e)
{
	ssize_t done;

	while (s.n > 0) {
		done = write(o->fd, s.p, s.n);
		if (done < 0 && errno == EINTR)
			continue;
		if (done < 0)
			return err_sys(e, "%s", o->path);
		s = slice_from(s, (size_t)done);
	}
	return 0;
}

/* Give the nameless file its temporary name; rename(2) replaces, link(2)
 * does not, which is what IO_NEW wants. */
static int
name_now(struct io_out *o)
{
	bool fresh = (o->how & IO_NEW) != 0;

	if (!o->named && linkat(AT_FDCWD, o->self, AT_FDCWD,
	    fresh ? o->final : o->temp, AT_SYMLINK_FOLLOW) < 0)
		return -1;
	if (fresh && !o->named)
		return 0;
	if (fresh) {
		if (link(o->temp, o->final) < 0)
			return -1;
		return unlink(o->temp);
	}
	if (rename(o->temp, o->final) == 0)
		return 0;
	(void)unlink(o->temp);
	return -1;
}

/* A signal comes before the temporary name or after it. */
static int
name_it(struct io_out *o)
{
	sigset_t all, was;
	int ret, number;

	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &was);
	ret = name_now(o);
	number = errno;
	if (ret == 0 && o->named) {
		pending_done(o->temp);
		o->named = false;
	}
	(void)sigprocmask(SIG_SETMASK, &was, NULL);
	errno = number;
	return ret;
}

int
io_commit(struct io_out *o, struct err *e)
{
	int ret = 0;

	if (o->final == NULL) {
		/* close(2) is where a full disk behind NFS speaks up */
		if (close(o->fd) < 0 && errno != EINTR)
			ret = err_sys(e, "%s", o->path);
		o->fd = -1;
	} else if (fsync(o->fd) < 0 || name_it(o) < 0)
		ret = err_sys(e, "%s", o->path);
	else if (o->dir >= 0)
		/* the name survives a crash; the bytes were synced before */
		(void)fsync(o->dir);
	io_drop(o);
	return ret;
}

void
io_drop(struct io_out *o)
{
	if (o->named) {
		(void)unlink(o->temp);
		pending_done(o->temp);
	}
	if (o->fd >= 0 && o->fd != STDOUT_FILENO)
		(void)close(o->fd);
	if (o->final != NULL && o->dir >= 0)
		(void)close(o->dir);
	let_go(o, &o->final);
	let_go(o, &o->temp);
	let_go(o, &o->self);
	*o = (struct io_out){.fd = -1, .dir = -1};
}

int
io_write(const char *path, unsigned how, struct slice s, struct err *e)
{
	struct io_out o;

	if (io_open(path, how, &o, e) < 0)
		return -1;
	if (io_put(&o, s, e) < 0) {
		io_drop(&o);
		return -1;
	}
	return io_commit(&o, e);
}

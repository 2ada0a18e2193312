/* io.c -- see io.h. */
#include "ground/io.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };	/* bytes asked of read(2) at a time */

/* The temporary name a signal must take away, where there is no O_TMPFILE. */
static char *volatile pending;

bool
io_is_std(const char *path)
{
	return path == NULL || strcmp(path, "-") == 0;
}

void
io_start(void)
{
	int fd;

	/* O_PATH: a later read or write fails with EBADF, as it should */
	for (fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/", O_PATH) != fd)
			_exit(E_SYSTEM);
}

const char *
io_name(const char *path)
{
	return io_is_std(path) ? "standard input" : path;
}

/* Room for a whole file at once, so that it is neither copied nor wiped on
 * the way; one byte more is where its end shows. */
static void
make_room(int fd, size_t max, struct buf *out)
{
	struct stat st;
	size_t want;

	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size < CHUNK)
		return;
	want = (size_t)st.st_size < max ? (size_t)st.st_size : max;
	(void)buf_more(out, want + 1);
	out->n -= want + 1;
}

static int
read_all(int fd, size_t max, struct buf *out, struct err *e)
{
	size_t total = 0, room;
	ssize_t got;
	uint8_t *at;

	make_room(fd, max, out);
	for (;;) {
		room = out->cap > out->n ? out->cap - out->n : CHUNK;
		at = buf_more(out, room);
		got = read(fd, at, room);
		out->n -= room - (got > 0 ? (size_t)got : 0);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_sys(e, "read");
		if (got == 0)
			return 0;
		total += (size_t)got;
		if (total > max)
			return err_set(e, E_INPUT, "larger than %zu bytes",
			    max);
	}
}

int
io_read(const char *path, size_t max, struct buf *out, struct err *e)
{
	size_t was = out->n;
	int fd = STDIN_FILENO, ret;

	if (!io_is_std(path) && (fd = open(path, O_RDONLY | O_CLOEXEC |
	    O_NOCTTY)) < 0)
		return err_sys(e, "%s", path);
	if ((ret = read_all(fd, max, out, e)) < 0) {
		(void)err_in(e, "%s", io_name(path));
		buf_cut(out, was);
	}
	if (fd != STDIN_FILENO)
		(void)close(fd);
	return ret;
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

static void
on_signal(int sig)
{
	if (pending != NULL)
		(void)unlink(pending);
	(void)signal(sig, SIG_DFL);
	(void)raise(sig);
}

static void
watch_signals(void)
{
	static const int sigs[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction sa = {.sa_handler = on_signal}, was;
	size_t i;

	for (i = 0; i < sizeof sigs / sizeof *sigs; i++)
		if (sigaction(sigs[i], NULL, &was) == 0 &&
		    was.sa_handler == SIG_DFL)
			(void)sigaction(sigs[i], &sa, NULL);
}

/* A nameless file where the file system has them: nothing is left whatever
 * happens to us.  Elsewhere a name that signals take away. */
static int
open_beside(struct io_out *o, struct err *e)
{
	mode_t mode = (o->how & IO_SECRET) != 0 ? 0600 : 0666;
	char *copy = slice_dup(slice_str(o->final)), *dir = dirname(copy);
	struct buf name = {0};

	o->fd = open(dir, O_WRONLY | O_TMPFILE | O_CLOEXEC, mode);
	buf_addf(&name, "%s/.teeutils.%ld.%s", dir, (long)getpid(),
	    strrchr(o->final, '/') != NULL ? strrchr(o->final, '/') + 1 :
	    o->final);
	buf_addc(&name, '\0');
	o->temp = slice_dup(slice_buf(&name));
	buf_free(&name);
	if (o->fd < 0 && (errno == EOPNOTSUPP || errno == EISDIR)) {
		pending = o->temp;
		watch_signals();
		o->fd = open(o->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC |
		    O_NOFOLLOW, mode);
		if (o->fd < 0)
			pending = NULL;
	}
	free(copy);
	return o->fd < 0 ? err_sys(e, "%s", o->path) : 0;
}

/* Where a rename belongs: behind the links of path, which stay. */
static char *
resolve(const char *path)
{
	char *real = realpath(path, NULL);

	return real != NULL ? real : slice_dup(slice_str(path));
}

int
io_open(const char *path, unsigned how, struct io_out *o, struct err *e)
{
	struct stat st;

	*o = (struct io_out){.path = io_is_std(path) ? "standard output" : path,
	    .fd = STDOUT_FILENO, .how = how};
	if (io_may_write(path, how, e) < 0)
		return -1;
	if (io_is_std(path))
		return 0;
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode)) {
		o->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		return o->fd < 0 ? err_sys(e, "%s", path) : 0;
	}
	o->final = resolve(path);
	if (open_beside(o, e) == 0)
		return 0;
	io_drop(o);
	return -1;
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
	char self[64];
	bool fresh = (o->how & IO_NEW) != 0;

	(void)snprintf(self, sizeof self, "/proc/self/fd/%d", o->fd);
	if (pending == NULL && linkat(AT_FDCWD, self, AT_FDCWD,
	    fresh ? o->final : o->temp, AT_SYMLINK_FOLLOW) < 0)
		return -1;
	if (fresh && pending == NULL)
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
	if (ret == 0)
		pending = NULL;
	(void)sigprocmask(SIG_SETMASK, &was, NULL);
	errno = number;
	return ret;
}

static void
sync_dir(const char *final)
{
	char *copy = slice_dup(slice_str(final));
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	/* the name survives a crash; the bytes were synced before */
	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	free(copy);
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
	} else if (fsync(o->fd) < 0 || name_it(o) < 0) {
		ret = err_sys(e, "%s", o->path);
	} else {
		sync_dir(o->final);
	}
	io_drop(o);
	return ret;
}

void
io_drop(struct io_out *o)
{
	if (pending != NULL && o->temp != NULL)
		(void)unlink(o->temp);
	pending = NULL;
	if (o->fd >= 0 && o->fd != STDOUT_FILENO)
		(void)close(o->fd);
	free(o->final);
	free(o->temp);
	*o = (struct io_out){.fd = -1};
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

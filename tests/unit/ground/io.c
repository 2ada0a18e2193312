/* Whole files in; whole files out, or nothing. */
#include "ground/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "unit/child.h"
#include "unit/tap.h"

static char dir[256], one[300], two[300], deep[300];
static struct err e;

/* How many names there are in dir. */
static int
names(void)
{
	DIR *d = opendir(dir);
	struct dirent *row;
	int n = 0;

	if (d == NULL)
		return -1;
	while ((row = readdir(d)) != NULL)
		n += strcmp(row->d_name, ".") != 0 &&
		    strcmp(row->d_name, "..") != 0;
	(void)closedir(d);
	return n;
}

static bool
holds(const char *path, const char *text)
{
	struct buf b = {0};
	bool same = io_read(path, 100, &b, &e) == 0 &&
	    slice_is(slice_buf(&b), text);

	buf_free(&b);
	return same;
}

static mode_t
mode(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? st.st_mode & 07777 : 0;
}

static void
reading(void)
{
	struct buf b = {0}, large = {0};
	size_t i;

	CHECK(io_write(one, 0, slice_str("0123456789"), &e) == 0, "ten bytes");
	buf_adds(&b, "<");
	CHECK(io_read(one, 10, &b, &e) == 0 &&
	    slice_is(slice_buf(&b), "<0123456789"), "at the limit, appended");
	buf_cut(&b, 1);
	CHECK(io_read(one, 9, &b, &e) < 0 && e.code == E_INPUT &&
	    strstr(e.text, ": larger than 9 bytes") != NULL &&
	    strncmp(e.text, one, strlen(one)) == 0 &&
	    slice_is(slice_buf(&b), "<"), "one past the limit");
	CHECK(io_read(two, 9, &b, &e) < 0 && e.code == E_SYSTEM &&
	    strstr(e.text, "no such file") != NULL && b.n == 1, "no file");
	CHECK(io_read(dir, 9, &b, &e) < 0 && e.code == E_SYSTEM &&
	    strstr(e.text, "is a directory") != NULL && b.n == 1,
	    "a directory");
	CHECK(io_read("/dev/null", 0, &b, &e) == 0 && b.n == 1,
	    "nothing within no bytes");
	CHECK(io_read("/dev/zero", 1 << 20, &b, &e) < 0 &&
	    e.code == E_INPUT && b.n == 1, "without end");
	for (i = 0; i < 300000; i++)
		buf_addc(&large, (uint8_t)(i * 7 >> 3));
	buf_cut(&b, 0);
	CHECK(io_write(one, 0, slice_buf(&large), &e) == 0 &&
	    io_read(one, 300000, &b, &e) == 0 &&
	    slice_eq(slice_buf(&b), slice_buf(&large)), "more than a chunk");
	CHECK(strcmp(io_name(NULL), "standard input") == 0 &&
	    strcmp(io_name("-"), "standard input") == 0 &&
	    strcmp(io_name("./-"), "./-") == 0, "names");
	buf_free(&b);
	buf_free(&large);
	(void)unlink(one);
}

static void
atomic(void)
{
	struct io_out o;

	CHECK(io_open(one, 0, &o, &e) == 0 &&
	    io_put(&o, slice_str("half"), &e) == 0 && access(one, F_OK) < 0,
	    "under way there is no such file");
	io_drop(&o);
	CHECK(names() == 0, "dropped, nothing is left");
	CHECK(io_open(one, 0, &o, &e) == 0 &&
	    io_put(&o, slice_str("who"), &e) == 0 &&
	    io_put(&o, slice_str(""), &e) == 0 &&
	    io_put(&o, slice_str("le"), &e) == 0 &&
	    io_commit(&o, &e) == 0 && holds(one, "whole") && names() == 1,
	    "committed, it is whole and alone");
	io_drop(&o);
	CHECK(holds(one, "whole"), "a drop after it does nothing");
	CHECK(io_open(one, 0, &o, &e) == 0 &&
	    io_put(&o, slice_str("other"), &e) == 0 && holds(one, "whole"),
	    "what was there stays until the end");
	io_drop(&o);
	CHECK(holds(one, "whole") && names() == 1, "and stays for good");
	CHECK(io_write(one, 0, slice_str("new"), &e) == 0 &&
	    holds(one, "new") && names() == 1, "or is replaced");
	CHECK(io_write(one, 0, slice_str(""), &e) == 0 && holds(one, ""),
	    "by nothing, if that is the result");
	(void)unlink(one);
}

static void
modes(void)
{
	mode_t was = umask(022);

	CHECK(io_write(one, 0, slice_str("x"), &e) == 0 && mode(one) == 0644,
	    "0644 by the mask");
	CHECK(io_write(one, IO_SECRET, slice_str("x"), &e) == 0 &&
	    mode(one) == 0600, "0600 for a secret, even over 0644");
	(void)unlink(one);
	(void)umask(0);
	CHECK(io_write(one, IO_SECRET | IO_NEW, slice_str("x"), &e) == 0 &&
	    mode(one) == 0600, "whatever the mask");
	CHECK(io_may_write(one, IO_NEW, &e) < 0 && e.code == E_SYSTEM &&
	    io_write(one, IO_NEW, slice_str("y"), &e) < 0 &&
	    e.code == E_SYSTEM && strstr(e.text, "exists") != NULL &&
	    holds(one, "x") && names() == 1, "never a second time with NEW");
	(void)unlink(one);
	(void)umask(was);
}

/* It comes into being while the result is under way. */
static void
race(void)
{
	struct io_out o;

	CHECK(io_open(one, IO_NEW, &o, &e) == 0 &&
	    io_put(&o, slice_str("ours"), &e) == 0 &&
	    io_write(one, 0, slice_str("theirs"), &e) == 0, "two at once");
	CHECK(io_commit(&o, &e) < 0 && e.code == E_SYSTEM &&
	    strstr(e.text, "file exists") != NULL && holds(one, "theirs") &&
	    names() == 1, "the first counts");
	(void)unlink(one);
}

static void
links(void)
{
	struct stat st;

	CHECK(io_write(one, 0, slice_str("old"), &e) == 0 &&
	    symlink(one, two) == 0 &&
	    io_write(two, 0, slice_str("new"), &e) == 0, "through a link");
	CHECK(lstat(two, &st) == 0 && S_ISLNK(st.st_mode) &&
	    holds(one, "new") && names() == 2,
	    "the link stays, its target is replaced");
	CHECK(io_write(two, IO_NEW, slice_str("x"), &e) < 0 &&
	    holds(one, "new"), "NEW takes a link for a file");
	(void)unlink(one);
	CHECK(io_write(two, IO_NEW, slice_str("x"), &e) < 0 &&
	    access(one, F_OK) < 0, "and one to nowhere");
	(void)unlink(two);
}

static void
failures(void)
{
	struct io_out o;

	CHECK(io_write("/dev/full", 0, slice_str("x"), &e) < 0 &&
	    e.code == E_SYSTEM && strcmp(e.text,
	    "/dev/full: no space left on device") == 0, "a full device");
	CHECK(io_write("/dev/null", IO_BINARY | IO_SECRET, slice_str("x"),
	    &e) == 0, "a device is written to as it is");
	CHECK(io_write(deep, 0, slice_str("x"), &e) < 0 &&
	    e.code == E_SYSTEM && strncmp(e.text, deep, strlen(deep)) == 0,
	    "no such directory");
	CHECK(io_write(dir, 0, slice_str("x"), &e) < 0 &&
	    e.code == E_SYSTEM && names() == 0, "a directory");
	CHECK(io_write("", 0, slice_str("x"), &e) < 0 && e.code == E_SYSTEM,
	    "no name");
	if (geteuid() == 0) {
		tap_skip("a directory not ours", "root may write everywhere");
		return;
	}
	(void)chmod(dir, 0500);
	CHECK(io_open(one, 0, &o, &e) < 0 && e.code == E_SYSTEM &&
	    strstr(e.text, "permission denied") != NULL,
	    "a directory not ours");
	(void)chmod(dir, 0700);
}

/* The rest is about descriptors 0 and 1: in children. */
static const char *path;
static unsigned how;
static mode_t bits;

static int
write_out(void)
{
	return io_write(path, how, slice_str("result"), &e) < 0 ?
	    (int)e.code : 0;
}

static int
on_file(void)
{
	int fd = open(one, O_WRONLY | O_CREAT | O_TRUNC, bits);

	if (fd < 0 || fchmod(fd, bits) < 0 || dup2(fd, 1) < 0)
		return 99;
	return write_out();
}

static int
on_terminal(void)
{
	int fd = posix_openpt(O_RDWR | O_NOCTTY), tty;

	if (fd < 0 || grantpt(fd) < 0 || unlockpt(fd) < 0 ||
	    (tty = open(ptsname(fd), O_RDWR | O_NOCTTY)) < 0 ||
	    dup2(tty, 1) < 0)
		return 99;
	return write_out();
}

static int
closed_out(void)
{
	(void)close(1);
	io_start();
	return write_out();
}

static int
closed_in(void)
{
	struct buf b = {0};

	(void)close(0);
	io_start();
	return io_read(NULL, 10, &b, &e) < 0 ? (int)e.code : 0;
}

static int
stays_closed(void)
{
	(void)close(0);
	(void)close(1);
	io_start();
	/* neither 0 nor 1 may be given to a file that is opened now */
	return open("/dev/null", O_RDONLY) > 2 ? 0 : 1;
}

static int
read_in(void)
{
	struct buf b = {0};
	int fd = open(one, O_RDONLY), ret;

	if (fd < 0 || dup2(fd, 0) < 0)
		return 99;
	ret = io_read(path, 100, &b, &e) < 0 ? (int)e.code :
	    slice_is(slice_buf(&b), "input") ? 0 : 98;
	buf_free(&b);
	return ret;
}

static void
streams(void)
{
	struct buf out = {0};

	how = 0;
	CHECK(child(1, write_out, &out) == 0 &&
	    slice_is(slice_buf(&out), "result"), "standard output");
	buf_cut(&out, 0);
	path = "-";
	how = IO_BINARY | IO_SECRET | IO_NEW;
	CHECK(child(1, write_out, &out) == 0 &&
	    slice_is(slice_buf(&out), "result"), "by its dash");
	CHECK(child(2, closed_out, &out) == E_SYSTEM, "closed");
	CHECK(child(2, closed_in, &out) == E_SYSTEM, "input closed");
	CHECK(child(2, stays_closed, &out) == 0, "and not opened by accident");
	(void)io_write(one, 0, slice_str("input"), &e);
	CHECK(child(2, read_in, &out) == 0, "standard input by its dash");
	path = NULL;
	CHECK(child(2, read_in, &out) == 0, "or unsaid");
	buf_free(&out);
}

static void
guards(void)
{
	static const struct {
		const char *path;
		unsigned how;
		int file, tty;		/* statuses; file of mode 0644 */
	} rows[] = {
		{NULL, 0, 0, 0}, {NULL, IO_BINARY, 0, E_USAGE},
		{NULL, IO_SECRET, E_USAGE, E_USAGE},
		{NULL, IO_BINARY | IO_SECRET, E_USAGE, E_USAGE},
		{"-", IO_BINARY, 0, 0}, {"-", IO_SECRET, 0, 0},
		{"-", 0, 0, 0},
	};
	struct buf out = {0};
	size_t i;
	int got;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		path = rows[i].path;
		how = rows[i].how;
		bits = 0644;
		CHECK(child(2, on_file, &out) == rows[i].file,
		    "row %zu, into a file all can read", i);
		bits = 0600;
		CHECK(child(2, on_file, &out) == 0 && holds(one, "result"),
		    "row %zu, into a file of our own", i);
		got = child(2, on_terminal, &out);
		if (got == 99)
			tap_skip("terminal", "no pseudo terminals here");
		else
			CHECK(got == rows[i].tty, "row %zu, terminal", i);
	}
	buf_free(&out);
	(void)unlink(one);
}

static bool no_random;

/* In the place of libc's, which does not fail. */
ssize_t
getrandom(void *to, size_t n, unsigned flags)
{
	if (!no_random)
		return syscall(SYS_getrandom, to, n, flags);
	errno = ENOSYS;
	return -1;
}

/* What the system hardly ever refuses. */
static void
seldom(void)
{
	struct io_out o;
	int ret;

	no_random = true;
	ret = io_open(one, 0, &o, &e);
	no_random = false;
	CHECK(ret < 0 && e.code == E_SYSTEM && strcmp(e.text,
	    "getrandom: function not implemented") == 0,
	    "no random bytes for a name: %s", e.text);
	CHECK(io_open("/dev/null", 0, &o, &e) == 0 && close(o.fd) == 0,
	    "a device, and it is gone");
	CHECK(io_commit(&o, &e) < 0 && e.code == E_SYSTEM && strcmp(e.text,
	    "/dev/null: bad file descriptor") == 0,
	    "the last word is close(2)'s: %s", e.text);
}

/* Results made ready: as many as there is room for, and one more. */
static void
prepared(void)
{
	enum { ROOM = 4 };
	static char path_of[ROOM][310];
	struct io_out o;
	int i;

	for (i = 0; i < ROOM; i++) {
		(void)snprintf(path_of[i], sizeof path_of[i], "%s%d", one, i);
		CHECK(io_prepare(path_of[i], 0, &e) == 0, "ready: %d", i);
	}
	CHECK(io_prepare(two, 0, &e) < 0 && e.code == E_SYSTEM &&
	    strncmp(e.text, two, strlen(two)) == 0 && strcmp(e.text +
	    strlen(two), ": too many results at once") == 0,
	    "and one too many: %s", e.text);
	for (i = 0; i < ROOM; i++)
		if (CHECK(io_open(path_of[i], 0, &o, &e) == 0, "taken"))
			io_drop(&o);
}

int
main(void)
{
	const char *tmp = getenv("TMPDIR");

	(void)snprintf(dir, sizeof dir, "%s/teeutils-io-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(one, sizeof one, "%s/one", dir);
	(void)snprintf(two, sizeof two, "%s/two", dir);
	(void)snprintf(deep, sizeof deep, "%s/none/one", dir);
	reading();
	atomic();
	modes();
	race();
	links();
	failures();
	streams();
	guards();
	prepared();
	seldom();
	CHECK(names() == 0, "nothing is left behind");
	(void)rmdir(dir);
	return tap_done();
}

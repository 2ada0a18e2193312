/* What a filter can do no more once guard_filter() was called. */
#include "host/guard.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "unit/child.h"
#include "ground/io.h"
#include "unit/tap.h"
#include "flow/work.h"

static char dir[] = "/tmp/guard.XXXXXX";

/* The errno of a call that fails, 0 of one that does not. */
static int
reading(void)
{
	guard_filter(false);
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int
reading_and_writing(void)
{
	guard_filter(false);
	return open("/etc/passwd", O_RDWR | O_CLOEXEC) < 0 ? errno : 0;
}

static int
more_reading(void)
{
	guard_filter(true);
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int
running(void)
{
	char name[] = "true", *argv[] = {name, NULL};

	guard_filter(false);
	(void)execv("/bin/true", argv);
	return errno;
}

/* A tool that finds names on its way, and one that was told them. */
static int
finding(void)
{
	char path[64];
	struct err e;

	(void)snprintf(path, sizeof path, "%s/out", dir);
	guard_filter(true);
	return io_write(path, 0, slice_str("x"), &e) < 0;
}

static int
told(void)
{
	(void)guard_operand("/etc/group");
	guard_filter(true);
	return open("/etc/passwd", O_RDONLY | O_CLOEXEC) < 0 ? errno : 0;
}

static int
connecting(void)
{
	guard_filter(true);
	return socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) < 0 ? errno : 0;
}

static int
writing(void)
{
	char path[64];
	struct err e;

	(void)snprintf(path, sizeof path, "%s/out", dir);
	if (io_prepare(path, IO_SECRET, &e) < 0)
		return -1;
	guard_filter(false);
	return io_write(path, IO_SECRET, slice_str("x"), &e) < 0;
}

/* --- and threads still start --- */

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	int *left = ctx;

	(void)e;
	buf_addc(&p->in, 'x');
	return (*left)-- > 0;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	(void)ctx;
	(void)state;
	(void)e;
	buf_add(&p->out, slice_buf(&p->in));
	p->result = slice_buf(&p->out);
	return 0;
}

static int
put(void *ctx, struct slice out, struct err *e)
{
	(void)ctx;
	(void)e;
	return out.n == 1 ? 0 : -1;
}

static void *
nothing(void *arg)
{
	return arg;
}

static int
threads(void)
{
	int left = 100;
	const struct work w = {.ctx = &left, .next = next, .turn = turn,
	    .put = put};
	struct err e;

	guard_filter(false);
	return work_run(&w, 4, &e) < 0;
}

/* --- for a tool that asks services --- */

/* A name of this machine, by the C library's modules; a thread; a port. */
static int
asking(void)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int fd, ret = 0, pair[2];
	pthread_t t;

	(void)guard_network(false);
	if (getaddrinfo("localhost", "1", &hints, &found) != 0)
		return 1;
	fd = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || fcntl(fd, F_SETFL, O_NONBLOCK) < 0)
		ret = 2;
	else if (connect(fd, found->ai_addr, found->ai_addrlen) < 0 &&
	    errno != ECONNREFUSED && errno != EINPROGRESS)
		ret = 3;
	else if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		ret = 4;
	else if (pthread_create(&t, NULL, nothing, NULL) != 0 ||
	    pthread_join(t, NULL) != 0)
		ret = 5;
	freeaddrinfo(found);
	return ret;
}

/* Whatever nsswitch.conf names is loaded when it is needed. */
static int
loading(void)
{
	(void)guard_network(false);
	return dlopen("libresolv.so.2", RTLD_NOW) != NULL ||
	    dlopen("libc.so", RTLD_NOW) != NULL ? 0 : 1;
}

static int
asking_and_writing(void)
{
	char path[64];
	struct err e;

	(void)snprintf(path, sizeof path, "%s/out", dir);
	if (io_prepare(path, IO_SECRET, &e) < 0)
		return -1;
	(void)guard_network(false);
	return io_write(path, IO_SECRET, slice_str("x"), &e) < 0;
}

/* A folder to keep things in, and one that is not. */
static int
keeping(void)
{
	char path[64];
	struct err e;

	guard_may(GUARD_MAKE, dir);
	if ((guard_network(false) & GUARD_LANDLOCK) != 0 &&
	    io_write("/tmp/guard-strayed", 0, slice_str("x"), &e) == 0)
		return 1;
	(void)snprintf(path, sizeof path, "%s/out", dir);
	if (io_write(path, 0, slice_str("x"), &e) < 0 ||
	    io_write(path, 0, slice_str("y"), &e) < 0)
		return 2;
	return unlink(path) < 0 ? 3 : io_write(path, 0, slice_str("z"), &e);
}

/* A file that is replaced while we serve is read anew; another one is not. */
static int
replaced(void)
{
	char path[64], other[64];
	struct buf text = {0};
	struct err e;
	bool landlock;
	int ret = 0;

	(void)snprintf(path, sizeof path, "%s/out", dir);
	(void)snprintf(other, sizeof other, "%s.other", dir);
	if (io_write(other, 0, slice_str("x"), &e) < 0 ||
	    io_write(path, 0, slice_str("x"), &e) < 0)
		return 1;
	guard_may(GUARD_READ_ANEW, path);
	if (fork() == 0)
		_exit(usleep(20000) < 0 || io_write(path, 0, slice_str("new"),
		    &e) < 0);
	landlock = (guard_network(true) & GUARD_LANDLOCK) != 0;
	while (io_read(path, 10, &text, &e) == 0 && text.n != 3)
		buf_cut(&text, 0);
	if (text.n != 3)
		ret = 2;
	else if (landlock && io_read(other, 10, &text, &e) == 0)
		ret = 3;
	buf_free(&text);
	return ret;
}

static int
replaced_and_gone(void)
{
	char other[64];
	struct buf said = {0};
	int ret = child(STDERR_FILENO, replaced, &said);

	(void)snprintf(other, sizeof other, "%s.other", dir);
	(void)unlink(other);
	buf_free(&said);
	return ret;
}

int
main(void)
{
	static const struct {
		const char *what;
		int (*act)(void);
		int want;
	} cases[] = {
		{"reading a file", reading, EACCES},
		{"opening for reading and writing", reading_and_writing,
		    EACCES},
		{"reading when more operands may come", more_reading, 0},
		{"writing by a name found later", finding, 0},
		{"reading what was not named", told, EACCES},
		{"running a program", running, EPERM},
		{"making a socket", connecting, EPERM},
		{"writing the result", writing, 0},
		{"threads", threads, 0},
		{"asking services", asking, 0},
		{"loading a module", loading, 0},
		{"asking, then writing", asking_and_writing, 0},
		{"keeping what was got", keeping, 0},
		{"a file replaced meanwhile", replaced_and_gone, 0},
	};
	struct buf out = {0};
	char path[64];
	size_t i;
	int got;

	if (mkdtemp(dir) == NULL)
		return 1;
	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		got = child(STDERR_FILENO, cases[i].act, &out);
		CHECK(got == cases[i].want, "%s: %d", cases[i].what, got);
	}
	(void)snprintf(path, sizeof path, "%s/out", dir);
	CHECK(unlink(path) == 0 && rmdir(dir) == 0, "nothing else was left");
	buf_free(&out);
	return tap_done();
}

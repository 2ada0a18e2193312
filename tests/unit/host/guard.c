/* What a filter can do no more once guard_filter() was called. */
#include "host/guard.h"

#include <errno.h>
#include <fcntl.h>
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

/* io.c -- see io.h: files read. */
#include "ground/io.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };	/* bytes asked of read(2) at a time */

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

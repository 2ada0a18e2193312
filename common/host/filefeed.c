/* filefeed.c -- see filefeed.h. */
#include "host/filefeed.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "ground/io.h"

enum { FIRST = 512 };	/* bytes of the first piece */

int
filefeed_open(const char *path, struct filefeed *f, struct err *e)
{
	*f = (struct filefeed){.name = io_name(path), .fd = STDIN_FILENO};
	if (path != NULL && strcmp(path, "-") != 0 &&
	    (f->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return err_sys(e, "%s", path);
	(void)posix_fadvise(f->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	return 0;
}

void
filefeed_part(int fd, uint64_t at, uint64_t size, const char *name,
    struct filefeed *f)
{
	*f = (struct filefeed){.name = name, .fd = fd, .part = true, .at = at,
	    .end = at + size};
}

void
filefeed_close(struct filefeed *f)
{
	if (!f->part && f->fd > STDERR_FILENO)
		(void)close(f->fd);
	buf_free(&f->piece);
	*f = (struct filefeed){.fd = -1};
}

static ssize_t
read_some(struct filefeed *f, uint8_t *to, size_t n)
{
	ssize_t got;

	do {
		got = f->part ? pread(f->fd, to, n, (off_t)f->at) :
		    read(f->fd, to, n);
	} while (got < 0 && errno == EINTR);
	return got;
}

static int
more(void *ctx, struct slice *piece, struct err *e)
{
	struct filefeed *f = ctx;
	size_t want = FILEFEED_PIECE, n = 0;
	ssize_t got = 1;

	if (f->piece.n == 0)
		(void)buf_more(&f->piece, FILEFEED_PIECE);
	if (f->part && f->end - f->at < want)
		want = (size_t)(f->end - f->at);
	while (n < FIRST && n < want && got > 0) {
		got = read_some(f, f->piece.p + n, want - n);
		if (got < 0)
			return err_sys(e, "%s", f->name);
		n += (size_t)got;
		f->at += (uint64_t)got;
	}
	if (f->part && n == 0 && want > 0)
		return err_set(e, E_SYSTEM, "%s: became shorter while it was "
		    "read", f->name);
	*piece = slice_of(f->piece.p, n);
	return 0;
}

static int
skip(void *ctx, uint64_t n, struct err *e)
{
	struct filefeed *f = ctx;

	if (n > f->end - f->at)
		return err_set(e, E_INPUT, "the archive is cut short");
	f->at += n;
	return 0;
}

struct feed
filefeed(struct filefeed *f)
{
	return (struct feed){.ctx = f, .more = more,
	    .skip = f->part ? skip : NULL};
}

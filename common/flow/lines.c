/* lines.c -- see lines.h. */
#include "flow/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "ground/io.h"

enum { CHUNK = 64 << 10 };	/* bytes asked of read(2) at a time */

int
lines_open(const char *path, size_t max, struct lines *l, struct err *e)
{
	*l = (struct lines){.path = io_name(path), .max = max, .number = 1};
	if (path != NULL && strcmp(path, "-") != 0 &&
	    (l->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return err_sys(e, "%s", path);
	return 0;
}

void
lines_close(struct lines *l)
{
	if (l->fd > STDERR_FILENO)
		(void)close(l->fd);
	buf_free(&l->rest);
	*l = (struct lines){.fd = -1};
}

/* One read(2) more at the end of rest. */
static int
fill(struct lines *l, struct err *e)
{
	uint8_t *at = buf_more(&l->rest, CHUNK);
	ssize_t got;

	do
		got = read(l->fd, at, CHUNK);
	while (got < 0 && errno == EINTR);
	l->rest.n -= CHUNK - (got > 0 ? (size_t)got : 0);
	if (got < 0)
		return err_sys(e, "%s", l->path);
	l->ended = got == 0;
	return 0;
}

static size_t
last_line_end(struct slice s)
{
	const uint8_t *at = s.n > 0 ? memrchr(s.p, '\n', s.n) : NULL;

	return at != NULL ? (size_t)(at - s.p) + 1 : 0;
}

/* The line that rest is the beginning of is over max: keep what shows it, and
 * read on to its end. */
static int
skip_long(struct lines *l, struct buf *piece, struct err *e)
{
	size_t end;

	buf_add(piece, slice_head(slice_buf(&l->rest), l->max + 1));
	buf_addc(piece, '\n');
	while ((end = slice_find(slice_buf(&l->rest), '\n')) == l->rest.n &&
	    !l->ended) {
		buf_cut(&l->rest, 0);
		if (fill(l, e) < 0)
			return -1;
	}
	if (end < l->rest.n)
		end++;
	memmove(l->rest.p, l->rest.p + end, l->rest.n - end);
	buf_cut(&l->rest, l->rest.n - end);
	return 0;
}

static void
give(struct lines *l, size_t n, struct buf *piece)
{
	buf_add(piece, slice_head(slice_buf(&l->rest), n));
	memmove(l->rest.p, l->rest.p + n, l->rest.n - n);
	buf_cut(&l->rest, l->rest.n - n);
}

/* Nothing comes for now: who writes may wait for an answer to what there is
 * before going on. */
static bool
idle(const struct lines *l)
{
	struct pollfd p = {.fd = l->fd, .events = POLLIN};

	return poll(&p, 1, 0) == 0;
}

static bool
enough(const struct lines *l)
{
	return l->ended || l->rest.n > l->max ||
	    (last_line_end(slice_buf(&l->rest)) > 0 &&
	    (l->rest.n >= LINES_PIECE || idle(l)));
}

int
lines_next(struct lines *l, struct buf *piece, struct err *e)
{
	uint8_t number[8];
	struct slice text;
	size_t end;

	put_be64(number, l->number);
	while (!enough(l))
		if (fill(l, e) < 0)
			return -1;
	if (l->rest.n == 0)
		return 0;
	end = last_line_end(slice_buf(&l->rest));
	buf_add(piece, slice_of(number, sizeof number));
	if (end == 0 && l->rest.n > l->max) {
		if (skip_long(l, piece, e) < 0)
			return -1;
	} else {
		give(l, end > 0 && !l->ended ? end : l->rest.n, piece);
	}
	text = slice_from(slice_buf(piece), sizeof number);
	for (; text.n > 0; text = slice_from(text, slice_find(text, '\n') + 1))
		l->number++;
	return 1;
}

uint64_t
lines_first(struct slice *piece)
{
	uint64_t first = (uint64_t)be32(piece->p) << 32 | be32(piece->p + 4);

	*piece = slice_from(*piece, 8);
	return first;
}

bool
lines_take(struct slice *rest, struct slice *line)
{
	size_t end = slice_find(*rest, '\n');

	if (rest->n == 0)
		return false;
	*line = slice_head(*rest, end);
	*rest = slice_from(*rest, end + 1);
	return true;
}

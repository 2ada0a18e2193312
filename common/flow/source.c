/* source.c -- see source.h. */
#include "flow/source.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/io.h"

enum {
	FILTER_PIECE = 64 << 10,	/* bytes a filter is fed with at once */
	PIPE_WANT = 1 << 20,		/* bytes a pipe should hold */
};

int
source_open(const char *path, struct source *s, struct err *e)
{
	struct stat st;

	*s = (struct source){.name = io_name(path), .fd = STDIN_FILENO};
	if (path != NULL && strcmp(path, "-") != 0 &&
	    (s->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)) < 0)
		return err_sys(e, "%s", path);
	if (fstat(s->fd, &st) < 0)
		return 0;
	if (S_ISREG(st.st_mode) && lseek(s->fd, 0, SEEK_CUR) == 0) {
		s->sized = true;
		s->size = (uint64_t)st.st_size;
		(void)posix_fadvise(s->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	}
	/* fewer changes between us and who writes; a wish */
	if (S_ISFIFO(st.st_mode))
		(void)fcntl(s->fd, F_SETPIPE_SZ, PIPE_WANT);
	return 0;
}

void
source_close(struct source *s)
{
	if (s->fd > STDERR_FILENO)
		(void)close(s->fd);
	buf_free(&s->ahead);
	buf_free(&s->text);
	*s = (struct source){.fd = -1};
}

int
source_again(struct source *s, struct err *e)
{
	if (lseek(s->fd, 0, SEEK_SET) != 0)
		return err_sys(e, "%s", s->name);
	buf_free(&s->ahead);
	s->at = 0;
	s->ended = false;
	s->taken = 0;
	s->filter = (struct source_filter){0};
	return 0;
}

/* Append n bytes of the file to out, fewer only at its end.  Each read asks
 * for all that is missing: out grows once and nothing is copied. */
static int
fill(struct source *s, size_t n, struct buf *out, struct err *e)
{
	uint8_t *to = buf_more(out, n);
	ssize_t got;

	while (n > 0 && !s->ended) {
		got = read(s->fd, to, n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			out->n -= n;
			return err_sys(e, "%s: read", s->name);
		}
		s->ended = got == 0;
		s->taken += (uint64_t)got;
		to += got;
		n -= (size_t)got;
	}
	/* never written to: nothing to wipe */
	out->n -= n;
	return 0;
}

/* One piece of text through the filter, behind what is ahead. */
static int
filtered(struct source *s, struct err *e)
{
	s->text.n = 0;
	if (fill(s, FILTER_PIECE, &s->text, e) < 0)
		return -1;
	if (s->filter.more(s->filter.ctx, slice_buf(&s->text), s->ended,
	    &s->ahead, e) < 0)
		return err_in(e, "%s", s->name);
	return 0;
}

static size_t
unseen(const struct source *s)
{
	return s->ahead.n - s->at;
}

/* What was taken makes room; what is ahead is less than a chunk. */
static void
move_down(struct source *s)
{
	if (s->at == 0)
		return;
	memmove(s->ahead.p, s->ahead.p + s->at, unseen(s));
	s->ahead.n = unseen(s);
	s->at = 0;
}

int
source_peek(struct source *s, size_t n, struct slice *head, struct err *e)
{
	int ret = 0;

	move_down(s);
	while (ret == 0 && s->ahead.n < n && !s->ended)
		ret = s->filter.more != NULL ? filtered(s, e) :
		    fill(s, n - s->ahead.n, &s->ahead, e);
	*head = slice_head(slice_buf(&s->ahead), n);
	return ret;
}

void
source_skip(struct source *s, size_t n)
{
	s->at += n < unseen(s) ? n : unseen(s);
}

int
source_through(struct source *s, struct source_filter filter, struct err *e)
{
	struct buf seen = {0};
	int ret = 0;

	buf_add(&seen, slice_from(slice_buf(&s->ahead), s->at));
	s->ahead.n = s->at = 0;
	s->filter = filter;
	if (filter.more(filter.ctx, slice_buf(&seen), s->ended, &s->ahead,
	    e) < 0)
		ret = err_in(e, "%s", s->name);
	buf_free(&seen);
	return ret;
}

/* Take what is ahead, at most n bytes. */
static size_t
take_ahead(struct source *s, size_t n, struct buf *out)
{
	struct slice head = slice_head(slice_from(slice_buf(&s->ahead), s->at),
	    n);

	buf_add(out, head);
	source_skip(s, head.n);
	return head.n;
}

/* Without a filter one byte more is asked for, and kept: it tells whether
 * there is more. */
static int
take_plain(struct source *s, size_t n, struct buf *out, struct err *e)
{
	size_t was = out->n;

	if (fill(s, n + 1, out, e) < 0)
		return -1;
	s->ahead.n = s->at = 0;
	if (out->n - was > n) {
		buf_addc(&s->ahead, out->p[was + n]);
		out->n--;
	}
	return 0;
}

int
source_take(struct source *s, size_t n, struct buf *out, bool *last,
    struct err *e)
{
	struct slice none;

	/* at once, the byte more included */
	(void)buf_more(out, n + 1);
	out->n -= n + 1;
	n -= take_ahead(s, n, out);
	if (s->filter.more == NULL && unseen(s) == 0 && !s->ended &&
	    take_plain(s, n, out, e) < 0)
		return -1;
	while (s->filter.more != NULL && n > 0) {
		if (source_peek(s, 1, &none, e) < 0)
			return -1;
		if (unseen(s) == 0)
			break;
		n -= take_ahead(s, n, out);
	}
	if (s->filter.more != NULL && source_peek(s, 1, &none, e) < 0)
		return -1;
	*last = unseen(s) == 0 && s->ended;
	return 0;
}

int
source_all(struct source *s, size_t max, struct buf *out, struct err *e)
{
	size_t was = out->n, step = 64 << 10, left;
	bool last = false;
	int ret = 0;

	/* a whole file at once, so that it is neither copied nor wiped */
	if (s->sized && s->filter.more == NULL && s->size >= step) {
		left = s->size < max ? (size_t)s->size : max;
		(void)buf_more(out, left + 2);
		out->n = was;
		step = left + 1;
	}
	while (ret == 0 && !last && out->n - was <= max) {
		ret = source_take(s, step, out, &last, e);
		step = out->cap - out->n > 64 << 10 ? out->cap - out->n - 1 :
		    64 << 10;
	}
	if (ret == 0 && out->n - was > max)
		ret = err_set(e, E_INPUT, "%s: larger than %zu bytes",
		    s->name, max);
	if (ret < 0)
		buf_cut(out, was);
	return ret;
}

/* The engine: sources in whatever pieces they come, chunks of every size around
 * the edges of pieces, what is let out before a chunk that is refused. */
#include "flow/stream.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/tap.h"

/* A format that is easily seen through: a chunk is its number, whether it is
 * the last, and the data; the first two a byte each. */
enum { MARK = 2 };

struct toy {
	struct chunks c;
	uint64_t refuse_see, refuse_turn;	/* the chunk; UINT64_MAX none */
	uint64_t seen;
};

static int
see(struct chunks *c, uint64_t i, bool last, struct slice in, struct err *e)
{
	struct toy *t = (struct toy *)c;

	if (i != t->seen++ || in.n > c->in || (!last && in.n != c->in))
		return err_set(e, E_USAGE, "seen out of order");
	if (i == t->refuse_see)
		return err_set(e, E_NO, "see");
	return 0;
}

static int
begin(const struct chunks *c, void **state, struct err *e)
{
	(void)c;
	(void)e;
	*state = malloc(1);
	return 0;
}

static void
end(void *state)
{
	free(state);
}

static int
seal(const struct chunks *c, void *state, uint64_t i, bool last,
    struct slice in, struct buf *out, struct err *e)
{
	(void)state;
	if (in.n > c->in || (!last && in.n != c->in))
		return err_set(e, E_USAGE, "not a chunk");
	buf_addc(out, (uint8_t)i);
	buf_addc(out, last);
	buf_add(out, in);
	return 0;
}

static int
open_chunk(const struct chunks *c, void *state, uint64_t i, bool last,
    struct slice in, struct buf *out, struct err *e)
{
	const struct toy *t = (const struct toy *)c;
	uint8_t *to;

	(void)state;
	if (i == t->refuse_turn || in.n < MARK || in.p[0] != (uint8_t)i ||
	    in.p[1] != last)
		return err_set(e, E_NO, "turn");
	/* as a cipher does it: maybe on the spot */
	to = buf_more(out, in.n - MARK);
	memmove(to, in.p + MARK, in.n - MARK);
	return 0;
}

static struct toy
toy(bool sealing, size_t size, bool in_place)
{
	return (struct toy){.c = {.in = sealing ? size : size + MARK,
	    .out = sealing ? size + MARK : size, .in_place = in_place,
	    .at = MARK, .see = see, .begin = begin, .end = end,
	    .turn = sealing ? seal : open_chunk},
	    .refuse_see = UINT64_MAX, .refuse_turn = UINT64_MAX};
}

/* A nameless file with these bytes. */
static int
file_of(struct slice s)
{
	int fd = open("/tmp", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	struct io_out o = {.fd = fd, .path = "/tmp"};
	struct err e;

	if (io_put(&o, s, &e) < 0 || lseek(fd, 0, SEEK_SET) != 0)
		printf("Bail out! %s\n", e.text);
	return fd;
}

/* Run s through the chunks by so many threads; what came out, and the word of
 * the failure or "". */
static const char *
run(struct chunks *c, struct slice s, unsigned threads, struct buf *out)
{
	static struct err e;
	struct source in = {.name = "in", .fd = file_of(s)}, back;
	struct io_out o = {.path = "out", .fd = file_of(slice_str(""))};
	const struct stream stream = {.chunks = c, .in = &in, .out = &o,
	    .threads = threads};
	uint64_t bytes = 0;

	out->n = 0;
	e = (struct err){.code = E_OK};
	(void)stream_run(&stream, &bytes, &e);
	back = (struct source){.name = "out", .fd = o.fd};
	(void)lseek(o.fd, 0, SEEK_SET);
	if (source_all(&back, SIZE_MAX / 8, out, &e) < 0 || bytes != out->n)
		(void)err_set(&e, E_USAGE, "%ju bytes counted",
		    (uintmax_t)bytes);
	source_close(&in);
	source_close(&back);
	return e.code == E_OK ? "" : strrchr(e.text, ' ') != NULL ?
	    strrchr(e.text, ' ') + 1 : e.text;
}

static void
fill(struct buf *b, size_t n)
{
	size_t i;

	b->n = 0;
	(void)buf_more(b, n + 1);
	b->n = n;
	for (i = 0; i < n; i++)
		b->p[i] = (uint8_t)(i * 7 + i / 251);
}

static void
there_and_back(size_t size, bool in_place)
{
	const size_t per = size < 512 << 10 ? (512 << 10) / size : 1;
	const size_t edge[] = {0, 1, size, per * size, 3 * per * size};
	struct buf plain = {0}, sealed = {0}, back = {0};
	size_t i, n, bad = 0;
	int d;
	unsigned t;

	for (i = 0; i < sizeof edge / sizeof *edge; i++)
		for (d = -1; d <= 1; d++) {
			n = edge[i] + (size_t)d;
			if (edge[i] == 0 && d < 0)
				continue;
			fill(&plain, n);
			for (t = 1; t <= 3; t += 2) {
				struct toy a = toy(true, size, false);
				struct toy b = toy(false, size, in_place);

				bad += *run(&a.c, slice_buf(&plain), t,
				    &sealed) != '\0';
				bad += *run(&b.c, slice_buf(&sealed), t,
				    &back) != '\0';
				bad += !slice_eq(slice_buf(&plain),
				    slice_buf(&back));
			}
		}
	CHECK(bad == 0, "chunks of %zu bytes%s: every size around the edges",
	    size, in_place ? ", in place" : "");
	buf_free(&plain);
	buf_free(&sealed);
	buf_free(&back);
}

/* Chunk at is refused in one way or another: those before it are out. */
static void
refused(size_t size, bool in_place, uint64_t at)
{
	struct buf plain = {0}, sealed = {0}, out = {0};
	struct toy a = toy(true, size, false), b;
	unsigned t;
	size_t bad = 0, want = (size_t)at * size;
	struct slice head;

	fill(&plain, 40 * size + 5);
	bad += *run(&a.c, slice_buf(&plain), 2, &sealed) != '\0';
	head = slice_head(slice_buf(&plain), want);
	for (t = 1; t <= 4; t += 3) {
		b = toy(false, size, in_place);
		b.refuse_turn = at;
		bad += strcmp(run(&b.c, slice_buf(&sealed), t, &out),
		    "turn") != 0;
		bad += !slice_eq(slice_buf(&out), head);
		b = toy(false, size, in_place);
		b.refuse_see = at;
		bad += strcmp(run(&b.c, slice_buf(&sealed), t, &out),
		    "see") != 0;
		bad += !slice_eq(slice_buf(&out), head);
		/* cut short there, and in the middle of it */
		b = toy(false, size, in_place);
		bad += strcmp(run(&b.c, slice_head(slice_buf(&sealed), at *
		    (size + MARK)), t, &out), "turn") != 0;
		b = toy(false, size, in_place);
		bad += strcmp(run(&b.c, slice_head(slice_buf(&sealed), at *
		    (size + MARK) + size / 2), t, &out), "turn") != 0;
		bad += !slice_eq(slice_buf(&out), head);
	}
	CHECK(bad == 0, "chunk %ju of %zu bytes refused: those before it are "
	    "out", (uintmax_t)at, size);
	buf_free(&plain);
	buf_free(&sealed);
	buf_free(&out);
}

/* --- sources --- */

/* A writer of n bytes in pieces of step, in a process of its own. */
static int
trickle(struct slice s, size_t step)
{
	int fd[2];

	if (pipe2(fd, O_CLOEXEC) < 0)
		return -1;
	if (fork() == 0) {
		while (s.n > 0) {
			struct slice part = slice_head(s, step);

			if (write(fd[1], part.p, part.n) < 0)
				_exit(1);
			s = slice_from(s, part.n);
		}
		_exit(0);
	}
	(void)close(fd[1]);
	return fd[0];
}

static bool
take_is(struct source *s, size_t n, struct slice want, bool want_last)
{
	struct buf out = {0};
	struct err e;
	bool last = !want_last, good;

	good = source_take(s, n, &out, &last, &e) == 0 &&
	    slice_eq(slice_buf(&out), want) && last == want_last;
	buf_free(&out);
	return good;
}

static void
sources(void)
{
	struct slice text = slice_str("0123456789"), head;
	struct source s;
	size_t step, n, bad = 0;
	struct err e;

	for (step = 1; step <= 10; step++)
		for (n = 1; n <= 11; n++) {
			s = (struct source){.name = "pipe",
			    .fd = trickle(text, step)};
			bad += source_peek(&s, n, &head, &e) < 0 ||
			    !slice_eq(head, slice_head(text, n));
			source_skip(&s, 1);
			bad += !take_is(&s, 4, slice_str("1234"), false);
			bad += !take_is(&s, 5, slice_str("56789"), true);
			bad += !take_is(&s, 5, slice_str(""), true);
			source_close(&s);
		}
	CHECK(bad == 0, "what was seen is read again, and the end is known");
	s = (struct source){.name = "pipe", .fd = trickle(slice_str(""), 1)};
	CHECK(take_is(&s, 5, slice_str(""), true), "nothing is the last");
	source_close(&s);
}

static void
limits(void)
{
	struct buf plain = {0}, out = {0};
	struct source s;
	struct err e;
	int i;

	fill(&plain, 300000);
	for (i = 0; i < 2; i++) {
		s = (struct source){.name = "s", .fd = i == 0 ?
		    file_of(slice_buf(&plain)) :
		    trickle(slice_buf(&plain), 999)};
		out.n = 0;
		CHECK(source_all(&s, 300000, &out, &e) == 0 &&
		    slice_eq(slice_buf(&out), slice_buf(&plain)),
		    "all that may be");
		source_close(&s);
		s = (struct source){.name = "s", .fd = i == 0 ?
		    file_of(slice_buf(&plain)) :
		    trickle(slice_buf(&plain), 999)};
		out.n = 0;
		CHECK(source_all(&s, 299999, &out, &e) < 0 &&
		    e.code == E_INPUT && out.n == 0 &&
		    strcmp(e.text, "s: larger than 299999 bytes") == 0,
		    "one byte more is refused");
		source_close(&s);
	}
	buf_free(&plain);
	buf_free(&out);
}

/* A filter that doubles each byte and adds one at the end. */
static int
twice(void *ctx, struct slice text, bool ended, struct buf *out,
    struct err *e)
{
	size_t i;

	for (i = 0; i < text.n; i++) {
		if (text.p[i] == *(const uint8_t *)ctx)
			return err_set(e, E_INPUT, "no");
		buf_addc(out, text.p[i]);
		buf_addc(out, text.p[i]);
	}
	if (ended)
		buf_addc(out, '.');
	return 0;
}

static void
filters(void)
{
	uint8_t stop = 'x';
	struct source_filter f = {&stop, twice};
	struct slice head;
	struct source s;
	struct err e;
	bool last;
	struct buf out = {0};

	s = (struct source){.name = "s", .fd = trickle(slice_str("abc"), 1)};
	CHECK(source_peek(&s, 2, &head, &e) == 0 && source_through(&s, f,
	    &e) == 0 && take_is(&s, 3, slice_str("aab"), false) &&
	    take_is(&s, 4, slice_str("bcc."), true), "a filter");
	source_close(&s);
	s = (struct source){.name = "s", .fd = trickle(slice_str("abx"), 1)};
	CHECK(source_through(&s, f, &e) == 0 && source_take(&s, 3, &out,
	    &last, &e) < 0 && strcmp(e.text, "s: no") == 0,
	    "that refuses");
	source_close(&s);
	s = (struct source){.name = "s", .fd = trickle(slice_str("ax"), 1)};
	CHECK(source_peek(&s, 10, &head, &e) == 0 && source_through(&s, f,
	    &e) < 0, "what was seen already");
	source_close(&s);
	buf_free(&out);
}

int
main(void)
{
	static const size_t sizes[] = {3, 100, 65536, (512 << 10) - 1,
	    512 << 10, (512 << 10) + 1};
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		there_and_back(sizes[i], false);
		there_and_back(sizes[i], true);
	}
	for (i = 0; i < 40; i += 13) {
		refused(65536, false, i);
		refused(300000, true, i);
	}
	refused(7, true, 20);
	sources();
	limits();
	filters();
	return tap_done();
}

/* stream.c -- see stream.h.  Chunks are gathered into pieces large enough that
 * a system call and a lock cost little, and small enough to stay in a core's
 * cache from the read to the write. */
#include "flow/stream.h"

#include "flow/progress.h"
#include "flow/screen.h"
#include "flow/work.h"

enum { PIECE = 512 << 10 };	/* bytes read at once, of smaller chunks */

struct run {
	const struct stream *s;
	size_t each;		/* chunks in a piece */
	struct progress progress;
	/* the reader's: */
	bool ended;
	struct err seen;	/* see() failed, behind chunks that are good */
	bool refused;
	/* the writer's: */
	struct buf text;	/* dressed */
	struct screen screen;
	uint64_t bytes;		/* written */
	_Atomic uint64_t taken;	/* bytes read */
};

/* What public bytes say of a piece's chunks.  Those before one that is refused
 * are turned all the same; the next piece is the refusal. */
static int
see(struct run *r, struct work_piece *p, struct err *e)
{
	struct chunks *c = r->s->chunks;
	struct slice rest = slice_buf(&p->in), in;
	uint64_t i = p->number * r->each;

	if (c->see == NULL)
		return 1;
	do {
		in = slice_head(rest, c->in);
		rest = slice_from(rest, in.n);
		if (c->see(c, i++, p->last && rest.n == 0, in, e) == 0)
			continue;
		if (in.p == p->in.p)
			return -1;
		r->seen = *e;
		r->refused = true;
		p->last = false;
		p->in.n = (size_t)(in.p - p->in.p);
		break;
	} while (rest.n > 0);
	return 1;
}

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	struct run *r = ctx;
	int ret;

	if (r->refused) {
		*e = r->seen;
		return -1;
	}
	if (r->ended)
		return 0;
	if (source_take(r->s->in, r->each * r->s->chunks->in, &p->in, &p->last,
	    e) < 0)
		return -1;
	r->ended = p->last;
	r->taken = r->s->in->taken;
	ret = see(r, p, e);
	if (ret < 0)
		(void)err_in(e, "%s", r->s->in->name);
	return ret;
}

static int
begin(void *ctx, void **state, struct err *e)
{
	const struct chunks *c = ((struct run *)ctx)->s->chunks;

	return c->begin(c, state, e);
}

static void
end(void *ctx, void *state)
{
	((struct run *)ctx)->s->chunks->end(state);
}

/* One chunk is the piece, and becomes what it becomes where it lies: a piece
 * needs half the memory, and the cache sees it once. */
static int
turn_here(const struct chunks *c, void *state, struct work_piece *p,
    struct err *e)
{
	struct buf here = {0};
	int ret;

	here.p = p->in.p + c->at;
	here.cap = p->in.n > c->at ? p->in.n - c->at : 0;
	ret = c->turn(c, state, p->number, p->last, slice_buf(&p->in), &here,
	    e);
	p->result = slice_buf(&here);
	return ret;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	const struct run *r = ctx;
	const struct chunks *c = r->s->chunks;
	struct slice rest = slice_buf(&p->in), in;
	uint64_t i = p->number * r->each;
	int ret;

	if (c->in_place && r->each == 1) {
		ret = turn_here(c, state, p, e);
	} else {
		/* once for all */
		(void)buf_more(&p->out, r->each * c->out);
		p->out.n = 0;
		do {
			in = slice_head(rest, c->in);
			rest = slice_from(rest, in.n);
			ret = c->turn(c, state, i++, p->last && rest.n == 0,
			    in, &p->out, e);
		} while (ret == 0 && rest.n > 0);
		p->result = slice_buf(&p->out);
	}
	return ret < 0 ? err_in(e, "%s", r->s->in->name) : 0;
}

static int
put(void *ctx, struct slice out, struct err *e)
{
	struct run *r = ctx;
	const struct stream *s = r->s;

	r->bytes += out.n;
	progress_at(&r->progress, r->taken);
	if (s->dress != NULL) {
		r->text.n = 0;
		s->dress(s->ctx, out, false, &r->text);
		out = slice_buf(&r->text);
	}
	return s->screen ? screen_put(&r->screen, out, e) :
	    io_put(s->out, out, e);
}

/* What is left to write when all chunks are. */
static int
put_rest(struct run *r, struct err *e)
{
	if (r->s->dress != NULL) {
		r->text.n = 0;
		r->s->dress(r->s->ctx, slice_of(NULL, 0), true, &r->text);
		return io_put(r->s->out, slice_buf(&r->text), e);
	}
	return r->s->screen ? screen_end(&r->screen, r->s->out, e) : 0;
}

int
stream_run(const struct stream *s, uint64_t *bytes, struct err *e)
{
	const struct chunks *c = s->chunks;
	struct run r = {.s = s, .each = c->in < PIECE ? PIECE / c->in : 1};
	struct work work = {.ctx = &r, .next = next, .turn = turn, .put = put,
	    .begin = begin, .end = end};
	size_t piece = r.each * c->in;
	int ret;

	if (!c->in_place || r.each > 1)
		piece += r.each * c->out;
	work.most = piece < STREAM_MEMORY ? STREAM_MEMORY / piece : 1;
	progress_start(&r.progress, s->progress, s->in->sized, s->in->size);
	ret = work_run(&work, s->threads, e);
	progress_end(&r.progress);
	if (ret == 0)
		ret = put_rest(&r, e);
	buf_free(&r.text);
	screen_free(&r.screen);
	if (bytes != NULL)
		*bytes = r.bytes;
	return ret;
}

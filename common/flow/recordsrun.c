/* recordsrun.c -- see recordsrun.h.  Who reads looks for the ends of records
 * alone; all else is done by the workers. */
#include "flow/recordsrun.h"

#include <stdlib.h>

#include "flow/progress.h"
#include "flow/screen.h"
#include "flow/work.h"
#include "ground/text.h"

enum { PIECE = 32 << 10 };	/* bytes read at once */

struct run {
	const struct recordsrun *how;
	struct records records;
	/* A worker takes the next place; they are kept to the end, for what
	 * is counted in them. */
	struct fieldwork *work[WORK_THREADS_MAX];
	_Atomic unsigned workers;
	/* the reader's: */
	struct buf rest;	/* read, not yet given */
	bool ended;
	struct spans spans;
	_Atomic uint64_t given;	/* pieces, once it is known how many */
	_Atomic uint64_t taken;	/* bytes read */
	/* the writer's: */
	uint64_t put;		/* pieces */
	struct screen screen;
	struct progress progress;
};

int
recordsrun_kind(struct source *s, const struct blob_job *job,
    enum records_kind *kind, struct err *e)
{
	static const size_t steps[] = {64 << 10, 1 << 20, RECORD_MAX};
	struct slice head = {0}, begin;
	size_t i;

	*kind = job->records;
	for (i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (source_peek(s, steps[i], &head, e) < 0)
			return -1;
		if (i == 0 && text_no_bom(head, "records", e) < 0)
			return err_in(e, "%s", s->name);
		if (*kind != RECORDS_AUTO)
			return 0;
		begin = slice_trim(head);
		*kind = split_recognise(head, head.n < steps[i] ||
		    steps[i] == RECORD_MAX || slice_starts(begin, "["));
	}
	return 0;
}

/* --- reading --- */

/* The piece is rest up to cut; behind it are the spans, and how many. */
static void
give(struct run *r, size_t cut, struct work_piece *p)
{
	size_t n = r->spans.n;

	buf_add(&p->in, slice_head(slice_buf(&r->rest), cut));
	buf_add(&p->in, slice_of(r->spans.v, n * sizeof *r->spans.v));
	buf_add(&p->in, slice_of(&n, sizeof n));
	r->spans.n = 0;
	(void)memmove(r->rest.p, r->rest.p + cut, r->rest.n - cut);
	r->rest.n -= cut;
	split_taken(&r->records.split, cut);
}

/* Of a piece in which the end of a record is not found nothing is turned: a
 * small document that is malformed is refused whole. */
static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	struct run *r = ctx;
	size_t cut = 0;
	bool last;

	while (!r->ended && cut == 0) {
		if (source_take(r->how->in, PIECE, &r->rest, &last, e) < 0)
			return -1;
		r->taken = r->how->in->taken;
		r->ended = last;
		if (records_more(&r->records, slice_buf(&r->rest), last,
		    &r->spans, &cut, e) < 0)
			return err_in(e, "%s", r->how->in->name);
		if (last)
			cut = r->rest.n;
	}
	if (cut == 0)
		return 0;
	give(r, cut, p);
	if (r->ended)
		r->given = p->number + 1;
	return 1;
}

/* --- turning --- */

static int
begin(void *ctx, void **state, struct err *e)
{
	struct run *r = ctx;
	struct fieldwork *w;

	if (fieldwork_new(&r->records.ask, &w, e) < 0)
		return -1;
	r->work[r->workers++] = w;
	*state = w;
	return 0;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	const struct run *r = ctx;
	struct slice in = slice_buf(&p->in);
	struct span *spans;
	size_t n;
	int ret;

	(void)memcpy(&n, in.p + in.n - sizeof n, sizeof n);
	in.n -= sizeof n + n * sizeof *spans;
	/* the copy is aligned */
	if ((spans = calloc(n + 1, sizeof *spans)) == NULL)
		err_nomem();
	(void)memcpy(spans, in.p + in.n, n * sizeof *spans);
	ret = records_turn(&r->records, state, in, spans, n, &p->out, e);
	free(spans);
	if (ret < 0)
		return err_in(e, "%s", r->how->in->name);
	p->result = slice_buf(&p->out);
	return 0;
}

/* --- writing --- */

/* All that is known at the end alone is, before the last piece is written: all
 * pieces are turned then. */
static int
put(void *ctx, struct slice out, struct err *e)
{
	struct run *r = ctx;

	progress_at(&r->progress, r->taken);
	if (++r->put == r->given && records_done(&r->records, r->work,
	    r->workers, r->how->job, e) < 0)
		return err_in(e, "%s", r->how->in->name);
	return r->how->screen ? screen_put(&r->screen, out, e) :
	    io_put(r->how->out, out, e);
}

static int
run_kind(struct run *r, enum records_kind kind, struct err *e)
{
	const struct recordsrun *how = r->how;
	const struct work work = {.ctx = r, .next = next, .turn = turn,
	    .put = put, .begin = begin};
	size_t i;
	int ret;

	if (records_new(how->job, how->seal, kind, &r->records, e) < 0)
		return err_in(e, "%s", how->in->name);
	r->records.each = how->each;
	progress_start(&r->progress, how->progress, how->in->sized,
	    how->in->size);
	ret = work_run(&work, how->threads, e);
	progress_end(&r->progress);
	if (ret == 0 && how->screen)
		ret = screen_end(&r->screen, how->out, e);
	for (i = 0; i < r->workers; i++)
		fieldwork_free(r->work[i]);
	records_free(&r->records);
	return ret;
}

int
recordsrun(const struct recordsrun *how, struct err *e)
{
	struct run r = {.how = how};
	enum records_kind kind;
	int ret;

	if (recordsrun_kind(how->in, how->job, &kind, e) < 0)
		return -1;
	if (how->each != NULL)
		kind = RECORDS_LINES;
	ret = run_kind(&r, kind, e);
	buf_free(&r.rest);
	screen_free(&r.screen);
	free(r.spans.v);
	return ret;
}

/* partsrun.c -- see partsrun.h. */
#include "flow/partsrun.h"

#include "flow/work.h"

enum { GROUP = 8 };	/* parts that are handed out at once */

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	const struct parts *parts = ctx;

	(void)e;
	return p->number * GROUP < parts->n;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	struct parts *parts = ctx;
	size_t i = (size_t)p->number * GROUP, end = i + GROUP;

	for (; i < end && i < parts->n; i++)
		if (parts->turn(parts, state, i, e) < 0)
			return -1;
	return 0;
}

/* What a part becomes stays in the document until all of it is there. */
static int
put(void *ctx, struct slice result, struct err *e)
{
	(void)ctx;
	(void)result;
	(void)e;
	return 0;
}

static int
begin(void *ctx, void **state, struct err *e)
{
	const struct parts *parts = ctx;

	return parts->begin(parts, state, e);
}

static void
end(void *ctx, void *state)
{
	((const struct parts *)ctx)->end(state);
}

int
partsrun(struct parts *p, unsigned threads, struct buf *out, struct err *e)
{
	const struct work work = {.ctx = p, .next = next, .turn = turn,
	    .put = put, .begin = begin, .end = end};

	if (work_run(&work, threads, e) < 0)
		return -1;
	p->write(p, out);
	return 0;
}

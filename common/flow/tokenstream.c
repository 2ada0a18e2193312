/* tokenstream.c -- see tokenstream.h. */
#include "flow/tokenstream.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "ground/io.h"
#include "host/guard.h"
#include "flow/lines.h"

/* What the workers share. */
struct run {
	struct lines in;
	struct io_out out;
	const struct token_rules *rules;
	const struct token_style *style;
	const struct tokenstream *how;
	atomic_int worst;
	_Atomic(void *) spare;	/* a worker's own, made before the run */
};

/* Each worker's own: libjq's programs are for one thread. */
struct own {
	struct token_keys keys;
	struct token_programs programs;
};

static int
make_own(const struct tokenstream *how, struct own **out, struct err *e)
{
	struct own *own = calloc(1, sizeof *own);

	if (own == NULL)
		err_nomem();
	if (token_programs_new(how->program, how->require, how->n,
	    &own->programs, e) < 0) {
		free(own);
		return -1;
	}
	*out = own;
	return 0;
}

/* The first worker takes the spare one: compiling a program costs more than
 * many tokens. */
static int
begin(void *ctx, void **state, struct err *e)
{
	struct run *r = ctx;
	struct own *own = atomic_exchange(&r->spare, NULL);

	if (own == NULL && make_own(r->how, &own, e) < 0)
		return -1;
	*state = own;
	return 0;
}

static void
end(void *ctx, void *state)
{
	struct own *own = state;

	(void)ctx;
	token_keys_free(&own->keys);
	token_programs_free(&own->programs);
	free(own);
}

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	return lines_next(&((struct run *)ctx)->in, &p->in, e);
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	struct run *r = ctx;
	struct own *own = state;
	struct slice in = slice_buf(&p->in);
	uint64_t first = lines_first(&in);

	(void)e;
	work_worst(&r->worst, token_lines(in, first, r->rules, r->style,
	    &own->keys, &own->programs, &p->out));
	p->result = slice_buf(&p->out);
	return 0;
}

static int
put(void *ctx, struct slice out, struct err *e)
{
	return io_put(&((struct run *)ctx)->out, out, e);
}

int
tokenstream_run(const char *path, const char *out_path,
    const struct token_rules *rules, const struct token_style *style,
    const struct tokenstream *how, int *worst, struct err *e)
{
	struct run r = {.rules = rules, .style = style, .how = how};
	const struct work work = {.ctx = &r, .next = next, .turn = turn,
	    .put = put, .begin = begin, .end = end};
	struct own *own;
	int ret = -1;

	/* a program that does not compile is said before anything is read */
	if (make_own(how, &own, e) < 0)
		return -1;
	atomic_store(&r.spare, own);
	if (lines_open(path, JWS_MAX, &r.in, e) < 0)
		goto out;
	if (io_prepare(out_path, 0, e) < 0)
		goto out;
	(void)guard_filter(false);
	if (io_open(out_path, 0, &r.out, e) < 0)
		goto out;
	ret = work_run(&work, how->threads, e);
	if (ret == 0)
		ret = io_commit(&r.out, e);
	else
		io_drop(&r.out);
	*worst = atomic_load(&r.worst);
out:
	lines_close(&r.in);
	own = atomic_exchange(&r.spare, NULL);
	if (own != NULL)
		end(&r, own);
	return ret;
}

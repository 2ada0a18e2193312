/* The scheduler: order, bounds, what becomes of a failure. */
#include "flow/work.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "unit/tap.h"

struct job {
	uint64_t pieces;
	uint64_t fail_next, fail_turn, fail_put;	/* UINT64_MAX: never */
	bool fail_begin;
	bool with_result;	/* of the piece whose turn fails */
	uint64_t read, put;	/* so far */
	bool disorder;
	atomic_uint reading, putting, begun, ended;
	atomic_uint alive, most;	/* pieces read and not yet put */
};

static void
rest(uint64_t n)
{
	/* pieces that take different times, so that they overtake */
	if (n % 7 == 0)
		(void)usleep(300);
}

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	struct job *j = ctx;
	unsigned n, was;

	if (atomic_fetch_add(&j->reading, 1) != 0 || p->number != j->read ||
	    p->in.n != 0 || p->out.n != 0 || p->last)
		j->disorder = true;
	if (j->read == j->fail_next) {
		(void)atomic_fetch_sub(&j->reading, 1);
		return err_set(e, E_SYSTEM, "next");
	}
	if (j->read == j->pieces) {
		(void)atomic_fetch_sub(&j->reading, 1);
		return 0;
	}
	n = atomic_fetch_add(&j->alive, 1) + 1;
	was = atomic_load(&j->most);
	while (n > was && !atomic_compare_exchange_weak(&j->most, &was, n))
		continue;
	buf_addf(&p->in, "%ju", (uintmax_t)j->read++);
	p->last = j->read == j->pieces;
	(void)atomic_fetch_sub(&j->reading, 1);
	return 1;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	struct job *j = ctx;
	atomic_uint *own = state;

	rest(p->number);
	if (own != &j->begun || p->last != (p->number + 1 == j->pieces))
		return err_set(e, E_USAGE, "no state, or not the last");
	buf_add(&p->out, slice_buf(&p->in));
	buf_addc(&p->out, '.');
	if (p->number != j->fail_turn || j->with_result)
		p->result = slice_buf(&p->out);
	if (p->number == j->fail_turn)
		return err_set(e, E_NO, "turn");
	return 0;
}

static int
put(void *ctx, struct slice result, struct err *e)
{
	struct job *j = ctx;
	char want[32];

	(void)snprintf(want, sizeof want, "%ju.", (uintmax_t)j->put);
	if (atomic_fetch_add(&j->putting, 1) != 0 || !slice_is(result, want))
		j->disorder = true;
	rest(j->put + 3);
	(void)atomic_fetch_sub(&j->alive, 1);
	(void)atomic_fetch_sub(&j->putting, 1);
	if (j->put == j->fail_put)
		return err_set(e, E_SYSTEM, "put");
	j->put++;
	return 0;
}

static int
begin(void *ctx, void **state, struct err *e)
{
	struct job *j = ctx;

	if (j->fail_begin)
		return err_set(e, E_NO, "begin");
	(void)atomic_fetch_add(&j->begun, 1);
	*state = &j->begun;
	return 0;
}

static void
end(void *ctx, void *state)
{
	struct job *j = ctx;

	(void)state;
	(void)atomic_fetch_add(&j->ended, 1);
}

static struct job
job(uint64_t pieces)
{
	return (struct job){.pieces = pieces, .fail_next = UINT64_MAX,
	    .fail_turn = UINT64_MAX, .fail_put = UINT64_MAX};
}

/* What work_run() said: "" for success. */
static const char *
run(struct job *j, unsigned threads, size_t most)
{
	static struct err e;
	const struct work w = {.ctx = j, .most = most, .next = next,
	    .turn = turn, .put = put, .begin = begin, .end = end};

	e = (struct err){.code = E_OK};
	return work_run(&w, threads, &e) == 0 ? "" : e.text;
}

static void
in_order(void)
{
	static const unsigned threads[] = {1, 2, 3, 8, 64, 1000};
	static const uint64_t pieces[] = {0, 1, 2, 3, 7, 300};
	struct job j;
	size_t i, k, bad = 0;

	for (i = 0; i < sizeof threads / sizeof *threads; i++)
		for (k = 0; k < sizeof pieces / sizeof *pieces; k++) {
			j = job(pieces[k]);
			bad += *run(&j, threads[i], 0) != '\0' ||
			    j.disorder || j.put != pieces[k] ||
			    j.begun != j.ended || j.begun > 64;
		}
	CHECK(bad == 0, "any number of pieces on any of threads, in order");
	j = job(200);
	(void)run(&j, 4, 0);
	CHECK(j.most <= 8 && j.begun == 4, "two pieces for each thread, %u",
	    j.most);
	j = job(200);
	(void)run(&j, 4, 3);
	CHECK(j.most <= 3 && j.begun == 3 && j.put == 200, "or fewer, %u",
	    j.most);
	j = job(20);
	(void)run(&j, 4, 1);
	CHECK(j.most == 1 && j.begun == 1 && j.put == 20, "or one");
}

static void
failures(void)
{
	unsigned t;
	struct job j;
	const char *why;

	for (t = 1; t <= 8; t *= 2) {
		j = job(100);
		j.fail_turn = 41;
		why = run(&j, t, 0);
		CHECK(strcmp(why, "turn") == 0 && j.put == 41 && !j.disorder,
		    "%u threads: all before the first failure, not more", t);
		j = job(100);
		j.fail_turn = 41;
		j.with_result = true;
		why = run(&j, t, 0);
		CHECK(strcmp(why, "turn") == 0 && j.put == 42 && !j.disorder,
		    "but what the failing piece had");
		j = job(100);
		j.fail_next = 50;
		why = run(&j, t, 0);
		CHECK(strcmp(why, "next") == 0 && j.put == 50,
		    "a failure to read comes in its turn");
		j = job(100);
		j.fail_next = 50;
		j.fail_turn = 49;
		why = run(&j, t, 0);
		CHECK(strcmp(why, "turn") == 0 && j.put == 49,
		    "the first in the order counts, not in time");
		j = job(100);
		j.fail_put = 30;
		why = run(&j, t, 0);
		CHECK(strcmp(why, "put") == 0 && j.put == 30,
		    "a failure to write ends it");
		j = job(100);
		j.fail_begin = true;
		why = run(&j, t, 0);
		CHECK(strcmp(why, "begin") == 0 && j.put == 0 && j.ended == 0,
		    "a worker that cannot begin");
		j = job(0);
		j.fail_begin = true;
		CHECK(*run(&j, t, 0) == '\0', "does not matter to nothing");
	}
}

int
main(void)
{
	CHECK(work_cores() >= 1 && work_cores() <= WORK_THREADS_MAX,
	    "there is a core");
	in_order();
	failures();
	return tap_done();
}

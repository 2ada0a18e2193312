/* work.c -- see work.h.  There is no thread that only reads or only writes:
 * a worker reads the next piece when it is free, and waits for its turn to
 * put the result.  So nothing queues, and memory is bounded by itself. */
#include "world/work.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>

struct shared {
	const struct work *work;
	pthread_mutex_t in, out;	/* held while next, put run */
	pthread_cond_t turned;
	uint64_t given, turn;		/* pieces read; whose turn it is */
	bool ended;			/* under in: nothing more to read */
	bool failed;			/* under out */
	struct err err;			/* under out: of the first failure */
};

unsigned
work_cores(void)
{
	cpu_set_t set;
	int n;

	if (sched_getaffinity(0, sizeof set, &set) < 0)
		return 1;
	n = CPU_COUNT(&set);
	return n < 1 ? 1 : n > WORK_THREADS_MAX ? WORK_THREADS_MAX :
	    (unsigned)n;
}

/* The next piece and its number; what next said. */
static int
take(struct shared *s, struct buf *in, uint64_t *number, struct err *e)
{
	int got = 0;

	(void)pthread_mutex_lock(&s->in);
	if (!s->ended) {
		got = s->work->next(s->work->ctx, in, e);
		*number = s->given++;
		s->ended = got <= 0;
	}
	(void)pthread_mutex_unlock(&s->in);
	return got;
}

static void
stop_reading(struct shared *s)
{
	(void)pthread_mutex_lock(&s->in);
	s->ended = true;
	(void)pthread_mutex_unlock(&s->in);
}

/* Wait for the piece's turn, and put its result or keep its failure. */
static bool
give(struct shared *s, uint64_t number, int ret, struct slice out,
    const struct err *e)
{
	bool ok;

	(void)pthread_mutex_lock(&s->out);
	while (s->turn != number && !s->failed)
		(void)pthread_cond_wait(&s->turned, &s->out);
	if (!s->failed && ret < 0)
		s->err = *e;
	if (!s->failed && (ret < 0 || s->work->put(s->work->ctx, out,
	    &s->err) < 0))
		s->failed = true;
	s->turn++;
	ok = !s->failed;
	(void)pthread_cond_broadcast(&s->turned);
	(void)pthread_mutex_unlock(&s->out);
	if (!ok)
		stop_reading(s);
	return ok;
}

static void *
worker(void *arg)
{
	struct shared *s = arg;
	const struct work *w = s->work;
	struct buf in = {0}, out = {0};
	struct err e, read;
	void *state = NULL;
	uint64_t number = 0;
	int got, ret = 0;

	if (w->begin != NULL)
		ret = w->begin(w->ctx, &state, &e);
	/* a worker that could not begin fails with the first piece it takes */
	while ((got = take(s, &in, &number, &read)) != 0) {
		if (got < 0 && ret == 0) {
			e = read;
			ret = -1;
		}
		if (ret == 0)
			ret = w->turn(w->ctx, state, slice_buf(&in), &out, &e);
		if (!give(s, number, ret, slice_buf(&out), &e))
			break;
		buf_cut(&in, 0);
		buf_cut(&out, 0);
	}
	if (w->end != NULL && state != NULL)
		w->end(w->ctx, state);
	buf_free(&in);
	buf_free(&out);
	return NULL;
}

int
work_run(const struct work *work, unsigned threads, struct err *e)
{
	struct shared s = {.work = work};
	pthread_t id[WORK_THREADS_MAX];
	sigset_t all, was;
	unsigned n = 0, i;

	if (threads == 0)
		threads = work_cores();
	if (threads > WORK_THREADS_MAX)
		threads = WORK_THREADS_MAX;
	(void)pthread_mutex_init(&s.in, NULL);
	(void)pthread_mutex_init(&s.out, NULL);
	(void)pthread_cond_init(&s.turned, NULL);
	/* signals stay with the caller's thread */
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &was);
	while (n + 1 < threads && pthread_create(&id[n], NULL, worker, &s) == 0)
		n++;
	(void)pthread_sigmask(SIG_SETMASK, &was, NULL);
	(void)worker(&s);
	for (i = 0; i < n; i++)
		(void)pthread_join(id[i], NULL);
	(void)pthread_cond_destroy(&s.turned);
	(void)pthread_mutex_destroy(&s.in);
	(void)pthread_mutex_destroy(&s.out);
	if (!s.failed)
		return 0;
	*e = s.err;
	return -1;
}

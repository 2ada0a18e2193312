/* work.c -- see work.h.  There is no thread that only reads or only writes: a
 * free worker writes if the oldest piece is turned, else reads the next one
 * and turns it while that is in its cache.  A piece whose turn to be written
 * has not come waits in its place of a ring, not in its worker's hands; a
 * full ring stops the reading, and so memory is bounded. */
#include "flow/work.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>

struct place {
	struct work_piece piece;
	bool turned;
	int ret;		/* of next or turn */
	struct err err;		/* if that is -1 */
};

struct shared {
	const struct work *work;
	pthread_mutex_t lock;		/* for all that follows */
	pthread_cond_t changed;
	struct place *ring;		/* piece i in place i % n */
	size_t n;
	uint64_t given, put;		/* pieces read, pieces written */
	bool reading, putting;		/* somebody is at it */
	bool ended, failed;
	struct err err;			/* of the first failure */
};

void
work_worst(atomic_int *kept, int status)
{
	int was = atomic_load(kept);

	while (status > was &&
	    !atomic_compare_exchange_weak(kept, &was, status))
		continue;
}

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

/* A worker's state, and why it has none. */
struct worker {
	void *state;
	int ret;
	struct err err;
};

/* Read into the next place and turn it.  Called and left with the lock held,
 * as put_one(); who waits is woken for what became possible by it. */
static void
turn_one(struct shared *s, struct worker *own)
{
	const struct work *w = s->work;
	struct place *at = &s->ring[s->given % s->n];
	struct work_piece *p = &at->piece;
	int got;

	s->reading = true;
	(void)pthread_mutex_unlock(&s->lock);
	/* not cut: the bytes are written over, and wiped in the end */
	p->in.n = p->out.n = 0;
	p->last = false;
	p->number = s->given;
	p->result = slice_of(NULL, 0);
	got = w->next(w->ctx, p, &at->err);
	(void)pthread_mutex_lock(&s->lock);
	s->reading = false;
	s->ended = s->ended || got <= 0;
	s->given += got != 0;
	if (s->ended)
		(void)pthread_cond_broadcast(&s->changed);
	else
		(void)pthread_cond_signal(&s->changed);
	if (got == 0)
		return;
	(void)pthread_mutex_unlock(&s->lock);
	at->ret = got < 0 ? -1 : own->ret;
	/* a worker that could not begin fails with the first piece it takes */
	if (got > 0 && at->ret < 0)
		at->err = own->err;
	if (at->ret == 0)
		at->ret = w->turn(w->ctx, own->state, p, &at->err);
	(void)pthread_mutex_lock(&s->lock);
	at->turned = true;
}

static void
put_one(struct shared *s, struct place *at)
{
	const struct work *w = s->work;
	struct err e = {.code = E_OK};
	int ret = 0;

	s->putting = true;
	(void)pthread_mutex_unlock(&s->lock);
	if (at->ret == 0 || at->piece.result.n > 0)
		ret = w->put(w->ctx, at->piece.result, &e);
	(void)pthread_mutex_lock(&s->lock);
	s->putting = false;
	if (ret < 0 || at->ret < 0) {
		s->failed = true;
		s->err = ret < 0 ? e : at->err;
	}
	at->turned = false;
	s->put++;
	if (s->failed || s->ended)
		(void)pthread_cond_broadcast(&s->changed);
	else
		(void)pthread_cond_signal(&s->changed);
}

static void *
worker(void *arg)
{
	struct shared *s = arg;
	const struct work *w = s->work;
	struct worker own = {0};
	struct place *oldest;

	if (w->begin != NULL)
		own.ret = w->begin(w->ctx, &own.state, &own.err);
	(void)pthread_mutex_lock(&s->lock);
	while (!s->failed && !(s->ended && s->put == s->given)) {
		oldest = &s->ring[s->put % s->n];
		if (!s->putting && s->put < s->given && oldest->turned)
			put_one(s, oldest);
		else if (!s->reading && !s->ended && s->given - s->put < s->n)
			turn_one(s, &own);
		else
			(void)pthread_cond_wait(&s->changed, &s->lock);
	}
	(void)pthread_mutex_unlock(&s->lock);
	if (w->end != NULL && own.state != NULL)
		w->end(w->ctx, own.state);
	return NULL;
}

static void
run_threads(struct shared *s, unsigned threads)
{
	pthread_t id[WORK_THREADS_MAX];
	sigset_t all, was;
	unsigned n = 0, i;

	/* signals stay with the caller's thread, but for that of a write to
	 * nobody, which is for whoever wrote */
	(void)sigfillset(&all);
	(void)sigdelset(&all, SIGPIPE);
	(void)pthread_sigmask(SIG_SETMASK, &all, &was);
	while (n + 1 < threads && pthread_create(&id[n], NULL, worker, s) == 0)
		n++;
	(void)pthread_sigmask(SIG_SETMASK, &was, NULL);
	(void)worker(s);
	for (i = 0; i < n; i++)
		(void)pthread_join(id[i], NULL);
}

int
work_run(const struct work *work, unsigned threads, struct err *e)
{
	struct shared s = {.work = work};
	size_t i;

	if (threads == 0)
		threads = work_cores();
	if (threads > WORK_THREADS_MAX)
		threads = WORK_THREADS_MAX;
	s.n = (size_t)2 * threads;
	if (work->most > 0 && work->most < s.n)
		s.n = work->most;
	if (threads > s.n)
		threads = (unsigned)s.n;
	if ((s.ring = calloc(s.n, sizeof *s.ring)) == NULL)
		err_nomem();
	(void)pthread_mutex_init(&s.lock, NULL);
	(void)pthread_cond_init(&s.changed, NULL);
	run_threads(&s, threads);
	(void)pthread_cond_destroy(&s.changed);
	(void)pthread_mutex_destroy(&s.lock);
	for (i = 0; i < s.n; i++) {
		buf_free(&s.ring[i].piece.in);
		buf_free(&s.ring[i].piece.out);
	}
	free(s.ring);
	if (!s.failed)
		return 0;
	*e = s.err;
	return -1;
}

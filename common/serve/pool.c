/* pool.c -- see pool.h. */
#include "serve/pool.h"

#include <pthread.h>
#include <stdlib.h>

enum { STACK = 512 << 10 };	/* bytes of a thread's stack */

struct job {
	struct job *next;
	struct waiter *first, **last;
	uint8_t key[SHA256_SIZE];
	bool shared;
};

struct pool {
	void (*work)(void *, enum route, const struct request *,
	    struct outcome *);
	void *arg;
	size_t most;
	pthread_t *threads;
	unsigned n;

	pthread_mutex_t lock;		/* for all that follows */
	pthread_cond_t more;
	struct job *queue, **tail;
	struct job *running;
	size_t waiting;
	bool over;
};

/* What makes two requests the same; false for those that must not share: a
 * release makes a key of its own, and a bearer is nobody else's. */
static bool
key_of(const struct waiter *w, uint8_t key[SHA256_SIZE])
{
	const struct request *r = &w->request;
	const struct buf *const parts[] = {&r->issuer, &r->nonce,
	    &r->runtime, NULL};
	struct hash_run *h;
	size_t i;

	if (w->route == ROUTE_RELEASE || w->route == ROUTE_AA_TOKEN)
		return false;
	h = hash_start(HASH_SHA256);
	hash_more(h, slice_of(&w->route, sizeof w->route));
	for (i = 0; parts[i] != NULL; i++) {
		hash_more(h, slice_of(&parts[i]->n, sizeof parts[i]->n));
		hash_more(h, slice_buf(parts[i]));
	}
	hash_end(h, key);
	return true;
}

static struct job *
same(struct job *list, const uint8_t key[SHA256_SIZE])
{
	for (; list != NULL; list = list->next)
		if (list->shared && memcmp(list->key, key,
		    sizeof list->key) == 0)
			return list;
	return NULL;
}

bool
pool_add(struct pool *p, struct waiter *w)
{
	uint8_t key[SHA256_SIZE] = {0};
	bool shared = key_of(w, key), yes = true;
	struct job *j = NULL;

	w->next = NULL;
	(void)pthread_mutex_lock(&p->lock);
	if (shared && (j = same(p->queue, key)) == NULL)
		j = same(p->running, key);
	if (j != NULL) {
		*j->last = w;
		j->last = &w->next;
	} else if (p->waiting >= p->most) {
		yes = false;
	} else {
		if ((j = calloc(1, sizeof *j)) == NULL)
			err_nomem();
		j->first = w;
		j->last = &w->next;
		j->shared = shared;
		memcpy(j->key, key, sizeof key);
		*p->tail = j;
		p->tail = &j->next;
		p->waiting++;
		(void)pthread_cond_signal(&p->more);
	}
	(void)pthread_mutex_unlock(&p->lock);
	return yes;
}

size_t
pool_waiting(struct pool *p)
{
	size_t n;

	(void)pthread_mutex_lock(&p->lock);
	n = p->waiting;
	(void)pthread_mutex_unlock(&p->lock);
	return n;
}

/* The next job, which is running then; NULL at the end. */
static struct job *
take(struct pool *p)
{
	struct job *j;

	(void)pthread_mutex_lock(&p->lock);
	while (p->queue == NULL && !p->over)
		(void)pthread_cond_wait(&p->more, &p->lock);
	if ((j = p->queue) != NULL) {
		if ((p->queue = j->next) == NULL)
			p->tail = &p->queue;
		p->waiting--;
		j->next = p->running;
		p->running = j;
	}
	(void)pthread_mutex_unlock(&p->lock);
	return j;
}

/* Nobody joins it any more; those who did are told. */
static void
finish(struct pool *p, struct job *j, const struct outcome *o)
{
	struct waiter *w, *next;
	struct job **at;

	(void)pthread_mutex_lock(&p->lock);
	for (at = &p->running; *at != j; at = &(*at)->next)
		;
	*at = j->next;
	(void)pthread_mutex_unlock(&p->lock);
	for (w = j->first; w != NULL; w = next) {
		/* it may be gone once it is told */
		next = w->next;
		w->done(w, o);
	}
	free(j);
}

static void *
thread(void *arg)
{
	struct outcome o = {0};
	struct pool *p = arg;
	struct job *j;

	while ((j = take(p)) != NULL) {
		p->work(p->arg, j->first->route, &j->first->request, &o);
		finish(p, j, &o);
		outcome_free(&o);
	}
	return NULL;
}

struct pool *
pool_new(unsigned threads, size_t waiting, void (*work)(void *, enum route,
    const struct request *, struct outcome *), void *arg)
{
	struct pool *p = calloc(1, sizeof *p);
	pthread_attr_t attr;

	if (p == NULL || (p->threads = calloc(threads,
	    sizeof *p->threads)) == NULL)
		err_nomem();
	p->work = work;
	p->arg = arg;
	p->most = waiting;
	p->tail = &p->queue;
	(void)pthread_mutex_init(&p->lock, NULL);
	(void)pthread_cond_init(&p->more, NULL);
	(void)pthread_attr_init(&attr);
	(void)pthread_attr_setstacksize(&attr, STACK);
	for (; p->n < threads; p->n++)
		if (pthread_create(&p->threads[p->n], &attr, thread, p) != 0)
			err_nomem();
	(void)pthread_attr_destroy(&attr);
	return p;
}

void
pool_free(struct pool *p)
{
	unsigned i;

	(void)pthread_mutex_lock(&p->lock);
	p->over = true;
	(void)pthread_cond_broadcast(&p->more);
	(void)pthread_mutex_unlock(&p->lock);
	for (i = 0; i < p->n; i++)
		(void)pthread_join(p->threads[i], NULL);
	(void)pthread_cond_destroy(&p->more);
	(void)pthread_mutex_destroy(&p->lock);
	free(p->threads);
	free(p);
}

/* conns.c -- see conns.h. */
#include "serve/conns.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "ground/err.h"

struct conn {
	struct conn *prev, *next;
	int fd;
	int64_t since;		/* ms */
	bool busy, asked, shut;
};

struct conns {
	pthread_mutex_t lock;
	struct conn ends;	/* next is the oldest, prev the youngest */
	size_t n, most;
};

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

struct conns *
conns_new(size_t most)
{
	struct conns *all = calloc(1, sizeof *all);

	if (all == NULL)
		err_nomem();
	all->most = most;
	all->ends.next = all->ends.prev = &all->ends;
	(void)pthread_mutex_init(&all->lock, NULL);
	return all;
}

void
conns_free(struct conns *all)
{
	(void)pthread_mutex_destroy(&all->lock);
	free(all);
}

static void
take_out(struct conn *c)
{
	c->prev->next = c->next;
	c->next->prev = c->prev;
}

static void
put_last(struct conns *all, struct conn *c)
{
	c->since = now();
	c->prev = all->ends.prev;
	c->next = &all->ends;
	c->prev->next = c->next->prev = c;
}

/* Its thread sees the end and closes it; the descriptor stays ours. */
static void
shut(struct conn *c)
{
	c->shut = true;
	(void)shutdown(c->fd, SHUT_RDWR);
}

struct conn *
conns_open(struct conns *all, int fd)
{
	struct conn *c = calloc(1, sizeof *c), *old;

	if (c == NULL)
		err_nomem();
	c->fd = fd;
	(void)pthread_mutex_lock(&all->lock);
	if (++all->n > all->most)
		for (old = all->ends.next; old != &all->ends; old = old->next)
			if (!old->busy && !old->shut) {
				shut(old);
				break;
			}
	put_last(all, c);
	(void)pthread_mutex_unlock(&all->lock);
	return c;
}

void
conns_close(struct conns *all, struct conn *c)
{
	(void)pthread_mutex_lock(&all->lock);
	take_out(c);
	all->n--;
	(void)pthread_mutex_unlock(&all->lock);
	free(c);
}

void
conns_touch(struct conns *all, struct conn *c)
{
	(void)pthread_mutex_lock(&all->lock);
	take_out(c);
	put_last(all, c);
	(void)pthread_mutex_unlock(&all->lock);
}

void
conns_busy(struct conns *all, struct conn *c, bool busy)
{
	(void)pthread_mutex_lock(&all->lock);
	c->busy = busy;
	c->asked = true;
	take_out(c);
	put_last(all, c);
	(void)pthread_mutex_unlock(&all->lock);
}

void
conns_reap(struct conns *all, int64_t ms)
{
	int64_t before = now() - ms;
	struct conn *c;

	(void)pthread_mutex_lock(&all->lock);
	for (c = all->ends.next; c != &all->ends && c->since <= before;
	    c = c->next)
		if (!c->busy && !c->shut)
			shut(c);
	(void)pthread_mutex_unlock(&all->lock);
}

size_t
conns_count(struct conns *all, size_t *owed)
{
	struct conn *c;
	size_t n;

	(void)pthread_mutex_lock(&all->lock);
	n = all->n;
	for (*owed = 0, c = all->ends.next; c != &all->ends; c = c->next)
		*owed += !c->shut && (c->busy || !c->asked);
	(void)pthread_mutex_unlock(&all->lock);
	return n;
}

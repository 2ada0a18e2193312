/* pool.h -- a few threads, and the jobs that wait for them; requests for the
 * same thing share one job.  World. */
#ifndef SERVE_POOL_H
#define SERVE_POOL_H

#include "crypto/hash.h"
#include "serve/answer.h"

/* One request that waits; part of its owner, who is told the outcome. */
struct waiter {
	struct waiter *next;
	enum route route;
	struct request request;		/* the first one's is worked on */
	/* Called once, by a thread of the pool; the outcome is borrowed. */
	void (*done)(struct waiter *, const struct outcome *);
};

struct pool;
/* work does what the route is for. */
struct pool *pool_new(unsigned threads, size_t waiting,
    void (*work)(void *arg, enum route, const struct request *,
    struct outcome *), void *arg);
/* After the last job: ends the threads. */
void pool_free(struct pool *);

/* Queue a request: false if already as many wait as may.  One whose route is
 * none waits for nothing and has no outcome. */
bool pool_add(struct pool *, struct waiter *);
/* Requests that wait for a thread. */
size_t pool_waiting(struct pool *);

#endif

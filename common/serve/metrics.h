/* metrics.h -- what happened, counted, in Prometheus's text format.
 * Safe with threads. */
#ifndef SERVE_METRICS_H
#define SERVE_METRICS_H

#include "serve/answer.h"

enum { METRICS_STATUSES = 16 };	/* different ones that are told apart */

struct metrics;
struct metrics *metrics_new(void);
void metrics_free(struct metrics *);

/* A request was answered, after so many milliseconds. */
void metrics_count(struct metrics *, enum route, const struct outcome *,
    long ms);
/* Append the page; the numbers of now are the caller's. */
void metrics_page(struct metrics *, size_t connections, size_t waiting,
    struct buf *out);

#endif

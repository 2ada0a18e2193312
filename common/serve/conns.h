/* conns.h -- the connections that are open, oldest first, so that those who
 * do not ask make room for those who do.  Safe with threads. */
#ifndef SERVE_CONNS_H
#define SERVE_CONNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conn;
struct conns;

struct conns *conns_new(size_t most);
void conns_free(struct conns *);

/* One more; of too many, the one that has waited longest is shut down. */
struct conn *conns_open(struct conns *, int fd);
void conns_close(struct conns *, struct conn *);

/* The clock starts anew: something was asked or answered. */
void conns_touch(struct conns *, struct conn *);
/* It waits for us, not we for it: its time does not run. */
void conns_busy(struct conns *, struct conn *, bool busy);

/* Shut down those that have waited for longer than ms. */
void conns_reap(struct conns *, int64_t ms);
/* Those open, and those of them that wait for an answer or have not asked
 * yet. */
size_t conns_count(struct conns *, size_t *owed);

#endif

/* pair.h -- elements of two lists of policies, each paired with the one
 * it is to be compared with.  Pure. */
#ifndef POLICY_PAIR_H
#define POLICY_PAIR_H

#include "value/json.h"

struct element {
	struct json_val v;
	struct buf canon;	/* all of it, in the form of its meaning */
	struct buf key;		/* its name or feed, else its id */
	struct buf layers;	/* in that form; empty if it has none */
	struct element *mate;	/* in the other list, or NULL */
};

struct elements {
	struct element *v;
	size_t n;
};

/* The elements of both lists, in order, paired if they mean the same, else by
 * key, else by layers; of equal ones the first with the first.  Free both. */
void policypair(struct json_val a, struct json_val b, struct elements *,
    struct elements *);
void policypair_free(struct elements *);

#endif

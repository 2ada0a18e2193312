/* age_whole.h -- a whole age blob at once, by nothing but the functions that
 * a reader of streams has. */
#ifndef TESTS_AGE_WHOLE_H
#define TESTS_AGE_WHOLE_H

#include <stdlib.h>

#include "blob/age.h"

/* Append what the chunks in rest become; on failure what came before. */
static inline int
age_turn(struct chunks *c, struct slice rest, struct buf *out, struct err *e)
{
	struct slice in;
	uint64_t i = 0;
	void *state;
	int ret;

	if (c->begin(c, &state, e) < 0)
		return -1;
	do {
		in = slice_head(rest, c->in);
		rest = slice_from(rest, c->in);
		ret = c->turn(c, state, i++, rest.n == 0, in, out, e);
	} while (ret == 0 && rest.n > 0);
	c->end(state);
	return ret;
}

static inline int
age_whole_seal(const struct key *const *to, size_t n, struct slice plain,
    struct buf *out, struct err *e)
{
	struct chunks *c;
	int ret;

	if (age_seal(to, n, out, &c, e) < 0)
		return -1;
	ret = age_turn(c, plain, out, e);
	c->free(c);
	return ret;
}

/* The class; e says more. */
static inline enum status
age_whole_open(struct slice blob, const struct key *key, struct buf *out,
    struct err *e)
{
	struct chunks *c = NULL;
	size_t used = 0;
	int ret;

	e->code = E_OK;
	if (age_open(slice_head(blob, AGE_HEADER_MAX), key, &used, &c, e) < 0)
		return e->code;
	ret = age_turn(c, slice_from(blob, used), out, e);
	c->free(c);
	return ret == 0 ? E_OK : e->code;
}

/* n bytes that do not repeat from chunk to chunk. */
static inline void
age_plain(size_t n, struct buf *out)
{
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < n; i++) {
		x = x * 1664525 + 1013904223;
		buf_addc(out, (uint8_t)(x >> 24));
	}
}

#endif

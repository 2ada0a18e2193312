/* chunks.c -- see chunks.h. */
#include "blob/chunks.h"

int
chunks_run(struct chunks *c, struct slice in, struct buf *out, struct err *e)
{
	struct slice part;
	void *state = NULL;
	uint64_t i = 0;
	int ret = 0;

	if (c->begin(c, &state, e) < 0)
		return -1;
	do {
		part = slice_head(in, c->in);
		in = slice_from(in, part.n);
		if (c->see != NULL)
			ret = c->see(c, i, in.n == 0, part, e);
		if (ret == 0)
			ret = c->turn(c, state, i++, in.n == 0, part, out, e);
	} while (ret == 0 && in.n > 0);
	c->end(state);
	return ret;
}

void
chunks_free(struct chunks *c)
{
	if (c != NULL)
		c->free(c);
}

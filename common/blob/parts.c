/* parts.c -- see parts.h. */
#include "blob/parts.h"

int
parts_run(struct parts *p, struct buf *out, struct err *e)
{
	void *state = NULL;
	size_t i;
	int ret;

	if (p->begin(p, &state, e) < 0)
		return -1;
	for (i = 0, ret = 0; i < p->n && ret == 0; i++)
		ret = p->turn(p, state, i, e);
	p->end(state);
	if (ret == 0)
		p->write(p, out);
	return ret;
}

void
parts_free(struct parts *p)
{
	if (p != NULL)
		p->free(p);
}

/* envrules.c -- rules that were judged before: see envrule.h.  In a balanced
 * tree and no hash, whose bad cases who writes a policy could choose. */
#include "lint/envrule.h"

#include <search.h>
#include <stdlib.h>

#include "ground/err.h"

struct envrules {
	void *root;	/* of tsearch(3); its keys are struct envrule */
};

struct envrules *
envrules_new(void)
{
	struct envrules *r = calloc(1, sizeof *r);

	if (r == NULL)
		err_nomem();
	return r;
}

static void
drop(void *key)
{
	envrule_free(key);
	free(key);
}

void
envrules_free(struct envrules *r)
{
	tdestroy(r->root, drop);
	free(r);
}

/* By length, then by bytes: any order will do. */
static int
order(const void *a, const void *b)
{
	const struct envrule *x = a, *y = b;

	if (x->text.n != y->text.n)
		return x->text.n < y->text.n ? -1 : 1;
	return x->text.n > 0 ? memcmp(x->text.p, y->text.p, x->text.n) : 0;
}

const struct envrule *
envrules_judge(struct envrules *r, struct json_val rule)
{
	struct envrule key = {.text = json_span(rule)}, *new;
	void *at = tfind(&key, &r->root, order);

	if (at != NULL)
		return *(struct envrule **)at;
	if ((new = malloc(sizeof *new)) == NULL)
		err_nomem();
	envrule_judge(rule, new);
	if (tsearch(new, &r->root, order) == NULL)
		err_nomem();
	return new;
}

/* envrules.c -- rules that were judged before: see envrule.h. */
#include "lint/envrule.h"

#include <stdlib.h>

#include "ground/err.h"

/* Open addressing, at most half full; a text that is NULL is free. */
struct envrules {
	struct envrule *v;
	size_t n, cap;
};

struct envrules *
envrules_new(void)
{
	struct envrules *r = calloc(1, sizeof *r);

	if (r == NULL)
		err_nomem();
	return r;
}

void
envrules_free(struct envrules *r)
{
	size_t i;

	for (i = 0; i < r->cap; i++)
		envrule_free(&r->v[i]);
	free(r->v);
	free(r);
}

/* Where the rule of that text is, or is to be.  FNV-1a. */
static struct envrule *
find(struct envrule *v, size_t cap, struct slice text)
{
	uint64_t h = 0xcbf29ce484222325;
	size_t i;

	for (i = 0; i < text.n; i++)
		h = (h ^ text.p[i]) * 0x100000001b3;
	for (i = h & (cap - 1); v[i].text.p != NULL &&
	    !(v[i].text.n == text.n &&
	    memcmp(v[i].text.p, text.p, text.n) == 0); i = (i + 1) & (cap - 1))
		;
	return &v[i];
}

static void
grow(struct envrules *r)
{
	size_t cap = r->cap > 0 ? 2 * r->cap : 64, i;
	struct envrule *v = calloc(cap, sizeof *v);

	if (v == NULL)
		err_nomem();
	for (i = 0; i < r->cap; i++)
		if (r->v[i].text.p != NULL)
			*find(v, cap, r->v[i].text) = r->v[i];
	free(r->v);
	r->v = v;
	r->cap = cap;
}

const struct envrule *
envrules_judge(struct envrules *r, struct json_val rule)
{
	struct envrule *at;

	if (2 * (r->n + 1) > r->cap)
		grow(r);
	at = find(r->v, r->cap, json_span(rule));
	if (at->text.p == NULL) {
		envrule_judge(rule, at);
		r->n++;
	}
	return at;
}

/* pair.c -- see pair.h.  Both lists are sorted and gone through
 * together, for a hostile policy may have 100,000 of them. */
#include "policy/pair.h"

#include <stdlib.h>

#include "policy/canon.h"

enum pairing { BY_ALL, BY_KEY, BY_LAYERS, PAIRINGS };

static void
key_of(struct json_val v, struct buf *out)
{
	static const char *const names[] = {"name", "feed", "id"};
	struct json_val name = {0};
	struct err e;
	size_t i;

	for (i = 0; i < 3 && !json_is(name, JSON_STRING); i++)
		name = json_get(v, names[i]);
	if (json_is(name, JSON_STRING))
		(void)json_text(name, "name", out, &e);
}

static struct elements
elements_of(struct json_val list)
{
	struct elements l = {.n = json_count(list)};
	struct json_val v = json_first(list);
	size_t i;

	if ((l.v = calloc(l.n + 1, sizeof *l.v)) == NULL)
		err_nomem();
	for (i = 0; i < l.n; i++, v = json_next(v)) {
		l.v[i].v = v;
		policycanon(v, &l.v[i].canon);
		key_of(v, &l.v[i].key);
		if (json_count(json_get(v, "layers")) > 0)
			policycanon(json_get(v, "layers"),
			    &l.v[i].layers);
	}
	return l;
}

void
policypair_free(struct elements *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		buf_free(&l->v[i].canon);
		buf_free(&l->v[i].key);
		buf_free(&l->v[i].layers);
	}
	free(l->v);
	*l = (struct elements){0};
}

/* One that is still alone, by what it is paired by. */
struct single {
	const struct buf *by;
	struct element *el;
};

static int
order(const void *a, const void *b)
{
	const struct single *x = a, *y = b;
	int d = policycanon_order(x->by, y->by);

	return d != 0 ? d : x->el < y->el ? -1 : x->el > y->el;
}

/* Those of a list that are alone, sorted; *n of them.  To be freed. */
static struct single *
singles(struct elements *l, enum pairing how, size_t *n)
{
	struct single *s;
	struct element *el;
	const struct buf *by;
	size_t i;

	*n = 0;
	if ((s = calloc(l->n + 1, sizeof *s)) == NULL)
		err_nomem();
	for (i = 0; i < l->n; i++) {
		el = &l->v[i];
		by = how == BY_ALL ? &el->canon : how == BY_KEY ? &el->key :
		    &el->layers;
		if (el->mate == NULL && by->n > 0)
			s[(*n)++] = (struct single){by, el};
	}
	qsort(s, *n, sizeof *s, order);
	return s;
}

static void
pair(struct elements *a, struct elements *b, enum pairing how)
{
	size_t n, m, i = 0, k = 0;
	struct single *x = singles(a, how, &n), *y = singles(b, how, &m);
	int d;

	while (i < n && k < m) {
		d = policycanon_order(x[i].by, y[k].by);
		if (d == 0) {
			x[i].el->mate = y[k].el;
			y[k].el->mate = x[i].el;
		}
		i += d <= 0;
		k += d >= 0;
	}
	free(x);
	free(y);
}

void
policypair(struct json_val a, struct json_val b, struct elements *x,
    struct elements *y)
{
	enum pairing how;

	*x = elements_of(a);
	*y = elements_of(b);
	for (how = BY_ALL; how < PAIRINGS; how++)
		pair(x, y, how);
}

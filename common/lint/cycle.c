/* cycle.c -- rules of a policy that lead back to themselves: the platform
 * does not compile them.  What is not literal is looked at by the names that
 * stand in it. */
#include "lint/lint_in.h"

#include <stdlib.h>

/* A statement: of one name there may be several. */
struct node {
	struct slice name;
	struct json_val body;	/* its value; or what it names, if not read */
	bool read;
	/* how far the name has been followed, at its first */
	enum { NEW, OPEN, DONE } state;
};

/* All statements by their names; each is followed once. */
struct walk {
	struct buf own;		/* "data.policy" */
	struct buf text;	/* the names */
	struct node *v;
	size_t n;
	unsigned depth;
	bool found;
};

enum { DEPTH_MAX = 1000 };	/* rules that lead to rules; beyond are names
				 * that no platform knows, which is said */

static int
order_of(const void *a, const void *b)
{
	const struct node *x = a, *y = b;

	return slice_order(x->name, y->name);
}

/* The first statement of that name; w->n if there is none. */
static size_t
first_of(const struct walk *w, struct slice name)
{
	size_t low = 0, high = w->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (slice_order(w->v[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < w->n && slice_order(w->v[low].name, name) == 0 ? low :
	    w->n;
}

static void follow(struct walk *, struct slice name);

/* What a reference leads to: a rule of the policy, or all of them. */
static void
reference(struct walk *w, struct slice ref)
{
	struct slice own = slice_buf(&w->own), name;

	if (slice_is(ref, "data") || slice_eq(ref, own)) {
		w->found = true;
		return;
	}
	if (ref.n <= own.n || !slice_eq(slice_head(ref, own.n), own) ||
	    ref.p[own.n] != '.')
		return;
	name = slice_from(ref, own.n + 1);
	follow(w, slice_head(name, slice_find(name, '.')));
}

static void
value(struct walk *w, struct json_val v)
{
	struct json_val in;
	struct buf text = {0};

	if (rego_is_ref(v, NULL)) {
		lint_text_of(json_first(v), &text);
		reference(w, slice_buf(&text));
		buf_free(&text);
		return;
	}
	for (in = json_first(v); json_has(in) && !w->found;
	    in = json_next(in))
		value(w, in);
}

static void
uses(struct walk *w, struct json_val list)
{
	struct buf text = {0};

	for (list = json_first(list); json_has(list) && !w->found;
	    list = json_next(list)) {
		buf_cut(&text, 0);
		lint_text_of(list, &text);
		if (slice_is(slice_buf(&text), "data") ||
		    slice_starts(slice_buf(&text), "data."))
			reference(w, slice_buf(&text));
		else
			follow(w, slice_buf(&text));
	}
	buf_free(&text);
}

static void
follow(struct walk *w, struct slice name)
{
	size_t first = first_of(w, name), i;

	if (first == w->n || w->v[first].state == DONE ||
	    w->depth == DEPTH_MAX)
		return;
	w->found |= w->v[first].state == OPEN;
	if (w->found)
		return;
	w->v[first].state = OPEN;
	w->depth++;
	for (i = first; i < w->n && !w->found &&
	    slice_order(w->v[i].name, name) == 0; i++)
		if (w->v[i].read)
			value(w, w->v[i].body);
		else
			uses(w, w->v[i].body);
	w->depth--;
	w->v[first].state = DONE;
}

/* Take statements of a list in, whose names go behind each other. */
static void
add(struct walk *w, struct json_val list, bool read)
{
	struct json_val v = json_first(list);
	size_t at;

	for (; json_has(v); v = json_next(v)) {
		at = w->text.n;
		lint_text_of(read ? json_name(v) : json_get(v, "name"),
		    &w->text);
		if (w->text.n == at)
			continue;	/* who knows about what */
		/* the place is taken for a length until none moves */
		w->v[w->n++] = (struct node){.name = {NULL, w->text.n - at},
		    .body = json_get(v, read ? "value" : "uses"), .read = read};
	}
}

static void
sort(struct walk *w)
{
	const uint8_t *p = w->text.p;
	size_t i;

	for (i = 0; i < w->n; i++) {
		w->v[i].name.p = p;
		p += w->v[i].name.n;
	}
	if (w->n > 0)
		qsort(w->v, w->n, sizeof *w->v, order_of);
}

void
lint_cycles(struct judge *j)
{
	struct json_val rules = rego_rules(j->rego), all = rego_uses(j->rego);
	struct walk w = {0};
	char *name;
	size_t i;

	w.v = calloc(json_count(rules) + json_count(all) + 1, sizeof *w.v);
	if (w.v == NULL)
		err_nomem();
	buf_adds(&w.own, "data.");
	buf_add(&w.own, slice_buf(&j->out->package));
	add(&w, rules, true);
	add(&w, all, false);
	sort(&w);
	for (i = 0; i < w.n; i++) {
		w.found = false;
		follow(&w, w.v[i].name);
		if (!w.found)
			continue;
		name = slice_dup(w.v[i].name);
		lint_say(j, LINT_BROKEN, name, NULL, "it leads back to itself, "
		    "which no platform compiles");
		free(name);
	}
	buf_free(&w.own);
	buf_free(&w.text);
	free(w.v);
}

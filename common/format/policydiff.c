/* policydiff.c -- see policydiff.h. */
#include "format/policydiff.h"

#include <stdlib.h>

#include "ground/text.h"

static struct change *
add(struct policydiff *d, struct slice where, struct json_val member)
{
	struct change *c;
	struct err e;

	if ((d->n & (d->n - 1)) == 0) {
		c = reallocarray(d->v, d->n > 0 ? 2 * d->n : 1, sizeof *c);
		if (c == NULL)
			err_nomem();
		d->v = c;
	}
	c = &d->v[d->n++];
	*c = (struct change){0};
	buf_add(&c->where, where);
	if (json_has(member))
		(void)json_text(json_name(member), "name", &c->member, &e);
	return c;
}

static bool
same(struct json_val a, struct json_val b)
{
	struct buf x = {0}, y = {0};
	bool is = json_has(a) == json_has(b);

	if (is && json_has(a)) {
		policydiff_canon(a, &x);
		policydiff_canon(b, &y);
		is = slice_eq(slice_buf(&x), slice_buf(&y));
	}
	buf_free(&x);
	buf_free(&y);
	return is;
}

/* The names of the variables of rules that the other list has not. */
static void
variables(struct json_val rules, struct json_val other, struct buf *out)
{
	struct json_val v, w;
	struct buf text = {0};
	struct err e;

	buf_addc(out, '[');
	for (v = json_first(rules); json_has(v); v = json_next(v)) {
		for (w = json_first(other); json_has(w) && !same(v, w);
		    w = json_next(w))
			;
		if (json_has(w))
			continue;
		buf_cut(&text, 0);
		w = json_get(v, "pattern");
		if (!json_has(w))
			w = json_get(v, "name");
		if (json_is(w, JSON_STRING))
			(void)json_text(w, "name", &text, &e);
		if (out->p[out->n - 1] != '[')
			buf_addc(out, ',');
		json_quote(slice_head(slice_buf(&text),
		    slice_find(slice_buf(&text), '=')), out);
	}
	buf_addc(out, ']');
	buf_free(&text);
}

static void
show(struct json_val v, struct buf *out)
{
	if (json_has(v))
		json_compact(v, out);
}

/* One member that differs. */
static void
differ(struct policydiff *d, struct slice where, struct json_val old,
    struct json_val new)
{
	struct change *c = add(d, where, json_has(old) ? old : new);

	if (slice_is(slice_buf(&c->member), "env_rules")) {
		variables(old, new, &c->old);
		variables(new, old, &c->new);
	} else {
		show(old, &c->old);
		show(new, &c->new);
	}
}

static void
compare_members(struct policydiff *d, struct slice where,
    struct json_val old, struct json_val new)
{
	struct json_val v, w;
	struct buf name = {0};
	struct err e;

	for (v = json_first(old); json_has(v); v = json_next(v)) {
		buf_cut(&name, 0);
		(void)json_text(json_name(v), "name", &name, &e);
		w = json_get_s(new, slice_buf(&name));
		if (!same(v, w))
			differ(d, where, v, w);
	}
	for (v = json_first(new); json_has(v); v = json_next(v)) {
		buf_cut(&name, 0);
		(void)json_text(json_name(v), "name", &name, &e);
		if (!json_has(json_get_s(old, slice_buf(&name))))
			differ(d, where, (struct json_val){0}, v);
	}
	buf_free(&name);
}

/* An element of a list, and whether the other list has one for it. */
struct element {
	struct json_val v;
	struct buf canon, key, layers;
	bool paired;
};

struct elements {
	struct element *v;
	size_t n;
};

/* What an element is called: its name or feed, else its id. */
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
		policydiff_canon(v, &l.v[i].canon);
		key_of(v, &l.v[i].key);
		if (json_count(json_get(v, "layers")) > 0)
			policydiff_canon(json_get(v, "layers"),
			    &l.v[i].layers);
	}
	return l;
}

static void
elements_free(struct elements *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		buf_free(&l->v[i].canon);
		buf_free(&l->v[i].key);
		buf_free(&l->v[i].layers);
	}
	free(l->v);
}

static void
called(const char *list, const struct element *el, struct buf *out)
{
	buf_cut(out, 0);
	buf_adds(out, list);
	if (el->key.n > 0)
		buf_addc(out, ' ');
	buf_add(out, slice_buf(&el->key));
}

enum pairing { BY_ALL, BY_KEY, BY_LAYERS };

static bool
fit(const struct element *x, const struct element *y, enum pairing by)
{
	const struct buf *a = by == BY_ALL ? &x->canon : by == BY_KEY ?
	    &x->key : &x->layers;
	const struct buf *b = by == BY_ALL ? &y->canon : by == BY_KEY ?
	    &y->key : &y->layers;

	return !x->paired && !y->paired && a->n > 0 && a->n == b->n &&
	    memcmp(a->p, b->p, a->n) == 0;
}

/* Pair what is equal, or has one name or the same layers; these two are
 * compared. */
static void
pair(struct policydiff *d, const char *list, struct elements *a,
    struct elements *b, enum pairing by)
{
	struct buf where = {0};
	size_t i, k;

	for (i = 0; i < a->n; i++) {
		for (k = 0; !a->v[i].paired && k < b->n; k++) {
			if (!fit(&a->v[i], &b->v[k], by))
				continue;
			a->v[i].paired = b->v[k].paired = true;
			called(list, &a->v[i], &where);
			if (by != BY_ALL)
				compare_members(d, slice_buf(&where),
				    a->v[i].v, b->v[k].v);
		}
	}
	buf_free(&where);
}

static void
alone(struct policydiff *d, const char *list, const struct elements *l,
    bool is_new)
{
	struct buf where = {0};
	struct change *c;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->v[i].paired)
			continue;
		called(list, &l->v[i], &where);
		c = add(d, slice_buf(&where), (struct json_val){0});
		c->whole = true;
		buf_adds(is_new ? &c->new : &c->old, "true");
	}
	buf_free(&where);
}

static void
compare_lists(struct policydiff *d, const char *name, const struct rego *old,
    const struct rego *new)
{
	struct elements a = elements_of(rego_value(old, name)),
	    b = elements_of(rego_value(new, name));

	pair(d, name, &a, &b, BY_ALL);
	pair(d, name, &a, &b, BY_KEY);
	pair(d, name, &a, &b, BY_LAYERS);
	alone(d, name, &a, false);
	alone(d, name, &b, true);
	elements_free(&a);
	elements_free(&b);
}

/* Containers and fragments are compared one by one. */
static bool
is_list(struct json_val rule)
{
	return (json_text_is(json_name(rule), "containers") ||
	    json_text_is(json_name(rule), "fragments")) &&
	    json_is(json_get(rule, "value"), JSON_ARRAY);
}

/* An enforcement point: bound to a rule, or answered. */
static bool
is_binding(struct json_val rule)
{
	struct json_val v = json_get(rule, "value");

	return rego_is_ref(v, NULL) || json_has(json_get(v, "allowed"));
}

/* The statements of one part, by name: those that the new policy has in
 * another form or not, or with added those that only it has. */
static void
compare_rules(struct policydiff *d, struct json_val old, struct json_val new,
    bool bindings, bool added)
{
	struct json_val v, w;
	struct buf name = {0};
	struct change *c;
	struct err e;

	for (v = json_first(added ? new : old); json_has(v);
	    v = json_next(v)) {
		buf_cut(&name, 0);
		(void)json_text(json_name(v), "name", &name, &e);
		w = json_get_s(added ? old : new, slice_buf(&name));
		if ((added && json_has(w)) ||
		    (is_binding(v) || is_binding(w)) != bindings ||
		    (is_list(v) && (!json_has(w) || is_list(w))) ||
		    same(json_get(v, "value"), json_get(w, "value")))
			continue;
		c = add(d, slice_buf(&name), (struct json_val){0});
		show(json_get(v, "value"), added ? &c->new : &c->old);
		show(json_get(w, "value"), added ? &c->old : &c->new);
	}
	buf_free(&name);
}

static void
compare_part(struct policydiff *d, const char *part, const struct rego *old,
    const struct rego *new, bool bindings)
{
	struct json_val a = json_get(json_root(old->doc), part),
	    b = json_get(json_root(new->doc), part);

	compare_rules(d, a, b, bindings, false);
	compare_rules(d, a, b, bindings, true);
}

void
policydiff(const struct rego *old, const struct rego *new,
    struct policydiff *out)
{
	struct json_val a = json_get(json_root(old->doc), "package"),
	    b = json_get(json_root(new->doc), "package");
	struct change *c;

	*out = (struct policydiff){.unsure = json_count(rego_unread(old)) > 0
	    || json_count(rego_unread(new)) > 0};
	if (!same(a, b)) {
		c = add(out, slice_str("package"), (struct json_val){0});
		show(a, &c->old);
		show(b, &c->new);
	}
	compare_part(out, "rules", old, new, true);
	compare_part(out, "defaults", old, new, true);
	compare_lists(out, "fragments", old, new);
	compare_part(out, "rules", old, new, false);
	compare_part(out, "defaults", old, new, false);
	compare_lists(out, "containers", old, new);
}

enum status
policydiff_status(const struct policydiff *d)
{
	return d->n > 0 ? E_NO : d->unsure ? E_INPUT : E_OK;
}

void
policydiff_free(struct policydiff *d)
{
	size_t i;

	for (i = 0; i < d->n; i++) {
		buf_free(&d->v[i].where);
		buf_free(&d->v[i].member);
		buf_free(&d->v[i].old);
		buf_free(&d->v[i].new);
	}
	free(d->v);
	*d = (struct policydiff){0};
}

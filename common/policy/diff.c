/* diff.c -- see diff.h. */
#include "policy/diff.h"

#include <stdlib.h>

#include "policy/canon.h"
#include "policy/pair.h"

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
		policycanon(a, &x);
		policycanon(b, &y);
		is = slice_eq(slice_buf(&x), slice_buf(&y));
	}
	buf_free(&x);
	buf_free(&y);
	return is;
}

/* Append what a rule of env_rules is about, quoted: the variable's name. */
static void
variable(struct json_val rule, struct buf *out)
{
	struct json_val name = json_get(rule, "pattern");
	struct buf text = {0};
	struct err e;

	if (!json_has(name))
		name = json_get(rule, "name");
	if (json_is(name, JSON_STRING))
		(void)json_text(name, "name", &text, &e);
	json_quote(slice_head(slice_buf(&text), slice_find(slice_buf(&text),
	    '=')), out);
	buf_free(&text);
}

/* The names of the variables of rules that the other list has not. */
static void
variables(const struct elements *rules, struct buf *out)
{
	size_t i;

	buf_addc(out, '[');
	for (i = 0; i < rules->n; i++) {
		if (rules->v[i].mate != NULL && slice_eq(slice_buf(
		    &rules->v[i].canon), slice_buf(&rules->v[i].mate->canon)))
			continue;
		if (out->p[out->n - 1] != '[')
			buf_addc(out, ',');
		variable(rules->v[i].v, out);
	}
	buf_addc(out, ']');
}

static void
environment(struct json_val old, struct json_val new, struct change *c)
{
	struct elements a, b;

	policypair(old, new, &a, &b);
	variables(&a, &c->old);
	variables(&b, &c->new);
	policypair_free(&a);
	policypair_free(&b);
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
		environment(old, new, c);
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

static void
called(const char *list, const struct element *el, struct buf *out)
{
	buf_cut(out, 0);
	buf_adds(out, list);
	if (el->key.n > 0)
		buf_addc(out, ' ');
	buf_add(out, slice_buf(&el->key));
}

static void
alone(struct policydiff *d, const char *list, const struct elements *l,
    bool is_new)
{
	struct buf where = {0};
	struct change *c;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->v[i].mate != NULL)
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
	struct elements a, b;
	struct buf where = {0};
	const struct element *el;
	size_t i;

	policypair(rego_value(old, name), rego_value(new, name), &a, &b);
	for (i = 0; i < a.n; i++) {
		el = &a.v[i];
		if (el->mate == NULL || slice_eq(slice_buf(&el->canon),
		    slice_buf(&el->mate->canon)))
			continue;
		called(name, el, &where);
		compare_members(d, slice_buf(&where), el->v, el->mate->v);
	}
	alone(d, name, &a, false);
	alone(d, name, &b, true);
	policypair_free(&a);
	policypair_free(&b);
	buf_free(&where);
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

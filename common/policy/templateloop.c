/* templateloop.c -- members of a template's objects, and the lists and turns
 * that copy loops make.  See template.h. */
#include "policy/template_in.h"

#include <stdlib.h>

/* --- members ------------------------------------------------------------- */

/* Is that the name of a member, in any case?  A name with escapes is longer
 * than what it says. */
bool
template_named(struct json_val member, struct slice name)
{
	struct json_val v = json_name(member);
	struct slice s = json_span(v);
	struct buf text = {0};
	struct err e;
	bool is;

	s = slice_head(slice_from(s, 1), s.n - 2);
	if (s.n == name.n)
		return template_same(s, name);
	if (s.n < name.n || slice_find(s, '\\') == s.n)
		return false;
	is = json_text(v, "name", &text, &e) == 0 &&
	    template_same(slice_buf(&text), name);
	buf_free(&text);
	return is;
}

int
template_find(struct template *t, struct json_val object, struct slice name,
    struct json_val *out, struct err *e)
{
	struct json_val v;

	*out = (struct json_val){0};
	if (!json_is(object, JSON_OBJECT))
		return 0;
	if (template_step(t, json_count(object) + 1, e) < 0)
		return -1;
	for (v = json_first(object); json_has(v); v = json_next(v)) {
		if (!template_named(v, name))
			continue;
		if (json_has(*out))
			return template_wrong(e, "two members of one object "
			    "are named", name, "but for the case of letters");
		*out = v;
	}
	return 0;
}

int
template_find_str(struct template *t, struct json_val object, const char *name,
    struct json_val *out, struct err *e)
{
	return template_find(t, object, slice_str(name), out, e);
}

/* The loop of an object's "copy" that makes the member "name". */
static int
find_copied(struct template *t, struct arm object, struct slice name,
    struct arm *out, struct err *e)
{
	struct json_val list, v, its;
	struct buf text = {0};
	int ret;

	ret = template_find_str(t, object.v, "copy", &list, e);
	if (ret < 0 || !json_is(list, JSON_ARRAY))
		return ret;
	for (v = json_first(list); ret == 0 && json_has(v); v = json_next(v)) {
		ret = template_find_str(t, v, "name", &its, e);
		if (ret < 0 || !json_is(its, JSON_STRING))
			continue;
		buf_cut(&text, 0);
		ret = json_text(its, "name", &text, e);
		if (ret == 0 && template_same(slice_buf(&text), name))
			*out = (struct arm){.v = v, .loop = object.loop,
			    .copied = true};
	}
	buf_free(&text);
	return ret;
}

int
template_member(struct template *t, struct arm object, struct slice name,
    struct arm *out, struct err *e)
{
	struct arm found = {.loop = object.loop, .data = object.data};

	*out = (struct arm){0};
	if (object.copied)
		return 0;
	if (template_find(t, object.v, name, &found.v, e) < 0)
		return -1;
	if (json_has(found.v))
		*out = found;
	else if (!object.data)
		return find_copied(t, object, name, out, e);
	return 0;
}

int
template_get(struct template *t, struct arm object, const char *name,
    struct arm *out, struct err *e)
{
	struct arm v;

	if (template_member(t, object, slice_str(name), &v, e) < 0)
		return -1;
	*out = v;
	if (!json_has(v.v))
		return 0;
	if (template_value(t, v, out, e) < 0)
		return err_in(e, "%s", name);
	return 0;
}

/* --- copy loops ---------------------------------------------------------- */

/* How many turns the loop, an object with a count, takes. */
static int
turns(struct template *t, struct arm loop, size_t *n, struct err *e)
{
	struct arm count;
	int64_t i;

	loop.copied = false;
	if (template_get(t, loop, "count", &count, e) < 0)
		return -1;
	if (!json_int(count.v, &i))
		return err_set(e, E_INPUT, "copy: the count is %s, not a whole "
		    "number", json_kind_name(count.v));
	if (i < 0 || i > TEMPLATE_TURNS_MAX)
		return err_set(e, E_INPUT, "copy: a loop of %lld turns, not 0 "
		    "to %d", (long long)i, TEMPLATE_TURNS_MAX);
	*n = (size_t)i;
	return 0;
}

/* One turn of the loop, an object with a name. */
static const struct template_loop *
turn_of(struct template *t, struct json_val loop, size_t turn, bool resource,
    const struct template_loop *up)
{
	struct template_loop *made = calloc(1, sizeof *made);
	struct json_val name;
	struct err e;

	if (made == NULL)
		err_nomem();
	*made = (struct template_loop){.up = up, .made = t->loops,
	    .turn = turn, .resource = resource};
	t->loops = made;
	if (template_find_str(t, loop, "name", &name, &e) == 0)
		(void)json_text(name, "name", &made->name, &e);
	return made;
}

int
template_element(struct template *t, struct arm list, size_t i,
    struct arm *out, struct err *e)
{
	struct json_val input;
	size_t n;

	*out = (struct arm){.loop = list.loop, .data = list.data};
	if (!list.copied) {
		if (template_step(t, i + 1, e) < 0)
			return -1;
		out->v = json_at(list.v, i);
		return 0;
	}
	if (turns(t, list, &n, e) < 0 ||
	    template_find_str(t, list.v, "input", &input, e) < 0)
		return -1;
	if (i >= n)
		return 0;
	if (!json_has(input))
		return err_set(e, E_INPUT, "copy: a loop without an input");
	if (template_step(t, 8, e) < 0)
		return -1;
	out->loop = turn_of(t, list.v, i, false, list.loop);
	out->v = input;
	return 0;
}

int
template_item(struct template *t, struct template_items *it, struct arm *out,
    struct err *e)
{
	struct arm v = {.loop = it->list.loop, .data = it->list.data};

	if (!it->begun) {
		it->begun = true;
		if (it->list.copied && turns(t, it->list, &it->n, e) < 0)
			return -1;
		if (!it->list.copied && json_is(it->list.v, JSON_ARRAY))
			it->next = json_first(it->list.v);
	}
	if (it->list.copied) {
		if (it->i == it->n)
			return 0;
		if (template_element(t, it->list, it->i++, &v, e) < 0)
			return -1;
	} else {
		if (!json_has(it->next))
			return 0;
		v.v = it->next;
		it->next = json_next(it->next);
		it->i++;
	}
	return template_value(t, v, out, e) < 0 ? -1 : 1;
}

/* The loop that v itself is in: as a resource with a copy, or as the input of
 * one. */
static int
loop_at(struct template *t, struct json_val v, struct json_val *loop,
    bool *resource, struct err *e)
{
	struct json_val up = json_parent(v), copy, count, input;

	if (template_find_str(t, v, "copy", &copy, e) < 0 ||
	    template_find_str(t, copy, "count", &count, e) < 0)
		return -1;
	*resource = json_has(count);
	*loop = *resource ? copy : (struct json_val){0};
	if (*resource || !json_has(json_name(v)) ||
	    !json_is(json_parent(up), JSON_ARRAY) ||
	    !json_has(json_name(json_parent(up))) ||
	    !template_named(json_parent(up), slice_str("copy")))
		return 0;
	if (template_find_str(t, up, "input", &input, e) < 0)
		return -1;
	if (input.at == v.at)
		*loop = up;
	return 0;
}

int
template_turns(struct template *t, struct json_val v, size_t *n,
    struct err *e)
{
	struct json_val loop;
	bool resource;
	size_t one;

	for (*n = 1; json_has(v); v = json_parent(v)) {
		if (loop_at(t, v, &loop, &resource, e) < 0)
			return -1;
		if (!json_has(loop))
			continue;
		if (turns(t, arm_of(loop), &one, e) < 0)
			return -1;
		*n *= one;
		if (*n > (size_t)TEMPLATE_TURNS_MAX * 100)
			return err_set(e, E_INPUT, "copy: loops in loops of "
			    "too many turns");
	}
	return 0;
}

/* The loops around v, in the turns that are left of *i after those inside. */
static const struct template_loop *
turn_around(struct template *t, struct json_val v, size_t i)
{
	const struct template_loop *up;
	struct json_val loop = {0};
	struct err e;
	bool resource = false;
	size_t n = 1;

	for (; json_has(v); v = json_parent(v))
		if (loop_at(t, v, &loop, &resource, &e) == 0 && json_has(loop))
			break;
	if (!json_has(v) || turns(t, arm_of(loop), &n, &e) < 0 || n == 0)
		return NULL;
	up = turn_around(t, json_parent(v), i / n);
	return turn_of(t, loop, i % n, resource, up);
}

struct arm
template_turn(struct template *t, struct json_val v, size_t i)
{
	return (struct arm){.v = v, .loop = turn_around(t, v, i)};
}

/* templatefn.c -- the functions of a template that depend on nothing but
 * their arguments.  See template.h. */
#include "policy/template_in.h"

#include <stdio.h>

static int
give_json(struct template_call *c, const char *json, struct result *out)
{
	struct buf text = {0};

	buf_adds(&text, json);
	result_free(out);
	if (template_make(c->t, &text, &out->v, c->e) == 0)
		return 0;
	buf_free(&text);
	return -1;
}

static int
give_bool(struct template_call *c, bool yes, struct result *out)
{
	return give_json(c, yes ? "true" : "false", out);
}

static bool
is_null(const struct result *r)
{
	return !r->own && !r->v.copied && json_is(r->v.v, JSON_NULL);
}

/* --- decisions ----------------------------------------------------------- */

static int
truth(struct template_call *c, const char *name, size_t i, bool *yes)
{
	const struct result *r = &c->arg[i];

	if (!r->own && !r->v.copied && json_bool(r->v.v, yes))
		return 0;
	return template_not_of(c, name, r);
}

/* Only the branch that is taken. */
static bool
if_wants(const struct template_call *c)
{
	bool yes;

	if (c->n == 0 || c->arg[0].own || !json_bool(c->arg[0].v.v, &yes))
		return true;
	return c->n == (yes ? 1 : 2);
}

static int
choose(struct template_call *c, struct result *out)
{
	struct result *r;
	bool yes = false;

	if (truth(c, "if", 0, &yes) < 0)
		return -1;
	r = &c->arg[yes ? 1 : 2];
	result_free(out);
	*out = *r;
	*r = (struct result){0};
	return 0;
}

static int
equals(struct template_call *c, struct result *out)
{
	struct buf a = {0}, b = {0};
	struct arm left, right;
	int ret;

	ret = template_write_json(c, &c->arg[0], &a);
	if (ret == 0)
		ret = template_write_json(c, &c->arg[1], &b);
	if (ret == 0)
		ret = template_make(c->t, &a, &left, c->e);
	if (ret == 0)
		ret = template_make(c->t, &b, &right, c->e);
	if (ret == 0)
		ret = give_bool(c, json_equal(left.v, right.v), out);
	buf_free(&a);
	buf_free(&b);
	return ret;
}

static bool
coalesce_wants(const struct template_call *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (!is_null(&c->arg[i]))
			return false;
	return true;
}

static int
coalesce(struct template_call *c, struct result *out)
{
	size_t i;

	for (i = 0; i + 1 < c->n && is_null(&c->arg[i]); i++)
		;
	result_free(out);
	*out = c->arg[i];
	c->arg[i] = (struct result){0};
	return 0;
}

static int
all_of(struct template_call *c, struct result *out)
{
	bool yes = false, all = true;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (truth(c, "and", i, &yes) < 0)
			return -1;
		all = all && yes;
	}
	return give_bool(c, all, out);
}

static int
any_of(struct template_call *c, struct result *out)
{
	bool yes = false, any = false;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (truth(c, "or", i, &yes) < 0)
			return -1;
		any = any || yes;
	}
	return give_bool(c, any, out);
}

static int
negate(struct template_call *c, struct result *out)
{
	bool yes = false;

	if (truth(c, "not", 0, &yes) < 0)
		return -1;
	return give_bool(c, !yes, out);
}

static int
yes(struct template_call *c, struct result *out)
{
	return give_bool(c, true, out);
}

static int
no(struct template_call *c, struct result *out)
{
	return give_bool(c, false, out);
}

static int
null(struct template_call *c, struct result *out)
{
	return give_json(c, "null", out);
}

/* --- names --------------------------------------------------------------- */

static int
parameters(struct template_call *c, struct result *out)
{
	if (!c->arg[0].own)
		return template_not_of(c, "parameters", &c->arg[0]);
	return template_parameter(c->t, c->at, slice_buf(&c->arg[0].text), out,
	    c->e);
}

static int
variables(struct template_call *c, struct result *out)
{
	if (!c->arg[0].own)
		return template_not_of(c, "variables", &c->arg[0]);
	return template_variable(c->t, c->at, slice_buf(&c->arg[0].text), out,
	    c->e);
}

/* The loop of that name; of none, the resource's. */
static const struct template_loop *
loop_of(const struct template_call *c, const struct result *name)
{
	const struct template_loop *loop;

	for (loop = c->at.loop; loop != NULL; loop = loop->up)
		if (name == NULL ? loop->resource : template_same(
		    slice_buf(&loop->name), slice_buf(&name->text)))
			break;
	return loop;
}

static int
copy_index(struct template_call *c, struct result *out)
{
	const struct result *name = c->n > 0 && c->arg[0].own ? &c->arg[0] :
	    NULL;
	const struct result *more = c->n > (name != NULL) ?
	    &c->arg[name != NULL] : NULL;
	const struct template_loop *loop = loop_of(c, name);
	char text[24];
	int64_t add = 0;

	if (loop == NULL)
		return err_set(c->e, E_INPUT, "copyIndex() outside of its "
		    "loop");
	if (c->n == 2 && name == NULL)
		return template_not_of(c, "copyIndex", &c->arg[0]);
	if (more != NULL && (more->own || !json_int(more->v.v, &add) ||
	    add < -TEMPLATE_TURNS_MAX || add > 1000000000))
		return template_not_of(c, "copyIndex", more);
	(void)snprintf(text, sizeof text, "%lld", (long long)loop->turn + add);
	return give_json(c, text, out);
}

const struct template_function *
template_function(struct slice name)
{
	static const struct template_function rows[] = {
		{"and", 2, SIZE_MAX, all_of, NULL},
		{"base64", 1, 1, template_base64, NULL},
		{"coalesce", 1, SIZE_MAX, coalesce, coalesce_wants},
		{"concat", 1, SIZE_MAX, template_concat, NULL},
		{"copyIndex", 0, 2, copy_index, NULL},
		{"createArray", 0, SIZE_MAX, template_create_array, NULL},
		{"equals", 2, 2, equals, NULL},
		{"false", 0, 0, no, NULL},
		{"format", 1, SIZE_MAX, template_format, NULL},
		{"if", 3, 3, choose, if_wants},
		{"join", 2, 2, template_join, NULL},
		{"not", 1, 1, negate, NULL},
		{"null", 0, 0, null, NULL},
		{"or", 2, SIZE_MAX, any_of, NULL},
		{"parameters", 1, 1, parameters, NULL},
		{"string", 1, 1, template_string_of, NULL},
		{"toLower", 1, 1, template_to_lower, NULL},
		{"toUpper", 1, 1, template_to_upper, NULL},
		{"true", 0, 0, yes, NULL},
		{"variables", 1, 1, variables, NULL},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		if (template_same(name, slice_str(rows[i].name)))
			return &rows[i];
	return NULL;
}

/* template.c -- values, scopes and loops of a template.  See template.h. */
#include "policy/template.h"

#include <stdlib.h>
#include <strings.h>

#include "policy/template_in.h"

struct template *
template_new(struct json_val parameters)
{
	struct template *t = calloc(1, sizeof *t);

	if (t == NULL)
		err_nomem();
	t->file = parameters;
	return t;
}

void
template_free(struct template *t)
{
	struct template_loop *loop;
	struct template_made *made;

	if (t == NULL)
		return;
	while ((loop = t->loops) != NULL) {
		t->loops = loop->made;
		buf_free(&loop->name);
		free(loop);
	}
	while ((made = t->made) != NULL) {
		t->made = made->next;
		json_free(made->doc);
		buf_free(&made->text);
		free(made);
	}
	free(t);
}

bool
template_unset(const struct template *t)
{
	return t->unset;
}

void
result_free(struct result *r)
{
	buf_free(&r->text);
	*r = (struct result){0};
}

void
result_set(struct result *r, struct arm v)
{
	result_free(r);
	r->v = v;
}

bool
template_same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 ||
	    strncasecmp((const char *)a.p, (const char *)b.p, a.n) == 0);
}

int
template_step(struct template *t, size_t n, struct err *e)
{
	t->steps += n;
	if (t->steps <= TEMPLATE_STEPS_MAX)
		return 0;
	return err_set(e, E_INPUT, "the template's expressions take too many "
	    "steps");
}

int
template_wrong(struct err *e, const char *what, struct slice name,
    const char *why)
{
	return err_set(e, E_INPUT, "%s '%.*s' %s", what,
	    (int)(name.n < 100 ? name.n : 100), (const char *)name.p, why);
}

int
template_make(struct template *t, struct buf *text, struct arm *out,
    struct err *e)
{
	struct template_made *made;
	struct json *doc;

	if (text->n > TEMPLATE_STRING_MAX)
		return err_set(e, E_INPUT, "a value of more than %d bytes",
		    TEMPLATE_STRING_MAX);
	if (template_step(t, text->n / 64 + 1, e) < 0 ||
	    json_parse(slice_buf(text), &doc, e) < 0)
		return -1;
	made = calloc(1, sizeof *made);
	if (made == NULL)
		err_nomem();
	*made = (struct template_made){t->made, *text, doc};
	t->made = made;
	*text = (struct buf){0};
	*out = (struct arm){.v = json_root(doc), .data = true};
	return 0;
}

/* --- scopes -------------------------------------------------------------- */

static bool
text_is(struct json_val v, const char *want)
{
	struct buf text = {0};
	struct err e;
	bool is;

	is = json_is(v, JSON_STRING) && json_text(v, "text", &text, &e) == 0 &&
	    template_same(slice_buf(&text), slice_str(want));
	buf_free(&text);
	return is;
}

/* The deployment whose inner-scoped template v is; nothing for others. */
static int
deployment_of(struct template *t, struct json_val v, struct json_val *out,
    struct err *e)
{
	struct json_val props = json_parent(v), dep = json_parent(props), mode;
	struct json_val type;

	*out = (struct json_val){0};
	if (!json_has(props) || !json_has(json_name(v)) ||
	    !template_named(v, slice_str("template")))
		return 0;
	if (template_find_str(t, dep, "type", &type, e) < 0 ||
	    template_find_str(t, props, "expressionEvaluationOptions", &mode,
	    e) < 0 ||
	    template_find_str(t, mode, "scope", &mode, e) < 0)
		return -1;
	if (text_is(type, "Microsoft.Resources/deployments") &&
	    text_is(mode, "inner"))
		*out = dep;
	return 0;
}

/* The template that names in v refer to, and its deployment. */
static int
template_of(struct template *t, struct json_val v, struct json_val *tpl,
    struct json_val *dep, struct err *e)
{
	*dep = (struct json_val){0};
	for (*tpl = v; json_has(v); v = json_parent(v)) {
		*tpl = v;
		if (deployment_of(t, v, dep, e) < 0)
			return -1;
		if (json_has(*dep))
			break;
	}
	return 0;
}

/* What a deployment or the parameters file says of a parameter. */
static int
given_value(struct template *t, struct json_val dep, struct slice name,
    struct json_val *out, struct err *e)
{
	struct json_val all = t->file, v;

	if (json_has(dep) &&
	    template_find_str(t, dep, "properties", &all, e) < 0)
		return -1;
	if (template_find_str(t, all, "parameters", &v, e) < 0)
		return -1;
	if (json_has(v) || json_has(dep))
		all = v;
	return template_find(t, all, name, out, e);
}

static int
no_value(struct template *t, struct slice name, const char *why,
    struct err *e)
{
	t->unset = true;
	(void)template_wrong(e, "parameter", name, why);
	return err_hint(e, "give a parameters file with --parameters");
}

int
template_parameter(struct template *t, struct arm v, struct slice name,
    struct result *out, struct err *e)
{
	struct json_val tpl, dep, given, declared, secret, value;
	struct arm found = {0};

	if (template_of(t, v.v, &tpl, &dep, e) < 0 ||
	    given_value(t, dep, name, &given, e) < 0 ||
	    template_find_str(t, tpl, "parameters", &declared, e) < 0 ||
	    template_find(t, declared, name, &declared, e) < 0 ||
	    template_find_str(t, given, "reference", &secret, e) < 0 ||
	    template_find_str(t, given, "value", &value, e) < 0)
		return -1;
	if (json_has(secret)) {
		t->unset = true;
		return template_wrong(e, "parameter", name,
		    "is a secret of a key vault, which is not fetched");
	}
	if (!json_has(value) &&
	    template_find_str(t, given, "secureValue", &value, e) < 0)
		return -1;
	/* a parameters file has no expressions; a deployment does */
	found.data = json_has(value) && !json_has(dep);
	if (!json_has(value) &&
	    template_find_str(t, declared, "defaultValue", &value, e) < 0)
		return -1;
	if (json_has(value)) {
		found.v = value;
		return template_result(t, found, out, e);
	}
	if (json_has(declared))
		return no_value(t, name, "has no value here", e);
	(void)template_wrong(e, "parameter", name, "is not declared");
	return err_hint(e, "give a parameters file with --parameters");
}

int
template_variable(struct template *t, struct arm v, struct slice name,
    struct result *out, struct err *e)
{
	struct json_val tpl, dep;
	struct arm all = {0}, found;

	if (template_of(t, v.v, &tpl, &dep, e) < 0 ||
	    template_find_str(t, tpl, "variables", &all.v, e) < 0 ||
	    template_member(t, all, name, &found, e) < 0)
		return -1;
	if (!json_has(found.v))
		return template_wrong(e, "variable", name, "is not defined");
	return template_result(t, found, out, e);
}

/* --- values -------------------------------------------------------------- */

/* The text of a string, evaluated where it is an expression. */
static int
string_result(struct template *t, struct arm v, struct result *r,
    struct err *e)
{
	struct buf text = {0};
	struct slice s;
	int ret;

	if (template_step(t, json_span(v.v).n / 64 + 1, e) < 0 ||
	    json_text(v.v, "string", &text, e) < 0)
		return -1;
	s = slice_buf(&text);
	if (v.data || s.n < 2 || s.p[0] != '[' || s.p[s.n - 1] != ']') {
		*r = (struct result){.own = true, .text = text};
		return 0;
	}
	if (s.p[1] == '[') {
		r->own = true;
		buf_add(&r->text, slice_from(s, 1));
		ret = 0;
	} else {
		ret = template_expression(t, v, slice_head(slice_from(s, 1),
		    s.n - 2), r, e);
	}
	buf_free(&text);
	return ret;
}

int
template_result(struct template *t, struct arm v, struct result *r,
    struct err *e)
{
	int ret = 0;

	if (t->depth == TEMPLATE_DEPTH_MAX)
		return err_set(e, E_INPUT, "expressions that lead to "
		    "expressions, more than %d", TEMPLATE_DEPTH_MAX);
	t->depth++;
	result_free(r);
	if (!v.copied && json_is(v.v, JSON_STRING))
		ret = string_result(t, v, r, e);
	else
		result_set(r, v);
	t->depth--;
	if (ret == 0 && r->text.n > TEMPLATE_STRING_MAX)
		ret = err_set(e, E_INPUT, "a string of more than %d bytes",
		    TEMPLATE_STRING_MAX);
	return ret;
}

/* The result as a value, which takes it; ret is how it was come to. */
static int
as_value(struct template *t, int ret, struct result *r, struct arm *out,
    struct err *e)
{
	struct buf text = {0};

	if (ret == 0 && r->own) {
		json_quote(slice_buf(&r->text), &text);
		ret = template_make(t, &text, out, e);
	} else if (ret == 0) {
		*out = r->v;
	}
	buf_free(&text);
	result_free(r);
	return ret;
}

/* A string that is no expression, nor one that begins like one. */
static bool
is_literal(struct arm v)
{
	struct slice s = json_span(v.v);

	return !v.copied && json_is(v.v, JSON_STRING) && (v.data ||
	    (s.n > 1 && s.p[1] != '[' && s.p[1] != '\\'));
}

int
template_value(struct template *t, struct arm v, struct arm *out,
    struct err *e)
{
	struct result r = {0};

	t->unset = false;
	if (is_literal(v)) {
		*out = v;
		return 0;
	}
	return as_value(t, template_result(t, v, &r, e), &r, out, e);
}

int
template_named_value(struct template *t, struct arm v, bool is_variable,
    struct slice name, struct arm *out, struct err *e)
{
	struct result r = {0};
	int ret;

	t->unset = false;
	ret = is_variable ? template_variable(t, v, name, &r, e) :
	    template_parameter(t, v, name, &r, e);
	return as_value(t, ret, &r, out, e);
}

int
template_string(struct template *t, struct arm v, struct buf *out,
    struct err *e)
{
	struct result r = {0};
	int ret;

	t->unset = false;
	ret = template_result(t, v, &r, e);
	if (ret == 0 && !r.own)
		ret = err_set(e, E_INPUT, "the expression gives %s, not a "
		    "string", r.v.copied ? "a list" : json_kind_name(r.v.v));
	if (ret == 0)
		buf_add(out, slice_buf(&r.text));
	result_free(&r);
	return ret;
}

/* template.c -- see template.h. */
#include "policy/template.h"

#include <strings.h>

#include "codec/b64.h"
#include "policy/templatelex.h"

/* What an expression has come to: a text of our own, or a value of one of
 * the documents, which may itself be an expression where it stands. */
struct result {
	bool own;
	struct buf text;
	struct json_val json;
};

struct eval {
	struct json_val file;	/* the parameters file's root, or nothing */
	int depth;
	struct err *e;
};

/* An expression being read. */
struct expr {
	struct slice left;
	struct json_val at;	/* the string it stands in */
	struct eval *ev;
};

static int value_of(struct eval *, struct json_val v, struct result *);
static int expression(struct expr *, struct result *);

static void
result_free(struct result *r)
{
	buf_free(&r->text);
	*r = (struct result){0};
}

static void
result_set_json(struct result *r, struct json_val v)
{
	result_free(r);
	r->json = v;
}

static bool
same_name(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 ||
	    strncasecmp((const char *)a.p, (const char *)b.p, a.n) == 0);
}

/* The member of that name, whatever its case, as the platform has it. */
static struct json_val
member(struct json_val object, struct slice name)
{
	struct json_val v = json_get_s(object, name);
	struct buf text = {0};
	struct err e;

	if (json_has(v) || !json_is(object, JSON_OBJECT))
		return v;
	for (v = json_first(object); json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		if (json_text(json_name(v), "name", &text, &e) == 0 &&
		    same_name(slice_buf(&text), name))
			break;
	}
	buf_free(&text);
	return v;
}

static struct json_val
member_of(struct json_val object, const char *name)
{
	return member(object, slice_str(name));
}

static bool
text_is(struct json_val v, const char *want)
{
	struct buf text = {0};
	struct err e;
	bool is;

	is = json_is(v, JSON_STRING) && json_text(v, "text", &text, &e) == 0 &&
	    same_name(slice_buf(&text), slice_str(want));
	buf_free(&text);
	return is;
}

/* The deployment whose inner-scoped template v is; nothing for others. */
static struct json_val
deployment_of(struct json_val v)
{
	struct json_val props = json_parent(v), dep = json_parent(props), mode;

	mode = member_of(member_of(props, "expressionEvaluationOptions"),
	    "scope");
	if (json_has(props) && member_of(props, "template").at == v.at &&
	    text_is(member_of(dep, "type"),
	    "Microsoft.Resources/deployments") && text_is(mode, "inner"))
		return dep;
	return (struct json_val){0};
}

/* The template that names in v refer to. */
static struct json_val
template_of(struct json_val v)
{
	struct json_val up;

	for (; json_has(up = json_parent(v)); v = up)
		if (json_has(deployment_of(v)))
			return v;
	return v;
}

static int
shown(struct err *e, const char *what, struct slice name, const char *why)
{
	return err_set(e, E_INPUT, "%s '%.*s' %s", what,
	    (int)(name.n < 100 ? name.n : 100), (const char *)name.p, why);
}

static int
too_deep(struct err *e)
{
	return err_set(e, E_INPUT, "expressions that lead to expressions, more "
	    "than %d", TEMPLATE_DEPTH_MAX);
}

/* parameters('name') as it stands in v. */
static int
parameter(struct eval *ev, struct json_val v, struct slice name,
    struct result *out)
{
	struct json_val tpl = template_of(v), dep = deployment_of(tpl), given;
	struct json_val declared;

	if (json_has(dep))
		given = member_of(member_of(dep, "properties"), "parameters");
	else if (json_has(member_of(ev->file, "parameters")))
		given = member_of(ev->file, "parameters");
	else
		given = ev->file;
	given = member(given, name);
	declared = member(member_of(tpl, "parameters"), name);
	if (json_has(member_of(given, "reference")))
		return shown(ev->e, "parameter", name,
		    "is a secret of a key vault, which is not fetched");
	if (json_has(member_of(given, "value")))
		return value_of(ev, member_of(given, "value"), out);
	if (json_has(member_of(given, "secureValue")))
		return value_of(ev, member_of(given, "secureValue"), out);
	if (json_has(member_of(declared, "defaultValue")))
		return value_of(ev, member_of(declared, "defaultValue"), out);
	(void)shown(ev->e, "parameter", name, json_has(declared) ?
	    "has no value here" : "is not declared");
	return err_hint(ev->e, "give a parameters file with --parameters");
}

static int
variable(struct eval *ev, struct json_val v, struct slice name,
    struct result *out)
{
	struct json_val found;

	found = member(member_of(template_of(v), "variables"), name);
	if (!json_has(found))
		return shown(ev->e, "variable", name, "is not defined");
	return value_of(ev, found, out);
}

/* What stands in the way of reading on. */
static int
unread(struct expr *x, const char *wanted)
{
	return err_set(x->ev->e, E_INPUT, "expression: %s expected before "
	    "'%.*s'", wanted, (int)(x->left.n < 20 ? x->left.n : 20),
	    (const char *)x->left.p);
}

static int
encode(struct expr *x, struct result *out)
{
	struct buf text = {0};

	if (!out->own && !json_is(out->json, JSON_STRING))
		return err_set(x->ev->e, E_INPUT, "base64() of %s",
		    json_kind_name(out->json));
	b64_encode(slice_buf(&out->text), B64_STD | B64_PAD, &text);
	result_free(out);
	*out = (struct result){.own = true, .text = text};
	return 0;
}

static int
argument(struct expr *x, bool b64, struct buf *name, struct result *out)
{
	int ret;

	if (!templatelex_eat(&x->left, '('))
		return unread(x, "'('");
	if (x->ev->depth++ == TEMPLATE_DEPTH_MAX)
		return too_deep(x->ev->e);
	if (b64)
		ret = expression(x, out);
	else
		ret = templatelex_quoted(&x->left, name) ? 0 :
		    unread(x, "a name in quotes");
	x->ev->depth--;
	if (ret == 0 && !templatelex_eat(&x->left, ')'))
		ret = unread(x, "')'");
	return ret;
}

static int
call(struct expr *x, struct slice name, struct result *out)
{
	bool b64 = same_name(name, slice_str("base64"));
	bool par = same_name(name, slice_str("parameters"));
	bool var = same_name(name, slice_str("variables"));
	struct buf arg = {0};
	int ret;

	if (!b64 && !par && !var)
		return shown(x->ev->e, "function", name,
		    "is not evaluated here");
	ret = argument(x, b64, &arg, out);
	if (ret == 0 && b64)
		ret = encode(x, out);
	else if (ret == 0 && par)
		ret = parameter(x->ev, x->at, slice_buf(&arg), out);
	else if (ret == 0)
		ret = variable(x->ev, x->at, slice_buf(&arg), out);
	buf_free(&arg);
	return ret;
}

/* [0], or nothing if w is no index. */
static struct json_val
element(struct json_val array, struct slice w)
{
	size_t i, at = 0;

	for (i = 0; i < w.n && i < 6 && w.p[i] >= '0' && w.p[i] <= '9'; i++)
		at = at * 10 + (size_t)(w.p[i] - '0');
	return i > 0 && i == w.n ? json_at(array, at) : (struct json_val){0};
}

/* .name, ['name'] or [0] behind a value. */
static int
step(struct expr *x, bool bracket, struct result *out)
{
	struct buf name = {0};
	struct json_val v;
	int ret = 0;

	if (bracket && templatelex_at(&x->left, '\'')) {
		if (!templatelex_quoted(&x->left, &name))
			ret = unread(x, "a name in quotes");
		v = member(out->json, slice_buf(&name));
	} else {
		buf_add(&name, templatelex_word(&x->left));
		v = bracket ? element(out->json, slice_buf(&name)) :
		    member(out->json, slice_buf(&name));
	}
	if (ret == 0 && bracket && !templatelex_eat(&x->left, ']'))
		ret = unread(x, "']'");
	if (ret == 0 && !json_has(v))
		ret = shown(x->ev->e, "expression:", slice_buf(&name),
		    "is not in the value");
	buf_free(&name);
	return ret < 0 ? -1 : value_of(x->ev, v, out);
}

static int
expression(struct expr *x, struct result *out)
{
	struct slice w;
	int ret;

	result_free(out);
	if (templatelex_at(&x->left, '\'')) {
		out->own = true;
		ret = templatelex_quoted(&x->left, &out->text) ? 0 :
		    unread(x, "the end of a text");
	} else {
		w = templatelex_word(&x->left);
		ret = w.n == 0 ? unread(x, "a function") : call(x, w, out);
	}
	while (ret == 0) {
		if (templatelex_eat(&x->left, '.'))
			ret = step(x, false, out);
		else if (templatelex_eat(&x->left, '['))
			ret = step(x, true, out);
		else
			break;
	}
	return ret;
}

/* The text of the string v in r->text, evaluated where it is of the template:
 * a parameters file has no expressions. */
static int
string_value(struct eval *ev, struct json_val v, struct result *r)
{
	struct buf text = {0};
	struct expr x = {.at = v, .ev = ev};
	struct slice s;
	int ret;

	if (json_text(v, "string", &text, ev->e) < 0)
		return -1;
	s = slice_buf(&text);
	result_set_json(r, v);
	if (v.doc == ev->file.doc || s.n < 2 || s.p[0] != '[' ||
	    s.p[s.n - 1] != ']') {
		r->text = text;
		return 0;
	}
	if (s.p[1] == '[') {
		buf_add(&r->text, slice_from(s, 1));
		buf_free(&text);
		return 0;
	}
	x.left = slice_head(slice_from(s, 1), s.n - 2);
	ret = expression(&x, r);
	(void)templatelex_at(&x.left, 0);
	if (ret == 0 && x.left.n > 0)
		ret = shown(ev->e, "expression:", x.left,
		    "is not evaluated here");
	buf_free(&text);
	return ret;
}

static int
value_of(struct eval *ev, struct json_val v, struct result *r)
{
	int ret = 0;

	if (ev->depth == TEMPLATE_DEPTH_MAX)
		return too_deep(ev->e);
	ev->depth++;
	if (json_is(v, JSON_STRING))
		ret = string_value(ev, v, r);
	else
		result_set_json(r, v);
	ev->depth--;
	if (ret == 0 && r->text.n > TEMPLATE_STRING_MAX)
		ret = err_set(ev->e, E_INPUT, "a string of more than %d bytes",
		    TEMPLATE_STRING_MAX);
	return ret;
}

int
template_string(struct json_val v, struct json_val parameters,
    struct buf *out, struct err *e)
{
	struct eval ev = {.file = parameters, .e = e};
	struct result r = {0};
	int ret;

	ret = value_of(&ev, v, &r);
	if (ret == 0 && !r.own && !json_is(r.json, JSON_STRING))
		ret = err_set(e, E_INPUT, "the expression gives %s, not a "
		    "string", json_kind_name(r.json));
	if (ret == 0)
		buf_add(out, slice_buf(&r.text));
	result_free(&r);
	return ret;
}

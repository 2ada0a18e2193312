/* read.c -- see read.h: values of a source. */
#include "generate/read.h"

#include <string.h>
#include <strings.h>

int
read_get(struct reader *r, struct arm object, const char *name,
    struct arm *out)
{
	if (template_get(r->t, object, name, out, r->e) < 0)
		return -1;
	if (!out->copied && json_is(out->v, JSON_NULL))
		*out = (struct arm){0};
	return 0;
}

static const char *
kind_name(struct arm v)
{
	return v.copied ? "an array" : json_kind_name(v.v);
}

int
read_kind(struct reader *r, struct arm object, const char *name,
    enum json_kind kind, struct arm *out)
{
	static const char *const words[] = {[JSON_STRING] = "a string",
	    [JSON_ARRAY] = "an array", [JSON_OBJECT] = "an object"};

	if (read_get(r, object, name, out) < 0)
		return -1;
	if (!json_has(out->v) || json_is(out->v, kind) ||
	    (out->copied && kind == JSON_ARRAY))
		return 0;
	return err_set(r->e, E_INPUT, "%s: %s where %s belongs", name,
	    kind_name(*out), words[kind]);
}

int
read_item(struct reader *r, struct template_items *it, struct arm *out)
{
	int ret = template_item(r->t, it, out, r->e);

	if (ret > 0 && it->i > WANT_WORDS_MAX)
		return err_set(r->e, E_INPUT, "a list of more than %d",
		    WANT_WORDS_MAX);
	return ret;
}

int
read_each(struct reader *r, struct arm object, const char *name,
    int (*fn)(struct reader *, struct arm, struct want *), struct want *w)
{
	struct template_items it = {0};
	struct arm v;
	int ret;

	if (read_kind(r, object, name, JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0)
		if (fn(r, v, w) < 0)
			return err_in(r->e, "%s", name);
	return ret;
}

struct want_group *
read_group(struct reader *r, const char *what)
{
	if (r->out->n < WANT_GROUPS_MAX)
		return want_group_add(r->out);
	(void)err_set(r->e, E_INPUT, "more than %d %s", WANT_GROUPS_MAX, what);
	return NULL;
}

int
read_missing(struct reader *r, const char *what)
{
	return err_set(r->e, E_INPUT, "%s is missing", what);
}

bool
read_wild(const struct reader *r)
{
	return r->rules->wildcards && template_unset(r->t);
}

/* A scalar's text, as confcom's Python has it. */
static int
scalar(struct reader *r, struct arm v, const char *what, struct buf *out)
{
	int64_t n;
	bool yes;

	if (!v.copied && json_is(v.v, JSON_STRING))
		return json_text(v.v, what, out, r->e);
	if (!v.copied && json_bool(v.v, &yes))
		buf_adds(out, yes ? "True" : "False");
	else if (!v.copied && json_int(v.v, &n))
		buf_addf(out, "%lld", (long long)n);
	else
		return err_set(r->e, E_INPUT, "%s: %s where a text belongs",
		    what, kind_name(v));
	return 0;
}

static struct slice
skip_blanks(struct slice s)
{
	while (s.n > 0 && s.p[0] == ' ')
		s = slice_from(s, 1);
	return s;
}

/* s begins with [parameters('NAME')] or [variables('NAME')]: what follows, and
 * NAME; false if it does not. */
static bool
reference(struct slice *s, struct slice *name, bool *variable)
{
	struct slice left = slice_from(*s, 11);
	size_t n;

	*variable = slice_starts(*s, "[variables(");
	if (!*variable && !slice_starts(*s, "[parameters("))
		return false;
	if (!*variable)
		left = slice_from(left, 1);
	left = skip_blanks(left);
	if (left.n == 0 || left.p[0] != '\'')
		return false;
	left = slice_from(left, 1);
	n = slice_find(left, '\'');
	*name = slice_head(left, n);
	left = skip_blanks(slice_from(left, n + 1));
	if (!slice_starts(left, ")]"))
		return false;
	*s = slice_from(left, 2);
	return true;
}

/* Once for each kind of member. */
static void
warn_replaced(struct reader *r, const char *what)
{
	struct buf text = {0};
	size_t i;

	buf_addf(&text, "%s: a parameter or variable inside of a text is "
	    "replaced, which the platform does not do: write concat() or "
	    "format()", what);
	for (i = 0; i < r->out->warnings.n; i++)
		if (slice_eq(slice_buf(&r->out->warnings.v[i]),
		    slice_buf(&text)))
			break;
	if (i == r->out->warnings.n)
		buf_add(words_add(&r->out->warnings), slice_buf(&text));
	buf_free(&text);
}

/* Inside of a text the platform evaluates nothing, but confcom does. */
static int
replaced(struct reader *r, struct arm at, const char *what, struct slice s,
    struct buf *out)
{
	struct slice name;
	struct arm v;
	bool variable, any = false;
	size_t n;

	for (; s.n > 0; buf_add(out, slice_head(s, n)), s = slice_from(s, n)) {
		n = 1 + slice_find(slice_from(s, 1), '[');
		if (s.p[0] != '[' || !reference(&s, &name, &variable))
			continue;
		n = 0;
		any = true;
		if (template_named_value(r->t, at, variable, name, &v,
		    r->e) < 0 || scalar(r, v, what, out) < 0)
			return -1;
	}
	if (any)
		warn_replaced(r, what);
	return 0;
}

int
read_text(struct reader *r, struct arm v, const char *what, struct buf *out)
{
	struct buf text = {0};
	struct slice s;
	struct arm got;
	int ret;

	if (template_value(r->t, v, &got, r->e) < 0)
		return err_in(r->e, "%s", what);
	ret = scalar(r, got, what, &text);
	s = slice_buf(&text);
	/* only what was a literal is still of the template */
	if (ret == 0 && !got.data && slice_find(s, '[') < s.n)
		ret = replaced(r, got, what, s, out);
	else if (ret == 0)
		buf_add(out, s);
	buf_free(&text);
	return ret;
}

int
read_text_of(struct reader *r, struct arm object, const char *name,
    struct buf *out)
{
	struct arm v;

	if (template_member(r->t, object, slice_str(name), &v, r->e) < 0)
		return -1;
	if (!json_has(v.v) || json_is(v.v, JSON_NULL))
		return 0;
	return read_text(r, v, name, out);
}

int
read_words(struct reader *r, struct arm object, const char *name,
    struct words *out)
{
	struct template_items it = {0};
	struct arm v;
	int ret;

	if (read_kind(r, object, name, JSON_ARRAY, &it.list) < 0)
		return -1;
	while ((ret = read_item(r, &it, &v)) > 0) {
		if (v.copied || !json_is(v.v, JSON_STRING))
			return err_set(r->e, E_INPUT, "%s: %s where a string "
			    "belongs", name, kind_name(v));
		if (read_text(r, v, name, words_add(out)) < 0)
			return -1;
	}
	return ret < 0 ? err_in(r->e, "%s", name) : 0;
}

static bool
text_is(struct slice s, const char *word)
{
	return s.n == strlen(word) &&
	    strncasecmp((const char *)s.p, word, s.n) == 0;
}

int
read_bool(struct reader *r, struct arm object, const char *name, bool *out)
{
	struct buf text = {0};
	struct slice s;
	struct arm v;
	int ret = 0;

	if (read_get(r, object, name, &v) < 0)
		return -1;
	if (!json_has(v.v) || (!v.copied && json_bool(v.v, out)))
		return 0;
	if (!v.copied && json_is(v.v, JSON_STRING))
		ret = json_text(v.v, name, &text, r->e);
	s = slice_buf(&text);
	if (ret == 0 && (text_is(s, "true") || text_is(s, "false")))
		*out = s.n == 4;
	else if (ret == 0)
		ret = err_set(r->e, E_INPUT, "%s: neither true nor false",
		    name);
	buf_free(&text);
	return ret;
}

bool
want_like(struct slice text, const char *pattern)
{
	size_t i;

	for (i = 0; pattern[i] != '\0'; i++)
		if (i == text.n || (pattern[i] != '.' &&
		    text.p[i] != (uint8_t)pattern[i]))
			return false;
	return true;
}

/* templatetext.c -- the functions of a template that make texts and lists.
 * See template.h. */
#include "policy/template_in.h"

#include "codec/b64.h"

void
template_give_text(struct result *out, struct buf *text)
{
	result_free(out);
	*out = (struct result){.own = true, .text = *text};
	*text = (struct buf){0};
}

bool
template_is_list(const struct result *r)
{
	return !r->own && (r->v.copied || json_is(r->v.v, JSON_ARRAY));
}

int
template_not_of(struct template_call *c, const char *name,
    const struct result *r)
{
	return err_set(c->e, E_INPUT, "%s() of %s", name, r->own ? "a string" :
	    template_is_list(r) ? "an array" : json_kind_name(r->v.v));
}

/* --- values as JSON ------------------------------------------------------ */

static int write_arm(struct template_call *, struct arm, struct buf *, int);

static int
write_list(struct template_call *c, struct arm list, struct buf *out,
    int depth)
{
	struct template_items it = {.list = list};
	struct arm v;
	int ret;

	while ((ret = template_item(c->t, &it, &v, c->e)) > 0) {
		if (it.i > 1)
			buf_addc(out, ',');
		if (write_arm(c, v, out, depth + 1) < 0)
			return -1;
	}
	return ret;
}

static int
write_object(struct template_call *c, struct arm object, struct buf *out,
    int depth)
{
	struct arm v = object, got;
	struct json_val at;

	for (at = json_first(object.v); json_has(at); at = json_next(at)) {
		v.v = at;
		if (out->p[out->n - 1] != '{')
			buf_addc(out, ',');
		buf_add(out, json_span(json_name(at)));
		buf_addc(out, ':');
		if (template_value(c->t, v, &got, c->e) < 0 ||
		    write_arm(c, got, out, depth + 1) < 0)
			return -1;
	}
	return 0;
}

/* A value with all that it holds evaluated; it has been itself. */
static int
write_arm(struct template_call *c, struct arm v, struct buf *out, int depth)
{
	bool list = v.copied || json_is(v.v, JSON_ARRAY);
	int ret;

	if (depth == TEMPLATE_DEPTH_MAX || out->n > TEMPLATE_STRING_MAX)
		return err_set(c->e, E_INPUT, "a value that is too large");
	if (template_step(c->t, json_count(v.v) + 1, c->e) < 0)
		return -1;
	if (!list && !json_is(v.v, JSON_OBJECT)) {
		buf_add(out, json_span(v.v));
		return 0;
	}
	buf_addc(out, list ? '[' : '{');
	ret = list ? write_list(c, v, out, depth) :
	    write_object(c, v, out, depth);
	buf_addc(out, list ? ']' : '}');
	return ret;
}

int
template_write_json(struct template_call *c, const struct result *r,
    struct buf *out)
{
	if (!r->own)
		return write_arm(c, r->v, out, 0);
	json_quote(slice_buf(&r->text), out);
	return 0;
}

/* --- texts --------------------------------------------------------------- */

/* Append what stands for a value in a text: .NET's words for it. */
static int
write_text(struct template_call *c, const char *name, const struct result *r,
    struct buf *out)
{
	int64_t n;
	bool yes;

	if (template_step(c->t, r->text.n / 64 + 1, c->e) < 0)
		return -1;
	if (r->own)
		buf_add(out, slice_buf(&r->text));
	else if (!r->v.copied && json_bool(r->v.v, &yes))
		buf_adds(out, yes ? "True" : "False");
	else if (!r->v.copied && json_int(r->v.v, &n))
		buf_addf(out, "%lld", (long long)n);
	else
		return template_not_of(c, name, r);
	if (out->n > TEMPLATE_STRING_MAX)
		return err_set(c->e, E_INPUT, "a string of more than %d bytes",
		    TEMPLATE_STRING_MAX);
	return 0;
}

/* The elements of the arguments, lists all, or the arguments as elements. */
static int
make_list(struct template_call *c, bool elements, struct result *out)
{
	struct buf text = {0};
	size_t i, was;
	int ret = 0;

	buf_addc(&text, '[');
	for (i = 0; ret == 0 && i < c->n; i++) {
		was = text.n;
		if (elements && !template_is_list(&c->arg[i]))
			ret = template_not_of(c, "concat", &c->arg[i]);
		else if (elements)
			ret = write_list(c, c->arg[i].v, &text, 0);
		else
			ret = template_write_json(c, &c->arg[i], &text);
		if (text.n > was)
			buf_addc(&text, ',');
	}
	if (text.p[text.n - 1] == ',')
		buf_cut(&text, text.n - 1);
	buf_addc(&text, ']');
	result_free(out);
	if (ret == 0)
		ret = template_make(c->t, &text, &out->v, c->e);
	buf_free(&text);
	return ret;
}

int
template_concat(struct template_call *c, struct result *out)
{
	struct buf text = {0};
	size_t i;
	int ret = 0;

	if (template_is_list(&c->arg[0]))
		return make_list(c, true, out);
	for (i = 0; ret == 0 && i < c->n; i++)
		ret = write_text(c, "concat", &c->arg[i], &text);
	if (ret == 0)
		template_give_text(out, &text);
	buf_free(&text);
	return ret;
}

int
template_create_array(struct template_call *c, struct result *out)
{
	return make_list(c, false, out);
}

int
template_join(struct template_call *c, struct result *out)
{
	struct template_items it = {.list = c->arg[0].v};
	struct buf text = {0};
	struct result one = {0};
	struct arm v;
	int ret;

	if (!template_is_list(&c->arg[0]))
		return template_not_of(c, "join", &c->arg[0]);
	if (!c->arg[1].own)
		return template_not_of(c, "join", &c->arg[1]);
	while ((ret = template_item(c->t, &it, &v, c->e)) > 0) {
		if (it.i > 1)
			buf_add(&text, slice_buf(&c->arg[1].text));
		ret = template_result(c->t, v, &one, c->e);
		if (ret == 0)
			ret = write_text(c, "join", &one, &text);
		if (ret < 0)
			break;
	}
	if (ret == 0)
		template_give_text(out, &text);
	buf_free(&text);
	result_free(&one);
	return ret;
}

/* One {N} of a template_format, of which the brace has been read. */
static int
format_one(struct template_call *c, struct slice *s, struct buf *text)
{
	size_t n = slice_find(*s, '}'), i, at = 0;

	for (i = 0; i < n && i < 3 && s->p[i] >= '0' && s->p[i] <= '9'; i++)
		at = at * 10 + (size_t)(s->p[i] - '0');
	if (i == 0 || i != n || n == s->n)
		return template_wrong(c->e, "format(): '{' before",
		    slice_head(*s, 20), "is not evaluated here");
	if (at + 1 >= c->n)
		return err_set(c->e, E_INPUT, "format(): no argument {%zu}",
		    at);
	*s = slice_from(*s, n + 1);
	return write_text(c, "format", &c->arg[at + 1], text);
}

int
template_format(struct template_call *c, struct result *out)
{
	struct slice s = slice_buf(&c->arg[0].text);
	struct buf text = {0};
	int ret = 0;
	uint8_t ch;

	if (!c->arg[0].own)
		return template_not_of(c, "format", &c->arg[0]);
	while (ret == 0 && s.n > 0) {
		ch = s.p[0];
		s = slice_from(s, 1);
		if ((ch == '{' || ch == '}') && s.n > 0 && s.p[0] == ch) {
			s = slice_from(s, 1);
			buf_addc(&text, ch);
		} else if (ch == '{') {
			ret = format_one(c, &s, &text);
		} else if (ch == '}') {
			ret = err_set(c->e, E_INPUT, "format(): a '}' alone");
		} else {
			buf_addc(&text, ch);
		}
	}
	if (ret == 0)
		template_give_text(out, &text);
	buf_free(&text);
	return ret;
}

int
template_string_of(struct template_call *c, struct result *out)
{
	const struct result *r = &c->arg[0];
	struct buf text = {0};
	int ret;

	if (template_is_list(r) || (!r->own && json_is(r->v.v, JSON_OBJECT)))
		ret = template_write_json(c, r, &text);
	else
		ret = write_text(c, "string", r, &text);
	if (ret == 0)
		template_give_text(out, &text);
	buf_free(&text);
	return ret;
}

int
template_base64(struct template_call *c, struct result *out)
{
	struct buf text = {0};

	if (!c->arg[0].own)
		return template_not_of(c, "base64", &c->arg[0]);
	if (template_step(c->t, c->arg[0].text.n / 64, c->e) < 0)
		return -1;
	b64_encode(slice_buf(&c->arg[0].text), B64_STD | B64_PAD, &text);
	template_give_text(out, &text);
	return 0;
}

/* The letters of other alphabets have rules that are not worth having. */
static int
to_case(struct template_call *c, const char *name, uint8_t from,
    struct result *out)
{
	struct buf text = {0};
	size_t i;

	if (!c->arg[0].own)
		return template_not_of(c, name, &c->arg[0]);
	buf_add(&text, slice_buf(&c->arg[0].text));
	for (i = 0; i < text.n; i++) {
		if (text.p[i] >= 0x80) {
			buf_free(&text);
			return err_set(c->e, E_INPUT, "%s() of text beyond "
			    "ASCII", name);
		}
		if (text.p[i] >= from && text.p[i] < from + 26)
			text.p[i] ^= 0x20;
	}
	template_give_text(out, &text);
	return 0;
}

int
template_to_lower(struct template_call *c, struct result *out)
{
	return to_case(c, "toLower", 'A', out);
}

int
template_to_upper(struct template_call *c, struct result *out)
{
	return to_case(c, "toUpper", 'a', out);
}

/* json.c -- questions to a scanned text.  See json.h. */
#include "value/json.h"

#include <math.h>

#include "value/decimal.h"
#include "value/json_in.h"

static const struct json_val nothing;

static const struct node *
node(struct json_val v)
{
	return &v.doc->v[v.at];
}

static struct json_val
val(const struct json *doc, uint32_t at)
{
	return at != 0 ? (struct json_val){doc, at} : nothing;
}

struct json_val
json_root(const struct json *j)
{
	return val(j, 1);
}

bool
json_has(struct json_val v)
{
	return v.at != 0;
}

enum json_kind
json_kind(struct json_val v)
{
	return v.at != 0 ? (enum json_kind)node(v)->kind : JSON_NULL;
}

bool
json_is(struct json_val v, enum json_kind kind)
{
	return v.at != 0 && json_kind(v) == kind;
}

const char *
json_kind_name(struct json_val v)
{
	static const char *const names[] = {"null", "a boolean", "a boolean",
	    "a number", "a string", "an array", "an object"};

	return v.at != 0 ? names[json_kind(v)] : "missing";
}

struct slice
json_span(struct json_val v)
{
	return v.at != 0 ? node_text(v.doc, node(v)) : slice_of(NULL, 0);
}

bool
json_text_eq(struct json_val v, struct slice text)
{
	struct slice raw;
	uint8_t out[4];
	size_t i, n;

	if (!json_is(v, JSON_STRING))
		return false;
	raw = node_inner(v.doc, node(v));
	if (!node(v)->escaped)
		return raw.n == text.n &&
		    (text.n == 0 || memcmp(raw.p, text.p, text.n) == 0);
	for (i = 0; i < raw.n; text = slice_from(text, n)) {
		n = 1;
		out[0] = raw.p[i];
		i += raw.p[i] == '\\' ? json_unescape(raw.p + i, out, &n) : 1;
		if (text.n < n || memcmp(text.p, out, n) != 0)
			return false;
	}
	return text.n == 0;
}

bool
json_text_is(struct json_val v, const char *text)
{
	return json_text_eq(v, slice_str(text));
}

struct json_val
json_get_s(struct json_val object, struct slice name)
{
	struct json_val v;
	uint32_t at;

	if (!json_is(object, JSON_OBJECT))
		return nothing;
	if (json_count(object) >= JSON_MANY) {
		at = json_find(object.doc, object.at, name);
		return at != 0 ? val(object.doc, at + 1) : nothing;
	}
	for (v = json_first(object); v.at != 0; v = json_next(v))
		if (json_text_eq(json_name(v), name))
			return v;
	return nothing;
}

struct json_val
json_get(struct json_val object, const char *name)
{
	return json_get_s(object, slice_str(name));
}

struct json_val
json_at(struct json_val array, size_t i)
{
	struct json_val v;

	if (!json_is(array, JSON_ARRAY) || i >= node(array)->count)
		return nothing;
	for (v = json_first(array); i > 0; i--)
		v = json_next(v);
	return v;
}

size_t
json_count(struct json_val v)
{
	return v.at != 0 ? node(v)->count : 0;
}

struct json_val
json_first(struct json_val v)
{
	if (json_count(v) == 0)
		return nothing;
	return val(v.doc, v.at + (json_is(v, JSON_OBJECT) ? 2 : 1));
}

struct json_val
json_next(struct json_val v)
{
	if (v.at == 0 || node(v)->is_name)
		return nothing;
	return val(v.doc, node(v)->next);
}

struct json_val
json_name(struct json_val v)
{
	if (v.at == 0 || !node(v)->is_member)
		return nothing;
	return val(v.doc, v.at - 1);
}

struct json_val
json_parent(struct json_val v)
{
	return v.at != 0 ? val(v.doc, node(v)->parent) : nothing;
}

int
json_text(struct json_val v, const char *what, struct buf *out, struct err *e)
{
	struct slice raw;
	uint8_t ch[4];
	size_t n;

	if (!json_is(v, JSON_STRING))
		return err_set(e, E_INPUT, json_has(v) ?
		    "%s: %s, not a string" : "%s: %s", what,
		    json_kind_name(v));
	raw = node_inner(v.doc, node(v));
	while (node(v)->escaped && raw.n > 0) {
		n = slice_find(raw, '\\');
		buf_add(out, slice_head(raw, n));
		raw = slice_from(raw, n);
		if (raw.n == 0)
			break;
		raw = slice_from(raw, json_unescape(raw.p, ch, &n));
		buf_add(out, slice_of(ch, n));
	}
	buf_add(out, raw);
	return 0;
}

bool
json_int(struct json_val v, int64_t *out)
{
	struct slice s;
	bool minus;
	uint64_t n = 0, max;
	size_t i;

	if (!json_is(v, JSON_NUMBER))
		return false;
	s = node_text(v.doc, node(v));
	minus = s.p[0] == '-';
	max = (uint64_t)INT64_MAX + minus;
	for (i = minus; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
		if (n > (max - (uint64_t)(s.p[i] - '0')) / 10)
			return false;
		n = n * 10 + (uint64_t)(s.p[i] - '0');
	}
	*out = !minus ? (int64_t)n : n == max ? INT64_MIN : -(int64_t)n;
	return true;
}

bool
json_number(struct json_val v, double *out)
{
	double d;

	if (!json_is(v, JSON_NUMBER))
		return false;
	d = decimal_double(json_span(v));
	if (!isfinite(d))
		return false;
	*out = d;
	return true;
}

bool
json_bool(struct json_val v, bool *out)
{
	if (!json_is(v, JSON_TRUE) && !json_is(v, JSON_FALSE))
		return false;
	*out = json_is(v, JSON_TRUE);
	return true;
}

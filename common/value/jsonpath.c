/* jsonpath.c -- see jsonpath.h. */
#include "value/jsonpath.h"

static bool
plain(struct slice name)
{
	size_t i;

	for (i = 0; i < name.n; i++)
		if (!((name.p[i] | 0x20) >= 'a' && (name.p[i] | 0x20) <= 'z') &&
		    name.p[i] != '_' &&
		    !(i > 0 && name.p[i] >= '0' && name.p[i] <= '9'))
			return false;
	return name.n > 0;
}

static size_t
index_of(struct json_val array, struct json_val v)
{
	struct json_val at;
	size_t i = 0;

	for (at = json_first(array); json_has(at) && at.at != v.at;
	    at = json_next(at))
		i++;
	return i;
}

static void
step(struct json_val v, struct buf *out)
{
	struct buf name = {0};
	struct err e;

	if (json_is(json_parent(v), JSON_ARRAY)) {
		buf_addf(out, "[%zu]", index_of(json_parent(v), v));
		return;
	}
	(void)json_text(json_name(v), "name", &name, &e);
	if (plain(slice_buf(&name))) {
		if (out->n == 0 || out->p[out->n - 1] != '.')
			buf_addc(out, '.');
		buf_add(out, slice_buf(&name));
	} else {
		buf_addc(out, '[');
		json_quote(slice_buf(&name), out);
		buf_addc(out, ']');
	}
	buf_free(&name);
}

void
jsonpath(struct json_val v, struct buf *out)
{
	struct json_val up[JSON_DEPTH_MAX + 1];
	struct buf path = {0};
	int n = 0;

	buf_addc(&path, '.');
	for (; json_has(json_parent(v)) && n <= JSON_DEPTH_MAX;
	    v = json_parent(v))
		up[n++] = v;
	while (n > 0)
		step(up[--n], &path);
	buf_add(out, slice_buf(&path));
	buf_free(&path);
}

struct json_val
jsonpath_next(struct json_val v)
{
	struct json_val next = json_first(v);

	while (!json_has(next) && json_has(v)) {
		next = json_next(v);
		v = json_parent(v);
	}
	return next;
}

/* policycanon.c -- see policydiff.h: one form for all values that mean the
 * same to the framework. */
#include "format/policydiff.h"

#include <stdlib.h>

static int
order(const void *a, const void *b)
{
	const struct buf *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int d = n > 0 ? memcmp(x->p, y->p, n) : 0;

	if (d != 0)
		return d;
	return x->n < y->n ? -1 : x->n > y->n;
}

/* The order of these counts: a command's words, layers from the base up. */
static bool
is_ordered(struct json_val array)
{
	return json_text_is(json_name(array), "command") ||
	    json_text_is(json_name(array), "layers");
}

static void
add_scalar(struct json_val v, struct buf *out)
{
	struct buf text = {0};
	struct err e;

	if (!json_is(v, JSON_STRING)) {
		buf_add(out, json_span(v));
		return;
	}
	(void)json_text(v, "text", &text, &e);
	json_quote(slice_buf(&text), out);
	buf_free(&text);
}

/* One element or member. */
static void
add_part(struct json_val v, struct buf *out)
{
	if (json_has(json_name(v))) {
		add_scalar(json_name(v), out);
		buf_addc(out, ':');
	}
	policydiff_canon(v, out);
}

void
policydiff_canon(struct json_val v, struct buf *out)
{
	bool array = json_is(v, JSON_ARRAY);
	size_t n = json_count(v), i = 0;
	struct json_val at;
	struct buf *part;

	if (!array && !json_is(v, JSON_OBJECT)) {
		add_scalar(v, out);
		return;
	}
	if ((part = calloc(n + 1, sizeof *part)) == NULL)
		err_nomem();
	for (at = json_first(v); json_has(at); at = json_next(at))
		add_part(at, &part[i++]);
	if (!array || !is_ordered(v))
		qsort(part, n, sizeof *part, order);
	buf_addc(out, array ? '[' : '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add(out, slice_buf(&part[i]));
		buf_free(&part[i]);
	}
	buf_addc(out, array ? ']' : '}');
	free(part);
}

/* What json_parse() takes, libjq takes; compact and pretty text is the same
 * value again, and compact text does not change any more; nothing read twice
 * differs. */
#include "value/json.h"

#include <stdlib.h>

#include <jv.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
libjq_agrees(struct slice text)
{
	jv v = jv_parse_sized((const char *)text.p, (int)text.n);

	require(jv_is_valid(v));
	jv_free(v);
}

/* Every value lies within its parent, behind its name, and is found again
 * by that name. */
static void
walk(struct json_val v)
{
	struct json_val in, name;
	struct slice all = json_span(v), s;
	struct buf text = {0};
	struct err e;
	size_t n = 0;

	for (in = json_first(v); json_has(in); in = json_next(in), n++) {
		s = json_span(in);
		require(s.p > all.p && s.p + s.n < all.p + all.n);
		require(json_parent(in).at == v.at);
		name = json_name(in);
		require(json_has(name) == json_is(v, JSON_OBJECT));
		if (json_has(name)) {
			buf_cut(&text, 0);
			require(json_text(name, "name", &text, &e) == 0);
			require(json_text_eq(name, slice_buf(&text)));
			if (n < 32)
				require(json_get_s(v, slice_buf(&text)).at ==
				    in.at);
		}
		walk(in);
	}
	require(n == json_count(v));
	buf_free(&text);
}

static void
again(struct json_val v, struct slice text)
{
	struct json *j;
	struct err e;

	require(json_parse(text, &j, &e) == 0);
	require(json_equal(v, json_root(j)) && json_equal(json_root(j), v));
	json_free(j);
}

/* A string's characters, quoted anew, are the same string. */
static void
requote(struct slice data)
{
	struct buf quoted = {0}, text = {0};
	struct json *j;
	struct err e;

	json_quote(data, &quoted);
	require(json_parse(slice_buf(&quoted), &j, &e) == 0);
	require(json_text(json_root(j), "x", &text, &e) == 0);
	json_free(j);
	buf_cut(&quoted, 0);
	json_quote(slice_buf(&text), &quoted);
	require(json_parse(slice_buf(&quoted), &j, &e) == 0);
	require(json_text_eq(json_root(j), slice_buf(&text)));
	json_free(j);
	buf_free(&quoted);
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf compact = {0}, twice = {0};
	struct slice text = slice_of(data, size);
	struct json *j, *k;
	struct err e;

	requote(text);
	if (json_parse(text, &j, &e) < 0) {
		require(e.code == E_INPUT);
		require(strncmp(e.text, "json: ", 6) == 0);
		return 0;
	}
	libjq_agrees(text);
	walk(json_root(j));
	json_compact(json_root(j), &compact);
	again(json_root(j), slice_buf(&compact));
	require(compact.n <= size);
	require(json_parse(slice_buf(&compact), &k, &e) == 0);
	json_compact(json_root(k), &twice);
	require(slice_eq(slice_buf(&compact), slice_buf(&twice)));
	buf_cut(&twice, 0);
	json_pretty(json_root(k), &twice);
	again(json_root(j), slice_buf(&twice));
	json_free(k);
	json_free(j);
	buf_free(&compact);
	buf_free(&twice);
	return 0;
}

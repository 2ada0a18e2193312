/* fieldsjson.c -- see fields.h: records in JSON. */
#include "blob/fields.h"

#include "blob/fields_in.h"
#include "value/jsonpath.h"

/* Put the member's place in front of a message. */
static int
at_place(struct json_val v, struct err *e)
{
	struct buf path = {0};

	jsonpath(v, &path);
	(void)err_in(e, "%.*s", (int)path.n, (const char *)path.p);
	buf_free(&path);
	return -1;
}

/* What a member is called; keep holds it if it is escaped. */
static struct slice
name_of(struct json_val member, struct buf *keep)
{
	struct slice span = json_span(json_name(member));
	struct err e;

	span = slice_of(span.p + 1, span.n - 2);
	if (memchr(span.p, '\\', span.n) == NULL)
		return span;
	keep->n = 0;
	(void)json_text(json_name(member), "name", keep, &e);
	return slice_buf(keep);
}

/* The member beside v that has the field's new name must not be there. */
static int
alone(const struct field *f, const char *why, struct err *e)
{
	if (!json_has(json_get_s(json_parent(f->value), slice_buf(&f->name))))
		return 0;
	return err_set(e, E_INPUT, "%.*s stands beside it%s", (int)f->name.n,
	    (const char *)f->name.p, why);
}

static int
add_sealed(struct fieldwork *w, struct json_val v, struct slice name,
    struct err *e)
{
	struct field *f;
	int at;

	if (!field_sealed_name(&name) ||
	    (at = fieldask_find(w->ask, name)) < 0)
		return 0;
	w->used[at] = true;
	f = fieldwork_add(w);
	f->value = v;
	f->null = json_is(v, JSON_NULL);
	buf_add(&f->name, name);
	if (alone(f, ", in the clear", e) < 0)
		return -1;
	return f->null ? 0 : json_text(v, "ciphertext", &f->in, e);
}

static int
add_clear(struct fieldwork *w, struct json_val v, struct slice name,
    struct err *e)
{
	struct field *f;
	int at;

	if ((at = fieldask_find(w->ask, name)) < 0)
		return 0;
	w->used[at] = true;
	f = fieldwork_add(w);
	f->value = v;
	f->null = json_is(v, JSON_NULL);
	buf_add(&f->name, name);
	field_add_suffix(&f->name);
	if (alone(f, " already", e) < 0)
		return -1;
	switch (json_kind(v)) {
	case JSON_NULL:
		return 0;
	case JSON_STRING:
		return json_text(v, "value", &f->in, e);
	case JSON_ARRAY:
	case JSON_OBJECT:
		return err_set(e, E_INPUT, "%s: only strings, numbers and "
		    "booleans are encrypted", json_kind_name(v));
	default:
		buf_add(&f->in, json_span(v));
		return 0;
	}
}

static int
gather(struct fieldwork *w, struct json_val root, struct err *e)
{
	struct buf keep = {0};
	struct slice name;
	struct json_val v;
	int ret = 0;

	for (v = root; json_has(v); v = jsonpath_next(v)) {
		if (!json_has(json_name(v)))
			continue;
		name = name_of(v, &keep);
		ret = w->ask->seal ? add_clear(w, v, name, e) :
		    add_sealed(w, v, name, e);
		if (ret < 0) {
			(void)at_place(v, e);
			break;
		}
	}
	buf_free(&keep);
	return ret;
}

/* 1 if something was left, and so the record is. */
static int
do_all(struct fieldwork *w, struct err *e)
{
	int ret, left = 0;
	size_t i;

	for (i = 0; i < w->n; i++) {
		if ((ret = fieldwork_do(w, &w->v[i], e)) < 0)
			return at_place(w->v[i].value, e);
		left |= ret;
	}
	return left;
}

static void
write_all(const struct fieldwork *w, struct slice rec, struct buf *out)
{
	const uint8_t *from = rec.p;
	struct slice name, value;
	const struct field *f;
	size_t i;

	for (i = 0; i < w->n; i++) {
		f = &w->v[i];
		name = json_span(json_name(f->value));
		value = json_span(f->value);
		buf_add(out, slice_of(from, (size_t)(name.p - from)));
		json_quote(slice_buf(&f->name), out);
		from = name.p + name.n;
		buf_add(out, slice_of(from, (size_t)(value.p - from)));
		if (f->null)
			buf_add(out, value);
		else
			json_quote(slice_buf(&f->out), out);
		from = value.p + value.n;
	}
	buf_add(out, slice_of(from, (size_t)(rec.p + rec.n - from)));
}

/* Most records of some streams have nothing to open; an escape may hide it. */
static bool
may_have(const struct fieldwork *w, struct slice rec)
{
	return w->ask->seal || slice_find(rec, '\\') < rec.n ||
	    slice_search(rec, "_encrypted") < rec.n;
}

int
fields_json(struct fieldwork *w, struct slice rec, struct buf *out,
    struct err *e)
{
	struct json *doc;
	int ret = 0;

	w->n = 0;
	if (json_parse(rec, &doc, e) < 0)
		return -1;
	if (may_have(w, rec))
		ret = gather(w, json_root(doc), e);
	if (ret == 0)
		ret = do_all(w, e);
	if (ret == 1)
		buf_add(out, rec);
	else if (ret == 0)
		write_all(w, rec, out);
	if (ret >= 0)
		fieldwork_next(w, ret == 1);
	json_free(doc);
	return ret < 0 ? -1 : 0;
}

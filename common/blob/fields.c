/* fields.c -- see fields.h. */
#include "blob/fields.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "value/jsonpath.h"
#include "ground/text.h"

static const char suffix[] = "_encrypted";

struct field {
	struct json_val value;
	size_t record;
	struct buf name;	/* the one it will have */
	struct buf in, out;	/* block and plaintext, or the reverse */
	bool done;
};

struct fields {
	struct slice text;
	struct json *doc;
	struct field *v;
	size_t n, cap;
	bool *left;		/* a record each */
	size_t records;
};

static struct fields *
fields_new(struct slice text, struct err *e)
{
	struct json *doc;
	struct fields *f;

	if (json_parse(text, &doc, e) < 0)
		return NULL;
	if ((f = calloc(1, sizeof *f)) == NULL)
		err_nomem();
	f->text = text;
	f->doc = doc;
	f->records = json_is(json_root(doc), JSON_ARRAY) ?
	    json_count(json_root(doc)) : 1;
	if ((f->left = calloc(f->records + 1, sizeof *f->left)) == NULL)
		err_nomem();
	return f;
}

static struct field *
add(struct fields *f, struct json_val value, size_t record)
{
	struct field *v;

	if (f->n == f->cap) {
		f->cap = f->cap > 0 ? 2 * f->cap : 64;
		/* pointers only: what is secret does not move */
		if ((v = reallocarray(f->v, f->cap, sizeof *v)) == NULL)
			err_nomem();
		f->v = v;
	}
	v = &f->v[f->n++];
	*v = (struct field){.value = value, .record = record};
	return v;
}

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

/* Append what a member is called. */
static void
name_of(struct json_val member, struct buf *out)
{
	struct err e;

	(void)json_text(json_name(member), "name", out, &e);
}

/* The member beside v that is called name must not be there. */
static int
alone(struct json_val v, const struct buf *name, const char *why,
    struct err *e)
{
	if (!json_has(json_get_s(json_parent(v), slice_buf(name))))
		return 0;
	(void)err_set(e, E_INPUT, "%.*s stands beside it%s", (int)name->n,
	    (const char *)name->p, why);
	return at_place(v, e);
}

static int
read_block(struct field *f, struct err *e)
{
	struct buf text = {0};
	int ret;

	if (json_is(f->value, JSON_NULL))
		return 0;
	ret = json_text(f->value, "ciphertext", &text, e);
	if (ret == 0)
		ret = b64_decode(slice_buf(&text), B64_TEXT, &f->in, e);
	if (ret == 0 && f->in.n == 0)
		ret = err_set(e, E_INPUT, "an empty text is no ciphertext");
	buf_free(&text);
	return ret < 0 ? at_place(f->value, e) : 0;
}

static int
add_sealed(struct fields *f, struct json_val v, size_t record, struct err *e)
{
	size_t tail = sizeof suffix - 1;
	struct buf name = {0};
	struct field *new;

	name_of(v, &name);
	if (name.n <= tail || memcmp(name.p + name.n - tail, suffix, tail)) {
		buf_free(&name);
		return 0;
	}
	buf_cut(&name, name.n - tail);
	new = add(f, v, record);
	new->name = name;
	if (alone(v, &new->name, ", in the clear", e) < 0)
		return -1;
	return read_block(new, e);
}

/* Does the list name it?  used has a flag for each name of the list. */
static bool
listed(struct slice names, struct slice name, bool *used)
{
	size_t n, i = 0;

	for (;; names = slice_from(names, n + 1), i++) {
		n = slice_find(names, ',');
		if (slice_eq(slice_head(names, n), name)) {
			used[i] = true;
			return true;
		}
		if (n == names.n)
			return false;
	}
}

static int
add_clear(struct fields *f, struct json_val v, size_t record, struct err *e)
{
	struct field *new = add(f, v, record);

	name_of(v, &new->name);
	buf_adds(&new->name, suffix);
	if (alone(v, &new->name, " already", e) < 0)
		return -1;
	switch (json_kind(v)) {
	case JSON_NULL:
		return 0;
	case JSON_STRING:
		return json_text(v, "value", &new->in, e);
	case JSON_ARRAY:
	case JSON_OBJECT:
		(void)err_set(e, E_INPUT, "%s: only strings, numbers and "
		    "booleans are encrypted", json_kind_name(v));
		return at_place(v, e);
	default:
		buf_add(&new->in, json_span(v));
		return 0;
	}
}

/* Go through the document; used is NULL to gather what is encrypted. */
static int
gather(struct fields *f, struct slice names, bool *used, struct err *e)
{
	struct json_val root = json_root(f->doc), v;
	bool array = json_is(root, JSON_ARRAY);
	size_t record = 0, seen = 0;
	struct buf name = {0};
	int ret = 0;

	for (v = root; ret == 0 && json_has(v); v = jsonpath_next(v)) {
		if (array && json_parent(v).at == root.at)
			record = seen++;
		if (!json_has(json_name(v)))
			continue;
		if (used == NULL) {
			ret = add_sealed(f, v, record, e);
			continue;
		}
		buf_cut(&name, 0);
		name_of(v, &name);
		if (listed(names, slice_buf(&name), used))
			ret = add_clear(f, v, record, e);
	}
	buf_free(&name);
	return ret;
}

int
fields_sealed(struct slice text, struct fields **out, struct err *e)
{
	struct fields *f = fields_new(text, e);
	int ret;

	if (f == NULL)
		return -1;
	ret = gather(f, (struct slice){0}, NULL, e);
	if (ret == 0 && f->n == 0)
		ret = err_set(e, E_INPUT, "no member is named "
		    "<field>_encrypted");
	if (ret == 0)
		*out = f;
	else
		fields_free(f);
	return ret;
}

/* How many names the list has; 0 if one of them is empty. */
static size_t
count_names(struct slice names)
{
	size_t n, count = 0;

	for (;; names = slice_from(names, n + 1)) {
		n = slice_find(names, ',');
		if (n == 0)
			return 0;
		count++;
		if (n == names.n)
			return count;
	}
}

/* A name twice in the list is a slip, of which one would like to hear. */
static int
check_twice(struct slice names, struct err *e)
{
	struct slice rest, name, other;

	for (; names.n > 0; names = rest) {
		name = slice_head(names, slice_find(names, ','));
		rest = slice_from(names, name.n + 1);
		for (names = rest; names.n > 0;
		    names = slice_from(names, other.n + 1)) {
			other = slice_head(names, slice_find(names, ','));
			if (slice_eq(name, other))
				return err_set(e, E_USAGE, "the field %.*s "
				    "is named twice",
				    (int)slice_head(name, 200).n,
				    (const char *)name.p);
		}
	}
	return 0;
}

static int
all_used(struct slice names, const bool *used, struct err *e)
{
	size_t n;

	for (; names.n > 0; names = slice_from(names, n + 1)) {
		n = slice_find(names, ',');
		if (!*used++)
			return err_set(e, E_INPUT, "no member is named %.*s",
			    (int)(n < 200 ? n : 200), (const char *)names.p);
	}
	return 0;
}

int
fields_clear(struct slice text, struct slice names, struct fields **out,
    struct err *e)
{
	size_t count = count_names(names);
	struct fields *f;
	bool *used;
	int ret;

	if (count == 0)
		return err_set(e, E_USAGE, "an empty name among the fields");
	if (check_twice(names, e) < 0)
		return -1;
	if ((f = fields_new(text, e)) == NULL)
		return -1;
	if ((used = calloc(count, sizeof *used)) == NULL)
		err_nomem();
	ret = gather(f, names, used, e);
	if (ret == 0)
		ret = all_used(names, used, e);
	free(used);
	if (ret == 0)
		*out = f;
	else
		fields_free(f);
	return ret;
}

size_t
fields_count(const struct fields *f)
{
	return f->n;
}

size_t
fields_records(const struct fields *f)
{
	return f->records;
}

int
fields_open(struct fields *f, size_t i, struct oaep_run *run, struct err *e)
{
	struct field *v = &f->v[i];

	v->done = true;
	if (json_is(v->value, JSON_NULL))
		return 0;
	if (oaep_open(run, slice_buf(&v->in), &v->out, e) < 0)
		return at_place(v->value, e);
	if (text_is_utf8(slice_buf(&v->out)))
		return 0;
	(void)err_set(e, E_INPUT, "decrypts to bytes that are no UTF-8, which "
	    "JSON cannot hold");
	return at_place(v->value, e);
}

int
fields_seal(struct fields *f, size_t i, struct oaep_run *run, struct err *e)
{
	struct field *v = &f->v[i];
	struct buf block = {0};
	int ret;

	v->done = true;
	if (json_is(v->value, JSON_NULL))
		return 0;
	ret = oaep_seal(run, slice_buf(&v->in), &block, e);
	if (ret == 0)
		b64_encode(slice_buf(&block), B64_STD | B64_PAD, &v->out);
	buf_free(&block);
	return ret < 0 ? at_place(v->value, e) : 0;
}

bool
fields_foreign(const struct fields *f, size_t i, size_t block)
{
	return f->v[i].in.n != block;
}

void
fields_leave(struct fields *f, size_t i)
{
	f->left[f->v[i].record] = true;
}

size_t
fields_left(const struct fields *f)
{
	size_t i, n = 0;

	for (i = 0; i < f->records; i++)
		n += f->left[i];
	return n;
}

void
fields_write(const struct fields *f, struct buf *out)
{
	const uint8_t *from = f->text.p;
	struct slice name, value;
	const struct field *v;
	size_t i;

	for (i = 0; i < f->n; i++) {
		v = &f->v[i];
		if (!v->done || f->left[v->record])
			continue;
		name = json_span(json_name(v->value));
		value = json_span(v->value);
		buf_add(out, slice_of(from, (size_t)(name.p - from)));
		json_quote(slice_buf(&v->name), out);
		from = name.p + name.n;
		buf_add(out, slice_of(from, (size_t)(value.p - from)));
		if (json_is(v->value, JSON_NULL))
			buf_add(out, value);
		else
			json_quote(slice_buf(&v->out), out);
		from = value.p + value.n;
	}
	buf_add(out, slice_of(from, (size_t)(f->text.p + f->text.n - from)));
}

void
fields_free(struct fields *f)
{
	size_t i;

	if (f == NULL)
		return;
	for (i = 0; i < f->n; i++) {
		buf_free(&f->v[i].name);
		buf_free(&f->v[i].in);
		buf_free(&f->v[i].out);
	}
	free(f->v);
	free(f->left);
	json_free(f->doc);
	free(f);
}

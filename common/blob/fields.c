/* fields.c -- see fields.h: what all kinds of records have in common. */
#include "blob/fields.h"

#include <stdlib.h>

#include "blob/fields_in.h"
#include "ground/text.h"

static const char suffix[] = "_encrypted";

/* --- names --- */

static struct slice
shown(struct slice name)
{
	return slice_head(name, 200);
}

static int
add_name(struct fieldask *a, struct slice name, struct err *e)
{
	struct slice s = shown(name);

	if (name.n == 0)
		return err_set(e, E_USAGE, "an empty name among the fields");
	if (a->n > 0 && fieldask_find(a, name) >= 0)
		return err_set(e, E_USAGE, "the field %.*s is named twice",
		    (int)s.n, (const char *)s.p);
	if (a->n == FIELDS_NAMES_MAX)
		return err_set(e, E_USAGE, "more than %d fields",
		    FIELDS_NAMES_MAX);
	a->name[a->n++] = name;
	return 0;
}

int
fieldask_read(struct fieldask *a, const char *names, struct err *e)
{
	struct slice rest, name;
	bool more = true;

	if (names == NULL)
		return 0;
	a->name = calloc(FIELDS_NAMES_MAX, sizeof *a->name);
	if (a->name == NULL)
		err_nomem();
	for (rest = slice_str(names); more;
	    rest = slice_from(rest, name.n + 1)) {
		name = slice_head(rest, slice_find(rest, ','));
		more = name.n < rest.n;
		if (add_name(a, name, e) < 0)
			return -1;
	}
	return 0;
}

void
fieldask_free(struct fieldask *a)
{
	free(a->name);
	a->name = NULL;
}

int
fieldask_find(const struct fieldask *a, struct slice name)
{
	size_t i;

	if (a->n == 0)
		return 0;
	for (i = 0; i < a->n; i++)
		if (slice_eq(a->name[i], name))
			return (int)i;
	return -1;
}

bool
field_sealed_name(struct slice *name)
{
	size_t tail = sizeof suffix - 1;

	if (name->n <= tail || memcmp(name->p + name->n - tail, suffix,
	    tail) != 0)
		return false;
	name->n -= tail;
	return true;
}

void
field_add_suffix(struct buf *name)
{
	buf_adds(name, suffix);
}

/* --- a worker's --- */

int
fieldwork_new(const struct fieldask *ask, struct fieldwork **out,
    struct err *e)
{
	struct fieldwork *w = calloc(1, sizeof *w);

	if (w == NULL || (w->used = calloc(ask->n + 1, sizeof *w->used)) ==
	    NULL)
		err_nomem();
	w->ask = ask;
	if (fieldvalue_new(ask->job, ask->seal, &w->value, e) < 0) {
		fieldwork_free(w);
		return -1;
	}
	*out = w;
	return 0;
}

void
fieldwork_free(struct fieldwork *w)
{
	size_t i;

	if (w == NULL)
		return;
	for (i = 0; i < w->cap; i++) {
		buf_free(&w->v[i].name);
		buf_free(&w->v[i].in);
		buf_free(&w->v[i].out);
	}
	for (i = 0; i < w->n_tally; i++)
		buf_free(&w->tally[i].name);
	free(w->tally);
	free(w->v);
	free(w->used);
	fieldvalue_free(w->value);
	free(w);
}

struct field *
fieldwork_add(struct fieldwork *w)
{
	struct field *v;

	if (w->n == w->cap) {
		/* pointers only: what is secret does not move */
		v = reallocarray(w->v, w->cap + 16, sizeof *v);
		if (v == NULL)
			err_nomem();
		memset(v + w->cap, 0, 16 * sizeof *v);
		w->v = v;
		w->cap += 16;
	}
	v = &w->v[w->n++];
	v->null = false;
	/* not cut: written over, and wiped in the end */
	v->name.n = v->in.n = v->out.n = 0;
	return v;
}

void
fieldwork_left(struct fieldwork *w, struct slice name)
{
	struct fieldtally *t;
	size_t i;

	for (i = 0; i < w->n_tally; i++)
		if (slice_eq(slice_buf(&w->tally[i].name), name))
			break;
	if (i == w->n_tally) {
		/* a stream may have any number of names; a line has not */
		if (i == FIELDS_NAMES_MAX)
			return;
		t = reallocarray(w->tally, i + 1, sizeof *t);
		if (t == NULL)
			err_nomem();
		w->tally = t;
		t[w->n_tally++] = (struct fieldtally){{0}, 0};
		buf_add(&t[i].name, name);
	}
	w->tally[i].left++;
}

int
fieldwork_do(struct fieldwork *w, struct field *v, struct err *e)
{
	bool other;

	if (v->null)
		return 0;
	if (w->ask->seal)
		return fieldvalue_seal(w->value, slice_buf(&v->in), &v->out,
		    e);
	if (fieldvalue_open(w->value, slice_buf(&v->in), &v->out, &other,
	    e) == 0) {
		if (text_is_utf8(slice_buf(&v->out)))
			return 0;
		return err_set(e, E_INPUT, "decrypts to bytes that are no "
		    "UTF-8, which a record cannot hold");
	}
	if (!other || !w->ask->job->skip)
		return -1;
	fieldwork_left(w, slice_buf(&v->name));
	return 1;
}

void
fieldwork_next(struct fieldwork *w, bool left)
{
	w->n = 0;
	w->records++;
	w->left += left;
}

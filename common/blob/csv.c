/* csv.c -- see csv.h. */
#include "blob/csv.h"

#include <stdlib.h>

#include "blob/fields_in.h"
#include "ground/text.h"

/* Take the next value off rest, with its quotes; *more says that a comma is
 * behind it. */
static int
take(struct slice *rest, struct slice *value, bool *more, struct err *e)
{
	const uint8_t *p = rest->p, *end = p + rest->n, *q;

	if (rest->n > 0 && *p == '"') {
		for (p++; p < end; p += 2) {
			q = memchr(p, '"', (size_t)(end - p));
			p = q != NULL ? q : end;
			if (p + 1 >= end || p[1] != '"')
				break;
		}
		if (p >= end)
			return err_set(e, E_INPUT, "a quote that is not "
			    "closed");
		p++;
		if (p < end && *p != ',')
			return err_set(e, E_INPUT, "text behind a closing "
			    "quote");
	} else {
		q = rest->n > 0 ? memchr(p, ',', rest->n) : NULL;
		p = q != NULL ? q : end;
		*value = slice_of(rest->p, (size_t)(p - rest->p));
		if (slice_find(*value, '"') < value->n)
			return err_set(e, E_INPUT, "a quote in a value that "
			    "does not begin with one");
		if (slice_find(*value, '\r') < value->n)
			return err_set(e, E_INPUT, "a carriage return "
			    "outside of quotes");
	}
	*value = slice_of(rest->p, (size_t)(p - rest->p));
	*more = p < end;
	*rest = slice_from(*rest, value->n + *more);
	return 0;
}

static bool
quoted(struct slice value)
{
	return value.n > 0 && value.p[0] == '"';
}

/* Append what a value says. */
static void
text_of(struct slice value, struct buf *out)
{
	size_t n;

	if (!quoted(value)) {
		buf_add(out, value);
		return;
	}
	value = slice_of(value.p + 1, value.n - 2);
	while (value.n > 0) {
		n = slice_find(value, '"');
		/* of two quotes one stays */
		buf_add(out, slice_head(value, n + 1));
		value = slice_from(value, n + 2);
	}
}

/* Append it in quotes, if it must have them or is to. */
static void
put(struct slice text, bool quotes, struct buf *out)
{
	size_t i;

	quotes = quotes || text.n == 0;
	for (i = 0; i < text.n && !quotes; i++)
		quotes = text.p[i] == ',' || text.p[i] == '"' ||
		    text.p[i] == '\n' || text.p[i] == '\r';
	if (quotes)
		buf_addc(out, '"');
	for (i = 0; i < text.n; i++) {
		if (text.p[i] == '"')
			buf_addc(out, '"');
		buf_addc(out, text.p[i]);
	}
	if (quotes)
		buf_addc(out, '"');
}

static int
no_nul(struct slice row, struct err *e)
{
	return slice_find(row, '\0') == row.n ? 0 :
	    err_set(e, E_INPUT, "a NUL character, which is no text");
}

/* --- the header --- */

static int
add_column(struct csv *c, struct buf **names, struct slice value)
{
	size_t n = c->columns;

	if (n == CSV_COLUMNS_MAX)
		return -1;
	if ((n & (n - 1)) == 0) {
		*names = reallocarray(*names, 2 * n + 1, sizeof **names);
		if (*names == NULL)
			err_nomem();
	}
	(*names)[n] = (struct buf){0};
	text_of(value, &(*names)[n]);
	c->columns++;
	return 0;
}

static int
by_bytes(const void *a, const void *b)
{
	const struct buf *x = *(const struct buf *const *)a;
	const struct buf *y = *(const struct buf *const *)b;
	size_t n = x->n < y->n ? x->n : y->n;
	int d = n > 0 ? memcmp(x->p, y->p, n) : 0;

	return d != 0 ? d : (x->n > y->n) - (x->n < y->n);
}

/* Sorted, so that any number of names takes little time. */
static int
check_names(const struct buf **sorted, const struct buf *names, size_t n,
    struct err *e)
{
	size_t i;

	for (i = 0; i < n; i++)
		sorted[i] = &names[i];
	qsort(sorted, n, sizeof(void *), by_bytes);
	for (i = 1; i < n; i++)
		if (by_bytes(&sorted[i - 1], &sorted[i]) == 0)
			return err_set(e, E_INPUT, "the name %.*s twice",
			    (int)slice_head(slice_buf(sorted[i]), 100).n,
			    (const char *)sorted[i]->p);
	return 0;
}

static bool
has_name(const struct buf *const *sorted, size_t n, const struct buf *name)
{
	return bsearch(&name, sorted, n, sizeof(void *), by_bytes) != NULL;
}

/* Which columns are to be done. */
static int
choose(const struct fieldask *ask, struct csv *c, const struct buf *names,
    const struct buf *const *sorted, struct err *e)
{
	struct buf new = {0};
	struct slice name;
	int ret = 0;
	size_t i;

	for (i = 0; ret == 0 && i < c->columns; i++) {
		name = slice_buf(&names[i]);
		c->place[i] = -1;
		if ((!ask->seal && !field_sealed_name(&name)) ||
		    (c->place[i] = fieldask_find(ask, name)) < 0)
			continue;
		c->any = true;
		buf_add(&c->name[i], name);
		new.n = 0;
		buf_add(&new, name);
		if (ask->seal)
			field_add_suffix(&new);
		if (has_name(sorted, c->columns, &new))
			ret = err_set(e, E_INPUT, "the column %.*s stands "
			    "beside its %s form", (int)slice_head(name, 100).n,
			    (const char *)name.p, ask->seal ? "encrypted" :
			    "clear");
	}
	buf_free(&new);
	return ret;
}

int
csv_head(const struct fieldask *ask, struct slice row, struct csv *out,
    struct err *e)
{
	struct csv c = {0};
	struct buf *names = NULL;
	const struct buf **sorted = NULL;
	struct slice rest = row, value;
	bool more = true;
	int ret;
	size_t i;

	ret = no_nul(row, e);
	if (ret == 0 && !text_is_utf8(row))
		ret = err_set(e, E_INPUT, "not UTF-8");
	if (ret == 0 && slice_trim(row).n == 0)
		ret = err_set(e, E_INPUT, "no names");
	while (ret == 0 && more) {
		ret = take(&rest, &value, &more, e);
		if (ret == 0 && add_column(&c, &names, value) < 0)
			ret = err_set(e, E_INPUT, "more than %d columns",
			    CSV_COLUMNS_MAX);
	}
	c.place = calloc(c.columns + 1, sizeof *c.place);
	c.name = calloc(c.columns + 1, sizeof *c.name);
	sorted = calloc(c.columns + 1, sizeof(void *));
	if (c.place == NULL || c.name == NULL || sorted == NULL)
		err_nomem();
	if (ret == 0)
		ret = check_names(sorted, names, c.columns, e);
	if (ret == 0)
		ret = choose(ask, &c, names, sorted, e);
	for (i = 0; i < c.columns; i++)
		buf_free(&names[i]);
	free(names);
	free(sorted);
	if (ret == 0)
		*out = c;
	else
		csv_free(&c);
	return ret;
}

void
csv_free(struct csv *c)
{
	size_t i;

	for (i = 0; i < c->columns; i++)
		buf_free(&c->name[i]);
	free(c->name);
	free(c->place);
	*c = (struct csv){0};
}

void
csv_put_head(const struct fieldask *ask, const struct csv *c,
    struct slice row, struct buf *out)
{
	struct slice value = {0};
	struct buf name = {0};
	bool more = true;
	struct err e;
	size_t i;

	for (i = 0; i < c->columns && take(&row, &value, &more, &e) == 0;
	    i++) {
		if (i > 0)
			buf_addc(out, ',');
		if (c->place[i] < 0) {
			buf_add(out, value);
			continue;
		}
		name.n = 0;
		buf_add(&name, slice_buf(&c->name[i]));
		if (ask->seal)
			field_add_suffix(&name);
		put(slice_buf(&name), quoted(value), out);
	}
	buf_free(&name);
}

/* --- rows --- */

static int
at_column(const struct csv *c, size_t i, struct err *e)
{
	struct slice name = slice_head(slice_buf(&c->name[i]), 100);

	if (name.n > 0)
		return err_in(e, "column %.*s", (int)name.n,
		    (const char *)name.p);
	return err_in(e, "column %zu", i + 1);
}

/* Seal or open one value, as field v. */
static int
value_in(struct fieldwork *w, const struct csv *c, size_t i,
    struct slice value, struct err *e)
{
	struct field *v = fieldwork_add(w);

	v->column = i;
	v->null = value.n == 0;
	buf_add(&v->name, slice_buf(&c->name[i]));
	text_of(value, &v->in);
	if (w->ask->seal && !text_is_utf8(slice_buf(&v->in)))
		return err_set(e, E_INPUT, "a value that is no UTF-8");
	return fieldwork_do(w, v, e);
}

/* 1 if something is left. */
static int
do_row(struct fieldwork *w, const struct csv *c, struct slice row,
    struct err *e)
{
	struct slice rest = row, value;
	bool more = true;
	int ret, left = 0;
	size_t i;

	for (i = 0; more; i++) {
		if (take(&rest, &value, &more, e) < 0)
			return i < c->columns ? at_column(c, i, e) : -1;
		if (i >= c->columns)
			continue;
		if (c->place[i] < 0)
			continue;
		if ((ret = value_in(w, c, i, value, e)) < 0)
			return at_column(c, i, e);
		left |= ret;
	}
	if (i != c->columns)
		return err_set(e, E_INPUT, "%zu columns where the header has "
		    "%zu", i, c->columns);
	return left;
}

static void
put_row(const struct fieldwork *w, struct slice row, struct buf *out)
{
	struct slice rest = row, value = {0};
	const uint8_t *from = row.p;
	const struct field *v;
	bool more = true;
	size_t i, column = 0;
	struct err e;

	for (i = 0; i < w->n; i++) {
		v = &w->v[i];
		for (; column <= v->column; column++)
			(void)take(&rest, &value, &more, &e);
		buf_add(out, slice_of(from, (size_t)(value.p - from)));
		if (!v->null)
			put(slice_buf(&v->out), quoted(value), out);
		from = value.p + value.n;
	}
	buf_add(out, slice_of(from, (size_t)(row.p + row.n - from)));
}

int
csv_row(struct fieldwork *w, const struct csv *c, struct slice row,
    struct buf *out, struct err *e)
{
	int ret;

	w->n = 0;
	if (row.n == 0 && c->columns > 1)
		return 0;
	if (no_nul(row, e) < 0 || (ret = do_row(w, c, row, e)) < 0)
		return -1;
	if (ret == 1)
		buf_add(out, row);
	else
		put_row(w, row, out);
	fieldwork_next(w, ret == 1);
	return 0;
}

/* tarpax.c -- pax extended headers; see tar.h. */
#include "image/tar_in.h"

#include <stdlib.h>

static const char *const keys[KEYS] = {
	[KEY_PATH] = "path",
	[KEY_LINKPATH] = "linkpath",
	[KEY_UNAME] = "uname",
	[KEY_GNAME] = "gname",
	[KEY_UID] = "uid",
	[KEY_GID] = "gid",
	[KEY_SIZE] = "size",
	[KEY_MTIME] = "mtime",
	[KEY_ATIME] = "atime",
	[KEY_CTIME] = "ctime",
	[KEY_MAJOR] = "GNU.sparse.major",
	[KEY_MINOR] = "GNU.sparse.minor",
	[KEY_MAP] = "GNU.sparse.map",
	[KEY_BLOCKS] = "GNU.sparse.numblocks",
	[KEY_SPARSE_NAME] = "GNU.sparse.name",
	[KEY_SPARSE_SIZE] = "GNU.sparse.size",
	[KEY_REALSIZE] = "GNU.sparse.realsize",
};
static const char offset_key[] = "GNU.sparse.offset",
    length_key[] = "GNU.sparse.numbytes", xattr_prefix[] = "SCHILY.xattr.";

enum { RECORD_MIN = 5 };	/* bytes: "5 a=\n" */

bool
tar_decimal(struct slice s, int64_t *out)
{
	uint64_t value = 0, most = INT64_MAX;
	bool negative = s.n > 0 && s.p[0] == '-';

	if (negative || (s.n > 0 && s.p[0] == '+'))
		s = slice_from(s, 1);
	most += negative;
	if (s.n == 0)
		return false;
	for (; s.n > 0; s = slice_from(s, 1)) {
		uint64_t digit = (uint64_t)s.p[0] - '0';

		if (digit > 9 || value > (most - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*out = (int64_t)(negative ? -value : value);
	return true;
}

void
tar_pax_clear(struct tar_pax *p)
{
	p->body.n = p->map.n = p->xattrs.n = 0;
	memset(p->value, 0, sizeof p->value);
}

/* One half of a stretch of a sparse file, as version 0.0 has them: offset and
 * length in turn.  n counts the halves so far. */
static bool
half(struct tar_pax *p, bool is_offset, size_t *n, struct slice value)
{
	if (is_offset != (*n % 2 == 0) || slice_find(value, ',') < value.n)
		return false;
	if ((*n)++ > 0)
		buf_addc(&p->map, ',');
	buf_add(&p->map, value);
	return true;
}

static bool
one_record(struct tar_pax *p, size_t *halves, struct slice key,
    struct slice value)
{
	struct tar_xattr x;
	size_t i;

	for (i = 0; i < KEYS && !slice_is(key, keys[i]); i++)
		;
	if (i < KEYS)
		p->value[i] = value;
	if (i <= KEY_GNAME)
		return slice_find(value, '\0') == value.n;
	if (slice_is(key, offset_key) || slice_is(key, length_key))
		return half(p, slice_is(key, offset_key), halves, value);
	if (slice_starts(key, xattr_prefix)) {
		x = (struct tar_xattr){slice_from(key, sizeof xattr_prefix -
		    1), value};
		buf_add(&p->xattrs, slice_of(&x, sizeof x));
	}
	return key.n > 0 && slice_find(key, '\0') == key.n;
}

/* "LENGTH KEY=VALUE\n" at the front of *rest; false if it is none. */
static bool
record(struct tar_pax *p, size_t *halves, struct slice *rest)
{
	size_t blank = slice_find(*rest, ' '), equals;
	struct slice text;
	int64_t n;

	if (blank == rest->n || !tar_decimal(slice_head(*rest, blank), &n) ||
	    n < RECORD_MIN || (uint64_t)n > rest->n ||
	    (uint64_t)n <= blank + 1 || rest->p[n - 1] != '\n')
		return false;
	text = slice_head(*rest, (size_t)n - 1);
	text = slice_from(text, blank + 1);
	*rest = slice_from(*rest, (size_t)n);
	equals = slice_find(text, '=');
	return equals < text.n && one_record(p, halves, slice_head(text,
	    equals), slice_from(text, equals + 1));
}

static int
by_name(const void *a, const void *b)
{
	const struct tar_xattr *x = a, *y = b;
	size_t n = x->name.n < y->name.n ? x->name.n : y->name.n;
	int order = n > 0 ? memcmp(x->name.p, y->name.p, n) : 0;

	if (order == 0 && x->name.n != y->name.n)
		order = x->name.n < y->name.n ? -1 : 1;
	/* the same name: as they stand in the header */
	return order != 0 ? order : x->name.p < y->name.p ? -1 : 1;
}

/* Of several records of one name the last counts. */
static void
sort_xattrs(struct buf *xattrs)
{
	struct tar_xattr *x = (struct tar_xattr *)(void *)xattrs->p;
	size_t n = xattrs->n / sizeof *x, i, kept = 0;

	if (n == 0)
		return;
	qsort(x, n, sizeof *x, by_name);
	for (i = 0; i < n; i++)
		if (i + 1 == n || !slice_eq(x[i].name, x[i + 1].name))
			x[kept++] = x[i];
	xattrs->n = kept * sizeof *x;
}

int
tar_pax_parse(struct tar_pax *p, struct err *e)
{
	struct slice rest = slice_buf(&p->body);
	size_t halves = 0;

	p->map.n = p->xattrs.n = 0;
	memset(p->value, 0, sizeof p->value);
	while (rest.n > 0)
		if (!record(p, &halves, &rest))
			return err_set(e, E_INPUT, "a record of its pax "
			    "header is broken");
	if (halves > 0)
		p->value[KEY_MAP] = slice_buf(&p->map);
	sort_xattrs(&p->xattrs);
	return 0;
}

/* "SECONDS" or "SECONDS.FRACTION", of which nine digits count. */
static bool
pax_time(struct slice s, struct tar_time *out)
{
	size_t dot = slice_find(s, '.'), i;
	struct slice fraction = slice_from(s, dot + 1);
	bool negative = s.p[0] == '-';
	uint32_t nano = 0;

	out->given = true;
	if (!tar_decimal(slice_head(s, dot), &out->second))
		return false;
	for (i = 0; i < fraction.n; i++)
		if (fraction.p[i] < '0' || fraction.p[i] > '9')
			return false;
	for (i = 0; i < 9; i++)
		nano = nano * 10 + (i < fraction.n ? fraction.p[i] -
		    (uint32_t)'0' : 0);
	if (negative && nano > 0) {
		out->second = (int64_t)((uint64_t)out->second - 1);
		nano = 1000000000 - nano;
	}
	out->nano = nano;
	return true;
}

int
tar_pax_merge(struct tar_pax *p, struct tar_entry *t, struct err *e)
{
	int64_t *const numbers[] = {&t->uid, &t->gid, &t->size};
	struct tar_time *const times[] = {&t->mtime, &t->atime, &t->ctime};
	enum tar_key key;

	for (key = KEY_UID; key <= KEY_CTIME; key++)
		if (p->value[key].n > 0 && !(key <= KEY_SIZE ?
		    tar_decimal(p->value[key], numbers[key - KEY_UID]) :
		    pax_time(p->value[key], times[key - KEY_MTIME])))
			return err_set(e, E_INPUT, "\"%s\" of its pax header "
			    "is no number", keys[key]);
	if (p->value[KEY_PATH].n > 0)
		t->name = p->value[KEY_PATH];
	if (p->value[KEY_LINKPATH].n > 0)
		t->link = p->value[KEY_LINKPATH];
	t->xattrs = (const struct tar_xattr *)(const void *)p->xattrs.p;
	t->n_xattrs = p->xattrs.n / sizeof *t->xattrs;
	return 0;
}

/* jsonstr.c -- the strings of a scanned text, unescaped as they are read,
 * and the search for a name that is given twice.  See json_in.h. */
#include "value/json_in.h"

#include <stdlib.h>

/* Up to here every pair of names is compared, beyond it they are sorted. */
enum { FEW = 16 };

static uint32_t
hex4(const uint8_t *p)
{
	uint32_t v = 0;
	size_t i;

	for (i = 0; i < 4; i++)
		v = v << 4 | (uint32_t)(p[i] <= '9' ? p[i] - '0' :
		    (p[i] | 0x20) - 'a' + 10);
	return v;
}

static size_t
utf8(uint32_t c, uint8_t out[4])
{
	size_t n = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

	for (i = n - 1; i > 0; i--, c >>= 6)
		out[i] = (uint8_t)(0x80 | (c & 0x3f));
	out[0] = (uint8_t)(n == 1 ? c : (0xf00u >> n & 0xf0u) | c);
	return n;
}

size_t
json_unescape(const uint8_t *p, uint8_t out[4], size_t *n)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at;
	uint32_t c;

	*n = 1;
	if (p[1] == 'u') {
		c = hex4(p + 2);
		if (c < 0xd800 || c > 0xdfff) {
			*n = utf8(c, out);
			return 6;
		}
		*n = utf8(0x10000 + ((c - 0xd800) << 10) + hex4(p + 8) -
		    0xdc00, out);
		return 12;
	}
	at = strchr(from, p[1]);
	out[0] = at != NULL ? (uint8_t)to[at - from] : p[1];
	return 2;
}

/* A string's bytes one after the other. */
struct chars {
	const uint8_t *p, *end;
	uint8_t have[4];	/* an escape under way: n bytes, i read */
	size_t n, i;
};

static struct chars
chars_of(const struct json *j, const struct node *n)
{
	struct slice s = node_inner(j, n);

	return (struct chars){.p = s.p, .end = s.p + s.n};
}

/* The next byte, -1 at the end. */
static int
chars_next(struct chars *c)
{
	if (c->i < c->n)
		return c->have[c->i++];
	if (c->p == c->end)
		return -1;
	if (*c->p != '\\')
		return *c->p++;
	c->p += json_unescape(c->p, c->have, &c->n);
	c->i = 1;
	return c->have[0];
}

static const uint32_t hash_begin = 0x811c9dc5;	/* FNV-1a */

static uint32_t
hash_byte(uint32_t h, uint32_t byte)
{
	return (h ^ byte) * 0x01000193;
}

static uint32_t
hash_text(struct slice s)
{
	uint32_t h = hash_begin;
	size_t i;

	for (i = 0; i < s.n; i++)
		h = hash_byte(h, s.p[i]);
	return h;
}

uint32_t
json_hash(const struct json *j, const struct node *n)
{
	uint32_t h = hash_begin;
	struct chars c;
	int b;

	if (!n->escaped)
		return hash_text(node_inner(j, n));
	c = chars_of(j, n);
	while ((b = chars_next(&c)) >= 0)
		h = hash_byte(h, (uint32_t)b);
	return h;
}

int
json_order(const struct json *ja, const struct node *a,
    const struct json *jb, const struct node *b)
{
	struct slice sa = node_inner(ja, a), sb = node_inner(jb, b);
	struct chars ca, cb;
	int x, y;

	if (!a->escaped && !b->escaped) {
		x = memcmp(sa.p, sb.p, sa.n < sb.n ? sa.n : sb.n);
		return x != 0 ? x : (sa.n > sb.n) - (sa.n < sb.n);
	}
	ca = chars_of(ja, a);
	cb = chars_of(jb, b);
	do {
		x = chars_next(&ca);
		y = chars_next(&cb);
	} while (x == y && x >= 0);
	return x - y;
}

static int
by_name(const void *va, const void *vb, void *doc)
{
	const struct name *a = va, *b = vb;
	const struct json *j = doc;
	int order;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	order = json_order(j, &j->v[a->node], j, &j->v[b->node]);
	return order != 0 ? order : (a->node > b->node) - (a->node < b->node);
}

struct name *
json_names(const struct json *j, uint32_t object, size_t *n)
{
	struct name *v;
	uint32_t at;

	if ((v = malloc(j->v[object].count * sizeof *v)) == NULL)
		err_nomem();
	*n = 0;
	for (at = object + 2; at != 0; at = j->v[at].next)
		v[(*n)++] = (struct name){j->v[at - 1].next, at - 1};
	/* the comparison only reads what it is given */
	qsort_r(v, *n, sizeof *v, by_name, (void *)(uintptr_t)j);
	return v;
}

static bool
same(const struct json *j, struct name a, struct name b)
{
	return a.hash == b.hash &&
	    json_order(j, &j->v[a.node], j, &j->v[b.node]) == 0;
}

static uint32_t
repeated_few(const struct json *j, uint32_t object)
{
	struct name v[FEW];
	size_t n = 0, i;
	uint32_t at;

	for (at = object + 2; at != 0; at = j->v[at].next, n++) {
		v[n] = (struct name){j->v[at - 1].next, at - 1};
		for (i = 0; i < n; i++)
			if (same(j, v[i], v[n]))
				return at - 1;
	}
	return 0;
}

/* In twice the room when that is full. */
static void
keep(struct json *j, uint32_t object, struct name *v, size_t n)
{
	void *more;

	if ((j->nmany & (j->nmany - 1)) == 0) {
		more = realloc(j->many, (j->nmany > 0 ? 2 * (size_t)j->nmany :
		    1) * sizeof *j->many);
		if (more == NULL)
			err_nomem();
		j->many = more;
	}
	j->many[j->nmany++] = (struct names){object, (uint32_t)n, v};
}

uint32_t
json_repeated(struct json *j, uint32_t object)
{
	uint32_t first = 0;
	struct name *v;
	size_t n, i;

	if (j->v[object].count <= 1)
		return 0;
	if (j->v[object].count <= FEW)
		return repeated_few(j, object);
	v = json_names(j, object, &n);
	for (i = 1; i < n; i++)
		if (same(j, v[i - 1], v[i]) &&
		    (first == 0 || v[i].node < first))
			first = v[i].node;
	if (first == 0 && n >= JSON_MANY)
		keep(j, object, v, n);
	else
		free(v);
	return first;
}

static int
by_object(const void *va, const void *vb)
{
	const struct names *a = va, *b = vb;

	return (a->object > b->object) - (a->object < b->object);
}

void
json_kept(struct json *j)
{
	if (j->nmany > 1)
		qsort(j->many, j->nmany, sizeof *j->many, by_object);
}

/* What is looked for, and where. */
struct sought {
	const struct json *j;
	struct slice name;
	uint32_t hash;
};

/* As by_name() has them. */
static int
to_name(const void *vs, const void *vn)
{
	const struct sought *s = vs;
	const struct name *n = vn;
	struct chars c;
	size_t i;
	int x, y;

	if (s->hash != n->hash)
		return s->hash < n->hash ? -1 : 1;
	c = chars_of(s->j, &s->j->v[n->node]);
	for (i = 0;; i++) {
		x = i < s->name.n ? s->name.p[i] : -1;
		y = chars_next(&c);
		if (x != y || x < 0)
			return x - y;
	}
}

uint32_t
json_find(const struct json *j, uint32_t object, struct slice name)
{
	const struct names key = {.object = object}, *many;
	struct sought s = {j, name, hash_text(name)};
	const struct name *found;

	many = bsearch(&key, j->many, j->nmany, sizeof key, by_object);
	if (many == NULL)
		return 0;
	found = bsearch(&s, many->v, many->n, sizeof *found, to_name);
	return found != NULL ? found->node : 0;
}

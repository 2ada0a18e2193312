/* cborscan.c -- see cbor.h: is it well-formed, and are its counts true. */
#include "value/cbor_in.h"

#include "ground/text.h"

enum { UINT, NEGATIVE, BYTES, TEXT, ARRAY, MAP, TAG, SIMPLE };	/* majors */

struct scan {
	struct slice text;
	size_t at;		/* offset of the next byte */
	size_t items;
	unsigned depth;
	struct buf *out;
	struct err *e;
};

static int
wrong(struct scan *s, const char *why)
{
	return err_set(s->e, E_INPUT, "cbor: %s at offset %zu", why, s->at);
}

/* The number behind a head of n bytes, big-endian. */
static uint64_t
load(const uint8_t *p, size_t n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | *p++;
	return v;
}

/* RFC 8949 section 3: major type and argument.  Section 4.1: as short as
 * can be, so that equal keys have equal bytes; floating-point numbers, whose
 * width is theirs, are exempt. */
static int
head(struct scan *s, unsigned *major, unsigned *info, uint64_t *arg)
{
	static const uint64_t least[] = {24, 1 << 8, 1 << 16, 1ULL << 32};
	size_t from = s->at, n;

	if (s->at >= s->text.n)
		return wrong(s, "cut short");
	*major = s->text.p[s->at] >> 5;
	*info = s->text.p[s->at] & 31;
	*arg = *info;
	if (*info == 31)
		return wrong(s, "indefinite length");
	if (*info > 27)
		return wrong(s, "reserved head");
	if (*info >= 24) {
		n = (size_t)1 << (*info - 24);
		if (s->text.n - s->at - 1 < n)
			return wrong(s, "cut short");
		*arg = load(s->text.p + s->at + 1, n);
		if (*major != SIMPLE ? *arg < least[*info - 24] :
		    *info == 24 && *arg < 32)
			return wrong(s, "head is not in its shortest form");
		s->at += n;
	}
	s->at++;
	if (*major == TAG && *arg < 24) {
		buf_addc(s->out, TAG << 5 | 24);
		buf_addc(s->out, (uint8_t)*arg);
	} else {
		buf_add(s->out, slice_of(s->text.p + from, s->at - from));
	}
	return 0;
}

static int
string(struct scan *s, bool text, uint64_t n)
{
	struct slice rest = slice_from(s->text, s->at);
	size_t len;

	if (n > rest.n)
		return wrong(s, "string is longer than the text");
	for (rest = slice_head(rest, (size_t)n); text && rest.n > 0;
	    rest = slice_from(rest, len))
		if ((len = text_utf8(rest)) == 0)
			return wrong(s, "text is no UTF-8");
	buf_add(s->out, slice_of(s->text.p + s->at, (size_t)n));
	s->at += (size_t)n;
	return 0;
}

static int item(struct scan *);

static int
map(struct scan *s, uint64_t pairs)
{
	struct slice keys[CBOR_MAP_MAX];
	size_t i, j, from;

	if (pairs > CBOR_MAP_MAX)
		return wrong(s, "too many pairs in a map");
	for (i = 0; i < pairs; i++) {
		from = s->at;
		if (item(s) < 0)
			return -1;
		keys[i] = slice_head(slice_from(s->text, from), s->at - from);
		for (j = 0; j < i; j++)
			if (slice_eq(keys[i], keys[j])) {
				s->at = from;
				return wrong(s, "a key twice");
			}
		if (item(s) < 0)
			return -1;
	}
	return 0;
}

static int
nested(struct scan *s, unsigned major, uint64_t arg)
{
	int ret = 0;

	/* each element and half of each pair is a byte at least */
	if (major != TAG && arg > s->text.n - s->at)
		return wrong(s, "count is larger than the text");
	if (++s->depth > CBOR_DEPTH_MAX)
		return wrong(s, "nested too deeply");
	if (major == TAG)
		ret = item(s);
	else if (major == MAP)
		ret = map(s, arg);
	else
		for (; ret == 0 && arg > 0; arg--)
			ret = item(s);
	s->depth--;
	return ret;
}

static int
item(struct scan *s)
{
	unsigned major = 0, info = 0;
	uint64_t arg = 0;

	if (++s->items > CBOR_ITEMS_MAX)
		return wrong(s, "too many items");
	if (head(s, &major, &info, &arg) < 0)
		return -1;
	switch (major) {
	case BYTES:
	case TEXT:
		return string(s, major == TEXT, arg);
	case ARRAY:
	case MAP:
	case TAG:
		return nested(s, major, arg);
	case SIMPLE:
		if (info < 20 || info == 24)
			return wrong(s, "unassigned simple value");
		return 0;
	default:
		return 0;
	}
}

int
cbor_scan(struct slice text, struct buf *out, struct err *e)
{
	struct scan s = {.text = text, .out = out, .e = e};

	if (item(&s) < 0)
		return -1;
	if (s.at != text.n)
		return wrong(&s, "bytes after the item");
	return 0;
}

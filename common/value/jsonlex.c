/* jsonlex.c -- the two tokens of JSON that have an inside: strings and
 * numbers (RFC 8259 sections 6 and 7).  See json_in.h. */
#include "value/json_in.h"

#include "codec/bytes.h"
#include "ground/text.h"

static const char cut[] = "ends too early";

/* The four digits of the \u that l stands on, or -1. */
static int32_t
unit(const struct lex *l)
{
	int32_t v = 0;
	size_t i;
	uint8_t c;

	if (l->end - l->p < 6 || l->p[0] != '\\' || l->p[1] != 'u')
		return -1;
	for (i = 2; i < 6; i++) {
		c = l->p[i];
		if (c >= '0' && c <= '9')
			v = v << 4 | (c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			v = v << 4 | ((c | 0x20) - 'a' + 10);
		else
			return -1;
	}
	return v;
}

static const char *
escape(struct lex *l)
{
	const uint8_t *start = l->p;
	int32_t high, low;

	if (l->end - l->p < 2) {
		l->p = l->end;
		return cut;
	}
	if (l->p[1] != 'u') {
		if (memchr("\"\\/bfnrt", l->p[1], 8) == NULL)
			return "unknown escape";
		l->p += 2;
		return NULL;
	}
	if ((high = unit(l)) < 0)
		return "expected four hex digits after \\u";
	l->p += 6;
	if (high < 0xd800 || high > 0xdfff)
		return NULL;
	low = high < 0xdc00 ? unit(l) : -1;
	if (low < 0xdc00 || low > 0xdfff) {
		l->p = start;
		return "lone surrogate";
	}
	l->p += 6;
	return NULL;
}

/* The first character that needs a look: no ASCII, a control character, the
 * quote or the backslash.  Eight at a time: most of a text is passed here. */
static const uint8_t *
plain(const uint8_t *p, const uint8_t *end)
{
	const uint64_t ones = 0x0101010101010101, tops = ones << 7;
	uint64_t w, quote, slash, hit;

	for (; end - p >= 8; p += 8) {
		w = le64(p);
		quote = w ^ ones * '"';
		slash = w ^ ones * '\\';
		hit = (((quote - ones) & ~quote) | ((slash - ones) & ~slash) |
		    (w - ones * 0x20) | w) & tops;
		/* the lowest is exact: a borrow only goes up from a hit */
		if (hit != 0)
			return p + __builtin_ctzll(hit) / 8;
	}
	while (p < end && *p >= 0x20 && *p < 0x80 && *p != '"' && *p != '\\')
		p++;
	return p;
}

struct lex
json_lex_string(const uint8_t *p, const uint8_t *end)
{
	struct lex l = {.p = p + 1, .end = end};
	size_t n;

	while (l.why == NULL) {
		l.p = plain(l.p, end);
		if (l.p == end) {
			l.why = cut;
		} else if (*l.p == '"') {
			l.p++;
			break;
		} else if (*l.p == '\\') {
			l.escaped = true;
			l.why = escape(&l);
		} else if (*l.p < 0x20) {
			l.why = "control character in a string";
		} else {
			n = text_utf8(slice_of(l.p, (size_t)(end - l.p)));
			l.p += n;
			if (n == 0)
				l.why = "invalid UTF-8";
		}
	}
	return l;
}

static bool
digit(const struct lex *l)
{
	return l->p < l->end && *l->p >= '0' && *l->p <= '9';
}

static bool
take(struct lex *l, char a, char b)
{
	if (l->p == l->end || (*l->p != (uint8_t)a && *l->p != (uint8_t)b))
		return false;
	l->p++;
	return true;
}

static void
digits(struct lex *l)
{
	if (l->why == NULL && !digit(l))
		l->why = l->p < l->end ? "expected a digit" : cut;
	while (digit(l))
		l->p++;
}

struct lex
json_lex_number(const uint8_t *p, const uint8_t *end)
{
	struct lex l = {.p = p, .end = end};

	(void)take(&l, '-', '-');
	if (!take(&l, '0', '0'))
		digits(&l);
	else if (digit(&l))
		l.why = "digit after a leading zero";
	if (l.why == NULL && take(&l, '.', '.'))
		digits(&l);
	if (l.why == NULL && take(&l, 'e', 'E')) {
		(void)take(&l, '+', '-');
		digits(&l);
	}
	return l;
}

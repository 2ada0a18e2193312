/* b64.c -- see b64.h. */
#include "codec/b64.h"

static const char std[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* 0-63, or what is special about a character. */
enum { BAD = 64, FILL, LINE, SPACE };

/* The value of every character of both alphabets, BAD where there is none;
 * + and -, / and _ share one. */
static const uint8_t values[256] = {
#define R4(v) v, v, v, v
#define R16(v) R4(v), R4(v), R4(v), R4(v)
	/* 00 */ BAD, BAD, BAD, BAD, BAD, BAD, BAD, BAD,
	BAD, SPACE, LINE, BAD, BAD, LINE, BAD, BAD,
	/* 10 */ R16(BAD),
	/* 20 */ SPACE, BAD, BAD, BAD, R4(BAD),
	BAD, BAD, BAD, 62, BAD, 62, BAD, 63,
	/* 30 */ 52, 53, 54, 55, 56, 57, 58, 59,
	60, 61, BAD, BAD, BAD, FILL, BAD, BAD,
	/* 40 */ BAD, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14,
	/* 50 */ 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, BAD, BAD, BAD, BAD,
	63,
	/* 60 */ BAD, 26, 27, 28, 29, 30, 31, 32,
	33, 34, 35, 36, 37, 38, 39, 40,
	/* 70 */ 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, BAD, BAD, BAD, BAD,
	BAD,
	/* 80 */ R16(BAD), R16(BAD), R16(BAD), R16(BAD),
	/* c0 */ R16(BAD), R16(BAD), R16(BAD), R16(BAD),
#undef R16
#undef R4
};

static uint8_t
sextet(uint8_t c)
{
	return values[c];
}

struct state {
	uint32_t bits;		/* sextets gathered, lowest last */
	unsigned have;		/* 0 to 3 of them */
	unsigned fill;		/* padding characters seen */
	unsigned seen;		/* B64_STD and B64_URL, once one was met */
};

static bool
skipped(uint8_t v, unsigned rules)
{
	return (v == LINE && (rules & (B64_CRLF | B64_BLANK)) != 0) ||
	    (v == SPACE && (rules & B64_BLANK) != 0);
}

/* Why the character c, of value v, may not stand here; NULL if it may. */
static const char *
wrong(struct state *st, uint8_t c, uint8_t v, unsigned rules)
{
	if (v == FILL) {
		if ((rules & B64_NOPAD) != 0)
			return "padding where none belongs";
		if (st->have < 2 || st->have + st->fill >= 4)
			return "padding in the wrong place";
		return NULL;
	}
	if (v >= BAD)
		return v == BAD ? "not a character of the alphabet" :
		    "white space";
	if (st->fill > 0)
		return "text after the padding";
	if (v >= 62) {
		st->seen |= c == '+' || c == '/' ? B64_STD : B64_URL;
		if ((st->seen & ~rules) != 0)
			return "character of the other alphabet";
		if (st->seen == (B64_STD | B64_URL))
			return "both alphabets in one text";
	}
	return NULL;
}

/* The last, incomplete group: 2 or 3 characters, or none. */
static const char *
finish(const struct state *st, unsigned rules, struct buf *out)
{
	static const char *const loose = "unused bits are not zero";
	bool strict = (rules & B64_LOOSE) == 0;

	if (st->have == 0)
		return NULL;
	if (st->have == 1)
		return "cut short";
	if ((st->fill > 0 || (rules & B64_PAD) != 0) &&
	    st->have + st->fill != 4)
		return "padding is missing";
	if (st->have == 2) {
		if (strict && (st->bits & 15) != 0)
			return loose;
		buf_addc(out, (uint8_t)(st->bits >> 4));
		return NULL;
	}
	if (strict && (st->bits & 3) != 0)
		return loose;
	buf_addc(out, (uint8_t)(st->bits >> 10));
	buf_addc(out, (uint8_t)(st->bits >> 2));
	return NULL;
}

static void
group(uint32_t bits, struct buf *out)
{
	uint8_t *p = buf_more(out, 3);

	p[0] = (uint8_t)(bits >> 16);
	p[1] = (uint8_t)(bits >> 8);
	p[2] = (uint8_t)bits;
}

/* Whole groups of characters that need no thought: none special, and none of
 * the four in which the alphabets differ.  Returns how many it took. */
static size_t
plain_groups(struct slice s, struct buf *out)
{
	size_t was = out->n, i;
	uint8_t *to = buf_more(out, s.n / 4 * 3), a, b, c, d;
	const uint8_t *p = s.p;
	uint32_t v;

	for (i = 0; i + 4 <= s.n; i += 4, p += 4, to += 3) {
		a = values[p[0]];
		b = values[p[1]];
		c = values[p[2]];
		d = values[p[3]];
		if (a >= 62 || b >= 62 || c >= 62 || d >= 62)
			break;
		v = (uint32_t)a << 18 | (uint32_t)b << 12 |
		    (uint32_t)c << 6 | d;
		to[0] = (uint8_t)(v >> 16);
		to[1] = (uint8_t)(v >> 8);
		to[2] = (uint8_t)v;
	}
	out->n = was + i / 4 * 3;
	return i;
}

int
b64_decode(struct slice s, unsigned rules, struct buf *out, struct err *e)
{
	struct state st = {0};
	const char *why = NULL;
	size_t was = out->n, i;
	uint8_t v;

	for (i = 0; i < s.n; i++) {
		if (st.have == 0 && st.fill == 0)
			i += plain_groups(slice_from(s, i), out);
		if (i == s.n)
			break;
		v = sextet(s.p[i]);
		if (skipped(v, rules))
			continue;
		if ((why = wrong(&st, s.p[i], v, rules)) != NULL)
			break;
		if (v == FILL) {
			st.fill++;
			continue;
		}
		st.bits = st.bits << 6 | v;
		if (++st.have == 4) {
			group(st.bits, out);
			st.bits = st.have = 0;
		}
	}
	if (why == NULL)
		why = finish(&st, rules, out);
	if (why == NULL)
		return 0;
	buf_cut(out, was);
	return err_set(e, E_INPUT, "base64: %s at offset %zu", why, i);
}

bool
b64_loose(struct slice s)
{
	struct buf out = {0};
	struct err e;
	bool strict;

	strict = b64_decode(s, B64_STD | B64_URL | B64_CRLF | B64_BLANK, &out,
	    &e) == 0;
	buf_free(&out);
	return !strict;
}

void
b64_encode(struct slice s, unsigned how, struct buf *out)
{
	const char *set = (how & B64_URL) != 0 ? url : std;
	uint8_t *to = buf_more(out, s.n / 3 * 4);
	uint32_t v;
	size_t i;

	for (i = 0; i + 3 <= s.n; i += 3) {
		v = (uint32_t)s.p[i] << 16 | (uint32_t)s.p[i + 1] << 8 |
		    s.p[i + 2];
		*to++ = (uint8_t)set[v >> 18];
		*to++ = (uint8_t)set[v >> 12 & 63];
		*to++ = (uint8_t)set[v >> 6 & 63];
		*to++ = (uint8_t)set[v & 63];
	}
	if (i == s.n)
		return;
	v = (uint32_t)s.p[i] << 16;
	if (i + 1 < s.n)
		v |= (uint32_t)s.p[i + 1] << 8;
	buf_addc(out, (uint8_t)set[v >> 18]);
	buf_addc(out, (uint8_t)set[v >> 12 & 63]);
	if (i + 1 < s.n)
		buf_addc(out, (uint8_t)set[v >> 6 & 63]);
	else if ((how & B64_PAD) != 0)
		buf_addc(out, '=');
	if ((how & B64_PAD) != 0)
		buf_addc(out, '=');
}

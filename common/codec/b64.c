/* b64.c -- see b64.h. */
#include "codec/b64.h"

static const char std[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char url[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* 0-63, or what is special about a character. */
enum { BAD = 64, FILL, LINE, SPACE };

static uint8_t
sextet(uint8_t c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint8_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint8_t)(c - 'a' + 26);
	if (c >= '0' && c <= '9')
		return (uint8_t)(c - '0' + 52);
	switch (c) {
	case '+':
	case '-':
		return 62;
	case '/':
	case '_':
		return 63;
	case '=':
		return FILL;
	case '\r':
	case '\n':
		return LINE;
	case ' ':
	case '\t':
		return SPACE;
	default:
		return BAD;
	}
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

int
b64_decode(struct slice s, unsigned rules, struct buf *out, struct err *e)
{
	struct state st = {0};
	const char *why = NULL;
	size_t was = out->n, i;
	uint8_t v;

	for (i = 0; i < s.n; i++) {
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
	uint32_t v;
	size_t i;

	for (i = 0; i + 3 <= s.n; i += 3) {
		v = (uint32_t)s.p[i] << 16 | (uint32_t)s.p[i + 1] << 8 |
		    s.p[i + 2];
		buf_addc(out, (uint8_t)set[v >> 18]);
		buf_addc(out, (uint8_t)set[v >> 12 & 63]);
		buf_addc(out, (uint8_t)set[v >> 6 & 63]);
		buf_addc(out, (uint8_t)set[v & 63]);
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

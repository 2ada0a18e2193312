/* re2atom.c -- characters and classes of an expression: see re2parse.h. */
#include "lint/re2parse.h"

#include "ground/text.h"

void
re2parse_range(struct parse *p, struct ranges *r, uint32_t low, uint32_t high)
{
	if (p->flags.fold)
		ranges_add_folded(r, low, high);
	else
		ranges_add(r, low, high);
}

static int
hex_value(uint8_t c)
{
	if (is_digit(c))
		return c - '0';
	c |= 32;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Behind \x: two digits, or any number in braces. */
static uint32_t
hexadecimal(struct parse *p)
{
	bool braces = eat(p, '{');
	uint32_t rune = 0;
	size_t n = 0;

	for (; hex_value(next(p)) >= 0 && (braces || n < 2); n++) {
		rune = rune * 16 + (uint32_t)hex_value(next(p));
		if (rune > RUNE_MAX)
			wrong(p);
		if (p->fault != RE2_GOOD)
			return 0;
		p->s = slice_from(p->s, 1);
	}
	if (braces ? n == 0 || !eat(p, '}') : n < 2)
		wrong(p);
	return rune;
}

/* Behind a backslash: one character.  A digit but 0 needs another, or it would
 * be a reference to what was matched before. */
uint32_t
re2parse_escape(struct parse *p)
{
	static const char letters[] = "afnrtv", are[] = "\a\f\n\r\t\v";
	uint8_t c = next(p);
	const char *at;
	uint32_t rune;
	int i;

	if (p->s.n == 0)
		wrong(p);
	p->s = slice_from(p->s, 1);
	if (c == 'x')
		return hexadecimal(p);
	if (c >= '0' && c <= '7') {
		if (c != '0' && (next(p) < '0' || next(p) > '7'))
			wrong(p);
		rune = (uint32_t)c - '0';
		for (i = 1; i < 3 && next(p) >= '0' && next(p) <= '7'; i++) {
			rune = rune * 8 + next(p) - '0';
			p->s = slice_from(p->s, 1);
		}
		return rune;
	}
	at = c != '\0' ? strchr(letters, c) : NULL;
	if (at != NULL)
		return (uint8_t)are[at - letters];
	if (is_letter(c) || is_digit(c) || c >= 0x80)
		wrong(p);
	return c;
}

/* \d and \pN at p->s, taken as a class; false if it is neither. */
bool
re2parse_class_escape(struct parse *p, struct ranges *r)
{
	uint8_t c = p->s.n > 1 && p->s.p[0] == '\\' ? p->s.p[1] : 0;
	struct slice name;
	bool negate = c == 'P';
	size_t n;

	if (c != '\0' && strchr("dDsSwW", c) != NULL) {
		p->s = slice_from(p->s, 2);
		return ranges_perl(r, c, p->flags.fold);
	}
	if (c != 'p' && c != 'P')
		return false;
	p->s = slice_from(p->s, 2);
	n = slice_find(p->s, '}');
	if (next(p) != '{') {
		name = slice_head(p->s, text_utf8(p->s));
		p->s = slice_from(p->s, name.n > 0 ? name.n : 1);
	} else if (n == p->s.n) {
		wrong(p);
		return true;
	} else {
		name = slice_head(slice_from(p->s, 1), n - 1);
		p->s = slice_from(p->s, n + 1);
		if (slice_starts(name, "^")) {
			name = slice_from(name, 1);
			negate = !negate;
		}
	}
	if (!ranges_unicode(r, name, negate, p->flags.fold))
		wrong(p);
	return true;
}

/* [:alpha:] at p->s; false if it is none. */
static bool
class_name(struct parse *p, struct ranges *r)
{
	struct slice name;
	size_t n;

	if (!slice_starts(p->s, "[:"))
		return false;
	name = slice_from(p->s, 2);
	n = slice_search(name, ":]");
	if (n == name.n)
		return false;
	if (!ranges_posix(r, slice_head(name, n), p->flags.fold))
		wrong(p);
	p->s = slice_from(name, n + 2);
	return true;
}

static uint32_t
class_rune(struct parse *p)
{
	if (p->s.n == 0)
		wrong(p);
	return eat(p, '\\') ? re2parse_escape(p) : re2_rune(&p->s);
}

/* Behind [. */
void
re2parse_class(struct parse *p, struct ranges *r)
{
	bool negate = eat(p, '^'), first = true;
	uint32_t low, high;

	for (; p->fault == RE2_GOOD && (first || next(p) != ']');
	    first = false) {
		if (class_name(p, r) || re2parse_class_escape(p, r))
			continue;
		low = high = class_rune(p);
		if (p->s.n > 1 && p->s.p[0] == '-' && p->s.p[1] != ']') {
			p->s = slice_from(p->s, 1);
			high = class_rune(p);
		}
		if (high < low)
			wrong(p);
		else
			re2parse_range(p, r, low, high);
	}
	if (!eat(p, ']'))
		wrong(p);
	if (negate)
		ranges_negate(r);
}


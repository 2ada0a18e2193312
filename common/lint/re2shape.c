/* re2shape.c -- see re2shape.h: a walk over the grammar of RE2, in which an
 * atom is either something that stands for itself or not. */
#include "lint/re2shape.h"

enum { REPEAT_MAX = 1000 };

struct walk {
	struct slice s;		/* not yet read */
	struct re2shape shape;
	unsigned depth;
	bool deep;		/* more than is looked at */
	struct slice value;	/* what is behind the first = */
};

/* An atom, or several in a row. */
struct atom {
	bool fixed;	/* a letter or digit that must stand */
	bool equals;	/* the = behind the name */
	bool many;	/* not always the same: a class, a dot */
	bool wild;	/* that, any number of times, before the = */
};

static struct atom alternation(struct walk *);

static uint8_t
next(const struct walk *w)
{
	return w->s.n > 0 ? w->s.p[0] : 0;
}

static bool
eat(struct walk *w, char c)
{
	if (w->s.n == 0 || w->s.p[0] != (uint8_t)c)
		return false;
	w->s = slice_from(w->s, 1);
	return true;
}

static bool
is_one_of(uint8_t c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

static bool
is_letter(uint8_t c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The rest of \x41, \x{41}, \pN and \p{Greek} need not be understood. */
static void
in_braces(struct walk *w, size_t plain)
{
	size_t n = slice_find(w->s, '}');

	if (next(w) == '{' && n < w->s.n)
		w->s = slice_from(w->s, n + 1);
	else if (next(w) == '{' || w->s.n < plain)
		w->shape.wrong = true;
	else
		w->s = slice_from(w->s, plain);
}

/* Behind a backslash. */
static struct atom
escape(struct walk *w)
{
	struct atom a = {.many = true};
	uint8_t c = next(w);
	size_t n;

	w->shape.wrong |= w->s.n == 0;
	w->s = slice_from(w->s, 1);
	if (c == 'x') {
		in_braces(w, 2);
	} else if (c == 'p' || c == 'P') {
		in_braces(w, 1);
	} else if (c == 'Q') {
		n = slice_search(w->s, "\\E");
		a = (struct atom){.fixed = n > 0 && slice_find(slice_head(w->s,
		    n), '=') == n};
		w->s = slice_from(w->s, n + 2);
	} else if (is_letter(c)) {
		w->shape.wrong |= !is_one_of(c, "dDwWsSbBAzCtnrfva");
	} else if (is_digit(c)) {
		/* octal, but no reference to what was matched before */
		w->shape.wrong |= c > '7' || (c != '0' &&
		    !is_digit(next(w)));
	} else {
		a.many = false;
		a.equals = c == '=';
	}
	return a;
}

/* One end of a range in brackets; -1 for what is a class by itself. */
static int
range_end(struct walk *w)
{
	uint8_t c = next(w);
	size_t n;

	if (c == '\\') {
		w->s = slice_from(w->s, 1);
		c = next(w);
		(void)escape(w);
		return is_letter(c) || is_digit(c) ? -1 : c;
	}
	if (slice_starts(w->s, "[:")) {
		n = slice_search(w->s, ":]");
		if (n < w->s.n) {
			w->s = slice_from(w->s, n + 2);
			return -1;
		}
	}
	w->s = slice_from(w->s, 1);
	return c < 0x80 ? c : -1;
}

/* Behind [. */
static void
class(struct walk *w)
{
	bool first = true;
	int low, high;

	(void)eat(w, '^');
	while (w->s.n > 0 && (first || next(w) != ']')) {
		first = false;
		low = range_end(w);
		if (next(w) != '-' || w->s.n < 2 || w->s.p[1] == ']')
			continue;
		w->s = slice_from(w->s, 1);
		high = range_end(w);
		w->shape.wrong |= low >= 0 && high >= 0 && high < low;
	}
	w->shape.wrong |= !eat(w, ']');
}

/* Behind (. */
static struct atom
group(struct walk *w)
{
	struct atom a = {0};

	if (eat(w, '?')) {
		if (slice_starts(w->s, "P<"))
			w->s = slice_from(w->s, 1);
		if (eat(w, '<')) {
			/* a name; what looks behind begins with = or ! */
			w->shape.wrong |= is_one_of(next(w), "=!>");
			w->s = slice_from(w->s, slice_find(w->s, '>'));
			w->shape.wrong |= !eat(w, '>');
		} else {
			while (is_one_of(next(w), "imsU-"))
				w->s = slice_from(w->s, 1);
			if (eat(w, ')'))
				return a;
			w->shape.wrong |= !eat(w, ':');
		}
	}
	if (w->depth == RE2_DEPTH_MAX) {
		w->s = slice_from(w->s, w->s.n);
		w->deep = true;
		return a;
	}
	w->depth++;
	a = alternation(w);
	w->depth--;
	w->shape.wrong |= !eat(w, ')');
	return a;
}

static struct atom
atom(struct walk *w)
{
	struct atom a = {0};
	uint8_t c = next(w);

	w->s = slice_from(w->s, 1);
	if (c == '\\') {
		a = escape(w);
	} else if (c == '[') {
		class(w);
		a.many = true;
	} else if (c == '(') {
		a = group(w);
	} else if (is_one_of(c, "*+?")) {
		w->shape.wrong = true;
	} else {
		a.fixed = is_letter(c) || is_digit(c) || c >= 0x80;
		a.equals = c == '=';
		a.many = c == '.';
	}
	return a;
}

/* {2}, {2,} or {2,5} if it stands next; otherwise a brace is a character. */
static bool
counted(struct walk *w, unsigned long *low, bool *endless)
{
	struct walk at = *w;
	unsigned long n[2] = {0};
	size_t digits[2] = {0};
	int k = 0;

	if (!eat(&at, '{'))
		return false;
	for (;; at.s = slice_from(at.s, 1)) {
		if (is_digit(next(&at)) && digits[k]++ < 9)
			n[k] = n[k] * 10 + next(&at) - '0';
		else if (next(&at) != ',' || k++ > 0)
			break;
	}
	if (digits[0] == 0 || !eat(&at, '}'))
		return false;
	*low = n[0];
	*endless = k > 0 && digits[1] == 0;
	w->shape.wrong |= n[0] > REPEAT_MAX || n[1] > REPEAT_MAX ||
	    (digits[1] > 0 && n[1] < n[0]);
	w->s = at.s;
	return true;
}

/* What stands behind an atom to repeat it: *none, it may be left out;
 * *endless, it may stand any number of times. */
static void
repeated(struct walk *w, bool *none, bool *endless)
{
	unsigned long low = 1;

	*none = *endless = false;
	if (is_one_of(next(w), "*+?")) {
		*none = next(w) != '+';
		*endless = next(w) != '?';
		w->s = slice_from(w->s, 1);
	} else if (counted(w, &low, endless)) {
		*none = low == 0;
	} else {
		return;
	}
	(void)eat(w, '?');	/* as little as may be */
	w->shape.wrong |= is_one_of(next(w), "*+?") ||
	    counted(w, &low, &(bool){false});
}

static struct atom
sequence(struct walk *w)
{
	struct atom all = {0}, a;
	bool none, endless;

	while (w->s.n > 0 && next(w) != '|' && next(w) != ')' &&
	    !w->shape.wrong) {
		a = atom(w);
		repeated(w, &none, &endless);
		all.many |= a.many || none || endless;
		if (all.equals)
			continue;
		all.fixed |= a.fixed && !none;
		all.equals |= a.equals;
		if (a.equals && w->depth == 0 && w->value.p == NULL)
			w->value = w->s;
		all.wild |= a.wild || (a.many && endless);
	}
	return all;
}

static struct atom
alternation(struct walk *w)
{
	struct atom all = sequence(w), a;

	while (eat(w, '|')) {
		w->shape.forked |= w->depth == 0;
		a = sequence(w);
		all.fixed &= a.fixed;
		all.equals &= a.equals;
		all.wild |= a.wild;
		all.many = true;
	}
	return all;
}

/* Nothing but a dot any number of times, in whatever groups. */
static bool
is_free(struct slice v)
{
	static const char *const any[] = {".*", ".+", ".*?", ".+?", ".*$",
	    ".+$", ".{0,}", ".{1,}", "[^\\n]*", "[\\s\\S]*"};
	size_t i;

	while (slice_starts(v, "(") && slice_is(slice_from(v, v.n - 1), ")")) {
		v = slice_head(slice_from(v, 1), v.n - 2);
		if (slice_starts(v, "?:"))
			v = slice_from(v, 2);
	}
	for (i = 0; i < sizeof any / sizeof *any; i++)
		if (slice_is(v, any[i]))
			return true;
	return false;
}

struct re2shape
re2shape(struct slice pattern)
{
	struct walk w = {.s = pattern};
	struct atom all = alternation(&w);

	w.shape.fixed = all.fixed && !w.deep;
	w.shape.wild = all.wild || w.deep;
	w.shape.wrong = (w.shape.wrong || w.s.n > 0) && !w.deep;
	w.shape.free = is_free(w.value);
	return w.shape;
}

/* filtertry.c -- what a jq program tries, confined to what it tries.
 *
 * With libjq 1.6 "try F | G" and "(F)? | G" swallow the errors of G as well,
 * so that a program could end quietly, having said yes, where later versions
 * end in an error.  Every such F gets a step at its end that catches what
 * comes from behind and throws it on, wrapped; the outer handler unwraps it
 * and throws it on in turn.  The indexes that have a "?" of their own (.a?,
 * .[0]?, .[]?) are sound in all versions.  With later versions this changes
 * nothing.  See filter.h. */
#include "value/filter_in.h"

#include <string.h>

struct confine {
	const uint8_t *p, *end;
	struct err *e;
	struct buf *numbers;
	size_t n;		/* of them */
	bool operand;		/* the last token ended a term */
	size_t depth;
};

enum { DEPTH_MAX = 512 };	/* brackets and conditions in each other */

/* Where a stream stops: here, or at a bracket. */
enum { AT_END = 0, AT_WORD_END = 'e' };

static int stream(struct confine *c, uint8_t until, struct buf *out);

static int
brackets(struct confine *c, const char *what)
{
	return err_set(c->e, E_USAGE, "filter: put brackets around what %s",
	    what);
}

static uint8_t
peek(const struct confine *c, size_t i)
{
	return (size_t)(c->end - c->p) > i ? c->p[i] : 0;
}

static void
copy(struct confine *c, size_t n, struct buf *out)
{
	buf_add(out, slice_of(c->p, n));
	c->p += n;
}

/* Blanks and comments; these are left out, since versions of jq end them
 * differently. */
static void
blanks(struct confine *c, struct buf *out)
{
	for (;;) {
		if (peek(c, 0) == '#')
			while (c->p < c->end && *c->p != '\n')
				c->p++;
		else if (c->p < c->end && memchr(" \t\r\n", *c->p, 4) != NULL)
			copy(c, 1, out);
		else
			return;
	}
}

static bool
letter(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool
digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* The word ahead, modules included. */
static struct slice
word(const struct confine *c)
{
	size_t n = 0;

	while (letter(peek(c, n)) || (n > 0 && (digit(peek(c, n)) ||
	    (peek(c, n) == ':' && peek(c, n + 1) == ':'))))
		n += peek(c, n) == ':' ? 2 : 1;
	return slice_of(c->p, n);
}

static bool
keyword(struct slice s)
{
	static const char *const words[] = {"then", "elif", "else", "end",
	    "and", "or", "as", "def", "reduce", "foreach", "label", "import",
	    "include", "catch", "try"};
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_is(s, words[i]))
			return true;
	return false;
}

static int
string(struct confine *c, struct buf *out)
{
	copy(c, 1, out);
	while (c->p < c->end && *c->p != '"') {
		if (*c->p != '\\') {
			copy(c, 1, out);
			continue;
		}
		copy(c, c->end - c->p > 1 ? 2 : 1, out);
		if (c->p[-1] == '(' && stream(c, ')', out) < 0)
			return -1;
	}
	copy(c, c->p < c->end, out);
	return 0;
}

/* An integer that a double holds, written as jq prints it, is a number to
 * every libjq; others are given to it by their value. */
static void
number(struct confine *c, struct buf *out)
{
	size_t n = 0, digits;
	struct slice s;

	while (digit(peek(c, n)))
		n++;
	digits = n;
	while (digit(peek(c, n)) || peek(c, n) == '.')
		n++;
	if ((peek(c, n) == 'e' || peek(c, n) == 'E') &&
	    (digit(peek(c, n + 1)) || ((peek(c, n + 1) == '+' ||
	    peek(c, n + 1) == '-') && digit(peek(c, n + 2)))))
		for (n += 2; digit(peek(c, n)); n++)
			;
	s = slice_of(c->p, n);
	if (n == digits && n <= 15 && (*c->p != '0' || n == 1)) {
		copy(c, n, out);
		return;
	}
	buf_add(c->numbers, s);
	buf_addc(c->numbers, '\n');
	buf_addf(out, "($_teeutils_numbers[%zu])", c->n++);
	c->p += n;
}

static int
bracket(struct confine *c, struct buf *out)
{
	uint8_t open = *c->p;

	copy(c, 1, out);
	return stream(c, open == '(' ? ')' : open == '[' ? ']' : '}', out);
}

static void
variable(struct confine *c, struct buf *out)
{
	copy(c, 1, out);
	blanks(c, out);
	copy(c, word(c).n, out);
}

/* A function with its arguments, a condition up to its end, or a break. */
static int
named(struct confine *c, struct buf *out)
{
	struct slice s = word(c);

	copy(c, s.n, out);
	if (slice_is(s, "if"))
		return stream(c, AT_WORD_END, out);
	blanks(c, out);
	if (slice_is(s, "break") && peek(c, 0) == '$')
		variable(c, out);
	return peek(c, 0) == '(' ? bracket(c, out) : 0;
}

/* A field's name; the oldest version would read .e1 as a number. */
static void
field(struct confine *c, struct buf *out)
{
	bool quoted = (*c->p == 'e' || *c->p == 'E') && digit(peek(c, 1));

	if (quoted)
		buf_addc(out, '"');
	copy(c, word(c).n, out);
	if (quoted)
		buf_addc(out, '"');
}

/* What a dot begins; index if it is one of those with a "?" of their own. */
static int
dot(struct confine *c, bool *index, struct buf *out)
{
	if (digit(peek(c, 1))) {
		number(c, out);
		return 0;
	}
	if (peek(c, 1) == '.') {
		copy(c, 2, out);
		return 0;
	}
	copy(c, 1, out);
	*index = letter(peek(c, 0));
	if (*index) {
		field(c, out);
		return 0;
	}
	blanks(c, out);
	*index = peek(c, 0) == '"';
	return *index ? string(c, out) : 0;
}

static bool
begins(const struct confine *c)
{
	uint8_t ch = peek(c, 0);

	return digit(ch) || (letter(ch) && !keyword(word(c))) ||
	    (ch != 0 && strchr(".$\"@([{", ch) != NULL);
}

static int
primary(struct confine *c, bool *index, struct buf *out)
{
	uint8_t ch = peek(c, 0);

	*index = false;
	if (letter(ch))
		return named(c, out);
	if (digit(ch)) {
		number(c, out);
		return 0;
	}
	switch (ch) {
	case '.':
		return dot(c, index, out);
	case '"':
		return string(c, out);
	case '$':
		variable(c, out);
		return 0;
	case '@':
		copy(c, 1, out);
		copy(c, word(c).n, out);
		blanks(c, out);
		return peek(c, 0) == '"' ? string(c, out) : 0;
	}
	return bracket(c, out);
}

/* Wrap a term, and what handles its errors, if there is one. */
static void
confined(const struct buf *body, struct slice handler, struct buf *out)
{
	buf_adds(out, "(try (");
	buf_add(out, slice_buf(body));
	buf_adds(out, "|_teeutils_in) catch _teeutils_out(");
	buf_add(out, handler);
	buf_adds(out, "))");
}

/* The question marks behind a term that are none of an index's own; one does
 * what many do. */
static void
optional(struct confine *c, struct buf *t)
{
	struct buf body = *t;

	*t = (struct buf){0};
	confined(&body, slice_str("empty"), t);
	buf_free(&body);
	while (peek(c, 0) == '?' && peek(c, 1) != '/')
		c->p++;
}

static bool
suffix(const struct confine *c)
{
	uint8_t next = peek(c, 1);

	return peek(c, 0) == '[' || (peek(c, 0) == '.' && (letter(next) ||
	    (next != 0 && strchr("\"[ \t\r\n#", next) != NULL)));
}

/* A term with all that is behind it.  One that follows another without an
 * operator is the body of a reduce or foreach, whose "?" would be theirs. */
static int
term(struct confine *c, struct buf *out)
{
	bool index, body = c->operand;
	struct buf t = {0};
	int ret;

	ret = primary(c, &index, &t);
	while (ret == 0) {
		blanks(c, &t);
		if (peek(c, 0) == '?' && peek(c, 1) != '/') {
			if (index)
				copy(c, 1, &t);
			else if (body)
				ret = brackets(c, "? follows");
			else
				optional(c, &t);
			index = false;
		} else if (suffix(c)) {
			ret = peek(c, 0) == '[' ? bracket(c, &t) :
			    dot(c, &index, &t);
			index = true;
		} else
			break;
	}
	c->operand = true;
	buf_add(out, slice_buf(&t));
	buf_free(&t);
	return ret;
}

/* The term behind a word of n letters. */
static int
behind(struct confine *c, size_t n, const char *what, struct buf *out)
{
	c->p += n;
	c->operand = false;
	blanks(c, out);
	if (!begins(c))
		return brackets(c, what);
	return term(c, out);
}

/* "try F" or "try F catch G", both terms. */
static int
tries(struct confine *c, struct buf *out)
{
	struct buf f = {0}, g = {0};
	int ret;

	ret = behind(c, strlen("try"), "try tries", &f);
	if (ret == 0 && slice_is(word(c), "catch"))
		ret = behind(c, strlen("catch"), "catch does", &g);
	else
		buf_adds(&g, "empty");
	if (ret == 0 && slice_is(word(c), "as"))
		ret = brackets(c, "try tries");
	if (ret == 0)
		confined(&f, slice_buf(&g), out);
	buf_free(&f);
	buf_free(&g);
	return ret;
}

/* Up to and with what ends it.  In braces a word after the opening one or a
 * comma is a member's name, whatever it means elsewhere. */
static int
stream(struct confine *c, uint8_t until, struct buf *out)
{
	bool last, name = until == '}';
	struct slice s;
	int ret = 0;

	if (++c->depth > DEPTH_MAX)
		return err_set(c->e, E_USAGE, "filter: nested too deeply");
	c->operand = false;
	while (ret == 0) {
		blanks(c, out);
		if (c->p == c->end)
			break;
		s = word(c);
		if (s.n > 0 && name)
			copy(c, s.n, out);
		else if (slice_is(s, "try"))
			ret = tries(c, out);
		else if (begins(c))
			ret = term(c, out);
		else {
			last = s.n == 0 ? *c->p == until :
			    until == AT_WORD_END && slice_is(s, "end");

			name = until == '}' && *c->p == ',';
			c->operand = false;
			copy(c, s.n > 0 ? s.n : 1, out);
			if (last)
				break;
			continue;
		}
		name = false;
	}
	c->depth--;
	return ret;
}

int
filter_confine(struct slice program, struct buf *out, struct buf *numbers,
    struct err *e)
{
	struct confine c = {.p = program.p, .end = program.p, .e = e,
	    .numbers = numbers};

	if (program.n > 0)
		c.end += program.n;
	blanks(&c, out);
	/* no program is ".", but later versions want it said behind others */
	if (c.p == c.end)
		buf_adds(out, "\n.");
	return stream(&c, AT_END, out);
}

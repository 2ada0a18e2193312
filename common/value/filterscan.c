/* filterscan.c -- the words of a jq program, to refuse those that would
 * reach outside the text it is given.  The tokens are those of jq's own
 * lexer (1.5 to 1.8); where versions differ, what is read differently is
 * refused.  See filter.h. */
#include "value/filter.h"

enum { NEST_MAX = 256 };	/* brackets in each other */

/* Brackets stand for themselves, an interpolation "\( )" for this. */
enum { INTERPOLATION = '"' };

struct words {
	const uint8_t *p, *end;
	struct err *e;
	uint8_t nest[NEST_MAX];
	size_t depth;
	uint8_t before;		/* the token before: one character, or 0 */
};

static const char *const refused[] = {"import", "include", "env", "input",
    "inputs", "_input", "input_filename", "input_line_number", "debug",
    "stderr", "halt", "halt_error", "modulemeta", "get_search_list",
    "get_jq_origin", "get_prog_origin", "ENV", "__prog_args",
    "_teeutils_error", "_teeutils_in", "_teeutils_out", "_teeutils_limit",
    "_teeutils_tonumber", "_teeutils_fromjson", NULL};
/* After a $ a word is a variable of the program's own, but for these. */
static const char *const refused_vars[] = {"ENV", "__prog_args",
    "_teeutils_numbers", "_teeutils_value", NULL};

static int
wrong(struct words *w, const char *why)
{
	return err_set(w->e, E_USAGE, "filter: %s", why);
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

/* The character i places on, 0 behind the end. */
static uint8_t
peek(const struct words *w, size_t i)
{
	return (size_t)(w->end - w->p) > i ? w->p[i] : 0;
}

static int
push(struct words *w, uint8_t c)
{
	if (w->depth == NEST_MAX)
		return wrong(w, "brackets nested too deeply");
	w->nest[w->depth++] = c;
	return 0;
}

static uint8_t
innermost(const struct words *w)
{
	return w->depth > 0 ? w->nest[w->depth - 1] : 0;
}

/* The inside of a string, up to its end or an interpolation. */
static int
string(struct words *w)
{
	while (w->p < w->end) {
		if (*w->p == '"') {
			w->p++;
			return 0;
		}
		if (*w->p != '\\') {
			w->p++;
			continue;
		}
		if (peek(w, 1) == '(') {
			w->p += 2;
			return push(w, INTERPOLATION);
		}
		w->p += w->end - w->p > 1 ? 2 : 1;
	}
	return wrong(w, "a string does not end");
}

/* Up to the line's end.  Later versions let a backslash carry a comment on
 * to the next line and end it at a CR: neither is taken. */
static int
comment(struct words *w)
{
	for (; w->p < w->end && *w->p != '\n'; w->p++)
		if (*w->p == '\\' || (*w->p == '\r' && peek(w, 1) != '\n' &&
		    w->p + 1 < w->end))
			return wrong(w, "backslash or CR in a comment");
	return 0;
}

static int
blanks(struct words *w)
{
	for (; w->p < w->end; w->p++) {
		if (*w->p == '#') {
			if (comment(w) < 0)
				return -1;
			if (w->p == w->end)
				break;
		}
		if (*w->p != ' ' && *w->p != '\t' && *w->p != '\n' &&
		    *w->p != '\r')
			break;
	}
	return 0;
}

/* Digits with a point at most, or the dots of "." and "..": the oldest
 * version takes more of both for one number, later ones for several tokens. */
static int
number(struct words *w)
{
	size_t n = 0, dots = 0, sign;

	for (; digit(peek(w, n)) || peek(w, n) == '.'; n++)
		dots += peek(w, n) == '.';
	if (dots > 1 && n != 2)
		return wrong(w, "too many dots in a row: blanks between them "
		    "tell what is meant");
	w->p += n;
	if (dots == n || (peek(w, 0) != 'e' && peek(w, 0) != 'E'))
		return 0;
	sign = peek(w, 1) == '+' || peek(w, 1) == '-';
	if (!digit(peek(w, 1 + sign)))
		return 0;
	for (w->p += 2 + sign; digit(peek(w, 0)); w->p++)
		;
	return 0;
}

static struct slice
segment(struct words *w)
{
	const uint8_t *start = w->p;

	while (letter(peek(w, 0)) || digit(peek(w, 0)))
		w->p++;
	return slice_of(start, (size_t)(w->p - start));
}

/* A function's or variable's name, a keyword, or a member's name: the last
 * is harmless.  Within braces, after "{" or a comma, only a member's name
 * can have a colon behind it; in ".[a:b]" the brackets are square. */
static int
word(struct words *w)
{
	const char *const *list = w->before == '$' ? refused_vars : refused,
	    *const *row;
	bool member = innermost(w) == '{' &&
	    (w->before == '{' || w->before == ',');
	const char *bad = NULL;
	struct slice s;

	for (;;) {
		s = segment(w);
		for (row = list; *row != NULL; row++)
			if (slice_is(s, *row))
				bad = *row;
		if (peek(w, 0) != ':' || peek(w, 1) != ':' ||
		    !letter(peek(w, 2)))
			break;
		member = false;
		w->p += 2;
	}
	w->before = 0;
	if (bad == NULL)
		return 0;
	if (blanks(w) < 0)
		return -1;
	if (member && peek(w, 0) == ':' && peek(w, 1) != ':')
		return 0;
	return err_set(w->e, E_USAGE, "filter: %s%s is not available",
	    list == refused_vars ? "$" : "", bad);
}

static int
shut(struct words *w, uint8_t c)
{
	uint8_t open = innermost(w);

	if ((c == ')' && open != '(' && open != INTERPOLATION) ||
	    (c == ']' && open != '[') || (c == '}' && open != '{'))
		return wrong(w, "brackets do not match");
	w->depth--;
	w->p++;
	w->before = 0;
	return open == INTERPOLATION ? string(w) : 0;
}

static int
dot(struct words *w)
{
	w->before = 0;
	if (digit(peek(w, 1)) || peek(w, 1) == '.')
		return number(w);
	w->p++;
	if (letter(peek(w, 0)))
		(void)segment(w);
	return 0;
}

static int
token(struct words *w)
{
	uint8_t c = *w->p, before = w->before;

	if (letter(c))
		return word(w);
	w->before = 0;
	if (digit(c))
		return number(w);
	switch (c) {
	case '.':
		return dot(w);
	case '$':
		/* "$$$$name" takes a variable's value away, in some versions */
		if (before == '$')
			return wrong(w, "$ behind $");
		break;
	case '"':
		w->p++;
		return string(w);
	case '@':
		w->p++;
		(void)segment(w);
		return 0;
	case ')':
	case ']':
	case '}':
		return shut(w, c);
	}
	w->before = c;
	w->p++;
	return c == '(' || c == '[' || c == '{' ? push(w, c) : 0;
}

int
filter_allowed(struct slice program, struct err *e)
{
	struct words w = {.p = program.p, .end = program.p, .e = e};

	if (program.n > 0)
		w.end += program.n;
	while (blanks(&w) == 0) {
		if (w.p == w.end)
			return w.depth == 0 ? 0 :
			    wrong(&w, "a bracket is not closed");
		if (token(&w) < 0)
			break;
	}
	return -1;
}

/* regolex.c -- see regolex.h. */
#include "policy/regolex.h"

#include "policy/rego.h"

void
regolex_advance(struct regolex *x, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < x->s.n; i++)
		x->line += x->s.p[i] == '\n';
	x->s = slice_from(x->s, n);
}

static uint8_t
next(const struct regolex *x)
{
	return x->s.n > 0 ? x->s.p[0] : 0;
}

void
regolex_blanks(struct regolex *x)
{
	while (next(x) == ' ' || next(x) == '\t')
		regolex_advance(x, 1);
}

void
regolex_skip(struct regolex *x)
{
	for (;;) {
		if (next(x) == '#')
			regolex_advance(x, slice_find(x->s, '\n'));
		else if (next(x) == ' ' || next(x) == '\t' ||
		    next(x) == '\r' || next(x) == '\n')
			regolex_advance(x, 1);
		else
			return;
	}
}

bool
regolex_looks(const struct regolex *x, const char *text)
{
	return slice_starts(x->s, text);
}

bool
regolex_eat(struct regolex *x, const char *text)
{
	if (!slice_starts(x->s, text))
		return false;
	regolex_advance(x, strlen(text));
	return true;
}

static bool
in_word(uint8_t c, bool first)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
	    (!first && c >= '0' && c <= '9');
}

struct slice
regolex_word(struct regolex *x)
{
	struct slice w = x->s;
	size_t n = 0;

	while (n < w.n && in_word(w.p[n], n == 0))
		n++;
	regolex_advance(x, n);
	return slice_head(w, n);
}

int
regolex_refuse(const struct regolex *x, const char *why, struct err *e)
{
	return err_set(e, E_INPUT, "rego: line %zu: %s", x->line, why);
}

/* The text that stands next, quotes included; n is 0 if it does not end. */
static size_t
text_length(struct slice s)
{
	size_t i;

	if (s.p[0] == '`') {
		i = 1 + slice_find(slice_from(s, 1), '`');
		return i < s.n ? i + 1 : 0;
	}
	for (i = 1; i < s.n && s.p[i] != '"' && s.p[i] != '\n'; i++)
		i += s.p[i] == '\\';
	return i < s.n && s.p[i] == '"' ? i + 1 : 0;
}

static int
text(struct regolex *x, struct buf *out, struct err *e)
{
	size_t n = text_length(x->s);

	if (n == 0)
		return regolex_refuse(x, "a text that does not end", e);
	if (next(x) == '`')
		json_quote(slice_of(x->s.p + 1, n - 2), out);
	else
		buf_add(out, slice_head(x->s, n));
	regolex_advance(x, n);
	return 1;
}

static size_t
digits(struct slice s, size_t i)
{
	while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9')
		i++;
	return i;
}

/* 0 too if it is glued to something else, as in 1+2. */
static int
number(struct regolex *x, struct buf *out)
{
	struct slice s = x->s;
	size_t n = digits(s, s.p[0] == '-');

	if (n < s.n && s.p[n] == '.')
		n = digits(s, n + 1);
	if (n < s.n && (s.p[n] | 32) == 'e')
		n = digits(s, n + 1 + (n + 1 < s.n && (s.p[n + 1] == '-' ||
		    s.p[n + 1] == '+')));
	if (n < s.n && (in_word(s.p[n], false) ||
	    strchr(".+-*/%|&", s.p[n]) != NULL))
		return 0;
	buf_add(out, slice_head(s, n));
	regolex_advance(x, n);
	return 1;
}

/* true, false, null, or a reference below data or input. */
static int
name(struct regolex *x, struct buf *out)
{
	struct slice from = x->s, w = regolex_word(x);
	struct regolex at;

	if (slice_is(w, "true") || slice_is(w, "false") ||
	    slice_is(w, "null")) {
		buf_add(out, w);
		return 1;
	}
	if ((!slice_is(w, "data") && !slice_is(w, "input")) || next(x) != '.')
		return 0;
	while (next(x) == '.') {
		at = *x;
		regolex_advance(&at, 1);
		if (regolex_word(&at).n == 0)
			return 0;
		*x = at;
	}
	if (next(x) == '[' || next(x) == '(')
		return 0;
	buf_adds(out, "{\"\\u0000ref\":\"");
	buf_add(out, slice_head(from, from.n - x->s.n));
	buf_adds(out, "\"}");
	return 1;
}

static int value(struct regolex *, unsigned depth, struct buf *, struct err *);

/* Behind one element: 1 there may be another, 0 not literal, 2 closed. */
static int
after_element(struct regolex *x, const char *close)
{
	regolex_skip(x);
	if (regolex_eat(x, close))
		return 2;
	if (!regolex_eat(x, ","))
		return 0;
	regolex_skip(x);
	return regolex_eat(x, close) ? 2 : 1;
}

static int
array(struct regolex *x, unsigned depth, const char *close, struct buf *out,
    struct err *e)
{
	int ret;

	regolex_skip(x);
	if (regolex_eat(x, close))
		return 1;
	do {
		if ((ret = value(x, depth, out, e)) <= 0)
			return ret;
		if ((ret = after_element(x, close)) == 1)
			buf_addc(out, ',');
	} while (ret == 1);
	return ret == 0 ? 0 : 1;
}

/* The members, from behind the first key, which is in out already. */
static int
members(struct regolex *x, unsigned depth, struct buf *out, struct err *e)
{
	int ret;

	for (;;) {
		regolex_skip(x);
		if (regolex_looks(x, ":=") || !regolex_eat(x, ":"))
			return 0;
		regolex_skip(x);
		buf_addc(out, ':');
		if ((ret = value(x, depth, out, e)) <= 0)
			return ret;
		if ((ret = after_element(x, "}")) != 1)
			return ret == 0 ? 0 : 1;
		buf_addc(out, ',');
		if (next(x) != '"' && next(x) != '`')
			return 0;
		if (regolex_looks(x, "\"\\u0000"))
			return regolex_refuse(x,
			    "a key that begins with NUL", e);
		if ((ret = text(x, out, e)) <= 0)
			return ret;
	}
}

/* { has been read: an object, or a set. */
static int
braces(struct regolex *x, unsigned depth, struct buf *out, struct err *e)
{
	bool is_text, nul;
	struct buf first = {0};
	int ret;

	regolex_skip(x);
	if (regolex_eat(x, "}")) {
		buf_adds(out, "{}");
		return 1;
	}
	is_text = next(x) == '"' || next(x) == '`';
	nul = regolex_looks(x, "\"\\u0000");
	ret = value(x, depth, &first, e);
	if (ret > 0) {
		regolex_skip(x);
		if (is_text && next(x) == ':') {
			if (nul)
				ret = regolex_refuse(x,
				    "a key that begins with NUL", e);
			buf_addc(out, '{');
			buf_add(out, slice_buf(&first));
			if (ret > 0)
				ret = members(x, depth, out, e);
			buf_addc(out, '}');
		} else {
			buf_adds(out, "{\"\\u0000set\":[");
			buf_add(out, slice_buf(&first));
			ret = after_element(x, "}");
			if (ret == 1) {
				buf_addc(out, ',');
				ret = array(x, depth, "}", out, e);
			}
			buf_adds(out, "]}");
			ret = ret == 2 ? 1 : ret;
		}
	}
	buf_free(&first);
	return ret;
}

static int
value(struct regolex *x, unsigned depth, struct buf *out, struct err *e)
{
	uint8_t c = next(x);
	int ret;

	if (c == '"' || c == '`')
		return text(x, out, e);
	if (c == '-' || (c >= '0' && c <= '9'))
		return number(x, out);
	if (c != '[' && c != '{')
		return name(x, out);
	if (depth == REGO_DEPTH_MAX)
		return regolex_refuse(x, "nested too deeply", e);
	regolex_advance(x, 1);
	if (c == '{')
		return braces(x, depth + 1, out, e);
	buf_addc(out, '[');
	ret = array(x, depth + 1, "]", out, e);
	buf_addc(out, ']');
	return ret;
}

int
regolex_value(struct regolex *x, struct buf *out, struct err *e)
{
	return value(x, 0, out, e);
}

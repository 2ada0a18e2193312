/* regoskip.c -- see regolex.h: statements that are not read. */
#include "format/regolex.h"

enum { OPEN_MAX = 4096 };	/* brackets in each other, passed over */

struct skip {
	char open[OPEN_MAX];	/* the closing bracket each one wants */
	size_t n;
	unsigned assigned;	/* := and = outside brackets */
	bool closed;		/* a body has ended: only else may follow */
	bool clear;
};

static void
advance(struct regolex *x, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < x->s.n; i++)
		x->line += x->s.p[i] == '\n';
	x->s = slice_from(x->s, n);
}

static int
refuse(const struct regolex *x, const char *why, struct err *e)
{
	return err_set(e, E_INPUT, "rego: line %zu: %s", x->line, why);
}

/* A text that stands next. */
static int
text(struct regolex *x, struct err *e)
{
	struct buf out = {0};
	int ret = regolex_value(x, &out, e);

	buf_free(&out);
	return ret;
}

static int
bracket(struct regolex *x, struct skip *s, struct err *e)
{
	char c = (char)x->s.p[0];

	advance(x, 1);
	if (c == '(' || c == '[' || c == '{') {
		if (s->n == OPEN_MAX)
			return refuse(x, "nested too deeply", e);
		s->open[s->n++] = c == '(' ? ')' : c == '[' ? ']' : '}';
		return 0;
	}
	if (s->n == 0 || s->open[--s->n] != c)
		return refuse(x, "a bracket that closes none", e);
	s->closed = s->n == 0 && c == '}';
	return 0;
}

/* What stands outside brackets tells whether one name is meant. */
static void
judge(struct regolex *x, struct skip *s)
{
	struct slice w = regolex_word(x);
	bool assign;

	if (w.n > 0) {
		if (slice_is(w, "else"))
			s->assigned = 0;
		else if (s->closed)
			s->clear = false;
		s->closed = false;
		return;
	}
	assign = !regolex_looks(x, "==") && (regolex_looks(x, ":=") ||
	    regolex_looks(x, "="));
	if (regolex_looks(x, ":=") || regolex_looks(x, "==") ||
	    regolex_looks(x, "!=") || regolex_looks(x, "<=") ||
	    regolex_looks(x, ">="))
		advance(x, 1);
	if (assign && s->assigned++ > 0)
		s->clear = false;
	/* one statement to a line; a dotted name may be part of another's */
	if (regolex_looks(x, ";") || (regolex_looks(x, ".") &&
	    s->assigned == 0))
		s->clear = false;
	advance(x, 1);
}

/* At a line's end outside brackets: does what follows go on with it? */
static bool
goes_on(struct regolex at)
{
	struct slice w;

	regolex_skip(&at);
	if (at.s.n == 0)
		return false;
	w = regolex_word(&at);
	return w.n == 0 || slice_is(w, "else") || slice_is(w, "if") ||
	    slice_is(w, "with") || slice_is(w, "contains") ||
	    slice_is(w, "in") || slice_is(w, "as");
}

int
regolex_unread(struct regolex *x, bool *clear, struct err *e)
{
	struct skip s = {.clear = true};
	int ret = 0;
	uint8_t c;

	while (ret >= 0 && x->s.n > 0) {
		c = x->s.p[0];
		if (c == '\n' && s.n == 0 && !goes_on(*x))
			break;
		if (c == '#')
			advance(x, slice_find(x->s, '\n'));
		else if (c == '"' || c == '`')
			ret = text(x, e);
		else if (c != '\0' && strchr("()[]{}", c) != NULL)
			ret = bracket(x, &s, e);
		else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' ||
		    s.n > 0)
			advance(x, 1);
		else
			judge(x, &s);
	}
	if (ret >= 0 && s.n > 0)
		ret = refuse(x, "it ends within a bracket", e);
	*clear = s.clear;
	return ret < 0 ? -1 : 0;
}

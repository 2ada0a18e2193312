/* regoskip.c -- see regolex.h: statements that are not read. */
#include "policy/regolex.h"

enum { OPEN_MAX = 4096 };	/* brackets in each other, passed over */

struct skip {
	char open[OPEN_MAX];	/* the closing bracket each one wants */
	size_t n;
	unsigned assigned;	/* := and = outside brackets */
	bool closed;		/* a body has ended: only else may follow */
	bool term;		/* a term has ended: it may end here */
	bool body;		/* an if has been met */
	bool otherwise;		/* an else stands before */
	bool bare;		/* a body has had no if before it */
	bool clear;
};

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

	regolex_advance(x, 1);
	s->bare |= c == '{' && s->n == 0 && (s->term || s->otherwise);
	s->otherwise = false;
	if (c == '(' || c == '[' || c == '{') {
		if (s->n == OPEN_MAX)
			return regolex_refuse(x, "nested too deeply", e);
		s->open[s->n++] = c == '(' ? ')' : c == '[' ? ']' : '}';
		return 0;
	}
	if (s->n == 0 || s->open[--s->n] != c)
		return regolex_refuse(x, "a bracket that closes none", e);
	if (s->n == 0) {
		s->closed = c == '}';
		s->term = true;
	}
	return 0;
}

/* Words that join terms, or begin what belongs to the statement. */
static bool
joins(struct slice w)
{
	static const char *const words[] = {"else", "if", "with", "contains",
	    "in", "as", "not", "some", "every"};
	size_t i;

	for (i = 0; i < sizeof words / sizeof *words; i++)
		if (slice_is(w, words[i]))
			return true;
	return false;
}

/* A term, of which two in a row are two statements. */
static void
term(struct skip *s)
{
	if (s->closed || s->term)
		s->clear = false;
	s->closed = s->otherwise = false;
	s->term = true;
}

static void
word(struct skip *s, struct slice w)
{
	if (!s->term || !joins(w)) {
		term(s);
		return;
	}
	if (slice_is(w, "else"))
		s->assigned = 0;
	else if (s->closed)
		s->clear = false;
	s->body |= slice_is(w, "if");
	s->otherwise = slice_is(w, "else");
	s->closed = s->term = false;
}

/* What stands outside brackets tells whether one name is meant; c is next. */
static void
judge(struct regolex *x, struct skip *s, uint8_t c)
{
	struct slice w = regolex_word(x);
	bool assign;

	if (w.n > 0) {
		word(s, w);
		return;
	}
	s->otherwise = false;
	assign = !regolex_looks(x, "==") && (regolex_looks(x, ":=") ||
	    regolex_looks(x, "="));
	if (regolex_looks(x, ":=") || regolex_looks(x, "==") ||
	    regolex_looks(x, "!=") || regolex_looks(x, "<=") ||
	    regolex_looks(x, ">="))
		regolex_advance(x, 1);
	if (assign && s->assigned++ > 0)
		s->clear = false;
	/* one statement to a line; a dotted name may be part of another's */
	if (regolex_looks(x, ";") || (regolex_looks(x, ".") &&
	    s->assigned == 0 && !s->body))
		s->clear = false;
	s->term = c >= '0' && c <= '9';
	regolex_advance(x, 1);
}

/* No character of the language, as far as it is known here: who knows what
 * it makes of the text behind it. */
static bool
is_foreign(uint8_t c)
{
	return c >= 0x7f || (c < ' ' && c != '\t' && c != '\r' && c != '\n') ||
	    strchr("$@~^?'\\", c) != NULL;
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
	return w.n == 0 || (joins(w) && !slice_is(w, "not") &&
	    !slice_is(w, "some") && !slice_is(w, "every"));
}

int
regolex_unread(struct regolex *x, struct regoseen *seen, struct err *e)
{
	struct skip s = {.clear = true};
	int ret = 0;
	uint8_t c;

	while (ret >= 0 && x->s.n > 0) {
		c = x->s.p[0];
		if (c == '\n' && s.n == 0 && s.term && !goes_on(*x))
			break;
		if (is_foreign(c))
			s.clear = false;
		if ((c == '"' || c == '`') && s.n == 0)
			term(&s);
		if (c == '#')
			regolex_advance(x, slice_find(x->s, '\n'));
		else if (c == '"' || c == '`')
			ret = text(x, e);
		else if (c != '\0' && strchr("()[]{}", c) != NULL)
			ret = bracket(x, &s, e);
		else if (c == ' ' || c == '\t' || c == '\r' || c == '\n' ||
		    s.n > 0)
			regolex_advance(x, 1);
		else
			judge(x, &s, c);
	}
	if (ret >= 0 && s.n > 0)
		ret = regolex_refuse(x, "it ends within a bracket", e);
	seen->clear = s.clear && s.term;
	seen->bare = s.bare;
	return ret < 0 ? -1 : 0;
}

/* A reference that begins with data, as data.x.y. */
static void
reference(struct regolex *x, struct buf *out)
{
	struct regolex at;
	struct slice w;

	buf_adds(out, "data");
	for (;;) {
		at = *x;
		if (regolex_eat(&at, ".")) {
			w = regolex_word(&at);
		} else if (regolex_eat(&at, "[\"")) {
			w = regolex_word(&at);
			if (!regolex_eat(&at, "\"]"))
				return;
		} else {
			return;
		}
		if (w.n == 0)
			return;
		buf_addc(out, '.');
		buf_add(out, w);
		*x = at;
	}
}

void
regolex_uses(struct slice statement, struct slice own, struct buf *out)
{
	struct regolex x = {statement, 1};
	struct buf name = {0}, text = {0};
	bool dot = false;
	struct slice w;
	struct err e;

	(void)regolex_word(&x);
	for (;;) {
		regolex_skip(&x);
		if (x.s.n == 0)
			break;
		buf_cut(&name, 0);
		w = regolex_word(&x);
		if (!dot && slice_is(w, "data"))
			reference(&x, &name);
		else if (!dot && w.n > 0 && slice_eq(w, own))
			buf_add(&name, w);
		if (name.n > 0) {
			if (out->n > 0 && out->p[out->n - 1] == '"')
				buf_addc(out, ',');
			buf_addc(out, '"');
			buf_add(out, slice_buf(&name));
			buf_addc(out, '"');
		}
		dot = false;
		if (w.n > 0)
			continue;
		dot = regolex_looks(&x, ".");
		buf_cut(&text, 0);
		if (!(regolex_looks(&x, "\"") || regolex_looks(&x, "`")) ||
		    regolex_value(&x, &text, &e) <= 0)
			regolex_advance(&x, 1);
	}
	buf_free(&name);
	buf_free(&text);
}

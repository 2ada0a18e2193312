/* re2parse.c -- the grammar of Go's regexp/syntax with the flags Perl, as a
 * tree: see re2_in.h. */
#include "lint/re2parse.h"

#include <stdlib.h>

#include "ground/err.h"
#include "ground/text.h"

enum { REPEAT_MAX = 1000 };

static uint32_t alternation(struct parse *);

static uint32_t
add_node(struct parse *p, enum node_kind kind)
{
	struct tree *t = p->t;
	struct node *v;

	if ((t->n & (t->n - 1)) == 0) {
		v = reallocarray(t->v, t->n > 0 ? 2 * t->n : 1, sizeof *v);
		if (v == NULL)
			err_nomem();
		t->v = v;
	}
	t->v[t->n] = (struct node){.kind = kind, .most = 1};
	/* no program is made of so many */
	if (t->n > (size_t)8 * RE2_PROGRAM_MAX)
		large(p);
	return (uint32_t)t->n++;
}

static void
hang_on(struct parse *p, uint32_t parent, uint32_t part)
{
	struct node *v = p->t->v;

	if (v[parent].first == 0)
		v[parent].first = part;
	else
		v[v[parent].last].next = part;
	v[parent].last = part;
	if (v[part].most > v[parent].most)
		v[parent].most = v[part].most;
}

static uint32_t
add_assert(struct parse *p, enum assertion a)
{
	uint32_t at = add_node(p, NODE_ASSERT);

	p->t->v[at].a = a;
	return at;
}

/* A class as a node; r is released. */
static uint32_t
add_class(struct parse *p, struct ranges *r)
{
	uint32_t at = add_node(p, NODE_CLASS);
	struct ranges *all = &p->t->all;
	size_t i;

	ranges_sort(r);
	if (all->n + r->n > RE2_RANGES_MAX)
		large(p);
	p->t->v[at].a = (uint32_t)all->n;
	for (i = 0; p->fault == RE2_GOOD && i < r->n; i++)
		ranges_add(all, r->v[i].low, r->v[i].high);
	p->t->v[at].b = (uint32_t)(all->n - p->t->v[at].a);
	ranges_free(r);
	return at;
}

static uint32_t
add_rune(struct parse *p, uint32_t rune)
{
	struct ranges r = {0};

	re2parse_range(p, &r, rune, rune);
	return add_class(p, &r);
}

/* The name in (?P<name>, which none had before. */
static void
group_name(struct parse *p)
{
	struct slice name = slice_head(p->s, slice_find(p->s, '>')), had, one;
	size_t i;

	if (name.n == p->s.n || name.n == 0)
		wrong(p);
	for (i = 0; i < name.n; i++)
		if (!is_letter(name.p[i]) && !is_digit(name.p[i]) &&
		    name.p[i] != '_')
			wrong(p);
	for (had = slice_buf(&p->names); had.n > 0;
	    had = slice_from(had, one.n + 1)) {
		one = slice_head(had, slice_find(had, '\0'));
		if (slice_eq(one, name))
			wrong(p);
	}
	buf_add(&p->names, name);
	buf_addc(&p->names, '\0');
	p->s = slice_from(p->s, name.n + 1);
}

/* Behind (?: flags, then : or ).  Returns whether a group has begun. */
static bool
group_flags(struct parse *p)
{
	struct flags f = p->flags;
	bool on = true, any = true;
	uint8_t c;

	for (;;) {
		c = next(p);
		p->s = slice_from(p->s, 1);
		if (c == '-' && on)
			on = any = false;
		else if (c == 'i')
			f.fold = on, any = true;
		else if (c == 'm')
			f.multi = on, any = true;
		else if (c == 's')
			f.dot_all = on, any = true;
		else if (c == 'U')
			any = true;
		else
			break;
	}
	if ((c != ':' && c != ')') || !any)
		wrong(p);
	p->flags = f;
	return c == ':';
}

/* Behind (. */
static uint32_t
group(struct parse *p)
{
	struct flags before = p->flags;
	uint32_t at;

	if (eat(p, '?')) {
		if (slice_starts(p->s, "P<") || (slice_starts(p->s, "<") &&
		    !slice_starts(p->s, "<=") && !slice_starts(p->s, "<!"))) {
			(void)eat(p, 'P');
			(void)eat(p, '<');
			group_name(p);
		} else if (!group_flags(p)) {
			/* for what follows; it stands for nothing itself */
			return 0;
		}
	}
	if (p->depth == RE2_DEPTH_MAX) {
		large(p);
		return 0;
	}
	p->depth++;
	at = alternation(p);
	p->depth--;
	p->flags = before;
	if (!eat(p, ')'))
		wrong(p);
	return at;
}

static uint32_t
dot(struct parse *p)
{
	struct ranges r = {0};

	if (p->flags.dot_all) {
		ranges_add(&r, 0, RUNE_MAX);
	} else {
		ranges_add(&r, 0, '\n' - 1);
		ranges_add(&r, '\n' + 1, RUNE_MAX);
	}
	return add_class(p, &r);
}

/* Behind \Q: up to \E each character is itself. */
static uint32_t
quoted(struct parse *p)
{
	size_t n = slice_search(p->s, "\\E");

	p->quote = slice_head(p->s, n);
	p->s = slice_from(p->s, n + 2);
	return 0;
}

/* At a backslash. */
static uint32_t
escaped(struct parse *p)
{
	struct ranges r = {0};

	if (re2parse_class_escape(p, &r))
		return add_class(p, &r);
	p->s = slice_from(p->s, 1);
	if (eat(p, 'A'))
		return add_assert(p, TEXT_BEGIN);
	if (eat(p, 'z'))
		return add_assert(p, TEXT_END);
	if (eat(p, 'b'))
		return add_assert(p, WORD_EDGE);
	if (eat(p, 'B'))
		return add_assert(p, NO_WORD_EDGE);
	if (eat(p, 'Q'))
		return quoted(p);
	return add_rune(p, re2parse_escape(p));
}

/* What stands next, 0 if that is nothing: flags, an empty text. */
static uint32_t
atom(struct parse *p)
{
	struct ranges r = {0};

	if (p->quote.n > 0)
		return add_rune(p, re2_rune(&p->quote));
	if (next(p) == '\\')
		return escaped(p);
	if (eat(p, '('))
		return group(p);
	if (eat(p, '[')) {
		re2parse_class(p, &r);
		return add_class(p, &r);
	}
	if (eat(p, '.'))
		return dot(p);
	if (eat(p, '^'))
		return add_assert(p, p->flags.multi ? LINE_BEGIN : TEXT_BEGIN);
	if (eat(p, '$'))
		return add_assert(p, p->flags.multi ? LINE_END : TEXT_END);
	return add_rune(p, re2_rune(&p->s));
}

/* Digits without zeros before them. */
static bool
count(struct parse *p, uint32_t *out)
{
	uint32_t n = 0;

	if (!is_digit(next(p)) || (next(p) == '0' && p->s.n > 1 &&
	    is_digit(p->s.p[1])))
		return false;
	for (; is_digit(next(p)); p->s = slice_from(p->s, 1))
		if (n <= REPEAT_MAX)
			n = n * 10 + next(p) - '0';
	*out = n;
	return true;
}

/* *, +, ? or a count in braces, taken; false if none stands next. */
static bool
repetition(struct parse *p, uint32_t *low, uint32_t *high)
{
	struct slice from = p->s;
	bool good;

	if (p->quote.n > 0)
		return false;
	*low = next(p) == '+';
	*high = next(p) == '?' ? 1 : NO_END;
	if (eat(p, '*') || eat(p, '+') || eat(p, '?'))
		return true;
	if (!eat(p, '{'))
		return false;
	good = count(p, low);
	*high = *low;
	if (good && eat(p, ',')) {
		*high = NO_END;
		good = next(p) == '}' || count(p, high);
	}
	if (good && eat(p, '}')) {
		if (*low > REPEAT_MAX || (*high != NO_END &&
		    (*high > REPEAT_MAX || *high < *low)))
			wrong(p);
		return true;
	}
	p->s = from;
	return false;
}

static uint32_t
repeat(struct parse *p, uint32_t of, uint32_t low, uint32_t high)
{
	uint32_t at = add_node(p, NODE_REPEAT), times;
	struct node *v = p->t->v;

	hang_on(p, at, of);
	v[at].a = low;
	v[at].b = high;
	/* counts in counts: Go lets them have a thousand together */
	times = high == NO_END ? low : high;
	if (low >= 2 || (high != NO_END && high >= 2))
		v[at].most = v[of].most * (times > 0 ? times : 1);
	if (v[at].most > REPEAT_MAX)
		wrong(p);
	return at;
}

/* What is taken until a | or ). */
static uint32_t
sequence(struct parse *p)
{
	uint32_t all = add_node(p, NODE_CAT), last = 0, low, high, now;
	bool stands = false, again = false;	/* something; a repetition */

	while (p->fault == RE2_GOOD && (p->quote.n > 0 || (p->s.n > 0 &&
	    next(p) != '|' && next(p) != ')'))) {
		if (repetition(p, &low, &high)) {
			if (!stands || again)
				wrong(p);
			(void)eat(p, '?');
			again = true;
			if (last != 0 && p->fault == RE2_GOOD)
				last = repeat(p, last, low, high);
			continue;
		}
		again = false;
		now = atom(p);
		stands |= now != 0;
		if (now == 0)
			continue;
		if (last != 0)
			hang_on(p, all, last);
		last = now;
	}
	if (last != 0)
		hang_on(p, all, last);
	return all;
}

static uint32_t
alternation(struct parse *p)
{
	uint32_t one = sequence(p), all;

	if (p->fault != RE2_GOOD || next(p) != '|')
		return one;
	all = add_node(p, NODE_ALT);
	hang_on(p, all, one);
	while (p->fault == RE2_GOOD && eat(p, '|'))
		hang_on(p, all, sequence(p));
	return all;
}

enum re2_fault
re2_parse(struct slice pattern, struct tree *out)
{
	struct parse p = {.s = pattern, .t = out};

	*out = (struct tree){0};
	(void)add_node(&p, NODE_CAT);
	if (!text_is_utf8(pattern))
		wrong(&p);
	out->root = alternation(&p);
	if (p.s.n > 0)
		wrong(&p);
	buf_free(&p.names);
	return p.fault;
}

void
tree_free(struct tree *t)
{
	free(t->v);
	ranges_free(&t->all);
	*t = (struct tree){0};
}

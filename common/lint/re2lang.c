/* re2lang.c -- see re2.h: what texts an expression could match.
 *
 * From each place it is computed once how far a match is, going backwards
 * from it.  A place may be met twice: before a text's end, and at it, where
 * nothing more is consumed.  What the ends of lines and words ask is taken
 * for granted, so that more may seem to match than does and never less. */
#include "lint/re2_in.h"

#include <stdlib.h>

#include "ground/err.h"
#include "ground/text.h"

#define NEVER UINT32_MAX
enum { STEPS_MAX = 512 };	/* a longer text is many */

/* A place before the end of the text, and at it. */
static uint32_t
at_end(const struct re2 *re, uint32_t at, bool end)
{
	return end ? at + re->n : at;
}

/* Who leads where: for each node those before it, as lists in one array. */
struct graph {
	uint32_t *first, *next, *from;
	size_t n;
};

static void
edge(struct graph *g, uint32_t from, uint32_t to)
{
	g->from[g->n] = from;
	g->next[g->n] = g->first[to];
	g->first[to] = (uint32_t)g->n++;
}

static void
edges(const struct re2 *re, struct graph *g, bool end)
{
	const struct inst *in;
	uint32_t i, from;

	for (i = 0; i < re->n; i++) {
		in = &re->prog[i];
		from = at_end(re, i, end);
		if (in->op == OP_SPLIT)
			edge(g, from, at_end(re, in->b, end));
		if (in->op == OP_SPLIT || in->op == OP_JUMP)
			edge(g, from, at_end(re, in->a, end));
		/* a text has begun, so it does not begin here */
		if (in->op == OP_ASSERT && in->a != TEXT_BEGIN)
			edge(g, from, at_end(re, i + 1, end ||
			    in->a == TEXT_END));
		if (in->op == OP_CLASS && !end && in->b > 0)
			edge(g, from, i + 1);
	}
}

/* Those before v[i..n) that lead to it for nothing are put behind it; *rest
 * gathers those that lead there by one character. */
static size_t
spread(struct re2 *re, const struct graph *g, uint32_t *v, size_t i,
    size_t n, uint32_t cost, size_t *rest, uint32_t *later)
{
	uint32_t e, from;

	for (; i < n; i++)
		for (e = g->first[v[i]]; e != NEVER; e = g->next[e]) {
			from = g->from[e];
			if (from < re->n && re->prog[from].op == OP_CLASS) {
				later[(*rest)++] = from;
			} else if (re->far[from] == NEVER) {
				re->far[from] = cost;
				v[n++] = from;
			}
		}
	return n;
}

/* Fill re->far: characters to a match, of each place before and at the end. */
static void
measure(struct re2 *re)
{
	size_t nodes = (size_t)2 * re->n, most = 2 * nodes + 1, n = 0, i, k;
	struct graph g = {calloc(nodes, 4), calloc(most, 4), calloc(most, 4),
	    0};
	uint32_t *v = calloc(nodes, 4), *later = calloc(most, 4), cost = 0;
	size_t rest, done = 0;

	re->far = calloc(nodes, sizeof *re->far);
	if (g.first == NULL || g.next == NULL || g.from == NULL || v == NULL ||
	    later == NULL || re->far == NULL)
		err_nomem();
	memset(g.first, 0xff, nodes * 4);
	memset(re->far, 0xff, nodes * 4);
	edges(re, &g, false);
	edges(re, &g, true);
	for (i = 0; i < 2; i++) {
		v[n] = at_end(re, re->n - 1, i > 0);
		re->far[v[n++]] = 0;
	}
	for (;; cost++) {
		rest = 0;
		n = spread(re, &g, v, done, n, cost, &rest, later);
		done = n;
		for (k = 0; k < rest; k++)
			if (re->far[later[k]] == NEVER) {
				re->far[later[k]] = cost + 1;
				v[n++] = later[k];
			}
		if (n == done)
			break;
	}
	free(g.first);
	free(g.next);
	free(g.from);
	free(v);
	free(later);
}

/* open becomes all that is reached from here before a character that is not
 * known, behind others unless begin says so.  *end: a text may end here.
 * True if whatever follows is a match. */
static bool
close_any(struct re2 *re, bool begin, bool *end)
{
	const struct inst *in;
	bool matched = false;
	uint32_t at;
	size_t i;

	*end = false;
	places_clear(&re->open);
	for (i = 0; i < re->here.n; i++)
		places_add(&re->open, re->here.v[i]);
	for (i = 0; i < re->open.n; i++) {
		at = re->open.v[i];
		in = &re->prog[at];
		matched |= in->op == OP_MATCH;
		*end |= in->op == OP_ASSERT && in->a == TEXT_END &&
		    re->far[at_end(re, at + 1, true)] == 0;
		if (in->op == OP_SPLIT)
			places_add(&re->open, in->b);
		if (in->op == OP_SPLIT || in->op == OP_JUMP)
			places_add(&re->open, in->a);
		if (in->op == OP_ASSERT && in->a != TEXT_END &&
		    (in->a != TEXT_BEGIN || begin))
			places_add(&re->open, at + 1);
	}
	return matched;
}

/* It consumes a character and a match may follow. */
static bool
leads_on(const struct re2 *re, uint32_t at)
{
	const struct inst *in = &re->prog[at];

	return in->op == OP_CLASS && in->b > 0 && re->far[at + 1] != NEVER;
}

/* How many characters may stand next; *rune is one of them. */
static enum re2_count
choices(const struct re2 *re, uint32_t *rune)
{
	enum re2_count n = RE2_NONE;
	const struct range *v;
	size_t i;

	for (i = 0; i < re->open.n; i++) {
		if (!leads_on(re, re->open.v[i]))
			continue;
		v = re->ranges + re->prog[re->open.v[i]].a;
		if (re->prog[re->open.v[i]].b > 1 || v->low < v->high ||
		    (n == RE2_ONE && *rune != v->low))
			return RE2_MANY;
		n = RE2_ONE;
		*rune = v->low;
	}
	return n;
}

/* How many texts may stand behind here; begin: here is where they begin. */
static enum re2_count
endings(struct re2 *re, bool begin)
{
	enum re2_count n;
	uint32_t rune = 0;
	bool end;
	int i;

	for (i = 0; i < STEPS_MAX; i++) {
		if (close_any(re, begin && i == 0, &end))
			return RE2_MANY;
		n = choices(re, &rune);
		if (n == RE2_NONE)
			return end ? RE2_ONE : RE2_NONE;
		if (n == RE2_MANY || end)
			return RE2_MANY;
		re2_step(re, rune);
	}
	return RE2_MANY;
}

/* here becomes where s leads; true if it matches whatever follows. */
static bool
feed(struct re2 *re, struct slice s)
{
	uint32_t before = NO_RUNE, rune;
	size_t i, n;

	if (re->far == NULL)
		measure(re);
	re2_start(re);
	while (s.n > 0 && re->here.n > 0) {
		rune = re2_rune(&s);
		if (re2_close(re, before, rune))
			return true;
		re2_step(re, rune);
		before = rune;
		/* what cannot match any more is not carried along */
		for (i = n = 0; i < re->here.n; i++)
			if (re->far[re->here.v[i]] != NEVER)
				re->here.v[n++] = re->here.v[i];
		re->here.n = n;
	}
	return false;
}

enum re2_count
re2_after(struct re2 *re, struct slice prefix)
{
	return feed(re, prefix) ? RE2_MANY : endings(re, prefix.n == 0);
}

/* A class has a character from one to another. */
static bool
meets(const struct re2 *re, const struct inst *class, uint32_t low,
    uint32_t high)
{
	const struct range *v = re->ranges + class->a;
	size_t from = 0, to = class->b, mid;

	while (from < to) {
		mid = (from + to) / 2;
		if (v[mid].high < low)
			from = mid + 1;
		else
			to = mid;
	}
	return from < class->b && v[from].low <= high;
}

static bool
has_word(const struct re2 *re, const struct inst *in)
{
	return in->op == OP_CLASS && (meets(re, in, '0', '9') ||
	    meets(re, in, 'A', 'Z') || meets(re, in, '_', '_') ||
	    meets(re, in, 'a', 'z'));
}

enum re2_count
re2_family(struct re2 *re, struct slice prefix)
{
	const struct inst *in;
	struct places *seen = &re->seen;
	uint32_t at;
	size_t i;
	bool end;

	if (feed(re, prefix) || close_any(re, false, &end))
		return RE2_MANY;
	places_clear(seen);
	for (i = 0; i < re->open.n; i++)
		if (has_word(re, &re->prog[re->open.v[i]]))
			places_add(seen, re->open.v[i] + 1);
	for (i = 0; i < seen->n; i++) {
		at = seen->v[i];
		in = &re->prog[at];
		if (in->op == OP_MATCH)
			return RE2_MANY;
		if (in->op == OP_SPLIT)
			places_add(seen, in->b);
		if (in->op == OP_SPLIT || in->op == OP_JUMP)
			places_add(seen, in->a);
		if (has_word(re, in) || (in->op == OP_ASSERT &&
		    in->a != TEXT_BEGIN && in->a != TEXT_END))
			places_add(seen, at + 1);
	}
	places_clear(&re->here);
	for (i = 0; i < seen->n; i++)
		if (re->prog[seen->v[i]].op == OP_CLASS &&
		    re2_has(re, &re->prog[seen->v[i]], '='))
			places_add(&re->here, seen->v[i] + 1);
	return endings(re, false);
}

enum re2_count
re2_name(struct re2 *re, struct buf *name)
{
	enum re2_count n;
	uint32_t rune = 0;
	bool end;
	int i;

	if (re->far == NULL)
		measure(re);
	re2_start(re);
	for (i = 0; i < STEPS_MAX; i++) {
		if (close_any(re, i == 0, &end))
			return RE2_MANY;
		n = choices(re, &rune);
		if (n != RE2_ONE)
			return n;
		if (rune == '=')
			return RE2_ONE;
		text_put(rune, name);
		re2_step(re, rune);
	}
	return RE2_MANY;
}

/* The one that a person would type, of those a class has. */
static uint32_t
shown(const struct re2 *re, const struct inst *class)
{
	static const char liked[] = "x1/aA_.-: ";
	const char *p;

	for (p = liked; *p != '\0'; p++)
		if (re2_has(re, class, (uint8_t)*p))
			return (uint8_t)*p;
	return re->ranges[class->a].low;
}

/* The shortest way to a match from here, appended. */
static void
shortest(struct re2 *re, bool begin, struct buf *out)
{
	const struct inst *best;
	uint32_t at, least, rune;
	bool end;
	size_t i;
	int n;

	for (n = 0; n < STEPS_MAX; n++) {
		if (close_any(re, begin && n == 0, &end) || end)
			return;
		best = NULL;
		least = NEVER;
		for (i = 0; i < re->open.n; i++) {
			at = re->open.v[i];
			if (!leads_on(re, at) || re->far[at + 1] >= least)
				continue;
			least = re->far[at + 1];
			best = &re->prog[at];
		}
		if (best == NULL)
			return;
		rune = shown(re, best);
		text_put(rune, out);
		re2_step(re, rune);
	}
}

bool
re2_witness(struct re2 *re, struct slice prefix, struct buf *out)
{
	static const char *const values[] = {"x", "1", "/tmp/x", "/tmp/x.so",
	    "http://x/", "-x", ""};
	size_t was = out->n, i;

	for (i = 0; i < sizeof values / sizeof *values; i++) {
		buf_add(out, prefix);
		buf_adds(out, values[i]);
		if (re2_match(re, slice_from(slice_buf(out), was)))
			return true;
		buf_cut(out, was);
	}
	buf_add(out, prefix);
	if (!feed(re, prefix))
		shortest(re, prefix.n == 0, out);
	if (re2_match(re, slice_from(slice_buf(out), was)))
		return true;
	buf_cut(out, was);
	return false;
}

/* re2.c -- see re2.h: the program that a tree becomes, and its run over a
 * text: all places at once, as Thompson has it. */
#include "lint/re2.h"

#include <stdlib.h>

#include "lint/re2_in.h"
#include "ground/err.h"
#include "ground/text.h"

struct making {
	struct re2 *re;
	const struct tree *t;
	bool large;
};

static void compile(struct making *, uint32_t at);

static uint32_t
emit(struct making *m, enum op op, uint32_t a, uint32_t b)
{
	struct re2 *re = m->re;

	struct inst *prog;

	if (re->n == RE2_PROGRAM_MAX) {
		m->large = true;
		return re->n - 1;
	}
	if ((re->n & (re->n - 1)) == 0) {
		prog = reallocarray(re->prog, re->n > 0 ? 2 * (size_t)re->n :
		    1, sizeof *prog);
		if (prog == NULL)
			err_nomem();
		re->prog = prog;
	}
	re->prog[re->n] = (struct inst){op, a, b};
	return re->n++;
}

static void
alternatives(struct making *m, const struct node *v)
{
	uint32_t part, split, jump = UINT32_MAX;

	/* the jumps to the end are chained until it is known */
	for (part = v->first; part != 0; part = m->t->v[part].next) {
		if (m->t->v[part].next == 0) {
			compile(m, part);
			break;
		}
		split = emit(m, OP_SPLIT, m->re->n + 1, 0);
		compile(m, part);
		jump = emit(m, OP_JUMP, jump, 0);
		m->re->prog[split].b = m->re->n;
		if (m->large)
			return;
	}
	while (jump != UINT32_MAX) {
		part = m->re->prog[jump].a;
		m->re->prog[jump].a = m->re->n;
		jump = part;
	}
}

/* Once more or not at all, max times, each within the one before. */
static void
optional(struct making *m, uint32_t part, uint32_t max)
{
	uint32_t split, chain = UINT32_MAX, i;

	for (i = 0; i < max && !m->large; i++) {
		chain = emit(m, OP_SPLIT, m->re->n + 1, chain);
		compile(m, part);
	}
	while (chain != UINT32_MAX && !m->large) {
		split = chain;
		chain = m->re->prog[split].b;
		m->re->prog[split].b = m->re->n;
	}
}

static void
repetition(struct making *m, const struct node *v)
{
	uint32_t i, from = 0, split;

	for (i = 0; i < v->a && !m->large; i++) {
		from = m->re->n;
		compile(m, v->first);
		if (m->re->n == from)
			return;		/* nothing, however often */
	}
	if (v->b == NO_END && v->a > 0) {
		split = emit(m, OP_SPLIT, from, 0);
		m->re->prog[split].b = m->re->n;
	} else if (v->b == NO_END) {
		split = emit(m, OP_SPLIT, m->re->n + 1, 0);
		compile(m, v->first);
		(void)emit(m, OP_JUMP, split, 0);
		m->re->prog[split].b = m->re->n;
	} else {
		optional(m, v->first, v->b - v->a);
	}
}

static void
compile(struct making *m, uint32_t at)
{
	const struct node *v = &m->t->v[at];
	uint32_t part;

	switch (v->kind) {
	case NODE_CLASS:
		(void)emit(m, OP_CLASS, v->a, v->b);
		break;
	case NODE_ASSERT:
		(void)emit(m, OP_ASSERT, v->a, 0);
		break;
	case NODE_CAT:
		for (part = v->first; part != 0 && !m->large;
		    part = m->t->v[part].next)
			compile(m, part);
		break;
	case NODE_ALT:
		alternatives(m, v);
		break;
	case NODE_REPEAT:
		repetition(m, v);
		break;
	}
}

static void *
space(size_t n, size_t each)
{
	void *p = calloc(n, each);

	if (p == NULL)
		err_nomem();
	return p;
}

static void
places_make(struct places *p, size_t n)
{
	p->v = space(n, sizeof *p->v);
	p->mark = space(n, sizeof *p->mark);
	p->now = 1;
}

/* The program of a tree, with the loop that lets it begin anywhere. */
static bool
build(struct re2 *re, struct tree *t)
{
	struct making m = {.re = re, .t = t};

	(void)emit(&m, OP_SPLIT, 3, 1);
	(void)emit(&m, OP_CLASS, (uint32_t)t->all.n, 1);
	(void)emit(&m, OP_JUMP, 0, 0);
	compile(&m, t->root);
	(void)emit(&m, OP_MATCH, 0, 0);
	ranges_add(&t->all, 0, RUNE_MAX);
	re->ranges = t->all.v;
	t->all = (struct ranges){0};
	re->forked = t->v[t->root].kind == NODE_ALT;
	return !m.large;
}

enum re2_fault
re2_compile(struct slice pattern, struct re2 **out)
{
	enum re2_fault fault;
	struct tree t;
	struct re2 *re;

	*out = NULL;
	fault = re2_parse(pattern, &t);
	if (fault == RE2_GOOD) {
		re = space(1, sizeof *re);
		if (!build(re, &t)) {
			re2_free(re);
			fault = RE2_LARGE;
		} else {
			places_make(&re->here, re->n);
			places_make(&re->open, re->n);
			places_make(&re->seen, re->n);
			*out = re;
		}
	}
	tree_free(&t);
	return fault;
}

static void
places_free(struct places *p)
{
	free(p->v);
	free(p->mark);
}

void
re2_free(struct re2 *re)
{
	if (re == NULL)
		return;
	free(re->prog);
	free(re->ranges);
	free(re->far);
	places_free(&re->here);
	places_free(&re->open);
	places_free(&re->seen);
	free(re);
}

void
re2_anchor(struct slice pattern, struct buf *out)
{
	if (!slice_starts(pattern, "^"))
		buf_addc(out, '^');
	buf_add(out, pattern);
	if (pattern.n == 0 || pattern.p[pattern.n - 1] != '$')
		buf_addc(out, '$');
}

bool
re2_forked(const struct re2 *re)
{
	return re->forked;
}

uint32_t
re2_rune(struct slice *s)
{
	size_t n = text_utf8(*s), i;
	uint32_t c = s->p[0];

	if (n == 0) {
		*s = slice_from(*s, 1);
		return 0xfffd;
	}
	if (n > 1)
		c &= 0x7fU >> n;
	for (i = 1; i < n; i++)
		c = c << 6 | (s->p[i] & 0x3fU);
	*s = slice_from(*s, n);
	return c;
}

bool
re2_has(const struct re2 *re, const struct inst *class, uint32_t rune)
{
	const struct range *v = re->ranges + class->a;
	size_t low = 0, high = class->b, mid;

	while (low < high) {
		mid = (low + high) / 2;
		if (rune < v[mid].low)
			high = mid;
		else if (rune > v[mid].high)
			low = mid + 1;
		else
			return true;
	}
	return false;
}

void
places_clear(struct places *p)
{
	p->n = 0;
	p->now++;
}

void
places_add(struct places *p, uint32_t at)
{
	if (p->mark[at] == p->now)
		return;
	p->mark[at] = p->now;
	p->v[p->n++] = at;
}

static bool
in_word(uint32_t c)
{
	return (c >= '0' && c <= '9') || c == '_' ||
	    ((c | 32) >= 'a' && (c | 32) <= 'z');
}

static bool
holds(uint32_t a, uint32_t before, uint32_t behind)
{
	switch ((enum assertion)a) {
	case TEXT_BEGIN:
		return before == NO_RUNE;
	case TEXT_END:
		return behind == NO_RUNE;
	case LINE_BEGIN:
		return before == NO_RUNE || before == '\n';
	case LINE_END:
		return behind == NO_RUNE || behind == '\n';
	case WORD_EDGE:
		return in_word(before) != in_word(behind);
	case NO_WORD_EDGE:
		return in_word(before) == in_word(behind);
	}
	return false;
}

bool
re2_close(struct re2 *re, uint32_t before, uint32_t behind)
{
	const struct inst *in;
	size_t i;

	places_clear(&re->open);
	for (i = 0; i < re->here.n; i++)
		places_add(&re->open, re->here.v[i]);
	/* it grows while it is walked */
	for (i = 0; i < re->open.n; i++) {
		in = &re->prog[re->open.v[i]];
		if (in->op == OP_MATCH)
			return true;
		if (in->op == OP_SPLIT)
			places_add(&re->open, in->b);
		if (in->op == OP_SPLIT || in->op == OP_JUMP)
			places_add(&re->open, in->a);
		if (in->op == OP_ASSERT && holds(in->a, before, behind))
			places_add(&re->open, re->open.v[i] + 1);
	}
	return false;
}

void
re2_step(struct re2 *re, uint32_t rune)
{
	const struct inst *in;
	size_t i;

	places_clear(&re->here);
	for (i = 0; i < re->open.n; i++) {
		in = &re->prog[re->open.v[i]];
		if (in->op == OP_CLASS && re2_has(re, in, rune))
			places_add(&re->here, re->open.v[i] + 1);
	}
}

void
re2_start(struct re2 *re)
{
	places_clear(&re->here);
	places_add(&re->here, 0);
}

bool
re2_match(struct re2 *re, struct slice text)
{
	uint32_t before = NO_RUNE, rune;

	re2_start(re);
	while (text.n > 0) {
		rune = re2_rune(&text);
		if (re2_close(re, before, rune))
			return true;
		re2_step(re, rune);
		before = rune;
	}
	return re2_close(re, before, NO_RUNE);
}

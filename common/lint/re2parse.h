/* re2parse.h -- what the two files of the parser share, and nobody else: one
 * reads characters and classes, the other what stands round them. */
#ifndef LINT_RE2PARSE_H
#define LINT_RE2PARSE_H

#include "lint/re2_in.h"

/* Of (?i) and the like; they hold to the end of their group. */
struct flags {
	bool fold, multi, dot_all;
};

struct parse {
	struct slice s;		/* not yet read */
	struct slice quote;	/* nor this of \Q...\E before it */
	struct tree *t;
	struct flags flags;
	enum re2_fault fault;
	unsigned depth;
	struct buf names;	/* of groups, each with a NUL */
};

static inline uint8_t
next(const struct parse *p)
{
	return p->s.n > 0 ? p->s.p[0] : 0;
}

static inline bool
eat(struct parse *p, char c)
{
	if (p->s.n == 0 || p->s.p[0] != (uint8_t)c)
		return false;
	p->s = slice_from(p->s, 1);
	return true;
}

static inline void
wrong(struct parse *p)
{
	if (p->fault == RE2_GOOD)
		p->fault = RE2_WRONG;
}

static inline void
large(struct parse *p)
{
	if (p->fault == RE2_GOOD)
		p->fault = RE2_LARGE;
}

static inline bool
is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_letter(uint8_t c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* A range as the flags have it. */
void re2parse_range(struct parse *, struct ranges *, uint32_t low,
    uint32_t high);
/* Behind a backslash: one character. */
uint32_t re2parse_escape(struct parse *);
/* \d or \pN at p->s, taken into r; false if it is neither. */
bool re2parse_class_escape(struct parse *, struct ranges *);
/* Behind [, to its ]. */
void re2parse_class(struct parse *, struct ranges *);

#endif

/* re2.h -- the regular expressions of a policy, as the platform's enforcer
 * reads them: Go's regexp, which is RE2's syntax.  Pure.
 *
 * An automaton of our own and no library: the enforcer takes what PCRE does
 * not (^*, {0}), refuses what PCRE takes (\C, (?=, \1), and what is asked is
 * not only whether a text matches but whether any text that begins so could,
 * which no matcher answers.  Nothing backtracks: matching takes time in
 * proportion to the text and the program, whose size is bounded.
 *
 * Of \p{...} the characters of ASCII are known; beyond them it may match any,
 * and case is folded in ASCII alone (with U+017F and U+212A, which fold into
 * it).
 */
#ifndef LINT_RE2_H
#define LINT_RE2_H

#include "ground/buf.h"

enum {
	RE2_PROGRAM_MAX = 3000,	/* instructions of one expression */
	RE2_RANGES_MAX = 60000,	/* ranges of all its classes */
	RE2_DEPTH_MAX = 1000,	/* groups in each other, as Go has it */
};

enum re2_fault {
	RE2_GOOD,
	RE2_WRONG,	/* Go refuses it */
	RE2_LARGE,	/* more than is looked at here */
};

/* A compiled expression, with what a question needs to be answered. */
struct re2;

/* re2_free() what is made; *out is NULL if it is not RE2_GOOD. */
enum re2_fault re2_compile(struct slice pattern, struct re2 **out);
void re2_free(struct re2 *);

/* Append the pattern as the enforcer builds it: ^ before and $ behind, each
 * unless it begins or ends with one already, and no brackets round it. */
void re2_anchor(struct slice pattern, struct buf *out);

/* The expression matches somewhere in text. */
bool re2_match(struct re2 *, struct slice text);

/* A | outside brackets: what is put before and behind binds to the ends. */
bool re2_forked(const struct re2 *);

/* How many of something match. */
enum re2_count { RE2_NONE, RE2_ONE, RE2_MANY };

/* Texts that begin with prefix. */
enum re2_count re2_after(struct re2 *, struct slice prefix);
/* Texts prefix, one or more letters, digits or _, =, and anything. */
enum re2_count re2_family(struct re2 *, struct slice prefix);

/* Append the name, up to the first =, that all texts that match begin with:
 * RE2_ONE; or RE2_MANY, they begin with several; or RE2_NONE, with none. */
enum re2_count re2_name(struct re2 *, struct buf *name);

/* Append one that matches and begins with prefix, short rather than long;
 * false if it is not found. */
bool re2_witness(struct re2 *, struct slice prefix, struct buf *out);

#endif

/* re2_in.h -- what the files of re2.h share, and nobody else. */
#ifndef LINT_RE2_IN_H
#define LINT_RE2_IN_H

#include "lint/re2.h"

enum { RUNE_MAX = 0x10ffff };

/* Characters from one to another. */
struct range {
	uint32_t low, high;
};

struct ranges {
	struct range *v;
	size_t n, cap;
	bool vague;	/* beyond ASCII it is not known which */
};

void ranges_add(struct ranges *, uint32_t low, uint32_t high);
/* The same without regard to the case of ASCII. */
void ranges_add_folded(struct ranges *, uint32_t low, uint32_t high);
/* In order, none touching another; or their complement so. */
void ranges_sort(struct ranges *);
void ranges_negate(struct ranges *);
void ranges_free(struct ranges *);
/* What d, s, w and their capitals stand for, "alpha" in [:alpha:] and "Lu" in
 * \p{Lu}; false if there is no such class. */
bool ranges_perl(struct ranges *, uint8_t letter, bool fold);
bool ranges_posix(struct ranges *, struct slice name, bool fold);
bool ranges_unicode(struct ranges *, struct slice name, bool negate,
    bool fold);

/* What holds where no character is consumed. */
enum assertion { TEXT_BEGIN, TEXT_END, LINE_BEGIN, LINE_END, WORD_EDGE,
	NO_WORD_EDGE };

enum node_kind { NODE_CLASS, NODE_ASSERT, NODE_CAT, NODE_ALT, NODE_REPEAT };

/* A part of an expression; those of CAT, ALT and REPEAT hang on it. */
struct node {
	enum node_kind kind;
	uint32_t first, last, next;	/* parts; 0: none */
	uint32_t a, b;		/* CLASS: ranges from a, b of them;
				 * REPEAT: from a to b times; ASSERT: a */
	uint32_t most;		/* counts in each other, multiplied */
};

#define NO_END UINT32_MAX	/* b of REPEAT: any number */

struct tree {
	struct node *v;		/* v[0] is nobody's */
	size_t n;
	struct ranges all;	/* of all classes */
	uint32_t root;
};

enum re2_fault re2_parse(struct slice pattern, struct tree *);
void tree_free(struct tree *);

enum op { OP_CLASS, OP_ASSERT, OP_SPLIT, OP_JUMP, OP_MATCH };

/* CLASS and ASSERT go on behind themselves, as in struct node; SPLIT goes on
 * at a and at b, JUMP at a. */
struct inst {
	enum op op;
	uint32_t a, b;
};

/* Places in a program, each once. */
struct places {
	uint32_t *v, *mark, now;
	size_t n;
};

struct re2 {
	struct inst *prog;	/* begins with a loop over any text */
	uint32_t n;
	struct range *ranges;
	bool forked;
	struct places here, open, seen;
	uint32_t *far;	/* see re2lang.c; NULL: not yet known */
};

bool re2_has(const struct re2 *, const struct inst *class, uint32_t rune);
void places_clear(struct places *);
void places_add(struct places *, uint32_t at);

/* The character that s begins with, a wrong byte as U+FFFD; and behind it. */
uint32_t re2_rune(struct slice *s);

#define NO_RUNE UINT32_MAX	/* before the text, and behind it */

/* open becomes all that is reached from here between two characters; true if
 * that is a match. */
bool re2_close(struct re2 *, uint32_t before, uint32_t behind);
/* here becomes what is behind the classes of open that have the character. */
void re2_step(struct re2 *, uint32_t rune);
void re2_start(struct re2 *);

#endif

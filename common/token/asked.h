/* asked.h -- what is asked of the claims of a token, one question after the
 * other: up to the first that is answered no, or all of them for a person to
 * read.  Pure. */
#ifndef TOKEN_ASKED_H
#define TOKEN_ASKED_H

#include "token/token.h"

/* Ask what the rules ask, in a fixed order, of a token that token_open() gave.
 * The first no is E_NO, and one that has no answer E_INPUT; a release policy
 * that holds is said in the token. */
int asked_of(struct token *, const struct token_rules *, struct err *);

/* A question and its answer. */
struct answer {
	const char *name;	/* "issuer" */
	struct buf what;	/* what was compared, as it came */
	bool yes;
	struct buf why;		/* why not, as it came; empty for yes */
};

/* {0} is empty; answers_free() releases. */
struct answers {
	struct answer *v;
	size_t n;
};

/* Append an answer to every question of the rules. */
void answers_to(struct token *, const struct token_rules *, struct answers *);
/* Append one: ret of a function and its err. */
void answers_add(struct answers *, const char *name, struct slice what,
    int ret, const struct err *);
void answers_free(struct answers *);

#endif

/* token.h -- a token as a page: the verdict, the six features, what was
 * checked and what was not, the claims, the policy, the evidence.  Pure. */
#ifndef PAGE_TOKEN_H
#define PAGE_TOKEN_H

#include "token/asked.h"

/* Everything is borrowed. */
struct page_token {
	const char *name;		/* of the token's file */
	const struct token_rules *rules;
	const struct token *token;	/* NULL: not genuine, so that nothing
					 * of it is shown */
	const struct answers *answers;
	struct slice policy;		/* what host data was compared with;
					 * empty: none */
	const struct err *no;		/* NULL: it passed */
};

/* Append the page. */
void page_token(const struct page_token *, struct buf *out);

#endif

/* instead.h -- what people have at hand and give instead of a token.
 * Pure. */
#ifndef TOKEN_INSTEAD_H
#define TOKEN_INSTEAD_H

#include "ground/buf.h"
#include "ground/err.h"

/* text was refused as a token, for the reason in e.  If it is something else
 * that we know, e says what it is and what to do, E_INPUT as before. */
void instead_of_token(struct slice text, struct err *);

#endif

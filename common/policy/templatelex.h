/* templatelex.h -- the words of a template's expressions; left is what has
 * not been read, and blanks before a word are skipped.  Pure. */
#ifndef POLICY_TEMPLATELEX_H
#define POLICY_TEMPLATELEX_H

#include "ground/buf.h"

/* Read c if it stands next. */
bool templatelex_eat(struct slice *left, char c);
/* c stands next; it is not read. */
bool templatelex_at(struct slice *left, char c);
/* A word of letters, digits, _ and $; empty if none stands next. */
struct slice templatelex_word(struct slice *left);
/* Append what 'text' says, in which '' is one '; false if none stands next or
 * it does not end. */
bool templatelex_quoted(struct slice *left, struct buf *out);

#endif

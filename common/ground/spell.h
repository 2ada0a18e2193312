/* spell.h -- the word that somebody meant and mistyped.  Ground. */
#ifndef GROUND_SPELL_H
#define GROUND_SPELL_H

#include "ground/buf.h"

enum { SPELL_MAX = 48 };	/* bytes; nothing longer is near to anything */

/* How many letters have to be added, left out, changed or swapped with their
 * neighbour, each place once, to make one word of the other (optimal string
 * alignment), in ASCII and whatever the case.  Both have at most SPELL_MAX
 * bytes. */
unsigned spell_distance(struct slice, struct slice);

/* The nearest of the words that were tried, the first of equals; best is empty
 * as long as none is near: with one slip in three letters, two in six and so
 * on, or one that begins with what was given. */
struct spell {
	struct slice given, best;
	unsigned distance;
};
void spell_start(struct spell *, struct slice given);
void spell_try(struct spell *, struct slice word);

#endif

/* spell.c -- see spell.h. */
#include "ground/spell.h"

enum { LETTERS_A_SLIP = 3 };

static uint8_t
fold(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static unsigned
least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

unsigned
spell_distance(struct slice a, struct slice b)
{
	/* rows of the table for the last letters of a: i - 2, i - 1, i */
	unsigned rows[3][SPELL_MAX + 1], *before = rows[0], *above = rows[1];
	unsigned *row = rows[2], *swap;
	size_t i, j;

	for (j = 0; j <= b.n; j++)
		above[j] = (unsigned)j;
	for (i = 1; i <= a.n; i++) {
		row[0] = (unsigned)i;
		for (j = 1; j <= b.n; j++) {
			row[j] = least(least(above[j] + 1, row[j - 1] + 1),
			    above[j - 1] + (fold(a.p[i - 1]) !=
			    fold(b.p[j - 1])));
			if (i > 1 && j > 1 &&
			    fold(a.p[i - 1]) == fold(b.p[j - 2]) &&
			    fold(a.p[i - 2]) == fold(b.p[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		swap = before;
		before = above;
		above = row;
		row = swap;
	}
	return above[b.n];
}

/* What was given is the beginning of the word, and more than a letter. */
static bool
begins(struct slice word, struct slice given)
{
	return given.n > 1 && given.n < word.n &&
	    spell_distance(given, slice_head(word, given.n)) == 0;
}

void
spell_start(struct spell *s, struct slice given)
{
	*s = (struct spell){.given = given};
	if (given.n > 0 && given.n <= SPELL_MAX)
		s->distance = (unsigned)(given.n / LETTERS_A_SLIP) + 1;
}

void
spell_try(struct spell *s, struct slice word)
{
	unsigned distance;

	if (s->distance == 0 || word.n == 0 || word.n > SPELL_MAX)
		return;
	distance = begins(word, s->given) ? 0 :
	    spell_distance(s->given, word);
	if (distance >= s->distance)
		return;
	s->distance = distance;
	s->best = word;
}

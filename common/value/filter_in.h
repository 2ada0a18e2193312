/* filter_in.h -- between the files of filter.h.  Value: pure. */
#ifndef VALUE_FILTER_IN_H
#define VALUE_FILTER_IN_H

#include "value/filter.h"

/* Append a program that filter_allowed() has taken, rewritten so that a try
 * catches the errors of what it tries and no others, and that comments and
 * the spelling of numbers are the same to every libjq.  It calls
 *   _teeutils_in		catch what comes from behind, throw it wrapped
 *   _teeutils_out(f)	unwrap such an error and throw it, or f
 *   $_teeutils_numbers	an array of the numbers that are left in numbers,
 *			a line each
 * E_USAGE where brackets would tell what is tried. */
int filter_confine(struct slice program, struct buf *out, struct buf *numbers,
    struct err *e);

/* Numbers as libjq is to have them: in doubles that compare as the numbers
 * themselves do.  Up to 15 digits a double tells apart; those that have more
 * are gathered from the program and the text, and settled: each gets the
 * nearest double that is nobody else's and no shorter number's. */
struct filter_long {
	struct slice text;	/* borrowed, without its sign */
	double value;
};
struct filter_numbers {
	struct filter_long *v;
	size_t n, room;
	bool settled;
};

/* Its double; of a long one only once they are settled, and 0 before, when
 * it is taken among them.  E_INPUT for what no double comes near. */
int filter_number(struct filter_numbers *, struct slice text, double *out,
    struct err *);
/* E_NO if too many are too close to each other. */
int filter_settle(struct filter_numbers *, struct err *);

#endif

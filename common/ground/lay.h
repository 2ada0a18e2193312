/* lay.h -- reports laid out for whoever reads them.  Ground. */
#ifndef GROUND_LAY_H
#define GROUND_LAY_H

#include "ground/buf.h"

/* Append text, which has no line ends, in lines of at most width columns,
 * broken at blanks alone: what has none, a hash or a path, stays whole and may
 * be wider.  The first line begins at column at, where out stands already, and
 * each other is indented.  A character is a column. */
void lay_wrap(struct slice text, size_t at, size_t indent, size_t width,
    struct buf *out);

/* How: width 0 leaves lines as they are, for what reads them by line. */
struct lay {
	unsigned width;		/* columns */
	bool colour;		/* of the words that a report's lines begin
				 * with: pass, FAIL, unsafe, ... */
};

/* Lay out whole lines, in place.  What goes on in a next line stands below the
 * last of the columns that two blanks begin in the first half of the line, or
 * is indented by two.  A command, behind "$ ", stays whole. */
void lay_report(struct buf *lines, struct lay);

#endif

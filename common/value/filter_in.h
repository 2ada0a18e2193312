/* filter_in.h -- between filtertry.c and filter.c.  Value: pure. */
#ifndef VALUE_FILTER_IN_H
#define VALUE_FILTER_IN_H

#include "value/filter.h"

/* Append a program that filter_allowed() has taken, rewritten so that a try
 * catches the errors of what it tries and no others.  It calls
 *   _teeutils_in		catch what comes from behind, throw it wrapped
 *   _teeutils_out(f)	unwrap such an error and throw it, or f
 * E_USAGE where brackets would tell what is tried. */
int filter_confine(struct slice program, struct buf *out, struct err *);

#endif

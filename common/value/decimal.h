/* decimal.h -- numbers as texts of decimal digits, of any length and exponent:
 * JSON's, and those that end or begin with the point (1. and .5), as jq
 * programs may.  Value: pure. */
#ifndef VALUE_DECIMAL_H
#define VALUE_DECIMAL_H

#include "ground/buf.h"

/* -1, 0 or 1, exactly: 1, 1.0 and 10e-1 are one. */
int decimal_order(struct slice, struct slice);
/* How many digits it takes, the zeros at both ends not counted. */
size_t decimal_digits(struct slice);
/* The double nearest to it; infinite if it is too large for one. */
double decimal_double(struct slice);

#endif

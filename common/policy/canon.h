/* canon.h -- the one form of all values that mean the same to the platform's
 * framework.  Pure. */
#ifndef POLICY_CANON_H
#define POLICY_CANON_H

#include "value/json.h"

/* Append v in that form: JSON, the lists whose order is free sorted. */
void policycanon(struct json_val v, struct buf *out);
/* The order of two struct buf by their bytes, for qsort(). */
int policycanon_order(const void *, const void *);

#endif

/* claimtable.h -- every claim of a token, grouped as people think of them,
 * with a sentence on what it means.  Pure. */
#ifndef TOKEN_CLAIMTABLE_H
#define TOKEN_CLAIMTABLE_H

#include "value/json.h"

enum { CLAIMTABLE_WIDTH_MIN = 40 };	/* columns */

/* Append it, wrapped to so many columns.  Claims of a confidential VM stand
 * under their path.  Nothing is left out: what the table does not know comes
 * last, under "other". */
void claimtable_print(struct json_val claims, unsigned width,
    struct buf *out);

#endif

/* claimtable.h -- every claim of a token, grouped as people think of them,
 * with a sentence on what it means.  Pure. */
#ifndef TOKEN_CLAIMTABLE_H
#define TOKEN_CLAIMTABLE_H

#include "value/json.h"

/* A claim as the table has it; all of it is borrowed. */
struct claimrow {
	const char *group;	/* "token", "platform", ...: its title */
	bool first;		/* of the group */
	const char *path;	/* what stands before the name, or "" */
	struct slice name;	/* as it came: to be escaped */
	struct json_val value;
	struct slice note;	/* the value for a person: a date; or empty */
	const char *means;	/* a sentence, or NULL */
};
typedef void claimtable_row(const struct claimrow *, void *arg);

/* Call row for each claim, in the order of the table. */
void claimtable_each(struct json_val claims, claimtable_row *row,
    void *arg);

/* Append the names that the table knows, a blank between them. */
void claimtable_names(struct buf *out);

enum { CLAIMTABLE_WIDTH_MIN = 40 };	/* columns */

/* Append it, wrapped to so many columns.  Claims of a confidential VM stand
 * under their path.  Nothing is left out: what the table does not know comes
 * last, under "other". */
void claimtable_print(struct json_val claims, unsigned width,
    struct buf *out);

#endif

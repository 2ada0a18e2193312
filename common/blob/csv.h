/* csv.h -- records as rows of CSV (RFC 4180): the first row has the names, a
 * column "name" becomes "name_encrypted" and back, and the other columns keep
 * their bytes, quotes included.  Rows are without their line's end.  Pure but
 * for entropy.
 *
 * An empty value without quotes is what null is in JSON: it stays; "" is the
 * empty text.  What is encrypted stands in quotes if the clear value did, and
 * comes back in quotes then, or where it needs them. */
#ifndef BLOB_CSV_H
#define BLOB_CSV_H

#include "blob/fields.h"

enum { CSV_COLUMNS_MAX = 100000 };

/* What the header says; csv_free() it. */
struct csv {
	size_t columns;
	int *place;		/* a column each: -1, or a name of the list */
	struct buf *name;	/* a column each: the field's, without suffix,
				 * of those that are done */
	bool any;		/* one of them is */
};

/* E_INPUT: a row that is malformed (see csv_row()), no UTF-8 or has a name
 * twice; a field's new name that is there already. */
int csv_head(const struct fieldask *, struct slice row, struct csv *out,
    struct err *);
void csv_free(struct csv *);
/* Append the header with the new names. */
void csv_put_head(const struct fieldask *, const struct csv *,
    struct slice row, struct buf *out);

/* Append a row with its fields sealed or opened, as fields_json(), with the
 * column as the place.  E_INPUT besides: another number of columns than the
 * header has, a quote in a value without quotes, text behind a closing quote,
 * NUL, a carriage return outside of quotes; a value to seal that is no UTF-8.
 * A row without a byte is passed over, if there are several columns. */
int csv_row(struct fieldwork *, const struct csv *, struct slice row,
    struct buf *out, struct err *);

#endif

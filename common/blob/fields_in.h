/* fields_in.h -- one field of a record in hand.  Private to the files of
 * fields.h and csv.h. */
#ifndef BLOB_FIELDS_IN_H
#define BLOB_FIELDS_IN_H

#include "blob/fields.h"
#include "value/json.h"

struct field {
	struct json_val value;	/* JSON's */
	size_t column;		/* CSV's */
	bool null;		/* stays as it is, but for its name */
	struct buf name;	/* the one it will have */
	struct buf in, out;	/* what it holds, and what it will */
};

/* A cleared place for one more. */
struct field *fieldwork_add(struct fieldwork *);
/* Seal or open what is in its place.  0; 1 if it is left; -1. */
int fieldwork_do(struct fieldwork *, struct field *, struct err *);

#endif

/* blob.h -- encrypted data in the formats people have: one table of them.
 * Format: pure. */
#ifndef FORMAT_BLOB_H
#define FORMAT_BLOB_H

#include "crypto/oaep.h"

enum { BLOB_MAX = 64 << 20 };	/* bytes of a blob that is read whole */

/* The names in the table, as -f takes them to open and to seal. */
#define BLOB_OPENS "auto|oaep|fields"
#define BLOB_SEALS "oaep|fields"

/* What the formats need besides the data, and what they say about it. */
struct blob_job {
	const struct key *key;
	struct oaep oaep;
	bool raw;		/* seal: bytes, where text is the default */
	const char *fields;	/* seal: names, separated by commas */
	bool skip;		/* open: leave records that do not decrypt */
	size_t skipped, records; /* set by open */
};

struct blob_format {
	const char *name;
	const char *looks;	/* "..., or ...": what is looked for */
	/* Decide by public bytes: the data's and the key's size. */
	bool (*is)(struct slice, const struct key *);
	/* The whole in, the whole out; out is as it was on failure. */
	int (*open)(struct slice, struct blob_job *, struct buf *out,
	    struct err *);
	int (*seal)(struct slice, struct blob_job *, struct buf *out,
	    struct err *);
};

/* The OAEP of the options: names of hashes, mgf1 NULL for the same, and a
 * label in hex or NULL, whose bytes keep holds.  E_USAGE if it is no hex. */
int blob_oaep(const char *hash, const char *mgf1, const char *label,
    struct buf *keep, struct oaep *out, struct err *);

/* The row of that name; NULL if there is none. */
const struct blob_format *blob_named(const char *name);
/* The first row that recognises the data; if none does, NULL and E_INPUT
 * with what was looked for. */
const struct blob_format *blob_recognise(struct slice, const struct key *,
    struct err *);
/* The rows one after the other, from i = 0; NULL at the end. */
const struct blob_format *blob_row(size_t i);

#endif

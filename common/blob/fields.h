/* fields.h -- records in which single fields are encrypted: "name" becomes
 * "name_encrypted", whose value is that of fieldvalue.h, or null as before.
 * Every other byte of a record stays as it is.  Here is what JSON and CSV have
 * in common, and JSON.  Pure but for entropy. */
#ifndef BLOB_FIELDS_H
#define BLOB_FIELDS_H

#include "blob/fieldvalue.h"

enum { FIELDS_NAMES_MAX = 1000 };	/* names in a list */

/* What is asked of all records.  It borrows the names. */
struct fieldask {
	const struct blob_job *job;
	bool seal;
	struct slice *name;	/* n of them; to open none means every one */
	size_t n;
};

/* Names separated by commas, or NULL for none.  E_USAGE: an empty name, one
 * that is there twice, too many.  fieldask_free() it. */
int fieldask_read(struct fieldask *, const char *names, struct err *);
void fieldask_free(struct fieldask *);
/* The place in the list of a name, for one that has to be done, or -1.  To
 * open, name is without the suffix; with no list every name is place 0. */
int fieldask_find(const struct fieldask *, struct slice name);

/* To open: take the suffix off a name that has it; false if it has not. */
bool field_sealed_name(struct slice *name);
/* Append it to one. */
void field_add_suffix(struct buf *name);

/* How often a field was left as it was. */
struct fieldtally {
	struct buf name;
	uint64_t left;
};

/* What a worker keeps from record to record.  fieldwork_free() it. */
struct fieldwork {
	const struct fieldask *ask;
	struct fieldvalue *value;
	bool *used;		/* a name of the list each; or any name */
	uint64_t records, left;	/* in which something was left */
	struct fieldtally *tally;
	size_t n_tally;
	struct field *v;	/* of the record in hand; fields_in.h */
	size_t n, cap;
};

int fieldwork_new(const struct fieldask *, struct fieldwork **, struct err *);
void fieldwork_free(struct fieldwork *);

/* Count a value of that name, which is left as it is. */
void fieldwork_left(struct fieldwork *, struct slice name);
/* Forget the record in hand, and count it. */
void fieldwork_next(struct fieldwork *, bool left);

/* Append the JSON text rec with its fields sealed or opened, at any depth.
 *
 * To open, with job->skip a record with a value that is another key's is
 * appended as it is, and counted.  E_INPUT, with the place in the record, and
 * out as it was: rec is no strict JSON; a value to open is neither null nor a
 * string that fieldvalue_open() takes; a value to seal is an array or object,
 * or does not fit; the field's new name stands beside it already, where a
 * clear one could be taken for what was decrypted; decrypted bytes that are no
 * UTF-8, which JSON cannot hold.  E_NO: what does not decrypt. */
int fields_json(struct fieldwork *, struct slice rec, struct buf *out,
    struct err *);

#endif

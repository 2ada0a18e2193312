/* records.h -- a stream of records (split.h) whose fields are sealed or opened
 * (fields.h), in pieces that are turned each by itself, and whole for the
 * table of blobs.  Pure but for entropy. */
#ifndef BLOB_RECORDS_H
#define BLOB_RECORDS_H

#include "blob/csv.h"
#include "blob/split.h"

/* What all pieces have in common.  records_free() it. */
struct records {
	struct fieldask ask;
	struct split split;
	struct csv csv;
	bool begun;		/* the header was read, or there is none */
	/* To open: a record is no list of fields but a whole blob of this
	 * format, and becomes its plaintext; NULL: fields. */
	const struct blob_format *each;
};

/* kind is not RECORDS_AUTO.  Errors are those of fieldask_read(), and of a key
 * that will not do. */
int records_new(const struct blob_job *, bool seal, enum records_kind,
    struct records *, struct err *);
void records_free(struct records *);

/* split_more() for the next piece, and with the first record of CSV the
 * header, which is among the spans. */
int records_more(struct records *, struct slice text, bool end,
    struct spans *, size_t *cut, struct err *);
/* Append a piece, whose n spans are given, turned; on failure out is as it
 * was, and the message has the record's place.  Where each record is a blob,
 * plaintext that is no UTF-8, or has the end of a line or a NUL in it, is
 * E_INPUT: it would be taken for several. */
int records_turn(const struct records *, struct fieldwork *,
    struct slice piece, const struct span *, size_t n, struct buf *out,
    struct err *);
/* At the end, with what n workers did: E_INPUT for a name of the list that
 * stood nowhere, or if there was nothing to open in a document.  To job go the
 * counts, and how many of each field were left as "name 3, age 1". */
int records_done(const struct records *, struct fieldwork *const *, size_t n,
    struct blob_job *, struct err *);

/* Rows of struct blob_format, by one thread.  The kind is job->records or, if
 * that is RECORDS_AUTO, recognised. */
int records_open(struct slice, struct blob_job *, struct buf *out,
    struct err *);
int records_seal(struct slice, struct blob_job *, struct buf *out,
    struct err *);

#endif

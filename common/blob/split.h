/* split.h -- a stream of records told apart, before any of them is read: JSON
 * documents, JSON lines, CSV.  Pure. */
#ifndef BLOB_SPLIT_H
#define BLOB_SPLIT_H

#include "ground/buf.h"
#include "ground/err.h"

enum records_kind {
	RECORDS_AUTO,	/* one of the next two, by the data */
	RECORDS_JSON,	/* the elements of an array, or one document */
	RECORDS_LINES,	/* a JSON value in each line that is not blank */
	RECORDS_CSV,	/* RFC 4180: rows, of which the first is the header */
};

#define RECORDS_KINDS "auto|json|lines|csv"

enum { RECORD_MAX = 16 << 20 };		/* bytes of a record */

/* The kind of that name; the caller's list is RECORDS_KINDS. */
enum records_kind records_kind_named(const char *name);

/* A record in a text: without what stands around it, a line's end included. */
struct span {
	size_t at, n;
	uint64_t number;	/* element from 0, line from 1, row (of which
				 * the header is 0) */
};

struct spans {
	struct span *v;
	size_t n, cap;
};

/* Under way; begun as {.kind = ...}, which is not RECORDS_AUTO. */
struct split {
	enum records_kind kind;
	int state;		/* split.c knows */
	bool one;		/* the document is the record */
	size_t pos, start;	/* in the text: seen up to; the record's */
	size_t depth;		/* of brackets in the record */
	bool string, quoted;	/* in a JSON string; in quotes */
	uint64_t number;	/* of the next record */
};

/* Text is what was left of what was given before, with more behind it, and end
 * says that nothing follows.  Append the records that are complete; *cut is up
 * to where text has nothing but them, and what stands between.
 *
 * E_INPUT, with the place, for what is no list of values, for text behind the
 * document, an array that does not end, quotes that are not closed, and a
 * record that is over RECORD_MAX; the spans before it are good.  Whether a
 * record itself is what it should be is for who reads it. */
int split_more(struct split *, struct slice text, bool end, struct spans *,
    size_t *cut, struct err *);
/* The first n bytes, up to *cut, were taken away. */
void split_taken(struct split *, size_t n);

/* RECORDS_LINES, if behind the first value in head and the end of its line
 * there is more text, or RECORDS_JSON; RECORDS_AUTO if more of the text has to
 * be seen.  all: head is the whole of it, or all that one would look at. */
enum records_kind split_recognise(struct slice head, bool all);

#endif

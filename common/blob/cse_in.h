/* cse_in.h -- between the parts of cse.  Private to cse*.c. */
#ifndef BLOB_CSE_IN_H
#define BLOB_CSE_IN_H

#include "blob/cse.h"
#include "crypto/aead.h"

/* Where the metadata was, and what stood beside it. */
struct cse_found {
	struct buf text;	/* the JSON */
	bool page;		/* a page blob */
	bool sized;		/* of that many bytes: */
	uint64_t size;
};

/* Of a JSON document, or of header blocks, by the rules that cse_meta_read()
 * names: E_INPUT.  text is the caller's to release, on failure too. */
int cse_find_json(struct slice doc, struct cse_found *, struct err *);
int cse_find_header(struct slice dump, struct cse_found *, struct err *);

/* Append the content's key, unwrapped.  Refused as by cse_open_start(). */
int cse_unwrap(const struct cse_meta *, const struct key *, struct buf *cek,
    struct err *);

/* Whose ways of counting regions are still possible, as bits. */
enum { CSE_ANY_ORDER = 7 };
/* See the nonce of region i: E_NO if it is not the one of its place in any
 * order that is still in *orders, out of which go those it does not fit. */
int cse_in_order(unsigned *orders, uint64_t i, const uint8_t *nonce,
    struct err *);

/* E_INPUT: this is what blobxfer makes of the same metadata. */
int cse_blobxfer(struct err *);

#endif

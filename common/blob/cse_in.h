/* cse_in.h -- between the parts of cse.  Private to cse*.c. */
#ifndef BLOB_CSE_IN_H
#define BLOB_CSE_IN_H

#include "blob/cse.h"

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

/* E_INPUT: this is what blobxfer makes of the same metadata. */
int cse_blobxfer(struct err *);

#endif

/* fieldvalue.h -- one value of a record, encrypted as text: base64 of an
 * RSA-OAEP block, or a compact JWE; which of them is public.  Pure but for
 * entropy. */
#ifndef BLOB_FIELDVALUE_H
#define BLOB_FIELDVALUE_H

#include "blob/blob.h"

/* A job's keys made ready for many values; not for two threads at once. */
struct fieldvalue;

/* A key that will not do is E_INPUT or E_NO, with the reason, if none of them
 * does. */
int fieldvalue_new(const struct blob_job *, bool seal, struct fieldvalue **,
    struct err *);
void fieldvalue_free(struct fieldvalue *);

/* Append the text of what was plain.  More than a block holds is E_INPUT, with
 * a hint. */
int fieldvalue_seal(struct fieldvalue *, struct slice plain, struct buf *text,
    struct err *);
/* Append what the text was made of, by the first key that opens it; empty and
 * no base64 are E_INPUT, as a block is that has the size of no key.  *other:
 * what failed may be another key's. */
int fieldvalue_open(struct fieldvalue *, struct slice text, struct buf *plain,
    bool *other, struct err *);

#endif

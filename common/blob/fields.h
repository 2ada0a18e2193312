/* fields.h -- JSON in which single members are encrypted: "name" becomes
 * "name_encrypted", whose value is base64 of one RSA-OAEP block, or null as
 * before.  Every other byte of the text stays as it is.  Pure. */
#ifndef BLOB_FIELDS_H
#define BLOB_FIELDS_H

#include "crypto/oaep.h"
#include "value/json.h"

enum { FIELDS_MAX = 64 << 20 };		/* bytes of a document */

/* A document and what is to be done to it; it borrows the text, which must
 * stay.  fields_free() it. */
struct fields;

/* To decrypt: every member named <field>_encrypted, at any depth.  E_INPUT:
 * the text is no JSON, there is no such member, a value is neither null nor
 * base64, or a clear <field> stands beside it, which could be taken for the
 * decrypted one. */
int fields_sealed(struct slice text, struct fields **, struct err *);

/* To encrypt: every member with one of the names, which are separated by
 * commas.  Strings are encrypted unescaped, numbers and booleans as their
 * text.  E_INPUT: a name that stands nowhere, a value that is an array or
 * object, <field>_encrypted there already; E_USAGE: an empty name. */
int fields_clear(struct slice text, struct slice names, struct fields **,
    struct err *);

/* How many members there are, null ones counted, and in how many records: a
 * record is an element of the top array, or else the whole document. */
size_t fields_count(const struct fields *);
size_t fields_records(const struct fields *);

/* Decrypt or encrypt member i.  Different members may be done by several
 * threads at once, each with its own run.  Decrypted bytes that are no UTF-8
 * are E_INPUT, because JSON cannot hold them. */
int fields_open(struct fields *, size_t i, struct oaep_run *, struct err *);
int fields_seal(struct fields *, size_t i, struct oaep_run *, struct err *);

/* Member i holds a block of another size than a key's: another key's. */
bool fields_foreign(const struct fields *, size_t i, size_t block);
/* Leave the record of member i as it is. */
void fields_leave(struct fields *, size_t i);
/* How many records were left. */
size_t fields_left(const struct fields *);

/* Append the document with every member that was done, and not left, in its
 * new form. */
void fields_write(const struct fields *, struct buf *out);
void fields_free(struct fields *);

#endif

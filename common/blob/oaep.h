/* oaep.h -- a blob that is one RSA-OAEP block, raw or as base64.
 * Pure. */
#ifndef BLOB_OAEP_H
#define BLOB_OAEP_H

#include "crypto/oaep.h"

/* Exactly key_size() bytes, or base64 (B64_TEXT) of that many. */
bool oaepblob_is(struct slice, const struct key *);

/* Append the plaintext.  Neither base64 nor a block's size is E_INPUT, all
 * that depends on the key E_NO "decryption failed". */
int oaepblob_open(struct slice, const struct key *, const struct oaep *,
    struct buf *out, struct err *);

/* Append the block: as it is if raw, else base64 and a newline.  More than
 * oaep_room() is E_INPUT. */
int oaepblob_seal(struct slice, const struct key *, const struct oaep *,
    bool raw, struct buf *out, struct err *);

#endif

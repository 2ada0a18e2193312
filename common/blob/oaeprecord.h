/* oaeprecord.h -- one RSA-OAEP block in a JSON object that says what it is,
 * as the client-side-encryption sample of Azure's confidential computing
 * stores and queues it: {"id","createdAt","ciphertext","algorithm":
 * "RSA-OAEP-SHA256","keyId"}, in a table with capital first letters, in a
 * queue as base64 of that; the demo application's answer to /encrypt is of
 * the same kind, and so are Key Vault's own to encrypt, {"kid","value"}, and
 * what "az keyvault key encrypt" prints of it, {"algorithm","kid","result"}.
 * Read only.  Pure. */
#ifndef BLOB_OAEPRECORD_H
#define BLOB_OAEPRECORD_H

#include "crypto/oaep.h"

enum { OAEPRECORD_MAX = 64 << 10 };	/* bytes of a record */

/* Whether s looks like one, by public bytes alone: a JSON object, or base64
 * of one, in which ciphertext (or result) and algorithm are strings, or kid and
 * value and there is no algorithm; and tag is not there, or null. */
bool oaeprecord_is(struct slice s);

/* Append the name that the record gives its key, if it does. */
void oaeprecord_kid(struct slice text, struct buf *kid);

/* Append the plaintext.  how is what the caller wants or, unless that was
 * asked for, what is taken where there is no algorithm: RSA-OAEP-SHA256 or
 * RSA-OAEP-256 (both SHA-256 twice), or RSA-OAEP (SHA-1).  Another than asked
 * for is E_INPUT, as is every other algorithm, a ciphertext that is no base64
 * or not of the key's size, and anything oaeprecord_is() says no to.  All that
 * depends on the key is E_NO "decryption failed", with the name that the
 * record gives its key as a hint. */
int oaeprecord_open(struct slice text, const struct key *,
    const struct oaep *how, bool asked, struct buf *out, struct err *);

#endif

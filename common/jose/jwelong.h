/* jwelong.h -- a compact JWE of whatever size, with AES-GCM, in constant
 * memory: read once to see that it is authentic, and again to decrypt it.
 * Pure. */
#ifndef JOSE_JWELONG_H
#define JOSE_JWELONG_H

#include "crypto/keys.h"

enum { JWELONG_HEAD = 64 << 10 };	/* bytes before the ciphertext */

/* GCM's own limit (NIST SP 800-38D section 5.2.1.1): bytes of ciphertext. */
#define JWELONG_MAX ((UINT64_C(1) << 36) - 32)

/* head, the first JWELONG_HEAD bytes, may be the beginning of one: three
 * parts of base64url, each with a dot behind it, the first not empty. */
bool jwelong_is(struct slice head);

/* *used is how many bytes of head stand before the ciphertext.  Refused as by
 * jwe_open(); besides, enc must be an AES-GCM.  jwelong_free() it. */
struct jwelong;
int jwelong_start(struct slice head, const struct keys *, struct slice kid,
    size_t *used, struct jwelong **, struct err *);
void jwelong_free(struct jwelong *);

/* Append the plaintext of the text that follows, the next piece; nothing of it
 * is authentic before jwelong_end() has said so.  E_INPUT: no base64url, more
 * than JWELONG_MAX bytes, more than a tag behind them. */
int jwelong_more(struct jwelong *, struct slice text, struct buf *out,
    struct err *);
/* The text is over: E_NO "decryption failed" if the tag is wrong, E_INPUT if
 * it is none.  The same text may follow from its beginning. */
int jwelong_end(struct jwelong *, struct err *);

#endif

/* cbchs.h -- AES-CBC with HMAC, encrypt then authenticate (RFC 7518 section
 * 5.2).  Crypto: pure but for entropy. */
#ifndef CRYPTO_CBCHS_H
#define CRYPTO_CBCHS_H

#include "ground/buf.h"
#include "ground/err.h"

enum cbchs_alg {
	CBCHS_A128_HS256, CBCHS_A192_HS384, CBCHS_A256_HS512,
};

enum { CBCHS_IV_SIZE = 16, CBCHS_BLOCK_SIZE = 16 };	/* bytes */

/* Bytes of the key, whose first half is HMAC's, and of the tag. */
size_t cbchs_key_size(enum cbchs_alg);
size_t cbchs_tag_size(enum cbchs_alg);

/* in is ciphertext and then the tag.  The tag is checked before anything is
 * decrypted; a wrong one, wrong padding or a key of the wrong length is E_NO
 * "decryption failed" and leaves out as it was.  An iv that is not
 * CBCHS_IV_SIZE bytes or a ciphertext that is not one or more whole blocks is
 * E_INPUT. */
int cbchs_open(enum cbchs_alg, struct slice key, struct slice iv,
    struct slice aad, struct slice in, struct buf *out, struct err *);
/* Append ciphertext and tag.  key and iv must have their sizes; an iv is
 * random and used once. */
void cbchs_seal(enum cbchs_alg, struct slice key, struct slice iv,
    struct slice aad, struct slice plain, struct buf *out);

#endif

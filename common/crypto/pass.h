/* pass.h -- keys from passphrases.  Crypto: pure. */
#ifndef CRYPTO_PASS_H
#define CRYPTO_PASS_H

#include "crypto/hash.h"

/* Append n bytes: PBKDF2 (RFC 8018 section 5.2) by HMAC, rounds > 0. */
void pass_pbkdf2(enum hash, struct slice passphrase, struct slice salt,
    unsigned rounds, size_t n, struct buf *out);

/* Append n bytes: scrypt (RFC 7914) with N = 2^log2n, 0 < log2n < 32, r = 8
 * and p = 1, which takes 2^log2n KiB of memory meanwhile. */
void pass_scrypt(struct slice passphrase, struct slice salt, unsigned log2n,
    size_t n, struct buf *out);

#endif

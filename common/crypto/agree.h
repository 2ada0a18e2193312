/* agree.h -- key agreement: Diffie-Hellman on the curves of key.h, and what is
 * made of its secret.  Crypto: pure but for entropy. */
#ifndef CRYPTO_AGREE_H
#define CRYPTO_AGREE_H

#include "crypto/hash.h"
#include "crypto/key.h"

/* KEY_X25519, or KEY_EC on the same curve. */
bool agree_same_curve(const struct key *, const struct key *);

/* A fresh private key on the curve of to, which is KEY_X25519 or KEY_EC. */
void agree_generate(const struct key *to, struct key **out);

/* Append the secret that secret, a private key, and public, both on one curve,
 * have together: the coordinate x, of the curve's size.  A point of low order,
 * from which anyone knows it (RFC 7748 section 6.1), is E_NO "decryption
 * failed". */
int agree_secret(const struct key *secret, const struct key *public,
    struct buf *out, struct err *);

/* Append n bytes of the single-step derivation of NIST SP 800-56C, by SHA-256,
 * from a secret and what else there is (RFC 7518 section 4.6.2). */
void agree_concat_kdf(struct slice secret, struct slice info, size_t n,
    struct buf *out);

#endif

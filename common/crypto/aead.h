/* aead.h -- authenticated encryption.  Crypto: pure but for entropy. */
#ifndef CRYPTO_AEAD_H
#define CRYPTO_AEAD_H

#include "ground/buf.h"
#include "ground/err.h"

enum aead_alg {
	AEAD_AES128_GCM, AEAD_AES192_GCM, AEAD_AES256_GCM,
	AEAD_CHACHA20_POLY1305,
};

enum { AEAD_NONCE_SIZE = 12, AEAD_TAG_SIZE = 16 };	/* bytes */

size_t aead_key_size(enum aead_alg);

/* A key made ready for many messages; not for two threads at once.  A key of
 * the wrong length is E_NO "decryption failed" (a wrapped key decides it). */
struct aead;
int aead_start(enum aead_alg, struct slice key, struct aead **, struct err *);
void aead_free(struct aead *);

/* in is ciphertext and then the tag; nonce is AEAD_NONCE_SIZE bytes.  The
 * plaintext is appended only if the tag is right, else E_NO "decryption
 * failed" and out is as it was; in shorter than a tag is E_INPUT. */
int aead_open(struct aead *, struct slice nonce, struct slice aad,
    struct slice in, struct buf *out, struct err *);
/* Append ciphertext and tag. */
void aead_seal(struct aead *, struct slice nonce, struct slice aad,
    struct slice plain, struct buf *out);

/* One long message in parts, for formats with a single tag.  What
 * aead_open_more() yields is not authentic before aead_open_end() says so. */
void aead_open_begin(struct aead *, struct slice nonce, struct slice aad);
void aead_open_more(struct aead *, struct slice in, struct buf *out);
int aead_open_end(struct aead *, struct slice tag, struct err *);
void aead_seal_begin(struct aead *, struct slice nonce, struct slice aad);
void aead_seal_more(struct aead *, struct slice in, struct buf *out);
void aead_seal_end(struct aead *, struct buf *tag);

#endif

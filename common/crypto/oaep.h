/* oaep.h -- one RSA-OAEP block (RFC 8017 section 7.1).  Crypto: pure but for
 * entropy. */
#ifndef CRYPTO_OAEP_H
#define CRYPTO_OAEP_H

#include "crypto/hash.h"
#include "crypto/key.h"

struct oaep {
	enum hash hash, mgf1;
	struct slice label;	/* empty in every format but age's */
};

/* JOSE's RSA-OAEP-256 and Key Vault's: SHA-256 twice, no label. */
extern const struct oaep oaep_sha256;

/* Plaintext bytes that fit one block; 0 if the key is too small. */
size_t oaep_room(const struct key *, const struct oaep *);

/* A key made ready for many blocks; not for two threads at once. */
struct oaep_run;
int oaep_start(const struct key *, const struct oaep *, bool seal,
    struct oaep_run **, struct err *);
void oaep_free(struct oaep_run *);

/* Append the plaintext of block.  A block that is not key_size() bytes is
 * E_INPUT; every failure that depends on the key is E_NO with the one text
 * "decryption failed", and leaves out as it was. */
int oaep_open(struct oaep_run *, struct slice block, struct buf *out,
    struct err *);
/* Append one block; plaintext over oaep_room() is E_INPUT. */
int oaep_seal(struct oaep_run *, struct slice plain, struct buf *out,
    struct err *);

#endif

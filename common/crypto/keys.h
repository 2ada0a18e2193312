/* keys.h -- several keys together, and files that hold several.  Crypto: pure
 * but for entropy. */
#ifndef CRYPTO_KEYS_H
#define CRYPTO_KEYS_H

#include "crypto/key.h"

enum { KEYS_MAX = 1000 };	/* keys in one file */

/* {0} is empty; keys_free() releases the keys too. */
struct keys {
	const struct key **v;
	size_t n;
};

/* Take the key over.  One that is there already (key_same(), of as much and
 * with the same name) is released. */
void keys_add(struct keys *, struct key *);
void keys_free(struct keys *);
/* Take one out, which is the caller's then; the others keep their order. */
struct key *keys_take(struct keys *, size_t i);
/* Whether key i may be meant by who names a kid: if some key has that name,
 * only those that have it; no name (.n 0) means any. */
bool keys_meant(const struct keys *, size_t i, struct slice kid);

/* Add the keys of a PEM text or of DER.
 *
 * PEM: the objects of key_from_pem() and OPENSSH PRIVATE KEY; any text may
 * stand around them, as openssl pkcs12 writes it.  If there is a private key,
 * all of these and nothing else; or else the PUBLIC KEYs; or else the first
 * certificate, which is the one of a chain whose key it is.  Parameters and
 * requests are passed over, every other kind is E_INPUT by its name.
 * DER: PKCS#8, plain and encrypted, PKCS#1, SEC1, SPKI, a certificate, and
 * PKCS#12, of which the private keys are added; its MAC must hold.
 *
 * The passphrase as for key_from_pem(); without one, an empty one is tried for
 * PKCS#12.  No key is E_INPUT. */
int keys_from_pem(struct slice text, struct slice passphrase, struct keys *,
    struct err *);
/* The PKCS#12 alone. */
int keys_from_pkcs12(struct slice der, struct slice passphrase, struct keys *,
    struct err *);

#endif

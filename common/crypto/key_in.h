/* key_in.h -- what a key is made of.  Crypto: private to this folder. */
#ifndef CRYPTO_KEY_IN_H
#define CRYPTO_KEY_IN_H

#include <openssl/bn.h>
#include <openssl/evp.h>

#include "crypto/key.h"

struct key {
	enum key_type type;
	EVP_PKEY *pkey;		/* NULL for these two: */
	struct buf oct;		/* KEY_OCT and KEY_PASS alone, and all of a
				 * public KEY_XWING */
	struct key *x;		/* KEY_XWING alone: its X25519 half */
	enum key_curve curve;	/* KEY_EC alone */
	unsigned bits;
	bool secret;		/* the private half is there */
	struct buf kid, alg;	/* what its document says */
};

/* A key of type around pkey, which it takes over; NULL for KEY_OCT
 * and KEY_PASS. */
struct key *key_new(enum key_type, EVP_PKEY *pkey);

/* A checked key with the numbers of one that libcrypto has read; pkey stays
 * the caller's.  Kinds other than those of enum key_type, several primes and
 * curves that are not ours are E_INPUT. */
int key_from_pkey(const EVP_PKEY *pkey, struct key **, struct err *);
/* Its parts. */
int key_from_rsa_pkey(const EVP_PKEY *pkey, struct key **, struct err *);
int key_from_ec_pkey(const EVP_PKEY *pkey, struct key **, struct err *);
int key_from_raw_pkey(const EVP_PKEY *pkey, struct key **, struct err *);

/* One object of PEM, as key_from_pem() has it. */
struct pem;
int key_from_object(const struct pem *, struct slice passphrase,
    struct key **, struct err *);
/* DER of whichever form; PKCS#12 is E_INPUT here. */
int key_from_der(struct slice der, struct slice passphrase, struct key **,
    struct err *);
/* A failed decryption of a key, by libcrypto's last error. */
int key_locked_error(struct err *);

/* An RSA modulus has the mark of factors that can be computed from it
 * (ROCA, CVE-2017-15361). */
bool key_roca(const BIGNUM *modulus);
/* An odd modulus has a factor below 1000. */
bool key_small_factor(const BIGNUM *modulus);

/* The curve's size in bytes. */
size_t key_curve_size(enum key_curve);

#endif

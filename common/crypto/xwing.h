/* xwing.h -- MLKEM768-X25519: a secret agreed on by ML-KEM-768 (FIPS 203) and
 * by X25519 at once, so that it holds as long as one of the two does (X-Wing,
 * draft-connolly-cfrg-xwing-kem; draft-ietf-hpke-pq).  Crypto: pure but for
 * entropy.
 *
 * libcrypto has ML-KEM from 3.5 on.  Where it does not, no key is made. */
#ifndef CRYPTO_XWING_H
#define CRYPTO_XWING_H

#include "crypto/key.h"

enum {				/* bytes */
	XWING_SEED_SIZE = 32,	/* of a private key; */
	XWING_PUBLIC_SIZE = 1216,	/* of a public one, ML-KEM's first; */
	XWING_SHARE_SIZE = 1120,	/* of what is sent for a secret; */
	XWING_SECRET_SIZE = 32,		/* of that */
};

/* libcrypto has ML-KEM-768. */
bool xwing_able(void);

/* KEY_XWING of a public key, or of a private one, which gives the public.
 * E_INPUT: another size, or a number in it that is too large; E_SYSTEM with a
 * hint: libcrypto is not able. */
int xwing_from_public(struct slice, struct key **, struct err *);
int xwing_from_seed(struct slice, struct key **, struct err *);

/* Append a fresh secret and the share from which the holder of the private
 * key has it.  E_INPUT: the key's X25519 half is of low order. */
int xwing_seal(const struct key *to, struct buf *share, struct buf *secret,
    struct err *);
/* Append the secret in a share, which for another key is another secret.
 * E_INPUT: not XWING_SHARE_SIZE bytes, or its X25519 half is of low order,
 * which shows to everybody. */
int xwing_open(const struct key *, struct slice share, struct buf *secret,
    struct err *);

#endif

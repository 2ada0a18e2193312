/* hpke.h -- one message to one public key (RFC 9180, base mode, single shot):
 * MLKEM768-X25519 (xwing.h), HKDF-SHA256, ChaCha20-Poly1305, no additional
 * data.  Crypto: pure but for entropy. */
#ifndef CRYPTO_HPKE_H
#define CRYPTO_HPKE_H

#include "crypto/key.h"

/* Append the share and the message with its tag; errors as xwing_seal(). */
int hpke_seal(const struct key *to, struct slice info, struct slice plain,
    struct buf *share, struct buf *sealed, struct err *);
/* Append the message.  E_NO "decryption failed": not for this key and info, or
 * changed; others as xwing_open(). */
int hpke_open(const struct key *, struct slice info, struct slice share,
    struct slice sealed, struct buf *out, struct err *);

#endif

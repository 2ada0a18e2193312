/* wrap.h -- keys wrapped in keys: AES Key Wrap (RFC 3394), with padding (RFC
 * 5649), and the RSA-AES wrap of Key Vault's release (PKCS#11
 * CKM_RSA_AES_KEY_WRAP).  Crypto: pure but for entropy. */
#ifndef CRYPTO_WRAP_H
#define CRYPTO_WRAP_H

#include "crypto/oaep.h"

/* kek of 16, 24 or 32 bytes.  Every failure that depends on the key is E_NO
 * "decryption failed" and leaves out as it was; a length the format cannot
 * have is E_INPUT. */
int wrap_kw_open(struct slice kek, struct slice in, struct buf *out,
    struct err *);
int wrap_kw_seal(struct slice kek, struct slice in, struct buf *out,
    struct err *);
int wrap_kwp_open(struct slice kek, struct slice in, struct buf *out,
    struct err *);
int wrap_kwp_seal(struct slice kek, struct slice in, struct buf *out,
    struct err *);

/* RSA-OAEP (hash for both) of an AES key of 16, 24 or 32 bytes, key_size()
 * bytes of it, then the material wrapped with that key: with padding or,
 * recognised by its integrity value alone, without.  One attempt is made;
 * failures as above. */
int wrap_rsa_aes_open(const struct key *, enum hash, struct slice in,
    struct buf *out, struct err *);

#endif

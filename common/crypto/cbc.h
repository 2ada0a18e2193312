/* cbc.h -- AES-256-CBC without authentication, to decrypt, in parts: for what
 * others have written that way.  Crypto: pure. */
#ifndef CRYPTO_CBC_H
#define CRYPTO_CBC_H

#include "ground/buf.h"
#include "ground/err.h"

enum { CBC_KEY_SIZE = 32, CBC_IV_SIZE = 16, CBC_BLOCK_SIZE = 16 }; /* bytes */

/* iv must be CBC_IV_SIZE bytes; a key that is not CBC_KEY_SIZE is E_NO
 * "decryption failed" (a wrapped key decides it).  padded: PKCS#7 (RFC 5652
 * section 6.3).  Not for two threads at once. */
struct cbc;
int cbc_open_start(struct slice key, struct slice iv, bool padded,
    struct cbc **, struct err *);
void cbc_free(struct cbc *);

/* Append what is known after in, which may end anywhere: if padded, all but
 * the last whole block; at most in.n + CBC_BLOCK_SIZE bytes at once.  Nothing
 * of it is authentic, ever. */
void cbc_open_more(struct cbc *, struct slice in, struct buf *out);
/* Append the rest.  All of in together no whole blocks, or none where padding
 * takes one, is E_INPUT; wrong padding is E_NO "decryption failed"; out is
 * then as it was.  The same message may follow from its beginning. */
int cbc_open_end(struct cbc *, struct buf *out, struct err *);

#endif

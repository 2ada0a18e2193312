/* pass.c -- see pass.h. */
#include "crypto/pass.h"

#include <openssl/evp.h>

#include "crypto/need.h"

enum { BLOCK = 8 };	/* scrypt's r: blocks of 128 bytes */

void
pass_pbkdf2(enum hash h, struct slice passphrase, struct slice salt,
    unsigned rounds, size_t n, struct buf *out)
{
	const EVP_MD *md = EVP_get_digestbyname(hash_name(h));

	need(md != NULL && PKCS5_PBKDF2_HMAC((const char *)passphrase.p,
	    (int)passphrase.n, salt.p, (int)salt.n, (int)rounds, md, (int)n,
	    buf_more(out, n)) == 1, "PBKDF2");
}

void
pass_scrypt(struct slice passphrase, struct slice salt, unsigned log2n,
    size_t n, struct buf *out)
{
	const uint64_t cost = UINT64_C(1) << log2n;

	/* what it counts: the table, and a few blocks beside */
	need(EVP_PBE_scrypt((const char *)passphrase.p, passphrase.n, salt.p,
	    salt.n, cost, BLOCK, 1, 128 * BLOCK * (cost + 64),
	    buf_more(out, n), n) == 1, "scrypt");
}

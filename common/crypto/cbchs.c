/* cbchs.c -- see cbchs.h. */
#include "crypto/cbchs.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "codec/bytes.h"
#include "crypto/hash.h"
#include "crypto/need.h"

enum { PART_MAX = 1 << 30 };	/* bytes; EVP counts in int */

/* half is the size of either key and of the tag, in bytes. */
static const struct {
	const char *name;
	size_t half;
	enum hash hash;
	const EVP_CIPHER *(*cipher)(void);
} table[] = {
	[CBCHS_A128_HS256] = {"AES-128-CBC", 16, HASH_SHA256,
	    EVP_aes_128_cbc},
	[CBCHS_A192_HS384] = {"AES-192-CBC", 24, HASH_SHA384,
	    EVP_aes_192_cbc},
	[CBCHS_A256_HS512] = {"AES-256-CBC", 32, HASH_SHA512,
	    EVP_aes_256_cbc},
};

size_t
cbchs_key_size(enum cbchs_alg alg)
{
	return 2 * table[alg].half;
}

size_t
cbchs_tag_size(enum cbchs_alg alg)
{
	return table[alg].half;
}

static int
failed(struct err *e)
{
	ERR_clear_error();
	return err_set(e, E_NO, "decryption failed");
}

/* HMAC over aad, iv, ciphertext and the length of aad in bits, cut to the
 * tag's size.  In parts: the ciphertext may be large. */
static void
authenticate(enum cbchs_alg alg, struct slice key, struct slice iv,
    struct slice aad, struct slice text, uint8_t *tag)
{
	char *hash = slice_dup(slice_str(hash_name(table[alg].hash)));
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *ctx = hmac != NULL ? EVP_MAC_CTX_new(hmac) : NULL;
	uint8_t bits[8], sum[HASH_SIZE_MAX];
	OSSL_PARAM p[2];
	size_t n = 0;

	p[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, hash,
	    0);
	p[1] = OSSL_PARAM_construct_end();
	put_be64(bits, (uint64_t)aad.n * 8);
	need(ctx != NULL &&
	    EVP_MAC_init(ctx, key.p, table[alg].half, p) == 1 &&
	    EVP_MAC_update(ctx, aad.p, aad.n) == 1 &&
	    EVP_MAC_update(ctx, iv.p, iv.n) == 1 &&
	    EVP_MAC_update(ctx, text.p, text.n) == 1 &&
	    EVP_MAC_update(ctx, bits, sizeof bits) == 1 &&
	    EVP_MAC_final(ctx, sum, &n, sizeof sum) == 1 &&
	    n == hash_size(table[alg].hash), "HMAC");
	memcpy(tag, sum, table[alg].half);
	OPENSSL_cleanse(sum, sizeof sum);
	EVP_MAC_CTX_free(ctx);
	EVP_MAC_free(hmac);
	free(hash);
}

/* CBC with PKCS#7 padding; false if the padding is wrong, and then out is as
 * it was. */
static bool
cbc(enum cbchs_alg alg, bool seal, struct slice key, struct slice iv,
    struct slice in, struct buf *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t was = out->n, done = 0;
	uint8_t *to = buf_more(out, in.n + CBCHS_BLOCK_SIZE);
	int n, part;
	bool ok;

	need(ctx != NULL && EVP_CipherInit_ex2(ctx, table[alg].cipher(),
	    slice_from(key, table[alg].half).p, iv.p, seal, NULL) == 1,
	    table[alg].name);
	while (in.n > 0) {
		part = in.n < PART_MAX ? (int)in.n : PART_MAX;
		need(EVP_CipherUpdate(ctx, to + done, &n, in.p, part) == 1,
		    table[alg].name);
		done += (size_t)n;
		in = slice_from(in, (size_t)part);
	}
	ok = EVP_CipherFinal_ex(ctx, to + done, &n) == 1;
	if (ok)
		done += (size_t)n;
	EVP_CIPHER_CTX_free(ctx);
	buf_cut(out, ok ? was + done : was);
	return ok;
}

int
cbchs_open(enum cbchs_alg alg, struct slice key, struct slice iv,
    struct slice aad, struct slice in, struct buf *out, struct err *e)
{
	size_t size = table[alg].half;
	uint8_t tag[HASH_SIZE_MAX];
	struct slice text;

	if (iv.n != CBCHS_IV_SIZE)
		return err_set(e, E_INPUT, "iv: %zu bytes where %d belong",
		    iv.n, CBCHS_IV_SIZE);
	if (in.n < size)
		return err_set(e, E_INPUT,
		    "ciphertext: %zu bytes, shorter than its tag", in.n);
	text = slice_head(in, in.n - size);
	if (text.n == 0 || text.n % CBCHS_BLOCK_SIZE != 0)
		return err_set(e, E_INPUT,
		    "ciphertext: %zu bytes are no whole blocks of %d", text.n,
		    CBCHS_BLOCK_SIZE);
	if (key.n != 2 * size)
		return failed(e);
	authenticate(alg, key, iv, aad, text, tag);
	if (!slice_eq(slice_of(tag, size), slice_from(in, text.n)))
		return failed(e);
	return cbc(alg, false, key, iv, text, out) ? 0 : failed(e);
}

void
cbchs_seal(enum cbchs_alg alg, struct slice key, struct slice iv,
    struct slice aad, struct slice plain, struct buf *out)
{
	size_t was = out->n, size = table[alg].half;
	uint8_t tag[HASH_SIZE_MAX];

	need(key.n == 2 * size && iv.n == CBCHS_IV_SIZE,
	    "key and iv of that length");
	need(cbc(alg, true, key, iv, plain, out), table[alg].name);
	authenticate(alg, key, iv, aad, slice_from(slice_buf(out), was), tag);
	buf_add(out, slice_of(tag, size));
}

/* aead.c -- see aead.h. */
#include "crypto/aead.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/need.h"

enum { PART_MAX = 1 << 30 };	/* bytes; EVP counts in int */

static const struct {
	const char *name;
	size_t key;
	const EVP_CIPHER *(*cipher)(void);
} table[] = {
	[AEAD_AES128_GCM] = {"AES-128-GCM", 16, EVP_aes_128_gcm},
	[AEAD_AES192_GCM] = {"AES-192-GCM", 24, EVP_aes_192_gcm},
	[AEAD_AES256_GCM] = {"AES-256-GCM", 32, EVP_aes_256_gcm},
	[AEAD_CHACHA20_POLY1305] = {"ChaCha20-Poly1305", 32,
	    EVP_chacha20_poly1305},
};

struct aead {
	EVP_CIPHER_CTX *ctx;
	const char *name;
};

size_t
aead_key_size(enum aead_alg alg)
{
	return table[alg].key;
}

static int
failed(struct err *e)
{
	ERR_clear_error();
	return err_set(e, E_NO, "decryption failed");
}

int
aead_start(enum aead_alg alg, struct slice key, struct aead **out,
    struct err *e)
{
	struct aead *a;

	if (key.n != table[alg].key)
		return failed(e);
	if ((a = malloc(sizeof *a)) == NULL)
		err_nomem();
	a->name = table[alg].name;
	a->ctx = EVP_CIPHER_CTX_new();
	/* nonces of 12 bytes are the default of all four */
	need(a->ctx != NULL && EVP_CipherInit_ex2(a->ctx, table[alg].cipher(),
	    key.p, NULL, 1, NULL) == 1, a->name);
	*out = a;
	return 0;
}

void
aead_free(struct aead *a)
{
	if (a == NULL)
		return;
	EVP_CIPHER_CTX_free(a->ctx);
	free(a);
}

/* EVP's update over any length; a null out feeds additional data. */
static void
feed(struct aead *a, struct slice in, uint8_t *out)
{
	int done, part;

	while (in.n > 0) {
		part = in.n < PART_MAX ? (int)in.n : PART_MAX;
		need(EVP_CipherUpdate(a->ctx, out, &done, in.p, part) == 1 &&
		    done == part, a->name);
		in = slice_from(in, (size_t)part);
		if (out != NULL)
			out += part;
	}
}

static void
begin(struct aead *a, struct slice nonce, struct slice aad, int seal)
{
	need(nonce.n == AEAD_NONCE_SIZE, "nonce of that length");
	need(EVP_CipherInit_ex2(a->ctx, NULL, NULL, nonce.p, seal, NULL) == 1,
	    a->name);
	feed(a, aad, NULL);
}

void
aead_open_begin(struct aead *a, struct slice nonce, struct slice aad)
{
	begin(a, nonce, aad, 0);
}

void
aead_open_more(struct aead *a, struct slice in, struct buf *out)
{
	feed(a, in, buf_more(out, in.n));
}

int
aead_open_end(struct aead *a, struct slice tag, struct err *e)
{
	uint8_t want[AEAD_TAG_SIZE], none[AEAD_TAG_SIZE];
	int n;

	/* EVP would take a shorter tag for a weaker check */
	if (tag.n != sizeof want)
		return failed(e);
	memcpy(want, tag.p, sizeof want);
	if (EVP_CIPHER_CTX_ctrl(a->ctx, EVP_CTRL_AEAD_SET_TAG,
	    (int)sizeof want, want) != 1 ||
	    EVP_CipherFinal_ex(a->ctx, none, &n) != 1)
		return failed(e);
	return 0;
}

int
aead_open(struct aead *a, struct slice nonce, struct slice aad,
    struct slice in, struct buf *out, struct err *e)
{
	size_t was = out->n;

	if (nonce.n != AEAD_NONCE_SIZE)
		return err_set(e, E_INPUT, "nonce: %zu bytes where %d belong",
		    nonce.n, AEAD_NONCE_SIZE);
	if (in.n < AEAD_TAG_SIZE)
		return err_set(e, E_INPUT,
		    "ciphertext: %zu bytes, shorter than its tag", in.n);
	aead_open_begin(a, nonce, aad);
	aead_open_more(a, slice_head(in, in.n - AEAD_TAG_SIZE), out);
	if (aead_open_end(a, slice_from(in, in.n - AEAD_TAG_SIZE), e) < 0) {
		buf_cut(out, was);
		return -1;
	}
	return 0;
}

void
aead_seal_begin(struct aead *a, struct slice nonce, struct slice aad)
{
	begin(a, nonce, aad, 1);
}

void
aead_seal_more(struct aead *a, struct slice in, struct buf *out)
{
	feed(a, in, buf_more(out, in.n));
}

void
aead_seal_end(struct aead *a, struct buf *tag)
{
	uint8_t none[AEAD_TAG_SIZE];
	int n;

	need(EVP_CipherFinal_ex(a->ctx, none, &n) == 1 &&
	    EVP_CIPHER_CTX_ctrl(a->ctx, EVP_CTRL_AEAD_GET_TAG, AEAD_TAG_SIZE,
	    buf_more(tag, AEAD_TAG_SIZE)) == 1, a->name);
}

void
aead_seal(struct aead *a, struct slice nonce, struct slice aad,
    struct slice plain, struct buf *out)
{
	aead_seal_begin(a, nonce, aad);
	aead_seal_more(a, plain, out);
	aead_seal_end(a, out);
}

/* wrap.c -- see wrap.h. */
#include "crypto/wrap.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/need.h"

enum {
	WRAP_MAX = 1 << 30,	/* bytes; EVP counts in int */
	SLACK = 16,		/* bytes more than the input that EVP may use */
};

enum kind { KW, KWP };

/* NULL if there is no AES with a key of n bytes. */
static const EVP_CIPHER *
cipher(enum kind kind, size_t n)
{
	switch (n) {
	case 16:
		return kind == KW ? EVP_aes_128_wrap() : EVP_aes_128_wrap_pad();
	case 24:
		return kind == KW ? EVP_aes_192_wrap() : EVP_aes_192_wrap_pad();
	case 32:
		return kind == KW ? EVP_aes_256_wrap() : EVP_aes_256_wrap_pad();
	}
	return NULL;
}

/* false if the integrity value (or the padding) is wrong; out is then as it
 * was.  The IVs are the standards' own, which is EVP's default. */
static bool
run(enum kind kind, bool seal, struct slice kek, struct slice in,
    struct buf *out)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t was = out->n;
	int n = 0;
	bool ok;

	need(ctx != NULL, "memory");
	EVP_CIPHER_CTX_set_flags(ctx, EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
	need(EVP_CipherInit_ex2(ctx, cipher(kind, kek.n), kek.p, NULL, seal,
	    NULL) == 1, "AES key wrap");
	ok = EVP_CipherUpdate(ctx, buf_more(out, in.n + SLACK), &n, in.p,
	    (int)in.n) == 1 && n > 0;
	EVP_CIPHER_CTX_free(ctx);
	ERR_clear_error();
	buf_cut(out, ok ? was + (size_t)n : was);
	return ok;
}

static int
failed(struct err *e)
{
	return err_set(e, E_NO, "decryption failed");
}

static int
length(struct slice in, size_t least, size_t unit, struct err *e)
{
	if (in.n < least || in.n % unit != 0 || in.n > WRAP_MAX)
		return err_set(e, E_INPUT,
		    "key wrap: %zu bytes is no length it can have", in.n);
	return 0;
}

static int
open_kind(enum kind kind, struct slice kek, struct slice in, struct buf *out,
    struct err *e)
{
	if (length(in, kind == KW ? 24 : 16, 8, e) < 0)
		return -1;
	if (cipher(kind, kek.n) == NULL || !run(kind, false, kek, in, out))
		return failed(e);
	return 0;
}

static int
seal_kind(enum kind kind, struct slice kek, struct slice in, struct buf *out,
    struct err *e)
{
	if (length(in, kind == KW ? 16 : 1, kind == KW ? 8 : 1, e) < 0)
		return -1;
	if (cipher(kind, kek.n) == NULL)
		return err_set(e, E_INPUT,
		    "key wrap: a key of %zu bytes is no AES key", kek.n);
	need(run(kind, true, kek, in, out), "AES key wrap");
	return 0;
}

int
wrap_kw_open(struct slice kek, struct slice in, struct buf *out,
    struct err *e)
{
	return open_kind(KW, kek, in, out, e);
}

int
wrap_kw_seal(struct slice kek, struct slice in, struct buf *out,
    struct err *e)
{
	return seal_kind(KW, kek, in, out, e);
}

int
wrap_kwp_open(struct slice kek, struct slice in, struct buf *out,
    struct err *e)
{
	return open_kind(KWP, kek, in, out, e);
}

int
wrap_kwp_seal(struct slice kek, struct slice in, struct buf *out,
    struct err *e)
{
	return seal_kind(KWP, kek, in, out, e);
}

/* PKCS#11 wraps with padding (RFC 5649); whether every service does is
 * disputed, and both forms are the same permutation under different integrity
 * values.  EVP keeps the value it recovers to itself, so the two comparisons
 * (A65959A6 and a length, then eight times A6) are made by running it twice;
 * a ciphertext that passes one fails the other, and a failure of both is one
 * failure with one text. */
static int
unwrap(struct slice kek, struct slice in, struct buf *out, struct err *e)
{
	if (cipher(KWP, kek.n) == NULL)
		return failed(e);
	if (run(KWP, false, kek, in, out))
		return 0;
	if (in.n >= 24 && run(KW, false, kek, in, out))
		return 0;
	return failed(e);
}

int
wrap_rsa_aes_open(const struct key *k, enum hash hash, struct slice in,
    struct buf *out, struct err *e)
{
	const struct oaep how = {hash, hash, {NULL, 0}};
	struct oaep_run *rsa = NULL;
	struct slice rest;
	struct buf kek = {0};
	int ret = -1;

	if (oaep_start(k, &how, false, &rsa, e) < 0)
		return -1;
	rest = slice_from(in, key_size(k));
	if (length(rest, 16, 8, e) < 0)
		goto out;
	if (oaep_open(rsa, slice_head(in, key_size(k)), &kek, e) < 0)
		goto out;
	ret = unwrap(slice_buf(&kek), rest, out, e);
out:
	buf_free(&kek);
	oaep_free(rsa);
	return ret;
}

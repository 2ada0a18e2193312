/* oaep.c -- see oaep.h. */
#include "crypto/oaep.h"

#include <stdlib.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include "crypto/key_in.h"
#include "crypto/need.h"

const struct oaep oaep_sha256 = {HASH_SHA256, HASH_SHA256, {NULL, 0}};

struct oaep_run {
	EVP_PKEY_CTX *ctx;
	size_t block, room;	/* bytes */
};

size_t
oaep_room(const struct key *k, const struct oaep *how)
{
	size_t lost = 2 * hash_size(how->hash) + 2;

	if (k->type != KEY_RSA || key_size(k) <= lost)
		return 0;
	return key_size(k) - lost;
}

/* Hash and MGF1 hash are both set: each has a default of its own, SHA-1.
 * The copies are for OSSL_PARAM, whose pointers are not to const. */
static void
prepare(EVP_PKEY_CTX *ctx, const struct oaep *how, bool seal)
{
	char pad[] = OSSL_PKEY_RSA_PAD_MODE_OAEP;
	char *hash = slice_dup(slice_str(hash_name(how->hash)));
	char *mgf1 = slice_dup(slice_str(hash_name(how->mgf1)));
	OSSL_PARAM p[5];
	struct buf label = {0};
	size_t n = 0;

	buf_add(&label, how->label);
	p[n++] = OSSL_PARAM_construct_utf8_string(
	    OSSL_ASYM_CIPHER_PARAM_PAD_MODE, pad, 0);
	p[n++] = OSSL_PARAM_construct_utf8_string(
	    OSSL_ASYM_CIPHER_PARAM_OAEP_DIGEST, hash, 0);
	p[n++] = OSSL_PARAM_construct_utf8_string(
	    OSSL_ASYM_CIPHER_PARAM_MGF1_DIGEST, mgf1, 0);
	if (label.n > 0)
		p[n++] = OSSL_PARAM_construct_octet_string(
		    OSSL_ASYM_CIPHER_PARAM_OAEP_LABEL, label.p, label.n);
	p[n] = OSSL_PARAM_construct_end();
	need((seal ? EVP_PKEY_encrypt_init_ex(ctx, p) :
	    EVP_PKEY_decrypt_init_ex(ctx, p)) == 1, "RSA-OAEP");
	buf_free(&label);
	free(hash);
	free(mgf1);
}

int
oaep_start(const struct key *k, const struct oaep *how, bool seal,
    struct oaep_run **out, struct err *e)
{
	struct oaep_run *r;

	if (k->type != KEY_RSA)
		return err_set(e, E_INPUT, "key: not an RSA key");
	if (!seal && !k->secret)
		return err_set(e, E_INPUT,
		    "key: public, and decryption takes the private one");
	if (oaep_room(k, how) == 0)
		return err_set(e, E_INPUT, "key: too small for RSA-OAEP");
	if ((r = malloc(sizeof *r)) == NULL)
		err_nomem();
	r->block = key_size(k);
	r->room = oaep_room(k, how);
	r->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	need(r->ctx != NULL, "RSA-OAEP");
	prepare(r->ctx, how, seal);
	*out = r;
	return 0;
}

void
oaep_free(struct oaep_run *r)
{
	if (r == NULL)
		return;
	EVP_PKEY_CTX_free(r->ctx);
	free(r);
}

int
oaep_open(struct oaep_run *r, struct slice block, struct buf *out,
    struct err *e)
{
	size_t was = out->n, n = r->block;
	uint8_t *to;

	if (block.n != r->block)
		return err_set(e, E_INPUT,
		    "RSA block: %zu bytes where the key makes %zu",
		    block.n, r->block);
	to = buf_more(out, r->block);
	/* a number not below the modulus fails here like any other forgery */
	if (EVP_PKEY_decrypt(r->ctx, to, &n, block.p, block.n) != 1) {
		ERR_clear_error();
		buf_cut(out, was);
		return err_set(e, E_NO, "decryption failed");
	}
	buf_cut(out, was + n);
	return 0;
}

int
oaep_seal(struct oaep_run *r, struct slice plain, struct buf *out,
    struct err *e)
{
	size_t n = r->block;

	if (plain.n > r->room)
		return err_set(e, E_INPUT,
		    "plaintext: %zu bytes, one RSA block of this key holds %zu",
		    plain.n, r->room);
	/* a null pointer would ask for the size only */
	if (plain.n == 0)
		plain = slice_str("");
	need(EVP_PKEY_encrypt(r->ctx, buf_more(out, n), &n, plain.p,
	    plain.n) == 1 && n == r->block, "RSA-OAEP");
	return 0;
}

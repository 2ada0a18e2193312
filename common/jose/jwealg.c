/* jwealg.c -- see jwe_in.h: the algorithms of RFC 7518 that we offer. */
#include "jose/jwe_in.h"

static const struct jwe_alg algs[] = {
	{"RSA-OAEP-256", JWE_OAEP, HASH_SHA256, 0, 0},
	{"RSA-OAEP", JWE_OAEP, HASH_SHA1, 0, 0},
	{"RSA-OAEP-384", JWE_OAEP, HASH_SHA384, 0, 0},
	{"RSA-OAEP-512", JWE_OAEP, HASH_SHA512, 0, 0},
	{"A128KW", JWE_KW, HASH_SHA256, 16, 0},
	{"A192KW", JWE_KW, HASH_SHA256, 24, 0},
	{"A256KW", JWE_KW, HASH_SHA256, 32, 0},
	{"A128GCMKW", JWE_GCMKW, HASH_SHA256, 16, AEAD_AES128_GCM},
	{"A192GCMKW", JWE_GCMKW, HASH_SHA256, 24, AEAD_AES192_GCM},
	{"A256GCMKW", JWE_GCMKW, HASH_SHA256, 32, AEAD_AES256_GCM},
	{"ECDH-ES+A256KW", JWE_AGREE, HASH_SHA256, 32, 0},
	{"ECDH-ES+A192KW", JWE_AGREE, HASH_SHA256, 24, 0},
	{"ECDH-ES+A128KW", JWE_AGREE, HASH_SHA256, 16, 0},
	{"ECDH-ES", JWE_AGREE, HASH_SHA256, 0, 0},
	{"PBES2-HS256+A128KW", JWE_PASS, HASH_SHA256, 16, 0},
	{"PBES2-HS384+A192KW", JWE_PASS, HASH_SHA384, 24, 0},
	{"PBES2-HS512+A256KW", JWE_PASS, HASH_SHA512, 32, 0},
	{"dir", JWE_DIR, HASH_SHA256, 0, 0},
};

static const struct jwe_alg other = {"", JWE_UNSUPPORTED, HASH_SHA256, 0, 0};

static const struct jwe_enc encs[] = {
	{"A256GCM", 32, AEAD_NONCE_SIZE, AEAD_TAG_SIZE, true,
	    AEAD_AES256_GCM, 0},
	{"A192GCM", 24, AEAD_NONCE_SIZE, AEAD_TAG_SIZE, true,
	    AEAD_AES192_GCM, 0},
	{"A128GCM", 16, AEAD_NONCE_SIZE, AEAD_TAG_SIZE, true,
	    AEAD_AES128_GCM, 0},
	{"A128CBC-HS256", 32, CBCHS_IV_SIZE, 16, false, 0, CBCHS_A128_HS256},
	{"A192CBC-HS384", 48, CBCHS_IV_SIZE, 24, false, 0, CBCHS_A192_HS384},
	{"A256CBC-HS512", 64, CBCHS_IV_SIZE, 32, false, 0, CBCHS_A256_HS512},
};

enum {
	ALGS = sizeof algs / sizeof *algs,
	ENCS = sizeof encs / sizeof *encs,
};

const struct jwe_alg *const jwe_dir = &algs[ALGS - 1];
const struct jwe_enc *const jwe_enc_default = &encs[0];

const struct jwe_alg *
jwe_alg_named(struct json_val v)
{
	size_t i;

	for (i = 0; i < ALGS; i++)
		if (json_text_is(v, algs[i].name))
			return &algs[i];
	return &other;
}

const struct jwe_enc *
jwe_enc_named(struct json_val v)
{
	size_t i;

	for (i = 0; i < ENCS; i++)
		if (json_text_is(v, encs[i].name))
			return &encs[i];
	return NULL;
}

/* Passphrases are only read: whoever has the data could try them all. */
static bool
wraps_for(const struct jwe_alg *alg, const struct key *key)
{
	switch (alg->way) {
	case JWE_OAEP:
		return key_type(key) == KEY_RSA;
	case JWE_KW:
	case JWE_GCMKW:
		return key_type(key) == KEY_OCT &&
		    key_oct(key).n == alg->kek;
	case JWE_AGREE:
		return agree_same_curve(key, key);
	default:
		return false;
	}
}

const struct jwe_alg *
jwe_alg_for(const struct key *key)
{
	struct slice alg = key_alg(key);
	size_t i;

	for (i = 0; i < ALGS; i++)
		if ((alg.n == 0 || slice_is(alg, algs[i].name)) &&
		    wraps_for(&algs[i], key))
			return &algs[i];
	return NULL;
}

int
jwe_alg_none(const struct key *key, struct err *e)
{
	size_t i;

	for (i = 0; i < ALGS; i++)
		if (wraps_for(&algs[i], key))
			return key_meant_for(key, algs[i].name, e);
	return err_set(e, E_INPUT, "key: neither RSA, nor on a curve to agree "
	    "on one, nor symmetric of a size that AES has");
}

/* Of the two that take 32 bytes it is the first. */
const struct jwe_enc *
jwe_enc_direct(size_t n)
{
	size_t i;

	for (i = 0; i < ENCS; i++)
		if (encs[i].key == n)
			return &encs[i];
	return NULL;
}

int
jwe_content_open(const struct jwe_enc *enc, struct slice cek,
    struct slice iv, struct slice aad, struct slice body, struct buf *out,
    struct err *e)
{
	struct aead *a;
	int ret;

	if (!enc->gcm)
		return cbchs_open(enc->cbchs, cek, iv, aad, body, out, e);
	if (aead_start(enc->aead, cek, &a, e) < 0)
		return -1;
	ret = aead_open(a, iv, aad, body, out, e);
	aead_free(a);
	return ret;
}

void
jwe_content_seal(const struct jwe_enc *enc, struct slice cek,
    struct slice iv, struct slice aad, struct slice plain, struct buf *out)
{
	struct aead *a;
	struct err e;

	if (!enc->gcm) {
		cbchs_seal(enc->cbchs, cek, iv, aad, plain, out);
	} else if (aead_start(enc->aead, cek, &a, &e) == 0) {
		aead_seal(a, iv, aad, plain, out);
		aead_free(a);
	}
}

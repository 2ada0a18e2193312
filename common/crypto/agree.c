/* agree.c -- see agree.h. */
#include "crypto/agree.h"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include "crypto/key_in.h"
#include "crypto/need.h"

static const char *const curves[] = {
	[CURVE_P256] = "P-256", [CURVE_P384] = "P-384", [CURVE_P521] = "P-521",
};

bool
agree_same_curve(const struct key *a, const struct key *b)
{
	return a->type == b->type && (a->type == KEY_X25519 ||
	    (a->type == KEY_EC && a->curve == b->curve));
}

void
agree_generate(const struct key *to, struct key **out)
{
	EVP_PKEY *pkey;

	need(agree_same_curve(to, to), "key agreement with this key");
	pkey = to->type == KEY_X25519 ?
	    EVP_PKEY_Q_keygen(NULL, NULL, "X25519") :
	    EVP_PKEY_Q_keygen(NULL, NULL, "EC", curves[to->curve]);
	need(pkey != NULL, "key generation");
	*out = key_new(to->type, pkey);
	(*out)->curve = to->curve;
	(*out)->secret = true;
}

static bool
is_zero(struct slice s)
{
	uint8_t all = 0;
	size_t i;

	for (i = 0; i < s.n; i++)
		all |= s.p[i];
	return all == 0;
}

int
agree_secret(const struct key *secret, const struct key *public,
    struct buf *out, struct err *e)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, secret->pkey,
	    NULL);
	size_t n = 0, was = out->n;
	uint8_t *to;
	bool good;

	need(ctx != NULL && agree_same_curve(secret, public) &&
	    secret->secret && EVP_PKEY_derive_init(ctx) == 1,
	    "key agreement with this key");
	good = EVP_PKEY_derive_set_peer_ex(ctx, public->pkey, 1) == 1 &&
	    EVP_PKEY_derive(ctx, NULL, &n) == 1;
	to = good ? buf_more(out, n) : NULL;
	good = good && EVP_PKEY_derive(ctx, to, &n) == 1 &&
	    out->n - was == n && !is_zero(slice_of(to, n));
	EVP_PKEY_CTX_free(ctx);
	ERR_clear_error();
	if (good)
		return 0;
	buf_cut(out, was);
	return err_set(e, E_NO, "decryption failed");
}

void
agree_concat_kdf(struct slice secret, struct slice info, size_t n,
    struct buf *out)
{
	char digest[] = "SHA256";
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "SSKDF", NULL);
	EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST,
		    digest, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY,
		    (void *)(uintptr_t)secret.p, secret.n),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO,
		    (void *)(uintptr_t)info.p, info.n),
		OSSL_PARAM_construct_end(),
	};

	need(ctx != NULL && EVP_KDF_derive(ctx, buf_more(out, n), n,
	    params) == 1, "SSKDF");
	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
}

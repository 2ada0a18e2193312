/* keysig.c -- see key.h: signatures checked and made. */
#include "crypto/key.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include "crypto/hash.h"
#include "crypto/key_in.h"
#include "crypto/need.h"

static const struct alg {
	const char *name;
	enum hash hash;
	enum key_type type;
	int pad;		/* KEY_RSA alone */
	enum key_curve curve;	/* KEY_EC alone */
} algs[] = {
	[SIG_RS256] = {"RS256", HASH_SHA256, KEY_RSA, RSA_PKCS1_PADDING, 0},
	[SIG_RS384] = {"RS384", HASH_SHA384, KEY_RSA, RSA_PKCS1_PADDING, 0},
	[SIG_RS512] = {"RS512", HASH_SHA512, KEY_RSA, RSA_PKCS1_PADDING, 0},
	[SIG_PS256] = {"PS256", HASH_SHA256, KEY_RSA, RSA_PKCS1_PSS_PADDING, 0},
	[SIG_PS384] = {"PS384", HASH_SHA384, KEY_RSA, RSA_PKCS1_PSS_PADDING, 0},
	[SIG_PS512] = {"PS512", HASH_SHA512, KEY_RSA, RSA_PKCS1_PSS_PADDING, 0},
	[SIG_ES256] = {"ES256", HASH_SHA256, KEY_EC, 0, CURVE_P256},
	[SIG_ES384] = {"ES384", HASH_SHA384, KEY_EC, 0, CURVE_P384},
	[SIG_ES512] = {"ES512", HASH_SHA512, KEY_EC, 0, CURVE_P521},
};

bool
key_sig_by_name(struct slice name, enum key_sig *out)
{
	size_t i;

	for (i = 0; i < sizeof algs / sizeof algs[0]; i++)
		if (slice_is(name, algs[i].name)) {
			*out = (enum key_sig)i;
			return true;
		}
	return false;
}

const char *
key_sig_name(enum key_sig s)
{
	return algs[s].name;
}

bool
key_sig_fits(const struct key *k, enum key_sig s)
{
	return k->type == algs[s].type &&
	    (k->type != KEY_EC || k->curve == algs[s].curve);
}

static void
set_padding(EVP_PKEY_CTX *ctx, const struct alg *alg)
{
	const char *hash = hash_name(alg->hash);

	need(EVP_PKEY_CTX_set_rsa_padding(ctx, alg->pad) == 1, alg->name);
	if (alg->pad != RSA_PKCS1_PSS_PADDING)
		return;
	/* RFC 7518 3.5: MGF1 with the same hash, a salt of its size */
	need(EVP_PKEY_CTX_set_rsa_mgf1_md_name(ctx, hash, NULL) == 1 &&
	    EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1,
	    alg->name);
}

/* r || s, each of the curve's size (RFC 7518 3.4), as the DER that EVP
 * takes; NULL if the length is another. */
static unsigned char *
ecdsa_der(const struct alg *alg, struct slice sig, int *n)
{
	size_t size = key_curve_size(alg->curve);
	ECDSA_SIG *rs;
	BIGNUM *r, *s;
	unsigned char *der = NULL;

	if (sig.n != 2 * size)
		return NULL;
	rs = ECDSA_SIG_new();
	r = BN_bin2bn(sig.p, (int)size, NULL);
	s = BN_bin2bn(sig.p + size, (int)size, NULL);
	need(rs != NULL && r != NULL && s != NULL &&
	    ECDSA_SIG_set0(rs, r, s) == 1, "memory");
	*n = i2d_ECDSA_SIG(rs, &der);
	need(*n > 0, "memory");
	ECDSA_SIG_free(rs);
	return der;
}

/* The digest is fetched and the key set up once: doing both anew takes longer
 * than many a message's hash. */
struct key_check {
	const struct alg *alg;
	EVP_MD *md;
	EVP_MD_CTX *hash;
	EVP_PKEY_CTX *ctx;
};

int
key_check_new(const struct key *k, enum key_sig s, struct key_check **out,
    struct err *e)
{
	const struct alg *alg = &algs[s];
	struct key_check *c;

	if (!key_sig_fits(k, s))
		return err_set(e, E_NO, "the key is not one for %s", alg->name);
	if ((c = calloc(1, sizeof *c)) == NULL)
		err_nomem();
	c->alg = alg;
	c->md = EVP_MD_fetch(NULL, hash_name(alg->hash), NULL);
	c->hash = EVP_MD_CTX_new();
	c->ctx = EVP_PKEY_CTX_new_from_pkey(NULL, k->pkey, NULL);
	need(c->md != NULL && c->hash != NULL && c->ctx != NULL &&
	    EVP_PKEY_verify_init(c->ctx) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(c->ctx, c->md) == 1, alg->name);
	if (alg->type == KEY_RSA)
		set_padding(c->ctx, alg);
	*out = c;
	return 0;
}

int
key_check_run(struct key_check *c, struct slice data, struct slice sig,
    struct err *e)
{
	unsigned char sum[EVP_MAX_MD_SIZE], *der = NULL;
	unsigned int size = 0;
	bool ok = false;
	int n = 0;

	need(EVP_DigestInit_ex(c->hash, c->md, NULL) == 1 &&
	    EVP_DigestUpdate(c->hash, data.p, data.n) == 1 &&
	    EVP_DigestFinal_ex(c->hash, sum, &size) == 1, c->alg->name);
	if (c->alg->type == KEY_EC) {
		der = ecdsa_der(c->alg, sig, &n);
		sig = slice_of(der, (size_t)n);
	}
	if (sig.n > 0)
		ok = EVP_PKEY_verify(c->ctx, sig.p, sig.n, sum, size) == 1;
	OPENSSL_free(der);
	ERR_clear_error();
	if (!ok)
		return err_set(e, E_NO, "signature does not verify");
	return 0;
}

void
key_check_free(struct key_check *c)
{
	if (c == NULL)
		return;
	EVP_PKEY_CTX_free(c->ctx);
	EVP_MD_CTX_free(c->hash);
	EVP_MD_free(c->md);
	free(c);
}

int
key_verify(const struct key *k, enum key_sig s, struct slice data,
    struct slice sig, struct err *e)
{
	struct key_check *c;
	int ret;

	if (key_check_new(k, s, &c, e) < 0)
		return -1;
	ret = key_check_run(c, data, sig, e);
	key_check_free(c);
	return ret;
}

int
key_sign(const struct key *k, enum key_sig s, struct slice data,
    struct buf *sig, struct err *e)
{
	const struct alg *alg = &algs[s];
	EVP_MD_CTX *md = EVP_MD_CTX_new();
	EVP_PKEY_CTX *ctx = NULL;
	size_t n = 0, was = sig->n;

	if (!k->secret || alg->type != KEY_RSA || !key_sig_fits(k, s)) {
		EVP_MD_CTX_free(md);
		return err_set(e, E_NO, "the key is no private one for %s",
		    alg->name);
	}
	need(md != NULL && EVP_DigestSignInit_ex(md, &ctx,
	    hash_name(alg->hash), NULL, NULL, k->pkey, NULL) == 1, alg->name);
	set_padding(ctx, alg);
	need(EVP_DigestSign(md, NULL, &n, data.p, data.n) == 1, alg->name);
	need(EVP_DigestSign(md, buf_more(sig, n), &n, data.p, data.n) == 1,
	    alg->name);
	buf_cut(sig, was + n);
	EVP_MD_CTX_free(md);
	return 0;
}

/* keyec.c -- see key.h: keys on the curves of RFC 7518 section 6.2. */
#include "crypto/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "crypto/key_in.h"
#include "crypto/need.h"

static const struct {
	const char *name;	/* libcrypto's */
	size_t size;		/* bytes of a coordinate */
} curves[] = {
	[CURVE_P256] = {"prime256v1", 32},
	[CURVE_P384] = {"secp384r1", 48},
	[CURVE_P521] = {"secp521r1", 66},
};

enum { CURVES = sizeof curves / sizeof curves[0] };

size_t
key_curve_size(enum key_curve c)
{
	return curves[c].size;
}

/* NULL if libcrypto refuses the numbers.  point is 04, x and y. */
static EVP_PKEY *
build(enum key_curve c, struct slice point, struct slice d)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	BIGNUM *secret = BN_secure_new();
	OSSL_PARAM *params;
	EVP_PKEY *pkey = NULL;

	need(bld != NULL && ctx != NULL && secret != NULL &&
	    BN_bin2bn(d.p, (int)d.n, secret) != NULL &&
	    OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME,
	    curves[c].name, 0) == 1 &&
	    OSSL_PARAM_BLD_push_octet_string(bld, OSSL_PKEY_PARAM_PUB_KEY,
	    point.p, point.n) == 1 && (d.n == 0 ||
	    OSSL_PARAM_BLD_push_BN_pad(bld, OSSL_PKEY_PARAM_PRIV_KEY, secret,
	    d.n) == 1), "memory");
	params = OSSL_PARAM_BLD_to_param(bld);
	need(params != NULL && EVP_PKEY_fromdata_init(ctx) == 1, "EC");
	(void)EVP_PKEY_fromdata(ctx, &pkey,
	    d.n > 0 ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	BN_clear_free(secret);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

/* The point is on the curve (its cofactor is 1, so that is all), and is d
 * times the generator where there is a d. */
static bool
check(EVP_PKEY *pkey, bool secret)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_pkey(NULL, pkey, NULL);
	bool ok;

	need(ctx != NULL, "EC");
	ok = EVP_PKEY_public_check_quick(ctx) == 1 && (!secret ||
	    (EVP_PKEY_private_check(ctx) == 1 &&
	    EVP_PKEY_pairwise_check(ctx) == 1));
	EVP_PKEY_CTX_free(ctx);
	return ok;
}

int
key_from_ec(enum key_curve c, struct slice x, struct slice y, struct slice d,
    struct key **out, struct err *e)
{
	size_t size = curves[c].size;
	struct buf point = {0};
	EVP_PKEY *pkey;

	if (x.n != size || y.n != size || (d.n != 0 && d.n != size))
		return err_set(e, E_INPUT,
		    "key: a number of this curve has %zu bytes", size);
	buf_addc(&point, POINT_CONVERSION_UNCOMPRESSED);
	buf_add(&point, x);
	buf_add(&point, y);
	pkey = build(c, slice_buf(&point), d);
	buf_free(&point);
	if (pkey == NULL || !check(pkey, d.n > 0)) {
		EVP_PKEY_free(pkey);
		ERR_clear_error();
		return err_set(e, E_INPUT,
		    "key: not a point of its curve, or not its private key");
	}
	*out = key_new(KEY_EC, pkey);
	(*out)->secret = d.n > 0;
	(*out)->curve = c;
	return 0;
}

/* Append number name of pkey in size bytes, or in more if it is too large;
 * nothing if it is absent. */
static void
get(const EVP_PKEY *pkey, const char *name, size_t size, struct buf *out)
{
	BIGNUM *b = BN_secure_new();

	need(b != NULL, "memory");
	if (EVP_PKEY_get_bn_param(pkey, name, &b) == 1) {
		if (size < (size_t)BN_num_bytes(b))
			size = (size_t)BN_num_bytes(b);
		(void)BN_bn2binpad(b, buf_more(out, size), (int)size);
	}
	BN_clear_free(b);
	ERR_clear_error();
}

static bool
curve_of(const EVP_PKEY *pkey, enum key_curve *out)
{
	int explicit = 0, i;
	char name[32];

	/* a curve spelt out may be ours but for its generator */
	(void)EVP_PKEY_get_int_param(pkey,
	    OSSL_PKEY_PARAM_EC_DECODED_FROM_EXPLICIT_PARAMS, &explicit);
	if (explicit != 0 || EVP_PKEY_get_utf8_string_param(pkey,
	    OSSL_PKEY_PARAM_GROUP_NAME, name, sizeof name, NULL) != 1)
		return false;
	for (i = 0; i < CURVES; i++)
		if (strcmp(curves[i].name, name) == 0) {
			*out = (enum key_curve)i;
			return true;
		}
	return false;
}

int
key_from_ec_pkey(const EVP_PKEY *pkey, struct key **out, struct err *e)
{
	struct buf x = {0}, y = {0}, d = {0};
	enum key_curve c;
	size_t size;
	int ret;

	if (!curve_of(pkey, &c)) {
		ERR_clear_error();
		return err_set(e, E_INPUT,
		    "key: a curve other than P-256, P-384 and P-521");
	}
	size = curves[c].size;
	get(pkey, OSSL_PKEY_PARAM_EC_PUB_X, size, &x);
	get(pkey, OSSL_PKEY_PARAM_EC_PUB_Y, size, &y);
	get(pkey, OSSL_PKEY_PARAM_PRIV_KEY, size, &d);
	ret = key_from_ec(c, slice_buf(&x), slice_buf(&y), slice_buf(&d),
	    out, e);
	buf_free(&x);
	buf_free(&y);
	buf_free(&d);
	return ret;
}

void
key_to_ec(const struct key *k, enum key_curve *c, struct buf *x,
    struct buf *y, struct buf *d)
{
	size_t size;

	need(k->type == KEY_EC, "EC numbers of this key");
	size = curves[k->curve].size;
	*c = k->curve;
	get(k->pkey, OSSL_PKEY_PARAM_EC_PUB_X, size, x);
	get(k->pkey, OSSL_PKEY_PARAM_EC_PUB_Y, size, y);
	if (k->secret)
		get(k->pkey, OSSL_PKEY_PARAM_PRIV_KEY, size, d);
}

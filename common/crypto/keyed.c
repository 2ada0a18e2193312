/* keyed.c -- see key.h: Ed25519's keys as X25519's. */
#include "crypto/key.h"

#include <openssl/bn.h>
#include <openssl/crypto.h>

#include "crypto/hash.h"
#include "crypto/key_in.h"
#include "crypto/need.h"

/* Numbers modulo p = 2^255 - 19, and the curve's d = -121665/121666. */
struct field {
	BN_CTX *ctx;
	BIGNUM *p, *one;
};

static BIGNUM *
number(const struct field *f)
{
	BIGNUM *b = BN_CTX_get(f->ctx);

	need(b != NULL, "memory");
	return b;
}

static void
begin(struct field *f)
{
	f->ctx = BN_CTX_new();
	need(f->ctx != NULL, "memory");
	BN_CTX_start(f->ctx);
	f->p = number(f);
	f->one = number(f);
	need(BN_one(f->one) == 1 && BN_one(f->p) == 1 &&
	    BN_lshift(f->p, f->p, 255) == 1 && BN_sub_word(f->p, 19) == 1,
	    "memory");
}

static void
end(struct field *f)
{
	BN_CTX_end(f->ctx);
	BN_CTX_free(f->ctx);
}

/* a / b, of which b is not 0. */
static BIGNUM *
quotient(const struct field *f, const BIGNUM *a, const BIGNUM *b)
{
	BIGNUM *q = number(f);

	need(BN_mod_inverse(q, b, f->p, f->ctx) != NULL &&
	    BN_mod_mul(q, a, q, f->p, f->ctx) == 1, "memory");
	return q;
}

/* x^2 = (y^2 - 1) / (d y^2 + 1) has a root; the divisor is never 0, as -1/d is
 * no square. */
static bool
is_point(const struct field *f, const BIGNUM *y)
{
	BIGNUM *d = number(f), *t = number(f), *yy = number(f);
	BIGNUM *xx;

	need(BN_set_word(t, 121666) == 1 && BN_set_word(d, 121665) == 1 &&
	    BN_sub(d, f->p, d) == 1, "memory");
	d = quotient(f, d, t);
	need(BN_mod_sqr(yy, y, f->p, f->ctx) == 1 &&
	    BN_mod_mul(t, d, yy, f->p, f->ctx) == 1 &&
	    BN_mod_add(t, t, f->one, f->p, f->ctx) == 1 &&
	    BN_mod_sub(yy, yy, f->one, f->p, f->ctx) == 1, "memory");
	xx = quotient(f, yy, t);
	return BN_kronecker(xx, f->p, f->ctx) >= 0;
}

/* u = (1 + y) / (1 - y), where public is y and the sign of x. */
static bool
to_montgomery(const struct field *f, struct slice public,
    uint8_t out[KEY_RAW_SIZE])
{
	BIGNUM *y = number(f), *a = number(f), *b = number(f);
	uint8_t bytes[KEY_RAW_SIZE];

	memcpy(bytes, public.p, sizeof bytes);
	bytes[KEY_RAW_SIZE - 1] &= 0x7f;
	need(BN_lebin2bn(bytes, sizeof bytes, y) != NULL, "memory");
	if (BN_cmp(y, f->p) >= 0 || BN_is_one(y) || !is_point(f, y))
		return false;
	need(BN_mod_add(a, f->one, y, f->p, f->ctx) == 1 &&
	    BN_mod_sub(b, f->one, y, f->p, f->ctx) == 1 &&
	    BN_bn2lebinpad(quotient(f, a, b), out, KEY_RAW_SIZE) ==
	    KEY_RAW_SIZE, "memory");
	return true;
}

/* RFC 8032 section 5.1.5: the first half of the seed's hash. */
static int
from_seed(struct slice seed, struct key **out, struct err *e)
{
	uint8_t sum[HASH_SIZE_MAX];
	int ret;

	hash_of(HASH_SHA512, seed, sum);
	ret = key_from_raw(KEY_X25519, slice_of(NULL, 0), slice_of(sum,
	    KEY_RAW_SIZE), out, e);
	OPENSSL_cleanse(sum, sizeof sum);
	return ret;
}

int
key_x25519_of(const struct key *key, struct key **out, struct err *e)
{
	struct buf public = {0}, seed = {0};
	uint8_t u[KEY_RAW_SIZE];
	struct field f;
	int ret;

	need(key->type == KEY_ED25519, "X25519 of this key");
	key_to_raw(key, &public, &seed);
	if (seed.n > 0) {
		ret = from_seed(slice_buf(&seed), out, e);
	} else {
		begin(&f);
		ret = to_montgomery(&f, slice_buf(&public), u) ?
		    key_from_raw(KEY_X25519, slice_of(u, sizeof u),
		    slice_of(NULL, 0), out, e) :
		    err_set(e, E_INPUT, "key: no point of Ed25519");
		end(&f);
	}
	buf_free(&public);
	buf_free(&seed);
	return ret;
}

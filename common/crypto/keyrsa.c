/* keyrsa.c -- see key.h: RSA keys and the numbers they are made of. */
#include "crypto/key.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>

#include "crypto/key_in.h"
#include "crypto/need.h"

enum { N, E, D, P, Q, DP, DQ, QI, PARTS, PUBLIC_PARTS = D };

/* In that order. */
static const struct {
	const char *param;	/* libcrypto's name */
	size_t at;		/* in struct key_rsa */
} parts[PARTS] = {
	{OSSL_PKEY_PARAM_RSA_N, offsetof(struct key_rsa, n)},
	{OSSL_PKEY_PARAM_RSA_E, offsetof(struct key_rsa, e)},
	{OSSL_PKEY_PARAM_RSA_D, offsetof(struct key_rsa, d)},
	{OSSL_PKEY_PARAM_RSA_FACTOR1, offsetof(struct key_rsa, p)},
	{OSSL_PKEY_PARAM_RSA_FACTOR2, offsetof(struct key_rsa, q)},
	{OSSL_PKEY_PARAM_RSA_EXPONENT1, offsetof(struct key_rsa, dp)},
	{OSSL_PKEY_PARAM_RSA_EXPONENT2, offsetof(struct key_rsa, dq)},
	{OSSL_PKEY_PARAM_RSA_COEFFICIENT1, offsetof(struct key_rsa, qi)},
};

/* Bases tried before a modulus is given up; one in two finds the factors. */
enum { BASES = 40 };

/* The numbers at work.  All come from one secure context, so that they and
 * everything computed beside them are wiped with it. */
struct work {
	BN_CTX *ctx;
	BIGNUM *v[PARTS];
};

static BIGNUM *
fresh(BN_CTX *ctx)
{
	BIGNUM *b = BN_CTX_get(ctx);

	need(b != NULL, "memory");
	BN_set_flags(b, BN_FLG_CONSTTIME);
	return b;
}

static void
work_start(struct work *w)
{
	size_t i;

	w->ctx = BN_CTX_secure_new();
	need(w->ctx != NULL, "memory");
	BN_CTX_start(w->ctx);
	for (i = 0; i < PARTS; i++)
		w->v[i] = fresh(w->ctx);
}

static void
work_end(struct work *w)
{
	BN_CTX_end(w->ctx);
	BN_CTX_free(w->ctx);
}

static struct buf *
part(struct key_rsa *r, size_t i)
{
	return (struct buf *)(void *)((char *)r + parts[i].at);
}

static struct slice
part_of(const struct key_rsa *r, size_t i)
{
	const void *at = (const char *)r + parts[i].at;
	struct slice s = slice_buf(at);

	while (s.n > 0 && s.p[0] == 0)
		s = slice_from(s, 1);
	return s;
}

static int
load(struct work *w, const struct key_rsa *from, bool have[PARTS],
    struct err *e)
{
	struct slice s;
	size_t i;

	for (i = 0; i < PARTS; i++) {
		s = part_of(from, i);
		have[i] = s.n > 0;
		if (s.n > KEY_RSA_MAX / 8)
			return err_set(e, E_INPUT,
			    "key: an RSA number of more than %d bits",
			    KEY_RSA_MAX);
		if (s.n > 0)
			need(BN_bin2bn(s.p, (int)s.n, w->v[i]) != NULL,
			    "memory");
	}
	return 0;
}

static int
check_public(const struct work *w, struct err *e)
{
	int bits = BN_num_bits(w->v[N]);

	if (bits < KEY_RSA_MIN)
		return err_set(e, E_INPUT,
		    "key: RSA of %d bits, fewer than %d", bits, KEY_RSA_MIN);
	if (!BN_is_odd(w->v[N]))
		return err_set(e, E_INPUT, "key: even RSA modulus");
	if (!BN_is_odd(w->v[E]) || BN_is_one(w->v[E]) ||
	    BN_num_bits(w->v[E]) > 32)
		return err_set(e, E_INPUT,
		    "key: RSA exponent not odd or not from 3 to 2^32");
	if (key_small_factor(w->v[N]))
		return err_set(e, E_INPUT, "key: RSA modulus with a factor "
		    "below 1000");
	if (key_roca(w->v[N]))
		return err_set(e, E_INPUT, "key: RSA modulus whose factors "
		    "can be computed (ROCA, CVE-2017-15361)");
	return 0;
}

/* r is a factor as RSA needs it: x * e = 1 modulo r - 1 for the exponent x
 * that belongs to it, x = d modulo r - 1, and r passes Fermat's test. */
static bool
check_factor(const struct work *w, const BIGNUM *r, const BIGNUM *x)
{
	BIGNUM *less, *t;
	bool ok;

	BN_CTX_start(w->ctx);
	less = fresh(w->ctx);
	t = fresh(w->ctx);
	ok = BN_is_odd(r) && BN_num_bits(r) > 2 && BN_copy(less, r) != NULL &&
	    BN_sub_word(less, 1) && BN_mod(t, w->v[D], less, w->ctx) &&
	    BN_cmp(t, x) == 0 && BN_mod_mul(t, x, w->v[E], less, w->ctx) &&
	    BN_is_one(t) && BN_set_word(t, 2) &&
	    BN_mod_exp_mont_consttime(t, t, less, r, w->ctx, NULL) &&
	    BN_is_one(t);
	BN_CTX_end(w->ctx);
	return ok;
}

static bool
check_private(const struct work *w)
{
	BIGNUM *const *v = w->v, *t;
	bool ok;

	BN_CTX_start(w->ctx);
	t = fresh(w->ctx);
	ok = BN_cmp(v[D], v[N]) < 0 && BN_mul(t, v[P], v[Q], w->ctx) &&
	    BN_cmp(t, v[N]) == 0 && BN_cmp(v[P], v[Q]) != 0 &&
	    check_factor(w, v[P], v[DP]) && check_factor(w, v[Q], v[DQ]) &&
	    BN_cmp(v[QI], v[P]) < 0 &&
	    BN_mod_mul(t, v[QI], v[Q], v[P], w->ctx) && BN_is_one(t);
	BN_CTX_end(w->ctx);
	return ok;
}

/* One base of the search below: 1 with a root of 1 other than 1 and -1 in y,
 * 0 if this base shows none, -1 if d does not belong to n. */
static int
try_base(const struct work *w, BN_ULONG base, const BIGNUM *odd, int twos,
    const BIGNUM *minus, BIGNUM *y)
{
	BIGNUM *x;
	int i, ret = -1;

	BN_CTX_start(w->ctx);
	x = fresh(w->ctx);
	if (!BN_set_word(x, base) || !BN_mod_exp_mont_consttime(y, x, odd,
	    w->v[N], w->ctx, NULL))
		goto out;
	for (i = 0; i < twos; i++) {
		ret = 0;
		if (BN_is_one(y) || BN_cmp(y, minus) == 0)
			goto out;
		ret = -1;
		if (!BN_mod_sqr(x, y, w->v[N], w->ctx))
			goto out;
		ret = 1;
		if (BN_is_one(x))
			goto out;
		BN_swap(x, y);
	}
	/* what is left is base^(d * e - 1), and it is not 1 */
	ret = -1;
out:
	BN_CTX_end(w->ctx);
	return ret;
}

/* The factors from n, e and d (NIST SP 800-56B rev. 2, appendix C.1):
 * d * e - 1 is a multiple of the group's order, and on the way there half of
 * all bases pass a square root of 1 that gives a factor away. */
static bool
find_factors(struct work *w)
{
	BIGNUM *odd, *minus, *y;
	BN_ULONG base;
	int twos, got = 0;
	bool ok = false;

	BN_CTX_start(w->ctx);
	odd = fresh(w->ctx);
	minus = fresh(w->ctx);
	y = fresh(w->ctx);
	if (!BN_mul(odd, w->v[D], w->v[E], w->ctx) || !BN_sub_word(odd, 1) ||
	    BN_is_zero(odd) || BN_is_odd(odd) ||
	    BN_copy(minus, w->v[N]) == NULL || !BN_sub_word(minus, 1))
		goto out;
	for (twos = 0; !BN_is_bit_set(odd, twos); twos++)
		;
	if (!BN_rshift(odd, odd, twos))
		goto out;
	for (base = 2; got == 0 && base < 2 + BASES; base++)
		got = try_base(w, base, odd, twos, minus, y);
	ok = got == 1 && BN_sub_word(y, 1) &&
	    BN_gcd(w->v[P], y, w->v[N], w->ctx) &&
	    BN_div(w->v[Q], NULL, w->v[N], w->v[P], w->ctx);
	/* libcrypto and everyone else write the larger one first */
	if (ok && BN_cmp(w->v[P], w->v[Q]) < 0)
		BN_swap(w->v[P], w->v[Q]);
out:
	BN_CTX_end(w->ctx);
	return ok;
}

static bool
compute(struct work *w)
{
	BIGNUM **v = w->v, *t;
	bool ok;

	if (BN_cmp(v[D], v[N]) >= 0 || !find_factors(w))
		return false;
	BN_CTX_start(w->ctx);
	t = fresh(w->ctx);
	ok = BN_copy(t, v[P]) != NULL && BN_sub_word(t, 1) &&
	    BN_mod(v[DP], v[D], t, w->ctx) &&
	    BN_copy(t, v[Q]) != NULL && BN_sub_word(t, 1) &&
	    BN_mod(v[DQ], v[D], t, w->ctx) &&
	    BN_mod_inverse(v[QI], v[Q], v[P], w->ctx) != NULL;
	BN_CTX_end(w->ctx);
	return ok;
}

static int
complete(struct work *w, const bool have[PARTS], struct err *e)
{
	int given = 0;
	size_t i;

	for (i = P; i < PARTS; i++)
		given += have[i];
	if (!have[D] && given > 0)
		return err_set(e, E_INPUT, "key: RSA factors without d");
	if (!have[D])
		return 0;
	if (given != 0 && given != PARTS - P)
		return err_set(e, E_INPUT,
		    "key: some of p, q, dp, dq, qi and not all");
	if ((given == 0 && !compute(w)) || !check_private(w)) {
		ERR_clear_error();
		return err_set(e, E_INPUT,
		    "key: the RSA numbers do not belong together");
	}
	return 0;
}

static EVP_PKEY *
build(const struct work *w, bool secret)
{
	OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA", NULL);
	size_t i, n = secret ? PARTS : PUBLIC_PARTS;
	OSSL_PARAM *params;
	EVP_PKEY *pkey = NULL;

	need(bld != NULL && ctx != NULL, "RSA");
	for (i = 0; i < n; i++)
		need(OSSL_PARAM_BLD_push_BN(bld, parts[i].param, w->v[i]) == 1,
		    "memory");
	params = OSSL_PARAM_BLD_to_param(bld);
	need(params != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
	    EVP_PKEY_fromdata(ctx, &pkey,
	    secret ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY, params) == 1,
	    "RSA");
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(bld);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

int
key_from_rsa(const struct key_rsa *from, struct key **out, struct err *e)
{
	bool have[PARTS];
	struct work w;
	int ret = -1;

	work_start(&w);
	if (load(&w, from, have, e) < 0 || check_public(&w, e) < 0 ||
	    complete(&w, have, e) < 0)
		goto out;
	*out = key_new(KEY_RSA, build(&w, have[D]));
	(*out)->secret = have[D];
	ret = 0;
out:
	work_end(&w);
	return ret;
}

/* Append number name of pkey to out; nothing if it is absent. */
static void
get(const EVP_PKEY *pkey, const char *name, struct buf *out)
{
	BIGNUM *b = BN_secure_new();

	need(b != NULL, "memory");
	if (EVP_PKEY_get_bn_param(pkey, name, &b) == 1)
		(void)BN_bn2bin(b, buf_more(out, (size_t)BN_num_bytes(b)));
	BN_clear_free(b);
	ERR_clear_error();
}

int
key_from_rsa_pkey(const EVP_PKEY *pkey, struct key **out, struct err *e)
{
	struct key_rsa r = {0};
	struct buf third = {0};
	size_t i;
	int ret;

	for (i = 0; i < PARTS; i++)
		get(pkey, parts[i].param, part(&r, i));
	get(pkey, OSSL_PKEY_PARAM_RSA_FACTOR3, &third);
	if (third.n > 0)
		ret = err_set(e, E_INPUT,
		    "key: RSA with more than two primes");
	else
		ret = key_from_rsa(&r, out, e);
	buf_free(&third);
	key_rsa_free(&r);
	return ret;
}

void
key_to_rsa(const struct key *k, struct key_rsa *out)
{
	size_t i, n = k->secret ? PARTS : PUBLIC_PARTS;

	need(k->type == KEY_RSA, "RSA numbers of this key");
	*out = (struct key_rsa){0};
	for (i = 0; i < n; i++)
		get(k->pkey, parts[i].param, part(out, i));
}

void
key_rsa_free(struct key_rsa *r)
{
	size_t i;

	for (i = 0; i < PARTS; i++)
		buf_free(part(r, i));
}

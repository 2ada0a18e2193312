/* Keys from numbers, and back; numbers that do not belong together. */
#include "crypto/key.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/pem.h>

#include "unit/tap.h"

static struct key *key, *other;
static struct key_rsa rsa, alien;

/* In the order of struct key_rsa, which is made of nothing else. */
static const char *const names[] = {"n", "e", "d", "p", "q", "dp", "dq", "qi"};

static struct buf *
part(struct key_rsa *r, size_t i)
{
	return (struct buf *)(void *)r + i;
}

static void
set(struct buf *b, struct slice s)
{
	buf_cut(b, 0);
	buf_add(b, s);
}

/* A copy with the first n of its numbers, or all for 0. */
static struct key_rsa
copy(struct key_rsa *of, size_t n)
{
	struct key_rsa r = {0};
	size_t i;

	for (i = 0; i < (n > 0 ? n : 8); i++)
		buf_add(part(&r, i), slice_buf(part(of, i)));
	return r;
}

/* Takes r over. */
static bool
refused(struct key_rsa r)
{
	struct key *k = NULL;
	struct err e = {.code = E_OK};
	bool no = key_from_rsa(&r, &k, &e) < 0 && e.code == E_INPUT;

	key_free(k);
	key_rsa_free(&r);
	return no;
}

static void
accepted(void)
{
	struct key_rsa r = copy(&rsa, 0), back;
	struct key *k, *p;
	struct err e;
	size_t i;

	if (!CHECK(key_from_rsa(&r, &k, &e) == 0, "a key from its numbers"))
		return;
	CHECK(key_type(k) == KEY_RSA && key_private(k) && key_same(k, key) &&
	    key_bits(k) == 2048 && key_size(k) == 256, "  is the same");
	CHECK(!key_same(k, other), "  and not another");
	key_to_rsa(k, &back);
	for (i = 0; i < 8; i++)
		CHECK(slice_eq(slice_buf(part(&rsa, i)),
		    slice_buf(part(&back, i))), "  has its %s", names[i]);
	key_rsa_free(&back);
	key_free(k);
	key_rsa_free(&r);
	r = copy(&rsa, 2);
	CHECK(key_from_rsa(&r, &p, &e) == 0 && !key_private(p) &&
	    key_same(p, key), "its public half");
	key_to_rsa(p, &back);
	CHECK(back.n.n == 256 && back.e.n == 3 && back.d.n == 0 &&
	    back.p.n == 0, "  has n and e alone");
	key_rsa_free(&back);
	key_rsa_free(&r);
	key_free(p);
}

/* Key Vault writes e as 00 01 00 01. */
static void
leading_zeros(void)
{
	struct key_rsa r = {0};
	struct key *k = NULL;
	struct err e;
	size_t i;

	for (i = 0; i < 8; i++) {
		buf_addc(part(&r, i), 0);
		buf_add(part(&r, i), slice_buf(part(&rsa, i)));
	}
	CHECK(key_from_rsa(&r, &k, &e) == 0 && key_same(k, key),
	    "leading zero bytes are accepted");
	key_rsa_free(&r);
	if (k != NULL)
		key_to_rsa(k, &r);
	CHECK(r.e.n == 3, "  and dropped");
	key_free(k);
	key_rsa_free(&r);
}

static void
computed(void)
{
	struct key_rsa r = copy(&rsa, 3), back = {0};
	struct key *k = NULL;
	struct err e;
	size_t i;

	CHECK(key_from_rsa(&r, &k, &e) == 0, "from n, e and d alone");
	if (k != NULL)
		key_to_rsa(k, &back);
	/* libcrypto makes p the larger one, as we do */
	for (i = 3; i < 8; i++)
		CHECK(slice_eq(slice_buf(part(&rsa, i)),
		    slice_buf(part(&back, i))), "  %s is computed", names[i]);
	key_free(k);
	key_rsa_free(&back);
	key_rsa_free(&r);
}

static void
inconsistent(void)
{
	struct key_rsa r;
	size_t i, at;

	for (i = 0; i < 8; i++) {
		r = copy(&rsa, 0);
		set(part(&r, i), slice_buf(part(&alien, i)));
		/* both keys have e = 65537 */
		if (i == 1)
			set(&r.e, slice_of("\x03", 1));
		CHECK(refused(r), "another key's %s is refused", names[i]);
		if (i == 1)
			continue;
		for (at = 0; at < 2; at++) {
			r = copy(&rsa, 0);
			part(&r, i)->p[at * (part(&r, i)->n - 1)] ^= 2;
			CHECK(refused(r), "  a bit flipped in %s", names[i]);
		}
		if (i < 2)
			continue;
		r = copy(&rsa, 0);
		buf_cut(part(&r, i), 0);
		CHECK(refused(r), "  all the others without %s", names[i]);
	}
	r = copy(&rsa, 0);
	set(&r.p, slice_buf(&rsa.q));
	CHECK(refused(r), "q twice is refused");
	r = copy(&rsa, 3);
	r.d.p[7] ^= 1;
	CHECK(refused(r), "another d, alone, is refused");
	r = copy(&rsa, 3);
	set(&r.d, slice_of("\x01", 1));
	CHECK(refused(r), "d = 1 is refused");
}

static void
set_bn(struct buf *b, const BIGNUM *n)
{
	buf_cut(b, 0);
	(void)BN_bn2bin(n, buf_more(b, (size_t)BN_num_bytes(n)));
}

/* The larger factor need not be the first. */
static void
swapped(void)
{
	struct key_rsa r = copy(&rsa, 0);
	BIGNUM *p = BN_bin2bn(rsa.p.p, (int)rsa.p.n, NULL);
	BIGNUM *q = BN_bin2bn(rsa.q.p, (int)rsa.q.n, NULL);
	BN_CTX *c = BN_CTX_new();
	struct key *k = NULL;
	struct err e;

	set(&r.p, slice_buf(&rsa.q));
	set(&r.q, slice_buf(&rsa.p));
	set(&r.dp, slice_buf(&rsa.dq));
	set(&r.dq, slice_buf(&rsa.dp));
	(void)BN_mod_inverse(p, p, q, c);
	set_bn(&r.qi, p);
	CHECK(key_from_rsa(&r, &k, &e) == 0 && key_same(k, key),
	    "p and q the other way round");
	key_free(k);
	key_rsa_free(&r);
	BN_free(p);
	BN_free(q);
	BN_CTX_free(c);
}

/* p = p1 * p2 with everything else computed to fit: the key would decrypt. */
static void
composite_factor(void)
{
	BN_CTX *c = BN_CTX_new();
	BIGNUM *p1 = BN_new(), *q = BN_new(), *e = BN_new(), *d = NULL;
	BIGNUM *n = BN_new(), *t = BN_new(), *p = BN_new(), *l = BN_new();
	struct key_rsa r = {0};

	do {
		(void)(BN_generate_prime_ex(p1, 512, 0, NULL, NULL, NULL) &&
		    BN_generate_prime_ex(t, 512, 0, NULL, NULL, NULL) &&
		    BN_mul(p, p1, t, c) && BN_set_word(e, 65537) &&
		    BN_generate_prime_ex(q, 1030, 0, NULL, NULL, NULL) &&
		    BN_mul(n, p, q, c));
		BN_free(d);
		(void)(BN_sub_word(p, 1) && BN_copy(t, q) &&
		    BN_sub_word(t, 1) && BN_mul(l, p, t, c));
		d = BN_mod_inverse(NULL, e, l, c);
	} while (d == NULL || BN_num_bits(n) < 2048);
	set_bn(&r.n, n);
	set_bn(&r.e, e);
	set_bn(&r.d, d);
	(void)BN_mod(l, d, p, c);
	set_bn(&r.dp, l);
	(void)BN_mod(l, d, t, c);
	set_bn(&r.dq, l);
	(void)BN_add_word(p, 1);
	set_bn(&r.p, p);
	set_bn(&r.q, q);
	(void)BN_mod_inverse(l, q, p, c);
	set_bn(&r.qi, l);
	CHECK(refused(r), "a factor that is no prime is refused");
	BN_free(p1);
	BN_free(p);
	BN_free(q);
	BN_free(e);
	BN_free(d);
	BN_free(n);
	BN_free(t);
	BN_free(l);
	BN_CTX_free(c);
}

static void
out_of_range(void)
{
	static const struct {
		const char *name, *e;
		size_t n;
	} cases[] = {
		{"an exponent of 1", "\x01", 1},
		{"an even exponent", "\x01\x00", 2},
		{"an exponent of 0", "\x00", 1},
		{"no exponent", "", 0},
		{"an exponent above 2^32", "\x01\x00\x00\x00\x01", 5},
	};
	struct key_rsa r;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		r = copy(&rsa, 2);
		set(&r.e, slice_of(cases[i].e, cases[i].n));
		CHECK(refused(r), "%s is refused", cases[i].name);
	}
	r = copy(&rsa, 2);
	r.n.p[255] &= 0xfe;
	CHECK(refused(r), "an even modulus is refused");
	r = copy(&rsa, 2);
	r.n.p[0] = 0x7f;
	CHECK(refused(r), "a modulus of 2047 bits is refused");
	r = copy(&rsa, 2);
	memset(buf_more(&r.n, 2048), 0xff, 2048);
	CHECK(refused(r), "a modulus of 18432 bits is refused");
	r = copy(&rsa, 2);
	set(&r.p, slice_buf(&rsa.p));
	CHECK(refused(r), "a factor without d is refused");
	CHECK(refused((struct key_rsa){0}), "nothing at all is refused");
}

/* A good modulus times a factor that anyone finds, or one beyond. */
static void
small_factor(void)
{
	static const struct {
		BN_ULONG factor;
		bool weak;
	} cases[] = {
		{3, true}, {5, true}, {167, true}, {173, true}, {491, true},
		{499, true}, {983, true}, {991, true}, {997, true},
		{9, true}, {1009, false}, {1013, false},
	};
	struct key_rsa r;
	struct key *k;
	struct err e;
	BIGNUM *n;
	bool ok;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof *cases; i++) {
		n = BN_bin2bn(rsa.n.p, (int)rsa.n.n, NULL);
		if (n == NULL || !BN_mul_word(n, cases[i].factor))
			abort();
		r = copy(&rsa, 2);
		set_bn(&r.n, n);
		k = NULL;
		ok = key_from_rsa(&r, &k, &e) == 0;
		CHECK(ok != cases[i].weak && (ok || strstr(e.text,
		    "factor below 1000") != NULL), "a modulus with the factor "
		    "%u is %s", (unsigned)cases[i].factor, cases[i].weak ?
		    "refused" : "taken");
		key_free(k);
		key_rsa_free(&r);
		BN_free(n);
	}
}

/* A modulus that is 1, a power of 65537, modulo all small odd primes; and the
 * same plus 2, which is 3 modulo 11, where the powers are 1 and 10. */
static void
roca(void)
{
	struct key_rsa r = copy(&rsa, 2), odd = copy(&rsa, 2);
	BIGNUM *n = BN_new();
	struct key *k = NULL;
	struct err e;
	BN_ULONG p, d;

	if (n == NULL || !BN_one(n))
		abort();
	for (p = 3; p < 168; p += 2) {
		for (d = 3; p % d != 0; d += 2)
			;
		if (d == p && !BN_mul_word(n, p))
			abort();
	}
	if (!BN_lshift(n, n, 2047 - BN_num_bits(n) + 1) || !BN_add_word(n, 1))
		abort();
	CHECK(BN_num_bits(n) == 2048 && BN_bn2bin(n, r.n.p) == 256 &&
	    refused(r), "a modulus of the mark of ROCA is refused");
	for (p = 0; k == NULL && p < 10000; p++)
		if (!BN_add_word(n, 2) || BN_bn2bin(n, odd.n.p) != 256 ||
		    key_from_rsa(&odd, &k, &e) < 0)
			k = NULL;
	CHECK(k != NULL, "  and one beside it is not");
	key_free(k);
	key_rsa_free(&odd);
	BN_free(n);
}

static void
ec_one(enum key_curve c, size_t size, const struct key *k)
{
	struct buf x = {0}, y = {0}, d = {0};
	struct slice none = {NULL, 0};
	struct key *again = NULL, *public = NULL, *bad;
	enum key_curve got;
	struct err e;

	key_to_ec(k, &got, &x, &y, &d);
	CHECK(got == c && x.n == size && y.n == size && d.n == size,
	    "the numbers of %zu bytes of an EC key", size);
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), slice_buf(&d),
	    &again, &e) == 0 && key_same(again, k) && key_private(again),
	    "  make it again");
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), none, &public,
	    &e) == 0 && key_same(public, k) && !key_private(public),
	    "  and its public half");
	y.p[size - 1] ^= 1;
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), none, &bad,
	    &e) < 0 && e.code == E_INPUT, "  a point off the curve");
	y.p[size - 1] ^= 1;
	d.p[size - 1] ^= 1;
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), slice_buf(&d),
	    &bad, &e) < 0 && e.code == E_INPUT, "  another private half");
	memset(d.p, 0, size);
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), slice_buf(&d),
	    &bad, &e) < 0 && e.code == E_INPUT, "  a private half of zero");
	memset(d.p, 0xff, size);
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), slice_buf(&d),
	    &bad, &e) < 0 && e.code == E_INPUT, "  one above the order");
	CHECK(key_from_ec(c, slice_head(slice_buf(&x), size - 1),
	    slice_buf(&y), none, &bad, &e) < 0 && e.code == E_INPUT,
	    "  a number too short");
	memset(x.p, 0, size);
	memset(y.p, 0, size);
	CHECK(key_from_ec(c, slice_buf(&x), slice_buf(&y), none, &bad,
	    &e) < 0 && e.code == E_INPUT, "  (0, 0)");
	key_free(again);
	key_free(public);
	buf_free(&x);
	buf_free(&y);
	buf_free(&d);
}

static void
ec(void)
{
	static const struct {
		enum key_curve curve;
		const char *name;
		size_t size;
	} curves[] = {
		{CURVE_P256, "P-256", 32}, {CURVE_P384, "P-384", 48},
		{CURVE_P521, "P-521", 66},
	};
	struct slice none = {NULL, 0};
	BIO *bio;
	EVP_PKEY *pkey;
	struct key *k;
	struct err e;
	char *text;
	long n;
	size_t i;

	for (i = 0; i < 3; i++) {
		pkey = EVP_EC_gen(curves[i].name);
		bio = BIO_new(BIO_s_mem());
		(void)PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL,
		    NULL);
		n = BIO_get_mem_data(bio, &text);
		if (CHECK(key_from_pem(slice_of(text, (size_t)n), none, &k,
		    &e) == 0 && key_type(k) == KEY_EC, "%s",
		    curves[i].name)) {
			ec_one(curves[i].curve, curves[i].size, k);
			key_free(k);
		}
		BIO_free(bio);
		EVP_PKEY_free(pkey);
	}
}

static void
oct(void)
{
	struct slice s = slice_str("0123456789abcdef");
	struct key *a = NULL, *b = NULL;
	struct buf big = {0};
	struct err e;

	CHECK(key_from_oct(s, &a, &e) == 0 && key_type(a) == KEY_OCT &&
	    key_private(a) && key_bits(a) == 128 &&
	    slice_eq(key_oct(a), s), "a symmetric key");
	CHECK(key_from_oct(s, &b, &e) == 0 && key_same(a, b),
	    "  is the same as its like");
	key_free(b);
	CHECK(key_from_oct(slice_head(s, 15), &b, &e) == 0 &&
	    !key_same(a, b) && !key_same(a, key), "  and as no other");
	key_free(b);
	CHECK(key_from_oct(slice_head(s, 0), &b, &e) < 0 &&
	    e.code == E_INPUT, "  an empty one is refused");
	memset(buf_more(&big, KEY_OCT_MAX + 1), 1, KEY_OCT_MAX + 1);
	CHECK(key_from_oct(slice_buf(&big), &b, &e) < 0 && e.code == E_INPUT,
	    "  so is one too long");
	CHECK(key_from_oct(slice_head(slice_buf(&big), KEY_OCT_MAX), &b,
	    &e) == 0, "  one at the limit is not");
	key_free(b);
	key_free(a);
	buf_free(&big);
}

int
main(void)
{
	struct key *k;
	struct err e;

	if (key_generate_rsa(2048, &key, &e) < 0 ||
	    key_generate_rsa(2048, &other, &e) < 0)
		return 1;
	key_to_rsa(key, &rsa);
	key_to_rsa(other, &alien);
	accepted();
	leading_zeros();
	computed();
	swapped();
	inconsistent();
	composite_factor();
	out_of_range();
	small_factor();
	roca();
	CHECK(key_generate_rsa(2047, &k, &e) < 0 && e.code == E_USAGE,
	    "no key of 2047 bits is made");
	CHECK(key_generate_rsa(16385, &k, &e) < 0 && e.code == E_USAGE,
	    "nor one of 16385");
	ec();
	oct();
	key_rsa_free(&rsa);
	key_rsa_free(&alien);
	key_free(key);
	key_free(other);
	key_free(NULL);
	return tap_done();
}

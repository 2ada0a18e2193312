/* RSA-OAEP: what one side seals the other opens, and nothing else does. */
#include "crypto/oaep.h"

#include "unit/tap.h"

static struct key *key, *public, *other;

/* 0, or the class of the refusal, which must leave no trace. */
static enum status
opened(struct oaep_run *r, struct slice block, struct buf *out)
{
	struct err e = {.code = E_OK};
	size_t was = out->n;

	if (oaep_open(r, block, out, &e) < 0) {
		if (out->n != was)
			CHECK(out->n == was, "  refused without a trace");
		if (e.code == E_NO && strcmp(e.text, "decryption failed") != 0)
			CHECK(false, "  one message: %s", e.text);
	}
	return e.code;
}

static bool
sealed(const struct key *k, const struct oaep *how, struct slice plain,
    struct buf *out)
{
	struct oaep_run *r;
	struct err e;
	bool ok;

	if (oaep_start(k, how, true, &r, &e) < 0)
		return false;
	ok = oaep_seal(r, plain, out, &e) == 0;
	oaep_free(r);
	return ok;
}

/* Does a block made under one set of parameters open under another? */
static bool
crosses(const struct key *k, const struct oaep *made, const struct oaep *read)
{
	struct buf block = {0}, out = {0};
	struct oaep_run *r;
	struct err e;
	enum status s;

	if (!sealed(public, made, slice_str("x"), &block) ||
	    oaep_start(k, read, false, &r, &e) < 0)
		return CHECK(false, "  could be tried");
	s = opened(r, slice_buf(&block), &out);
	if (s != E_OK && s != E_NO)
		CHECK(s == E_NO, "  the answer is no");
	oaep_free(r);
	buf_free(&block);
	buf_free(&out);
	return s == E_OK;
}

static void
pairs(void)
{
	struct oaep made, read;
	int h, m, h2, m2, wrong = 0;

	for (h = HASH_SHA1; h <= HASH_SHA512; h++)
		for (m = HASH_SHA1; m <= HASH_SHA512; m++)
			for (h2 = HASH_SHA1; h2 <= HASH_SHA512; h2++)
				for (m2 = HASH_SHA1; m2 <= HASH_SHA512; m2++) {
					made = (struct oaep){(enum hash)h,
					    (enum hash)m, {NULL, 0}};
					read = (struct oaep){(enum hash)h2,
					    (enum hash)m2, {NULL, 0}};
					wrong += crosses(key, &made, &read) !=
					    (h == h2 && m == m2);
				}
	CHECK(wrong == 0, "both hashes must be those it was made with");
}

static void
labels(void)
{
	struct oaep a = oaep_sha256, b = oaep_sha256;

	a.label = slice_str("label");
	CHECK(crosses(key, &a, &a), "a label");
	CHECK(!crosses(key, &a, &oaep_sha256), "  is missed");
	CHECK(!crosses(key, &oaep_sha256, &a), "  is asked for");
	b.label = slice_str("labem");
	CHECK(!crosses(key, &a, &b), "  is compared");
	CHECK(!crosses(other, &a, &a), "another key opens nothing");
}

static void
flips(struct oaep_run *r, struct buf *block)
{
	size_t i, yes = 0, odd = 0;
	struct buf out = {0};
	enum status s;

	for (i = 0; i < block->n; i++) {
		block->p[i] ^= (uint8_t)(1 << i % 8);
		s = opened(r, slice_buf(block), &out);
		yes += s == E_OK;
		odd += s != E_OK && s != E_NO;
		block->p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(yes == 0 && odd == 0, "a flipped bit in any byte is refused");
	CHECK(opened(r, slice_buf(block), &out) == E_OK,
	    "  and afterwards it still opens");
	buf_free(&out);
}

static void
lengths(struct oaep_run *r, struct buf *block)
{
	struct buf out = {0}, big = {0};

	CHECK(opened(r, slice_head(slice_buf(block), 255), &out) == E_INPUT,
	    "a block too short is malformed");
	buf_add(&big, slice_buf(block));
	buf_addc(&big, 0);
	CHECK(opened(r, slice_buf(&big), &out) == E_INPUT,
	    "so is one too long");
	buf_cut(&big, 256);
	memset(big.p, 0xff, 256);
	CHECK(opened(r, slice_buf(&big), &out) == E_NO,
	    "a number above the modulus is refused like any other");
	memset(big.p, 0, 256);
	CHECK(opened(r, slice_buf(&big), &out) == E_NO, "so is zero");
	big.p[255] = 1;
	CHECK(opened(r, slice_buf(&big), &out) == E_NO, "so is one");
	buf_free(&out);
	buf_free(&big);
}

static void
room(void)
{
	size_t n = oaep_room(key, &oaep_sha256);
	struct buf plain = {0}, block = {0}, out = {0};
	struct oaep_run *s = NULL, *r = NULL;
	struct err e;

	CHECK(n == 190, "190 bytes fit a 2048-bit block");
	memset(buf_more(&plain, n + 1), 7, n + 1);
	if (!CHECK(oaep_start(public, &oaep_sha256, true, &s, &e) == 0 &&
	    oaep_start(key, &oaep_sha256, false, &r, &e) == 0, "two ends"))
		return;
	CHECK(oaep_seal(s, slice_buf(&plain), &block, &e) < 0 &&
	    e.code == E_INPUT && block.n == 0, "  one byte more does not");
	buf_cut(&plain, n);
	CHECK(oaep_seal(s, slice_buf(&plain), &block, &e) == 0 &&
	    block.n == 256 && opened(r, slice_buf(&block), &out) == E_OK &&
	    slice_eq(slice_buf(&out), slice_buf(&plain)), "  they do");
	flips(r, &block);
	lengths(r, &block);
	buf_cut(&block, 0);
	buf_cut(&out, 0);
	CHECK(oaep_seal(s, slice_of(NULL, 0), &block, &e) == 0 &&
	    opened(r, slice_buf(&block), &out) == E_OK && out.n == 0,
	    "nothing is a plaintext too");
	CHECK(oaep_seal(s, slice_str("x"), &block, &e) == 0 &&
	    block.n == 512 && !slice_eq(slice_head(slice_buf(&block), 256),
	    slice_from(slice_buf(&block), 256)), "blocks are appended");
	oaep_free(s);
	oaep_free(r);
	buf_free(&plain);
	buf_free(&block);
	buf_free(&out);
}

static void
unfit(void)
{
	struct oaep_run *r;
	struct key *oct;
	struct err e;

	CHECK(oaep_start(public, &oaep_sha256, false, &r, &e) < 0 &&
	    e.code == E_INPUT, "a public key does not open");
	(void)key_from_oct(slice_str("0123456789abcdef"), &oct, &e);
	CHECK(oaep_start(oct, &oaep_sha256, true, &r, &e) < 0 &&
	    e.code == E_INPUT && oaep_room(oct, &oaep_sha256) == 0,
	    "a symmetric key does not seal");
	key_free(oct);
	oaep_free(NULL);
}

int
main(void)
{
	struct buf spki = {0};
	struct err e;

	if (key_generate_rsa(2048, &key, &e) < 0 ||
	    key_generate_rsa(2048, &other, &e) < 0)
		return 1;
	key_to_spki(key, &spki);
	if (key_from_spki(slice_buf(&spki), &public, &e) < 0)
		return 1;
	pairs();
	labels();
	room();
	unfit();
	key_free(key);
	key_free(public);
	key_free(other);
	buf_free(&spki);
	return tap_done();
}

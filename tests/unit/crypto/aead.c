/* Authenticated encryption: values made by another implementation (Python's
 * cryptography), and every byte of them changed. */
#include "crypto/aead.h"

#include "codec/hex.h"
#include "unit/tap.h"

#define PLAIN "a message of our own"

static const struct {
	const char *name;
	enum aead_alg alg;
	const char *sealed;
} cases[] = {
	{"AES-128-GCM", AEAD_AES128_GCM,
	    "7b4223c0a871d99dfe1e3876a6a55e9e10e70f91"
	    "59478fd87eefa0dfdb88d634b71a45ae"},
	{"AES-192-GCM", AEAD_AES192_GCM,
	    "8848d61921dc6f5fb6f18d67da9deeccfd3629a4"
	    "75f05a42aeb023ea7900ce94ea4dc2d3"},
	{"AES-256-GCM", AEAD_AES256_GCM,
	    "293bb3030a9a37f95b42308efa0a1f8f62ad7164"
	    "3114bcca3e45de6553e45d8f8b7ed072"},
	{"ChaCha20-Poly1305", AEAD_CHACHA20_POLY1305,
	    "5531d6afebd617359efe7a19d2e6ade150a9e55a"
	    "611a5504c4a5771ad809742cb28f9d52"},
};

/* Key 0, 1, 2...; nonce 100, 101...; additional data "header". */
static uint8_t key[32], nonce[AEAD_NONCE_SIZE];
static uint8_t aad[] = {'h', 'e', 'a', 'd', 'e', 'r'};

static struct slice
nonce_of(void)
{
	return slice_of(nonce, sizeof nonce);
}

static struct slice
aad_of(void)
{
	return slice_of(aad, sizeof aad);
}

/* Does in open?  If it does not, as E_NO and without a byte of output? */
static bool
opens(struct aead *a, struct slice in)
{
	struct buf out = {0};
	struct err e = {.code = E_OK};
	bool yes, clean;

	buf_adds(&out, "kept");
	yes = aead_open(a, nonce_of(), aad_of(), in, &out, &e) == 0;
	clean = yes || (e.code == E_NO && slice_is(slice_buf(&out), "kept") &&
	    strcmp(e.text, "decryption failed") == 0);
	if (!clean)
		CHECK(clean, "  refused without a trace");
	buf_free(&out);
	return yes;
}

/* Flip each bit of p, which takes part in opening in. */
static size_t
flips(struct aead *a, struct slice in, uint8_t *p, size_t n)
{
	size_t i, opened = 0;
	unsigned bit;

	for (i = 0; i < n; i++)
		for (bit = 1; bit < 256; bit <<= 1) {
			p[i] ^= (uint8_t)bit;
			opened += opens(a, in);
			p[i] ^= (uint8_t)bit;
		}
	return opened;
}

static void
parts(struct aead *a, struct slice sealed)
{
	struct slice text = slice_str(PLAIN);
	struct buf out = {0}, back = {0};
	struct err e;
	size_t i;

	aead_seal_begin(a, nonce_of(), aad_of());
	for (i = 0; i < text.n; i++)
		aead_seal_more(a, slice_of(text.p + i, 1), &out);
	aead_seal_more(a, slice_of(NULL, 0), &out);
	aead_seal_end(a, &out);
	CHECK(slice_eq(slice_buf(&out), sealed), "  sealed in parts");
	aead_open_begin(a, nonce_of(), aad_of());
	aead_open_more(a, slice_head(sealed, 7), &back);
	aead_open_more(a, slice_of(sealed.p + 7, text.n - 7), &back);
	CHECK(aead_open_end(a, slice_from(sealed, text.n), &e) == 0 &&
	    slice_eq(slice_buf(&back), text), "  opened in parts");
	aead_open_begin(a, nonce_of(), aad_of());
	aead_open_more(a, slice_head(sealed, text.n - 1), &back);
	CHECK(aead_open_end(a, slice_from(sealed, text.n), &e) < 0 &&
	    e.code == E_NO, "  a part missing is refused");
	aead_open_begin(a, nonce_of(), aad_of());
	aead_open_more(a, slice_head(sealed, text.n), &back);
	CHECK(aead_open_end(a, slice_of(sealed.p + text.n, 12), &e) < 0 &&
	    e.code == E_NO, "  a tag cut short is refused");
	buf_free(&out);
	buf_free(&back);
}

static void
refusals(struct aead *a, struct buf *sealed)
{
	struct slice all = slice_buf(sealed);
	struct buf out = {0};
	struct err e;
	size_t n, opened = 0;

	CHECK(flips(a, all, sealed->p, sealed->n) == 0,
	    "  no flipped bit of the ciphertext opens");
	CHECK(flips(a, all, nonce, sizeof nonce) == 0, "  nor of the nonce");
	CHECK(flips(a, all, aad, sizeof aad) == 0,
	    "  nor of the additional data");
	for (n = AEAD_TAG_SIZE; n < all.n; n++)
		opened += opens(a, slice_head(all, n));
	CHECK(opened == 0, "  nor a shorter one");
	CHECK(aead_open(a, nonce_of(), aad_of(),
	    slice_head(all, AEAD_TAG_SIZE - 1), &out, &e) < 0 &&
	    e.code == E_INPUT, "  less than a tag is malformed");
	CHECK(aead_open(a, slice_of(nonce, 11), aad_of(), all, &out, &e) < 0 &&
	    e.code == E_INPUT, "  so is another nonce length");
	CHECK(opens(a, all), "  and after all that it still opens");
	buf_free(&out);
}

static void
one(size_t i)
{
	size_t n = aead_key_size(cases[i].alg);
	struct buf sealed = {0}, out = {0};
	struct slice none = {NULL, 0};
	struct aead *a;
	struct err e;

	if (!CHECK(aead_start(cases[i].alg, slice_of(key, n), &a, &e) == 0,
	    "%s", cases[i].name))
		return;
	(void)hex_decode(slice_str(cases[i].sealed), &sealed, &e);
	aead_seal(a, nonce_of(), aad_of(), slice_str(PLAIN), &out);
	CHECK(slice_eq(slice_buf(&out), slice_buf(&sealed)), "  sealed");
	buf_cut(&out, 0);
	CHECK(aead_open(a, nonce_of(), aad_of(), slice_buf(&sealed), &out,
	    &e) == 0 && slice_is(slice_buf(&out), PLAIN), "  opened");
	parts(a, slice_buf(&sealed));
	refusals(a, &sealed);
	buf_cut(&out, 0);
	buf_cut(&sealed, 0);
	aead_seal(a, nonce_of(), none, none, &sealed);
	CHECK(sealed.n == AEAD_TAG_SIZE && aead_open(a, nonce_of(), none,
	    slice_buf(&sealed), &out, &e) == 0 && out.n == 0,
	    "  nothing at all is a message too");
	aead_free(a);
	buf_free(&sealed);
	buf_free(&out);
	CHECK(aead_start(cases[i].alg, slice_of(key, n - 1), &a, &e) < 0 &&
	    e.code == E_NO, "  a key of another length is refused");
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof key; i++)
		key[i] = (uint8_t)i;
	for (i = 0; i < sizeof nonce; i++)
		nonce[i] = (uint8_t)(100 + i);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		one(i);
	aead_free(NULL);
	return tap_done();
}

/* Key wrap: values made by another implementation (Python's cryptography),
 * every byte of them changed, and a real answer of Key Vault's. */
#include "crypto/wrap.h"

#include <stdio.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "ground/io.h"
#include "unit/tap.h"

/* With padding (RFC 5649) or without (RFC 3394). */
enum kind { KW, KWP };

static const struct row {
	const char *name;
	enum kind kind;
	size_t kek;
	const char *plain, *wrapped;
} rows[] = {
	{"KW, 128 bits", KW, 16, "a message of our",
	    "19e48ba37f5034480addff9b42142172a62cd073fb98b253"},
	{"KW, 192 bits", KW, 24, "a message of our",
	    "3e77ffb37fa14d9b9317df770f94700b0cc359ddc572ca18"},
	{"KW, 256 bits", KW, 32, "a message of our",
	    "c68db8cee73f4e7648da1524e34adf4cf9b469fd037bc208"},
	{"KWP, 128 bits", KWP, 16,
	    "a message of our own", "410061ebe8fa0813f44efda78f591c62"
	    "17ee427662661a72c90aafa3b8bacdc1"},
	{"KWP, 192 bits", KWP, 24,
	    "a message of our own", "cbbbda399c72bf3df0582ac658084227"
	    "baa05fe1bff1ee2d464f5386afc16d14"},
	{"KWP, 256 bits", KWP, 32,
	    "a message of our own", "7fdd51dcb511d30302e777591ae8d87c"
	    "a4d128249f8b313e139bcc69b8dfc8a2"},
	{"KWP, one block", KWP, 32, "short",
	    "694577b761a21abc18c4fd002d9a26f6"},
};

static uint8_t kek[32];

static int
seal(enum kind kind, struct slice k, struct slice in, struct buf *out,
    struct err *e)
{
	return kind == KW ? wrap_kw_seal(k, in, out, e) :
	    wrap_kwp_seal(k, in, out, e);
}

/* 0, or the class of the refusal, which must leave no trace. */
static enum status
opened(enum kind kind, struct slice k, struct slice in, struct buf *out)
{
	struct err e = {.code = E_OK};
	size_t was = out->n;

	if ((kind == KW ? wrap_kw_open(k, in, out, &e) :
	    wrap_kwp_open(k, in, out, &e)) < 0) {
		if (out->n != was)
			CHECK(out->n == was, "  refused without a trace");
		if (e.code == E_NO && strcmp(e.text, "decryption failed") != 0)
			CHECK(false, "  one message: %s", e.text);
	}
	return e.code;
}

static size_t
flips(enum kind kind, struct slice k, struct slice in, uint8_t *p, size_t n)
{
	struct buf out = {0};
	size_t i, wrong = 0;
	unsigned bit;

	for (i = 0; i < n; i++)
		for (bit = 1; bit < 256; bit <<= 1) {
			p[i] ^= (uint8_t)bit;
			wrong += opened(kind, k, in, &out) != E_NO;
			p[i] ^= (uint8_t)bit;
		}
	buf_free(&out);
	return wrong;
}

static void
one(const struct row *row)
{
	struct slice k = slice_of(kek, row->kek);
	struct buf in = {0}, out = {0};
	struct err e;

	CHECK(hex_decode(slice_str(row->wrapped), &in, &e) == 0, "%s",
	    row->name);
	CHECK(seal(row->kind, k, slice_str(row->plain), &out, &e) == 0 &&
	    slice_eq(slice_buf(&out), slice_buf(&in)), "  sealed");
	buf_cut(&out, 0);
	buf_adds(&out, ">");
	CHECK(opened(row->kind, k, slice_buf(&in), &out) == E_OK &&
	    slice_is(slice_from(slice_buf(&out), 1), row->plain), "  opened");
	CHECK(flips(row->kind, k, slice_buf(&in), in.p, in.n) == 0,
	    "  no flipped bit opens");
	CHECK(flips(row->kind, k, slice_buf(&in), kek, row->kek) == 0,
	    "  nor does another key");
	CHECK(opened(row->kind, slice_of(kek, row->kek - 1), slice_buf(&in),
	    &out) == E_NO, "  nor one of another length");
	CHECK(seal(row->kind, slice_of(kek, 31), slice_str(row->plain), &out,
	    &e) < 0 && e.code == E_INPUT, "  which does not seal either");
	CHECK(opened(row->kind == KW ? KWP : KW,
	    k, slice_buf(&in), &out) == (in.n < 24 ? E_INPUT : E_NO),
	    "  nor the other kind");
	buf_free(&in);
	buf_free(&out);
}

/* Which lengths can be told to be wrong without a key? */
static void
lengths(void)
{
	static const size_t kw[] = {0, 8, 16, 23, 25, 31};
	static const size_t kwp[] = {0, 8, 15, 17, 23};
	struct slice k = slice_of(kek, 32);
	struct buf out = {0}, back = {0};
	uint8_t zero[64] = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof kw / sizeof kw[0]; i++)
		CHECK(opened(KW, k, slice_of(zero, kw[i]), &out) ==
		    E_INPUT, "KW of %zu bytes is malformed", kw[i]);
	for (i = 0; i < sizeof kwp / sizeof kwp[0]; i++)
		CHECK(opened(KWP, k, slice_of(zero, kwp[i]), &out) ==
		    E_INPUT, "KWP of %zu bytes is malformed", kwp[i]);
	CHECK(wrap_kw_seal(k, slice_of(zero, 8), &out, &e) < 0 &&
	    wrap_kw_seal(k, slice_of(zero, 17), &out, &e) < 0 &&
	    wrap_kwp_seal(k, slice_of(zero, 0), &out, &e) < 0 &&
	    e.code == E_INPUT, "nor is it made of any length");
	for (i = 1; i <= sizeof zero; i++) {
		buf_cut(&out, 0);
		buf_cut(&back, 0);
		if (wrap_kwp_seal(k, slice_of(zero, i), &out, &e) < 0 ||
		    wrap_kwp_open(k, slice_buf(&out), &back, &e) < 0 ||
		    back.n != i)
			CHECK(false, "KWP of a key of %zu bytes", i);
	}
	buf_free(&out);
	buf_free(&back);
}

static void
rsa_kind(const char *name, const struct key *key, enum hash h, enum kind kind,
    size_t n)
{
	const struct oaep how = {h, h, {NULL, 0}};
	struct buf in = {0}, out = {0};
	struct oaep_run *r;
	struct err e;
	size_t i, opens = 0, odd = 0;

	if (!CHECK(oaep_start(key, &how, true, &r, &e) == 0 &&
	    oaep_seal(r, slice_of(kek, n), &in, &e) == 0 &&
	    seal(kind, slice_of(kek, n), slice_str("a message of our"), &in,
	    &e) == 0, "%s", name))
		return;
	oaep_free(r);
	CHECK(wrap_rsa_aes_open(key, h, slice_buf(&in), &out, &e) == 0 &&
	    slice_is(slice_buf(&out), "a message of our"), "  is opened");
	for (i = 0; i < in.n; i++) {
		in.p[i] ^= (uint8_t)(1 << i % 8);
		if (wrap_rsa_aes_open(key, h, slice_buf(&in), &out, &e) == 0)
			opens++;
		else
			odd += e.code != E_NO || out.n != 16 ||
			    strcmp(e.text, "decryption failed") != 0;
		in.p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(opens == 0 && odd == 0, "  a flipped bit in any byte is refused");
	CHECK(wrap_rsa_aes_open(key, h == HASH_SHA1 ? HASH_SHA256 : HASH_SHA1,
	    slice_buf(&in), &out, &e) < 0 && e.code == E_NO,
	    "  so is another hash");
	for (i = 0, odd = 0; i < in.n; i++)
		odd += wrap_rsa_aes_open(key, h, slice_head(slice_buf(&in), i),
		    &out, &e) == 0 || (i < 272 && e.code != E_INPUT);
	CHECK(odd == 0, "  so is every shorter one");
	buf_free(&in);
	buf_free(&out);
}

static void
rsa(void)
{
	struct key *key;
	struct err e;

	if (!CHECK(key_generate_rsa(2048, &key, &e) == 0, "an RSA key"))
		return;
	rsa_kind("SHA-256, KWP", key, HASH_SHA256, KWP, 32);
	rsa_kind("SHA-384, KWP, 192 bits", key, HASH_SHA384, KWP, 24);
	rsa_kind("SHA-1, KWP, 128 bits", key, HASH_SHA1, KWP, 16);
	rsa_kind("SHA-256, KW", key, HASH_SHA256, KW, 32);
	key_free(key);
}

static bool
read_vector(const char *dir, const char *name, struct buf *out)
{
	char path[4096];
	struct err e;

	(void)snprintf(path, sizeof path, "%s/azure/skr-unwrap/%s", dir, name);
	return io_read(path, 1 << 20, out, &e) == 0;
}

/* The sidecar's own test: CKM_RSA_AES_KEY_WRAP as the service made it. */
static void
azure(void)
{
	const char *dir = getenv("VECTORS");
	struct slice none = {NULL, 0};
	struct buf pem = {0}, in = {0}, want = {0}, out = {0};
	struct key *key = NULL;
	struct err e;

	if (dir == NULL || !read_vector(dir, "wrapping-key.pem", &pem) ||
	    !read_vector(dir, "ciphertext.bin", &in) ||
	    !read_vector(dir, "plaintext.bin", &want)) {
		tap_skip("azure/skr-unwrap", "no vectors");
		goto out;
	}
	CHECK(key_from_pem(slice_buf(&pem), none, &key, &e) == 0,
	    "azure/skr-unwrap");
	CHECK(key != NULL && wrap_rsa_aes_open(key, HASH_SHA1, slice_buf(&in),
	    &out, &e) == 0 && slice_eq(slice_buf(&out), slice_buf(&want)),
	    "  is opened");
	CHECK(key != NULL && wrap_rsa_aes_open(key, HASH_SHA256,
	    slice_buf(&in), &out, &e) < 0 && e.code == E_NO,
	    "  is not, with SHA-256");
	key_free(key);
out:
	buf_free(&pem);
	buf_free(&in);
	buf_free(&want);
	buf_free(&out);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof kek; i++)
		kek[i] = (uint8_t)i;
	for (i = 0; i < sizeof rows / sizeof rows[0]; i++)
		one(&rows[i]);
	lengths();
	rsa();
	azure();
	return tap_done();
}

/* AES-CBC with HMAC: layout, round trips, and everything changed. */
#include "crypto/cbchs.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "codec/bytes.h"
#include "crypto/hash.h"
#include "ground/io.h"
#include "unit/tap.h"
#include "value/json.h"

static const enum cbchs_alg algs[] = {
	CBCHS_A128_HS256, CBCHS_A192_HS384, CBCHS_A256_HS512,
};
static const enum hash hashes[] = {HASH_SHA256, HASH_SHA384, HASH_SHA512};

static uint8_t key_bytes[64], iv_bytes[CBCHS_IV_SIZE];
static const char failed[] = "decryption failed";

static struct slice
key_of(enum cbchs_alg alg)
{
	return slice_of(key_bytes, cbchs_key_size(alg));
}

/* Opening is refused with that class, and out is as it was. */
static bool
refused(enum cbchs_alg alg, struct slice key, struct slice iv,
    struct slice aad, struct slice in, enum status want)
{
	struct buf out = {0};
	struct err e = {.code = E_OK};
	bool good;

	buf_adds(&out, "before");
	good = cbchs_open(alg, key, iv, aad, in, &out, &e) < 0 &&
	    e.code == want && slice_is(slice_buf(&out), "before") &&
	    (want != E_NO || strcmp(e.text, failed) == 0);
	buf_free(&out);
	return good;
}

/* The tag once more, from section 5.2.2.1 in one piece. */
static void
tag_of(enum cbchs_alg alg, struct slice aad, struct slice text,
    struct buf *out)
{
	uint8_t sum[HASH_SIZE_MAX], bits[8];
	struct buf all = {0};

	put_be64(bits, (uint64_t)aad.n * 8);
	buf_add(&all, aad);
	buf_add(&all, slice_of(iv_bytes, sizeof iv_bytes));
	buf_add(&all, text);
	buf_add(&all, slice_of(bits, sizeof bits));
	hash_hmac(hashes[alg], slice_head(key_of(alg), cbchs_tag_size(alg)),
	    slice_buf(&all), sum);
	buf_add(out, slice_of(sum, cbchs_tag_size(alg)));
	buf_free(&all);
}

static void
round_trip(enum cbchs_alg alg, size_t n)
{
	struct slice iv = slice_of(iv_bytes, sizeof iv_bytes);
	struct slice aad = slice_str("additional"), body;
	struct buf plain = {0}, sealed = {0}, again = {0}, tag = {0};
	struct err e;
	size_t i, text = (n / 16 + 1) * 16, kept = 0;

	memset(buf_more(&plain, n), 'p', n);
	cbchs_seal(alg, key_of(alg), iv, aad, slice_buf(&plain), &sealed);
	body = slice_buf(&sealed);
	CHECK(body.n == text + cbchs_tag_size(alg), "%zu bytes: size", n);
	tag_of(alg, aad, slice_head(body, text), &tag);
	CHECK(slice_eq(slice_buf(&tag), slice_from(body, text)), "  its tag");
	CHECK(cbchs_open(alg, key_of(alg), iv, aad, body, &again, &e) == 0 &&
	    slice_eq(slice_buf(&again), slice_buf(&plain)), "  opens again");
	for (i = 0; i < sealed.n; i++) {
		sealed.p[i] ^= 1;
		kept += !refused(alg, key_of(alg), iv, aad, body, E_NO);
		sealed.p[i] ^= 1;
	}
	CHECK(kept == 0, "  every byte changed is refused");
	CHECK(refused(alg, key_of(alg), iv, slice_str("additionaL"), body,
	    E_NO), "  other additional data");
	CHECK(refused(alg, slice_head(key_of(alg), 16), iv, aad, body, E_NO),
	    "  a key too short");
	CHECK(refused(alg, key_of(alg), slice_head(iv, 15), aad, body,
	    E_INPUT), "  an iv too short");
	CHECK(refused(alg, key_of(alg), iv, aad, slice_from(body, 1),
	    E_INPUT), "  no whole blocks");
	CHECK(refused(alg, key_of(alg), iv, aad, slice_from(body, text),
	    E_INPUT), "  a tag alone");
	CHECK(refused(alg, key_of(alg), iv, aad, slice_head(body, 15),
	    E_INPUT), "  less than a tag");
	buf_free(&plain);
	buf_free(&sealed);
	buf_free(&again);
	buf_free(&tag);
}

/* An authentic ciphertext whose padding is none is no other failure. */
static void
padding(enum cbchs_alg alg)
{
	struct buf in = {0};
	struct slice aad = slice_str("");

	memset(buf_more(&in, 32), 0x5a, 32);
	tag_of(alg, aad, slice_head(slice_buf(&in), 32), &in);
	CHECK(refused(alg, key_of(alg), slice_of(iv_bytes, sizeof iv_bytes),
	    aad, slice_buf(&in), E_NO), "padding that is none");
	buf_free(&in);
}

static void
part(struct json_val in, const char *name, struct buf *out)
{
	struct buf text = {0};
	struct err e;

	if (json_text(json_get(in, name), name, &text, &e) < 0 ||
	    b64_decode(slice_buf(&text), B64_JOSE, out, &e) < 0)
		CHECK(false, "%s: %s", name, e.text);
	buf_free(&text);
}

/* The content of RFC 7520 section 5.1, whose key wrap is not offered. */
static void
cookbook(struct json_val doc)
{
	struct json_val flat = json_get(json_get(doc, "output"), "json_flat");
	struct buf key = {0}, iv = {0}, aad = {0}, in = {0}, out = {0};
	struct buf want = {0};
	struct err e;

	part(json_get(doc, "generated"), "cek", &key);
	part(flat, "iv", &iv);
	part(flat, "ciphertext", &in);
	part(flat, "tag", &in);
	if (json_text(json_get(flat, "protected"), "protected", &aad,
	    &e) == 0 && json_text(json_get(json_get(doc, "input"),
	    "plaintext"), "plaintext", &want, &e) == 0)
		CHECK(cbchs_open(CBCHS_A128_HS256, slice_buf(&key),
		    slice_buf(&iv), slice_buf(&aad), slice_buf(&in), &out,
		    &e) == 0 && slice_eq(slice_buf(&out), slice_buf(&want)),
		    "the content of RFC 7520 section 5.1");
	buf_free(&key);
	buf_free(&iv);
	buf_free(&aad);
	buf_free(&in);
	buf_free(&out);
	buf_free(&want);
}

int
main(void)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 100};
	const char *vectors = getenv("VECTORS");
	struct json *doc = NULL;
	struct buf text = {0};
	char path[4096];
	struct err e;
	size_t i, k;

	hash_random(key_bytes, sizeof key_bytes);
	memset(iv_bytes, 7, sizeof iv_bytes);
	for (i = 0; i < 3; i++)
		for (k = 0; k < sizeof sizes / sizeof *sizes; k++)
			round_trip(algs[i], sizes[k]);
	/* a key of no chance: one in 256 makes it padding */
	memset(key_bytes, 1, sizeof key_bytes);
	for (i = 0; i < 3; i++)
		padding(algs[i]);
	if (vectors == NULL || *vectors == '\0') {
		tap_skip("RFC 7520", "no vectors here");
		return tap_done();
	}
	(void)snprintf(path, sizeof path, "%s/rfc7520/jwe/5_1.key_encryption_"
	    "using_rsa_v15_and_aes-hmac-sha2.json", vectors);
	if (io_read(path, 1 << 20, &text, &e) == 0 &&
	    json_parse(slice_buf(&text), &doc, &e) == 0)
		cookbook(json_root(doc));
	else
		tap_skip("RFC 7520", "not among the vectors");
	json_free(doc);
	buf_free(&text);
	return tap_done();
}

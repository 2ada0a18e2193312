/* Project Wycheproof's vectors, where they are to be had: RSA-OAEP, key wrap
 * and GCM must do exactly as marked. */
#include <stdio.h>
#include <stdlib.h>

#include "codec/hex.h"
#include "crypto/aead.h"
#include "crypto/oaep.h"
#include "crypto/wrap.h"
#include "ground/io.h"
#include "unit/tap.h"
#include "value/json.h"

/* The bytes of a hexadecimal member. */
static struct buf
bytes(struct json_val v, const char *name)
{
	struct buf text = {0}, out = {0};
	struct err e;

	if (json_text(json_get(v, name), name, &text, &e) < 0 ||
	    hex_decode(slice_buf(&text), &out, &e) < 0)
		CHECK(false, "%s: %s", name, e.text);
	buf_free(&text);
	return out;
}

static int64_t
number(struct json_val v, const char *name)
{
	int64_t n = -1;

	(void)json_int(json_get(v, name), &n);
	return n;
}

/* The answer is the one wanted: a yes with want as its result, or a refusal
 * that left out empty. */
static void
judge(struct json_val test, int ret, const struct err *e,
    const struct buf *out, struct slice want)
{
	bool valid = json_text_is(json_get(test, "result"), "valid");
	bool good;

	if (valid)
		good = ret == 0 && slice_eq(slice_buf(out), want);
	else
		good = ret < 0 && out->n == 0 &&
		    (e->code == E_NO || e->code == E_INPUT);
	CHECK(good, "  %d %s", (int)number(test, "tcId"),
	    valid ? "valid" : "invalid");
}

static void
oaep_test(struct json_val group, struct json_val test)
{
	struct buf der = bytes(group, "privateKeyPkcs8");
	struct buf ct = bytes(test, "ct"), msg = bytes(test, "msg");
	struct buf label = bytes(test, "label"), out = {0};
	struct oaep how = {HASH_SHA256, HASH_SHA256, slice_buf(&label)};
	struct oaep_run *r = NULL;
	struct key *key = NULL;
	struct err e;
	int ret = -1;

	if (key_from_pkcs8(slice_buf(&der), &key, &e) < 0 ||
	    oaep_start(key, &how, false, &r, &e) < 0)
		CHECK(false, "  a key: %s", e.text);
	else
		ret = oaep_open(r, slice_buf(&ct), &out, &e);
	judge(test, ret, &e, &out, slice_buf(&msg));
	oaep_free(r);
	key_free(key);
	buf_free(&der);
	buf_free(&ct);
	buf_free(&msg);
	buf_free(&label);
	buf_free(&out);
}

static void
kwp_test(struct json_val group, struct json_val test)
{
	struct buf key = bytes(test, "key"), msg = bytes(test, "msg");
	struct buf ct = bytes(test, "ct"), out = {0};
	struct err e;
	int ret;

	(void)group;
	ret = wrap_kwp_open(slice_buf(&key), slice_buf(&ct), &out, &e);
	judge(test, ret, &e, &out, slice_buf(&msg));
	buf_cut(&out, 0);
	if (ret == 0)
		CHECK(wrap_kwp_seal(slice_buf(&key), slice_buf(&msg), &out,
		    &e) == 0 && slice_eq(slice_buf(&out), slice_buf(&ct)),
		    "  %d sealed", (int)number(test, "tcId"));
	buf_free(&key);
	buf_free(&msg);
	buf_free(&ct);
	buf_free(&out);
}

static void
aead_one(enum aead_alg alg, struct json_val test)
{
	struct buf key = bytes(test, "key"), iv = bytes(test, "iv");
	struct buf aad = bytes(test, "aad"), msg = bytes(test, "msg");
	struct buf ct = bytes(test, "ct"), tag = bytes(test, "tag");
	struct buf out = {0};
	struct aead *a;
	struct err e;

	buf_add(&ct, slice_buf(&tag));
	if (aead_start(alg, slice_buf(&key), &a, &e) == 0) {
		judge(test, aead_open(a, slice_buf(&iv), slice_buf(&aad),
		    slice_buf(&ct), &out, &e), &e, &out, slice_buf(&msg));
		aead_free(a);
	} else
		CHECK(false, "  a key: %s", e.text);
	buf_free(&key);
	buf_free(&iv);
	buf_free(&aad);
	buf_free(&msg);
	buf_free(&ct);
	buf_free(&tag);
	buf_free(&out);
}

/* Nonces of 12 bytes are the only ones we have. */
static void
gcm_test(struct json_val group, struct json_val test)
{
	if (number(group, "ivSize") == 96 && number(group, "tagSize") == 128)
		aead_one(number(group, "keySize") == 128 ? AEAD_AES128_GCM :
		    number(group, "keySize") == 192 ? AEAD_AES192_GCM :
		    AEAD_AES256_GCM, test);
}

static void
chacha_test(struct json_val group, struct json_val test)
{
	if (number(group, "ivSize") == 96 && number(group, "tagSize") == 128)
		aead_one(AEAD_CHACHA20_POLY1305, test);
}

static const struct file {
	const char *name;
	void (*test)(struct json_val group, struct json_val test);
} files[] = {
	{"rsa_oaep_2048_sha256_mgf1sha256_test", oaep_test},
	{"aes_kwp_test", kwp_test},
	{"aes_gcm_test", gcm_test},
	{"chacha20_poly1305_test", chacha_test},
};

static void
run(const char *dir, const struct file *f)
{
	struct json_val group, test;
	struct buf text = {0};
	struct json *doc = NULL;
	char path[4096];
	int before = tap_run;
	struct err e;

	(void)snprintf(path, sizeof path, "%s/wycheproof/%s.json", dir,
	    f->name);
	if (io_read(path, 16 << 20, &text, &e) < 0) {
		tap_skip(f->name, "no vectors");
		goto out;
	}
	if (!CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "%s",
	    f->name))
		goto out;
	group = json_first(json_get(json_root(doc), "testGroups"));
	for (; json_has(group); group = json_next(group)) {
		test = json_first(json_get(group, "tests"));
		for (; json_has(test); test = json_next(test))
			f->test(group, test);
	}
	CHECK(tap_run > before + 10, "%s has tests", f->name);
out:
	json_free(doc);
	buf_free(&text);
}

int
main(void)
{
	const char *dir = getenv("VECTORS");
	size_t i;

	for (i = 0; i < sizeof files / sizeof files[0]; i++)
		if (dir != NULL && dir[0] != '\0')
			run(dir, &files[i]);
		else
			tap_skip(files[i].name, "no vectors");
	return tap_done();
}

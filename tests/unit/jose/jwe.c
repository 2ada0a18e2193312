/* JWE: what is written is read, every rule has a text that breaks it alone,
 * and every byte of a small one changed. */
#include "jose/jwe.h"

#include <stdlib.h>

#include <openssl/ec.h>
#include <openssl/evp.h>

#include "codec/b64.h"
#include "crypto/aead.h"
#include "crypto/cbchs.h"
#include "crypto/hash.h"
#include "crypto/oaep.h"
#include "ground/io.h"
#include "jose/jwe_in.h"
#include "jose/jwk.h"
#include "unit/tap.h"
#include "value/json.h"

static const char failed[] = "decryption failed";
static const char plain[] = "fifteen \0 bytes";
static struct key *rsa, *other_rsa, *oct[65];	/* oct by its size */
static struct key *p256, *p384, *p521, *x25519;

static struct slice
plain_text(void)
{
	return slice_of(plain, sizeof plain - 1);
}

/* 0 and the right plaintext, or the class of the refusal, with nothing
 * written; -1 for anything that must not be. */
static int
judge(struct slice text, const struct key *key, const char *kid,
    struct err *e)
{
	struct buf out = {0};
	int ret;

	buf_adds(&out, "before");
	*e = (struct err){.code = E_OK};
	if (jwe_open(text, key, slice_str(kid), &out, e) == 0)
		ret = slice_eq(slice_from(slice_buf(&out), 6), plain_text()) &&
		    jwe_is(text) ? 0 : -1;
	else
		ret = slice_is(slice_buf(&out), "before") ? (int)e->code : -1;
	buf_free(&out);
	return ret;
}

static void
seal(const struct jwe_recipient *r, size_t n, enum jwe_form form,
    struct buf *out)
{
	struct err e;

	buf_cut(out, 0);
	if (jwe_seal(plain_text(), r, n, form, out, &e) < 0)
		CHECK(false, "sealing: %s", e.text);
}

/* One text after the other, none may be taken; where the class is 1, with the
 * one message.  any: JSON in which some bytes are neither authenticated nor
 * needed, or choose the recipient in public: then no other plaintext will do.
 */
struct sweep {
	size_t kept, odd, told;
	bool any;
};

static void
sweep_one(struct sweep *s, struct slice text, const struct key *key)
{
	struct err e;
	int got = judge(text, key, "", &e);

	s->kept += got == 0 && !s->any;
	s->odd += got != 0 && got != E_NO && got != E_INPUT;
	s->told += got == E_NO && strcmp(e.text, failed) != 0 && !s->any;
}

/* Every position; with all of the alphabet, or three characters. */
static void
sweep(const char *name, struct slice text, const struct key *key, bool full,
    bool any)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnop"
	    "qrstuvwxyz0123456789-_.=+/\"\\,: \n{}";
	struct sweep s = {.any = any}, cut = {0};
	struct buf copy = {0};
	uint8_t was;
	size_t i, v;

	/* the newline is no part of it: another blank may stand there */
	text = slice_head(text, text.n - 1);
	buf_add(&copy, text);
	for (i = 0; i < copy.n; i++) {
		was = copy.p[i];
		for (v = 0; v < (full ? sizeof set - 1 : 3); v++) {
			copy.p[i] = full ? (uint8_t)set[v] : v == 0 ?
			    was ^ 1 : v == 1 ? was ^ 0x20 : was == 'A' ?
			    'B' : 'A';
			if (copy.p[i] != was)
				sweep_one(&s, slice_buf(&copy), key);
		}
		copy.p[i] = was;
		sweep_one(&cut, slice_head(text, i), key);
	}
	CHECK(s.kept == 0, "%s: every byte changed is refused", name);
	CHECK(s.odd == 0, "  as 1 or 3, without output");
	CHECK(s.told == 0, "  1 is the one message");
	CHECK(cut.kept + cut.odd == 0, "  every truncation is refused");
	buf_free(&copy);
}

static void
round_trip(const char *name, const struct jwe_recipient *r, bool full)
{
	static const enum jwe_form forms[] = {
		JWE_COMPACT, JWE_FLATTENED, JWE_GENERAL,
	};
	struct buf text = {0};
	struct err e;
	size_t i;

	for (i = 0; i < 3; i++) {
		seal(r, 1, forms[i], &text);
		CHECK(judge(slice_buf(&text), r->key, "", &e) == 0,
		    "%s, form %zu", name, i);
		CHECK(judge(slice_buf(&text), r->key, "no such kid", &e) ==
		    (r->kid.n > 0 ? E_NO : 0), "  and a kid asked for");
		/* direct needs no recipients, by whatever name */
		sweep("  ", slice_buf(&text), r->key, full,
		    r->direct && forms[i] == JWE_GENERAL);
	}
	buf_free(&text);
}

static void
round_trips(void)
{
	static const size_t wraps[] = {16, 24, 32};
	static const size_t directs[] = {16, 24, 32, 48, 64};
	struct jwe_recipient r = {.key = rsa};
	size_t i;

	round_trip("RSA", &r, false);
	r.kid = slice_str("a \"kid\" \xc3\xa4");
	for (i = 0; i < 3; i++) {
		r.key = oct[wraps[i]];
		round_trip("key wrap", &r, i == 0);
	}
	r.direct = true;
	for (i = 0; i < 5; i++) {
		r.key = oct[directs[i]];
		round_trip("direct", &r, i > 2);
	}
}

static void
not_sealed(const char *name, const struct jwe_recipient *r, size_t n,
    enum jwe_form form, enum status want)
{
	struct buf out = {0};
	struct err e;

	CHECK(jwe_seal(plain_text(), r, n, form, &out, &e) < 0 &&
	    e.code == want && out.n == 0, "%s", name);
	buf_free(&out);
}

static struct key *
read_key(const char *text)
{
	struct key *key = NULL;
	struct err e;

	if (jwk_read(slice_str(text), slice_of(NULL, 0), slice_of(NULL, 0),
	    JWK_DECRYPT, &key, NULL, &e) < 0)
		CHECK(false, "a key: %s", e.text);
	return key;
}

static struct key *
ec_key(const char *curve)
{
	EVP_PKEY *pkey = EVP_EC_gen(curve);
	struct key *key = NULL;
	unsigned char *der = NULL;
	int n = i2d_PrivateKey(pkey, &der);
	struct keys keys = {0};
	struct err e;

	if (n > 0 && keys_from_pem(slice_of(der, (size_t)n), slice_of(NULL,
	    0), &keys, &e) == 0)
		key = keys_take(&keys, 0);
	keys_free(&keys);
	OPENSSL_free(der);
	EVP_PKEY_free(pkey);
	return key;
}

/* A key on the curve of like, which key says it is for alg. */
static struct key *
agreeing(const struct key *like, const char *alg)
{
	struct key *key = NULL;

	agree_generate(like, &key);
	key_mark(key, slice_of(NULL, 0), slice_str(alg));
	return key;
}

static void
agreement(const char *name, const struct key *like)
{
	static const char *const algs[] = {
		"", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW",
	};
	struct jwe_recipient r = {0};
	struct buf text = {0};
	struct key *key, *other;
	struct err e;
	size_t i;

	for (i = 0; i < 4; i++) {
		key = agreeing(like, algs[i]);
		other = agreeing(like, algs[i]);
		r.key = key;
		seal(&r, 1, JWE_COMPACT, &text);
		CHECK(judge(slice_buf(&text), key, "", &e) == 0, "%s %s",
		    name, algs[i]);
		CHECK(judge(slice_buf(&text), other, "", &e) == E_NO &&
		    strcmp(e.text, failed) == 0, "  another's key");
		CHECK(judge(slice_buf(&text), rsa, "", &e) == E_NO &&
		    strstr(e.text, "takes a key on the curve") != NULL,
		    "  none on that curve");
		if (i < 2 && key_type(key) == KEY_X25519)
			sweep("  ", slice_buf(&text), key, false, false);
		key_free(key);
		key_free(other);
	}
	buf_free(&text);
}

/* RFC 7518 appendix C. */
static void
appendix_c(void)
{
	static const char alice[] = "{\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"x\":\"gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0\","
	    "\"y\":\"SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps\","
	    "\"d\":\"0_NxaRPUMQoAJt50Gz8YiTr8gRTwyEaCumd-MToTmIo\"}";
	static const char bob[] = "{\"kty\":\"EC\",\"crv\":\"P-256\","
	    "\"x\":\"weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ\","
	    "\"y\":\"e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck\","
	    "\"d\":\"VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw\"}";
	static const char want[] = "VqqN6vgjbSBcIijNcacQGg";
	const struct jwe_alg direct = {"ECDH-ES", JWE_AGREE, 0, 0, 0};
	const struct jwe_enc enc = {"A128GCM", 16, 12, 16, true, 0, 0};
	struct key *a = read_key(alice), *b = read_key(bob);
	struct slice apu = slice_str("Alice"), apv = slice_str("Bob");
	struct buf one = {0}, two = {0}, text = {0};
	struct err e;

	CHECK(jwe_agree(&direct, &enc, apu, apv, a, b, &one, &e) == 0 &&
	    jwe_agree(&direct, &enc, apu, apv, b, a, &two, &e) == 0 &&
	    slice_eq(slice_buf(&one), slice_buf(&two)),
	    "Alice and Bob agree");
	b64_encode(slice_buf(&one), B64_URL, &text);
	CHECK(slice_is(slice_buf(&text), want), "  as RFC 7518 has it");
	key_free(a);
	key_free(b);
	buf_free(&one);
	buf_free(&two);
	buf_free(&text);
}

/* Points of low order, of which anyone knows what they come to. */
static void
low_order(void)
{
	static const uint8_t points[][KEY_RAW_SIZE] = {
		{0}, {1},
		{0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56,
		    0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09, 0x8d,
		    0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16,
		    0x5f, 0x49, 0xb8, 0x00},
	};
	struct key *mine = agreeing(x25519, ""), *point;
	struct jwe_recipient r = {0};
	struct buf z = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof points / sizeof *points; i++) {
		if (key_from_raw(KEY_X25519, slice_of(points[i],
		    KEY_RAW_SIZE), slice_of(NULL, 0), &point, &e) < 0) {
			CHECK(false, "a point: %s", e.text);
			continue;
		}
		CHECK(agree_secret(mine, point, &z, &e) < 0 &&
		    e.code == E_NO && z.n == 0, "low order %zu", i);
		r.key = point;
		not_sealed("  sealed for it", &r, 1, JWE_COMPACT, E_INPUT);
		key_free(point);
	}
	buf_free(&z);
	key_free(mine);
}

/* Made by jwcrypto 1.1.0: PBES2 of the passphrase "Thus from my lips". */
static void
passphrases(void)
{
	static const char *const theirs[] = {
		"eyJhbGciOiJQQkVTMi1IUzI1NitBMTI4S1ciLCJlbmMiOiJBMTI4"
		    "R0NNIiwicDJjIjo4MTkyLCJwMnMiOiJzZ2lwa2p1MGlVeWctX1FM"
		    "RUphUGxBIn0.hrmVo42GPnN8CHgxYjrBpPPjd1YWG5aT.B13pvLD"
		    "xoDkpmKfJ.9KCLMYzt1rfnIT9bG10I.M-nvzIIYhLH014UyzrWAb"
		    "Q",
		"eyJhbGciOiJQQkVTMi1IUzM4NCtBMTkyS1ciLCJlbmMiOiJBMTI4"
		    "R0NNIiwicDJjIjo4MTkyLCJwMnMiOiJnQVQxZnQ3SHZzazVobHZH"
		    "ZnYxR1B3In0.QhBQKY0dOImOoLBIV8Gv4MnxbxRnLI69.69Tjgqp"
		    "lVGiKQZbH.3B9tXh5iOV3nGvmJ36a5.mVPtzRKup1xmOjU7q331j"
		    "g",
		"eyJhbGciOiJQQkVTMi1IUzUxMitBMjU2S1ciLCJlbmMiOiJBMTI4"
		    "R0NNIiwicDJjIjo4MTkyLCJwMnMiOiI0MU1tRGhRbUJSN0xBVzVk"
		    "cTZocVZRIn0.Q4iv1FlfGZeX6N1WPanqkuMTzfiRH3zD.ht6Ag-A"
		    "iOm9c-v8n.SY_D_X4unVMYUH1JlXPA.wbxCDCDLmf1_cZrhwqKgd"
		    "g",
	};
	struct key *right, *wrong, *oct_right;
	struct err e;
	size_t i;

	if (key_from_pass(slice_str("Thus from my lips"), &right, &e) < 0 ||
	    key_from_oct(slice_str("Thus from my lips"), &oct_right, &e) < 0 ||
	    key_from_pass(slice_str("thus from my lips"), &wrong, &e) < 0)
		return;
	for (i = 0; i < sizeof theirs / sizeof *theirs; i++) {
		CHECK(judge(slice_str(theirs[i]), right, "", &e) == 0,
		    "a passphrase, %zu", i);
		CHECK(judge(slice_str(theirs[i]), oct_right, "", &e) == 0,
		    "  as a symmetric key");
		CHECK(judge(slice_str(theirs[i]), wrong, "", &e) == E_NO &&
		    strcmp(e.text, failed) == 0, "  another");
		CHECK(judge(slice_str(theirs[i]), rsa, "", &e) == E_NO &&
		    strstr(e.text, "takes a passphrase") != NULL, "  none");
	}
	not_sealed("for a passphrase", &(struct jwe_recipient){.key = right},
	    1, JWE_COMPACT, E_INPUT);
	key_free(right);
	key_free(oct_right);
	key_free(wrong);
}

static void
agreements(void)
{
	agreement("P-256", p256);
	agreement("P-384", p384);
	agreement("P-521", p521);
	agreement("X25519", x25519);
}

/* Whose key decrypts and whose does not, and what the others are told. */
static void
keys(void)
{
	struct jwe_recipient r = {.key = rsa};
	struct buf text = {0};
	struct key *again;
	struct err e;
	uint8_t bytes[32] = {1};

	seal(&r, 1, JWE_COMPACT, &text);
	CHECK(judge(slice_buf(&text), other_rsa, "", &e) == E_NO &&
	    strcmp(e.text, failed) == 0, "another RSA key");
	CHECK(judge(slice_buf(&text), oct[32], "", &e) == E_NO &&
	    strcmp(e.text, "jwe: alg RSA-OAEP-256 takes an RSA key") == 0,
	    "no RSA key");
	CHECK(judge(slice_buf(&text), rsa, "asked", &e) == 0,
	    "a kid, where none stands");
	r = (struct jwe_recipient){.key = oct[32], .kid = slice_str("k")};
	seal(&r, 1, JWE_COMPACT, &text);
	CHECK(judge(slice_buf(&text), oct[16], "", &e) == E_NO &&
	    strstr(e.text, "takes a symmetric key of 32 bytes") != NULL,
	    "a key of another size");
	CHECK(judge(slice_buf(&text), rsa, "", &e) == E_NO, "no such key");
	if (key_from_oct(slice_of(bytes, 32), &again, &e) == 0) {
		CHECK(judge(slice_buf(&text), again, "k", &e) == E_NO &&
		    strcmp(e.text, failed) == 0, "another key");
		key_free(again);
	}
	CHECK(judge(slice_buf(&text), oct[32], "k", &e) == 0, "its kid");
	CHECK(judge(slice_buf(&text), oct[32], "K", &e) == E_NO &&
	    strcmp(e.text, "jwe: its kid is not K") == 0, "another kid");
	buf_free(&text);
}

static void
several(void)
{
	const struct jwe_recipient r[] = {
		{.key = other_rsa}, {.key = rsa, .kid = slice_str("two")},
		{.key = oct[32], .kid = slice_str("three")},
		{.key = oct[16]},
	};
	struct buf text = {0};
	struct err e;

	seal(r, 4, JWE_GENERAL, &text);
	CHECK(judge(slice_buf(&text), rsa, "", &e) == 0,
	    "the second of two that fit");
	CHECK(judge(slice_buf(&text), rsa, "two", &e) == 0, "by its kid");
	CHECK(judge(slice_buf(&text), other_rsa, "", &e) == 0, "the first");
	CHECK(judge(slice_buf(&text), other_rsa, "two", &e) == E_NO &&
	    strcmp(e.text, failed) == 0, "a kid and another's key");
	CHECK(judge(slice_buf(&text), oct[32], "three", &e) == 0,
	    "the third");
	CHECK(judge(slice_buf(&text), oct[32], "two", &e) == E_NO,
	    "a kid of another type");
	CHECK(judge(slice_buf(&text), oct[24], "", &e) == E_NO &&
	    strcmp(e.text, "jwe: none of its 4 recipients is for this key") ==
	    0, "a key that fits nobody");
	sweep("several recipients", slice_buf(&text), oct[32], false, true);
	buf_free(&text);
}

static void
sealing(void)
{
	struct jwe_recipient many[JWE_RECIPIENTS_MAX + 1];
	struct jwe_recipient r[] = {{.key = oct[16]}, {.key = oct[16]}};
	struct slice huge = {NULL, JWE_MAX + 1};
	struct buf out = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof many / sizeof *many; i++)
		many[i] = (struct jwe_recipient){.key = oct[16]};
	not_sealed("no recipient", r, 0, JWE_GENERAL, E_USAGE);
	not_sealed("two in compact form", r, 2, JWE_COMPACT, E_USAGE);
	not_sealed("two in flattened form", r, 2, JWE_FLATTENED, E_USAGE);
	not_sealed("too many", many, JWE_RECIPIENTS_MAX + 1, JWE_GENERAL,
	    E_USAGE);
	r[1].direct = true;
	not_sealed("direct with another", r, 2, JWE_GENERAL, E_USAGE);
	r[0].key = oct[48];
	not_sealed("a key that wraps nothing", r, 1, JWE_COMPACT, E_INPUT);
	r[1].key = rsa;
	not_sealed("direct RSA", r + 1, 1, JWE_COMPACT, E_INPUT);
	r[1] = (struct jwe_recipient){.key = rsa, .kid = slice_str("\xff")};
	not_sealed("a kid that is no UTF-8", r + 1, 1, JWE_COMPACT, E_INPUT);
	r[1].kid.n = 0;
	CHECK(jwe_seal(huge, r + 1, 1, JWE_COMPACT, &out, &e) < 0 &&
	    e.code == E_INPUT && out.n == 0, "too large a plaintext");
	buf_free(&out);
}

/* A JWE of our own making, well encrypted whatever its headers say. */
struct made {
	const char *prot;	/* NULL: absent, else JSON */
	const char *more;	/* members of the object, with commas */
	const char *aad;	/* text, base64url; NULL: absent */
};

static void
member(struct buf *out, const char *name, struct slice s)
{
	buf_addf(out, "\"%s\":\"", name);
	b64_encode(s, B64_URL, out);
	buf_adds(out, "\",");
}

static void
make(const struct made *m, struct buf *out)
{
	static const uint8_t iv[AEAD_NONCE_SIZE] = {3};
	struct buf aad = {0}, body = {0};
	struct slice text, key = key_oct(oct[32]);
	struct aead *a;
	struct err e;

	if (m->prot != NULL)
		b64_encode(slice_str(m->prot), B64_URL, &aad);
	buf_cut(out, 0);
	buf_adds(out, "{");
	if (m->prot != NULL)
		member(out, "protected", slice_str(m->prot));
	if (m->aad != NULL) {
		buf_addf(&aad, ".%s", m->aad);
		buf_addf(out, "\"aad\":\"%s\",", m->aad);
	}
	if (aead_start(AEAD_AES256_GCM, key, &a, &e) < 0)
		return;
	aead_seal(a, slice_of(iv, sizeof iv), slice_buf(&aad), plain_text(),
	    &body);
	aead_free(a);
	text = slice_buf(&body);
	member(out, "iv", slice_of(iv, sizeof iv));
	member(out, "ciphertext", slice_head(text, text.n - 16));
	buf_adds(out, m->more);
	member(out, "tag", slice_from(text, text.n - 16));
	out->p[out->n - 1] = '}';
	buf_free(&aad);
	buf_free(&body);
}

#define BOTH "\"alg\":\"dir\",\"enc\":\"A256GCM\""

#define EPK(alg, epk) \
	"{\"alg\":" alg ",\"enc\":\"A256GCM\",\"epk\":" epk "}"
#define ZEROS "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\""
#define P256 "\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":" ZEROS ",\"y\":" ZEROS
#define X25519 "\"kty\":\"OKP\",\"crv\":\"X25519\",\"x\":" ZEROS
#define PBES(p2s, p2c) "{\"alg\":\"PBES2-HS256+A128KW\"," \
	"\"enc\":\"A256GCM\",\"p2s\":" p2s ",\"p2c\":" p2c "}"
#define EK40 "\"encrypted_key\":\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" \
	"AAAAAAAAAAAAAAAA\""

/* Each breaks one rule, or none. */
static const struct {
	struct made m;
	const char *text;	/* NULL: opens; else the refusal */
} ruled[] = {
	{{.prot = "{" BOTH "}", .more = ""}, NULL},
	{{.more = "\"header\":{" BOTH "},"}, NULL},
	{{.more = "\"unprotected\":{" BOTH "},"}, NULL},
	{{.prot = "{\"alg\":\"dir\"}", .aad = "YWFk",
	    .more = "\"unprotected\":{\"enc\":\"A256GCM\"},"
	    "\"header\":{\"kid\":\"k\"},"}, NULL},
	{{.more = "\"recipients\":[{\"header\":{" BOTH "}}],"}, NULL},
	{{.more = "\"header\":{" BOTH "},\"encrypted_key\":\"\","},
	    NULL},
	{{.more = "\"header\":{" BOTH "},\"x\":1,"}, NULL},
	{{.prot = "{" BOTH "}", .more = "\"\\u0078\":[],"}, NULL},
	{{.more = ""}, "header: alg is missing"},
	{{.prot = "{\"alg\":\"dir\"}", .more = ""},
	    "header: enc is missing"},
	{{.prot = "{\"alg\":\"dir\",\"enc\":1}", .more = ""},
	    "header: enc is a number, not a string"},
	{{.prot = "{" BOTH ",\"kid\":null}", .more = ""},
	    "header: kid is null, not a string"},
	{{.prot = "{" BOTH ",\"typ\":1}", .more = ""},
	    "header: typ is a number, not a string"},
	{{.prot = "{" BOTH ",\"crit\":[\"x\"]}", .more = ""},
	    "header: crit names extensions that are not understood"},
	{{.prot = "{" BOTH "}", .more = "\"header\":{\"crit\":[]},"},
	    "header: crit names extensions that are not understood"},
	{{.prot = "{" BOTH ",\"zip\":\"DEF\"}", .more = ""},
	    "header: zip is not supported"},
	{{.prot = "{" BOTH "}", .more = "\"header\":{\"alg\":\"dir\"},"},
	    "header: alg stands in two headers"},
	{{.prot = "{" BOTH ",\"x\":1}",
	    .more = "\"unprotected\":{\"\\u0078\":1},"},
	    "header: x stands in two headers"},
	{{.prot = "{" BOTH "}", .more = "\"unprotected\":{\"x\":1},"
	    "\"header\":{\"x\":1},"},
	    "header: x stands in two headers"},
	{{.prot = "{" BOTH ",\"alg\":\"dir\"}", .more = ""},
	    "protected: "},
	{{.prot = "{" BOTH "} ", .more = "\"tag\":\"\","}, ""},
	{{.prot = "[]", .more = ""}, "protected: not a JSON object"},
	{{.prot = "{" BOTH, .more = ""}, "protected: "},
	{{.prot = "", .more = ""}, "protected: empty"},
	{{.prot = "{" BOTH "}", .aad = "", .more = ""}, "aad: empty"},
	{{.prot = "{" BOTH "}", .aad = "YWF", .more = ""}, "aad: "},
	{{.prot = "{" BOTH "}", .more = "\"header\":1,"},
	    "header: a number, not an object"},
	{{.prot = "{" BOTH "}", .more = "\"unprotected\":\"e30\","},
	    "unprotected: a string, not an object"},
	{{.prot = "{" BOTH "}", .more = "\"encrypted_key\":\"AA\","},
	    "encrypted_key: not empty, but alg is dir"},
	{{.prot = "{" BOTH "}", .more = "\"recipients\":[{},{}],"},
	    "recipient 1: alg dir: with other recipients"},
	{{.prot = "{" BOTH "}", .more = "\"recipients\":[],"},
	    "recipients: no array of 1 to 100"},
	{{.prot = "{" BOTH "}", .more = "\"recipients\":{},"},
	    "recipients: no array of 1 to 100"},
	{{.prot = "{" BOTH "}", .more = "\"recipients\":[1],"},
	    "recipient 1: a number, not an object"},
	{{.prot = "{" BOTH "}",
	    .more = "\"recipients\":[{}],\"header\":{},"},
	    "header or encrypted_key beside recipients"},
	{{.more = "\"recipients\":[{\"header\":{\"alg\":\"A128KW\","
	    "\"enc\":\"A128GCM\"},\"encrypted_key\":"
	    "\"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\"},"
	    "{\"header\":{\"alg\":\"A128KW\",\"enc\":\"A256GCM\"}}],"},
	    "recipient 2: enc: not the same for all recipients"},
	{{.prot = "{\"alg\":\"A256KW\",\"enc\":\"A256GCM\"}",
	    .more = "\"encrypted_key\":\"AAAA\","},
	    "encrypted_key: 3 bytes where 40 belong"},
	{{.prot = "{\"alg\":\"RSA-OAEP\",\"enc\":\"A256GCM\"}",
	    .more = ""}, "encrypted_key: empty"},
	{{.prot = "{\"alg\":\"A256GCMKW\",\"enc\":\"A256GCM\","
	    "\"iv\":\"AAAAAAAAAAAAAAAA\","
	    "\"tag\":\"AAAAAAAAAAAAAAAAAAAAAA\"}",
	    .more = "\"encrypted_key\":\"AAAA\","},
	    "encrypted_key: 3 bytes where 32 belong"},
	{{.prot = EPK("\"ECDH-ES\"", "1"), .more = ""},
	    "epk: a number, not an object"},
	{{.prot = "{\"alg\":\"ECDH-ES\",\"enc\":\"A256GCM\"}", .more = ""},
	    "epk: missing, not an object"},
	{{.prot = EPK("\"ECDH-ES\"", "{" P256 ",\"d\":\"AA\"}"), .more = ""},
	    "epk: more than a public key"},
	{{.prot = EPK("\"ECDH-ES\"", "{" P256 ",\"x5c\":[]}"), .more = ""},
	    "epk: more than a public key"},
	/* on the curve of another b, and nowhere */
	{{.prot = EPK("\"ECDH-ES\"", "{" P256 "}"), .more = ""},
	    "not a point of its curve"},
	{{.prot = EPK("\"ECDH-ES+A128KW\"", "{\"kty\":\"OKP\",\"crv\":"
	    "\"X25519\",\"x\":\"AAAA\"}"), .more = ""},
	    "epk: jwk: key: not 32 bytes"},
	{{.prot = EPK("\"ECDH-ES\"", "{\"kty\":\"EC\",\"crv\":"
	    "\"secp256k1\"}"), .more = ""},
	    "epk: on a curve that is not supported"},
	{{.prot = EPK("\"ECDH-ES\"", "{\"kty\":\"oct\",\"k\":\"AA\"}"),
	    .more = ""}, "epk: no key to agree with"},
	{{.prot = EPK("\"ECDH-ES\"", "{" X25519 "},\"apu\":\"A\""),
	    .more = ""}, "apu: "},
	{{.prot = EPK("\"ECDH-ES\"", "{" X25519 "},\"apv\":1"),
	    .more = ""}, "apv: a number, not a string"},
	{{.prot = EPK("\"ECDH-ES\"", "{" X25519 "}"),
	    .more = "\"encrypted_key\":\"AA\","},
	    "encrypted_key: not empty, but alg is ECDH-ES"},
	{{.prot = EPK("\"ECDH-ES\"", "{" X25519 "}"),
	    .more = "\"recipients\":[{},{}],"},
	    "alg ECDH-ES: with other recipients"},
	{{.prot = EPK("\"ECDH-ES+A128KW\"", "{" X25519 "}"), .more = ""},
	    "encrypted_key: 0 bytes where 40 belong"},
	{{.prot = PBES("\"AAAAAAAAAA\"", "1000"), .more = ""},
	    "p2s: 7 bytes where 8 at least belong"},
	{{.prot = PBES("1", "1000"), .more = ""},
	    "p2s: a number, not a string"},
	{{.prot = PBES("\"AAAAAAAAAAA\"", "999"), .more = ""},
	    "p2c: no number of 1000 to 1000000"},
	{{.prot = PBES("\"AAAAAAAAAAA\"", "1000001"), .more = ""},
	    "p2c: no number of 1000 to 1000000"},
	{{.prot = PBES("\"AAAAAAAAAAA\"", "-1"), .more = ""},
	    "p2c: no number of 1000 to 1000000"},
	{{.prot = PBES("\"AAAAAAAAAAA\"", "\"1000\""), .more = ""},
	    "p2c: no number of 1000 to 1000000"},
	{{.prot = PBES("\"AAAAAAAAAAA\"", "500001"), .more =
	    "\"recipients\":[{" EK40 "},{" EK40 "}],"},
	    "p2c: more than 1000000 of all recipients together"},
	{{.prot = "{\"alg\":\"dir\",\"enc\":\"A128CBC-HS256\"}",
	    .more = ""}, "iv: 12 bytes where 16 belong"},
	{{.prot = "{\"alg\":\"Dir\",\"enc\":\"A256GCM\"}",
	    .more = ""}, "alg Dir is not supported"},
	{{.prot = "{\"alg\":\"none\",\"enc\":\"A256GCM\"}",
	    .more = ""}, "alg none is not supported"},
	{{.prot = "{\"alg\":\"dir\",\"enc\":\"A256CBC\"}",
	    .more = ""}, "enc A256CBC is not supported"},
};

static void
rules(void)
{
	struct buf text = {0};
	struct err e;
	size_t i;
	int got;

	for (i = 0; i < sizeof ruled / sizeof *ruled; i++) {
		make(&ruled[i].m, &text);
		got = judge(slice_buf(&text), oct[32], "", &e);
		if (!CHECK(ruled[i].text == NULL ? got == 0 :
		    got == E_INPUT && strstr(e.text, ruled[i].text) != NULL,
		    "rule %zu: %s", i, ruled[i].text == NULL ? "opens" :
		    ruled[i].text))
			(void)printf("# %d %s\n", got, e.text);
	}
	buf_free(&text);
}

/* A header of more names than anybody writes. */
static void
names(void)
{
	struct buf text = {0}, more = {0};
	struct made m = {.prot = "{" BOTH "}"};
	struct err e;
	size_t i;

	buf_adds(&more, "\"header\":{");
	for (i = 0; i <= JWE_NAMES_MAX; i++)
		buf_addf(&more, "%s\"n%zu\":0", i > 0 ? "," : "", i);
	buf_adds(&more, "},");
	buf_addc(&more, '\0');
	m.more = (const char *)more.p;
	make(&m, &text);
	CHECK(judge(slice_buf(&text), oct[32], "", &e) == E_INPUT &&
	    strstr(e.text, "more than 100 names") != NULL, "too many names");
	buf_free(&text);
	buf_free(&more);
}

/* Lengths of iv and tag, and what stands around the five parts. */
static void
shapes(void)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{"", false}, {"....", false}, {"a.b.c", false},
		{"e30.a.b.c", false}, {"e30.a.b.c.d", true},
		{"e30....", true}, {"e30.a.b.c.d\n", true},
		{"e30.a.b.c.d\r\n", true}, {"e30.a.b.c.d\n\n", false},
		{" e30.a.b.c.d", false}, {"e30.a.b.c.d.e", false},
		{"e30.a.b.c.d=", false}, {"e30.a+b.c.d.", false}, {"{", false},
		{"{}", false}, {"{\"ciphertext\":\"\"}", false},
		{"{\"ciphertext\":\"\",\"iv\":\"\",\"tag\":\"\"}", true},
		{" {\"ciphertext\":\"\",\"iv\":\"\",\"tag\":\"\"}\n", true},
		{"{\"ciphertext\":\"\",\"iv\":\"\",\"tag\":1}", false},
		{"{\"ciphertext\":\"\",\"algorithm\":\"\"}", false},
		{"[{\"ciphertext\":\"\",\"iv\":\"\",\"tag\":\"\"}]", false},
		{"\xef\xbb\xbf" "e30.a.b.c.d", false},
	};
	static const char head[] =
	    "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..";
	static const char *const parts[] = {
		".AAAA.AAAAAAAAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAA.AAAA.AAAA",
		"AAAAAAAAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAA.AAAA.", "AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAAAA",
		"AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAB",
		"AAAAAAAAAAAAAAAA.A.AAAAAAAAAAAAAAAAAAAAAA",
	};
	char text[200];
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		CHECK(jwe_is(slice_str(rows[i].text)) == rows[i].is,
		    "looks: %s", rows[i].text);
		CHECK(judge(slice_str(rows[i].text), oct[32], "", &e) ==
		    E_INPUT, "  and is none");
	}
	for (i = 0; i < sizeof parts / sizeof *parts; i++) {
		(void)snprintf(text, sizeof text, "%s%s", head, parts[i]);
		CHECK(judge(slice_str(text), oct[32], "", &e) == E_INPUT,
		    "length: %s: %s", parts[i], e.text);
	}
	(void)snprintf(text, sizeof text,
	    "%sAAAAAAAAAAAAAAAA..AAAAAAAAAAAAAAAAAAAAAA", head);
	CHECK(judge(slice_str(text), oct[32], "", &e) == E_NO &&
	    strcmp(e.text, failed) == 0, "right lengths, wrong tag");
}

/* CBC's ciphertext that is no whole blocks, or none, is nobody's. */
static void
blocks(void)
{
	static const char *const parts[][2] = {
		{"", "ciphertext: 0 bytes are no whole blocks of 16"},
		{"AAAA", "ciphertext: 3 bytes are no whole blocks of 16"},
		{"AAAAAAAAAAAAAAAAAAAAAAA",
		    "ciphertext: 17 bytes are no whole blocks of 16"},
	};
	char text[200];
	struct err e;
	size_t i;

	for (i = 0; i < sizeof parts / sizeof *parts; i++) {
		(void)snprintf(text, sizeof text, "eyJhbGciOiJkaXIiLCJlbmMi"
		    "OiJBMTI4Q0JDLUhTMjU2In0..AAAAAAAAAAAAAAAAAAAAAA.%s."
		    "AAAAAAAAAAAAAAAAAAAAAA", parts[i][0]);
		CHECK(judge(slice_str(text), oct[32], "", &e) == E_INPUT &&
		    strstr(e.text, parts[i][1]) != NULL, "%s", parts[i][1]);
	}
}

/* Larger than is read, by blanks alone. */
static void
too_large(void)
{
	struct made m = {.prot = "{" BOTH "}", .more = ""};
	struct buf text = {0};
	struct err e;
	size_t n;

	make(&m, &text);
	n = JWE_MAX + 1 - text.n;
	(void)memset(buf_more(&text, n), ' ', n);
	CHECK(judge(slice_buf(&text), oct[32], "", &e) == E_INPUT &&
	    strstr(e.text, "larger than 67108864 bytes") != NULL,
	    "a byte more than is read");
	buf_free(&text);
}

/* The right key, but what it unwraps is no key for enc: still the tag. */
static void
wrong_cek(void)
{
	static const char *const encs[] = {"A128GCM", "A256GCM",
	    "A256CBC-HS512"};
	static const char zeros[64];
	const char *iv;
	struct buf text = {0}, head = {0}, ek = {0};
	struct oaep_run *run;
	struct err e;
	size_t i, n;

	if (oaep_start(rsa, &oaep_sha256, true, &run, &e) < 0)
		return;
	for (i = 0; i < 3; i++)
		for (n = 0; n <= 48; n += 12) {
			buf_cut(&text, 0);
			buf_cut(&head, 0);
			buf_cut(&ek, 0);
			buf_addf(&head, "{\"alg\":\"RSA-OAEP-256\","
			    "\"enc\":\"%s\"}", encs[i]);
			b64_encode(slice_buf(&head), B64_URL, &text);
			buf_adds(&text, ".");
			if (oaep_seal(run, slice_of(zeros, n), &ek, &e) < 0)
				break;
			b64_encode(slice_buf(&ek), B64_URL, &text);
			iv = i < 2 ? "AAAAAAAAAAAAAAAA" :
			    "AAAAAAAAAAAAAAAAAAAAAA";
			buf_addf(&text, ".%s.%s.", iv, iv);
			b64_encode(slice_of(zeros, i < 2 ? 16 : 32), B64_URL,
			    &text);
			CHECK(judge(slice_buf(&text), rsa, "", &e) == E_NO &&
			    strcmp(e.text, failed) == 0,
			    "%zu bytes as a key of %s", n, encs[i]);
		}
	oaep_free(run);
	buf_free(&text);
	buf_free(&head);
	buf_free(&ek);
}

/* A key of the cookbook in the form of the tests' own. */
static struct key *
cookbook_key(struct json_val jwk)
{
	struct key *key = NULL;
	struct buf pass = {0};
	struct err e;

	if (!json_is(jwk, JSON_STRING))
		(void)jwk_key(jwk, &key, &e);
	else if (json_text(jwk, "pwd", &pass, &e) == 0)
		(void)key_from_pass(slice_buf(&pass), &key, &e);
	buf_free(&pass);
	return key;
}

static void
cookbook_form(struct json_val doc, const char *form, const struct key *key,
    const char *rule)
{
	struct json_val in = json_get(doc, "input"), text;
	struct buf jwe = {0}, want = {0}, out = {0};
	struct err e = {.code = E_OK};
	int ret;

	text = json_get(json_get(doc, "output"), form);
	if (json_has(text) && json_text(json_get(in, "plaintext"),
	    "plaintext", &want, &e) == 0) {
		if (json_is(text, JSON_STRING))
			(void)json_text(text, form, &jwe, &e);
		else
			buf_add(&jwe, json_span(text));
		CHECK(jwe_is(slice_buf(&jwe)), "  %s is one", form);
		ret = jwe_open(slice_buf(&jwe), key, slice_str(""), &out, &e);
		if (rule == NULL)
			CHECK(ret == 0 && slice_eq(slice_buf(&out),
			    slice_buf(&want)), "  and opens");
		else
			CHECK(ret < 0 && e.code == E_INPUT && out.n == 0 &&
			    strstr(e.text, rule) != NULL, "  %s", e.text);
	}
	buf_free(&jwe);
	buf_free(&want);
	buf_free(&out);
}

static void
cookbook(const char *vectors)
{
	static const struct {
		const char *name, *rule;	/* rule NULL: it opens */
	} rows[] = {
		{"1.key_encryption_using_rsa_v15_and_aes-hmac-sha2",
		    "alg RSA1_5 is not supported"},
		{"2.key_encryption_using_rsa-oaep_with_aes-gcm", NULL},
		{"3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2",
		    NULL},
		{"4.key_agreement_with_key_wrapping_using_ecdh-es_and_"
		    "aes-keywrap_with_aes-gcm", NULL},
		{"5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2",
		    NULL},
		{"6.direct_encryption_using_aes-gcm", NULL},
		{"7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2",
		    NULL},
		{"8.key_wrap_using_aes-keywrap_with_aes-gcm", NULL},
		{"9.compressed_content", "zip is not supported"},
		{"10.including_additional_authentication_data", NULL},
		{"11.protecting_specific_header_fields", NULL},
		{"12.protecting_content_only", NULL},
		/* for the last of its keys */
		{"13.encrypting_to_multiple_recipients", NULL},
	};
	struct json *doc = NULL;
	struct json_val jwk;
	struct buf text = {0};
	struct key *key;
	char path[4096];
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		(void)snprintf(path, sizeof path, "%s/rfc7520/jwe/5_%s.json",
		    vectors, rows[i].name);
		buf_cut(&text, 0);
		if (!CHECK(io_read(path, 1 << 20, &text, &e) == 0 &&
		    json_parse(slice_buf(&text), &doc, &e) == 0,
		    "RFC 7520 5.%s", rows[i].name))
			continue;
		jwk = json_get(json_get(json_root(doc), "input"), "key");
		if (!json_has(jwk))
			jwk = json_get(json_get(json_root(doc), "input"),
			    "pwd");
		if (json_is(jwk, JSON_ARRAY))
			jwk = json_at(jwk, json_count(jwk) - 1);
		key = cookbook_key(jwk);
		cookbook_form(json_root(doc), "compact",
		    key != NULL ? key : rsa, rows[i].rule);
		cookbook_form(json_root(doc), "json",
		    key != NULL ? key : rsa, rows[i].rule);
		cookbook_form(json_root(doc), "json_flat",
		    key != NULL ? key : rsa, rows[i].rule);
		key_free(key);
		json_free(doc);
	}
	buf_free(&text);
}

int
main(void)
{
	static const size_t sizes[] = {16, 24, 32, 48, 64};
	const char *vectors = getenv("VECTORS");
	uint8_t bytes[64];
	struct err e;
	size_t i;

	for (i = 0; i < 5; i++) {
		hash_random(bytes, sizes[i]);
		if (key_from_oct(slice_of(bytes, sizes[i]), &oct[sizes[i]],
		    &e) < 0)
			return 1;
	}
	if (key_generate_rsa(2048, &rsa, &e) < 0 ||
	    key_generate_rsa(2048, &other_rsa, &e) < 0)
		return 1;
	if ((p256 = ec_key("P-256")) == NULL || (p384 = ec_key("P-384")) ==
	    NULL || (p521 = ec_key("P-521")) == NULL ||
	    key_from_raw(KEY_X25519, slice_of(NULL, 0), slice_of(bytes, 32),
	    &x25519, &e) < 0)
		return 1;
	round_trips();
	agreements();
	low_order();
	appendix_c();
	passphrases();
	keys();
	several();
	sealing();
	rules();
	names();
	shapes();
	blocks();
	too_large();
	wrong_cek();
	if (vectors != NULL && *vectors != '\0')
		cookbook(vectors);
	else
		tap_skip("RFC 7520", "no vectors here");
	for (i = 0; i < 5; i++)
		key_free(oct[sizes[i]]);
	key_free(rsa);
	key_free(other_rsa);
	key_free(p256);
	key_free(p384);
	key_free(p521);
	key_free(x25519);
	return tap_done();
}

/* Keys that say what they are for, and keys of another kind, in every format
 * of the table: what a key is for decides, or refuses, in both directions; and
 * who gives a key that a format has no use for is told which it takes. */
#include "blob/blob.h"

#include <stdio.h>

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "codec/b64.h"
#include "jose/jwk.h"
#include "unit/tap.h"

static const struct slice none = {NULL, 0};
static const char plain[] = "{\"a\":\"attack at dawn\"}";

/* What a key may say that it is for: the algorithms of RFC 7518, and some of
 * others. */
static const char *const algs[] = {
	"RSA-OAEP-256", "RSA-OAEP", "RSA-OAEP-384", "RSA-OAEP-512", "RSA1_5",
	"A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW",
	"dir", "ECDH-ES", "ECDH-ES+A128KW", "ECDH-ES+A192KW",
	"ECDH-ES+A256KW", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW",
	"PBES2-HS512+A256KW", "A128GCM", "A192GCM", "A256GCM",
	"A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512", "RS256", "PS512",
	"ES256", "EdDSA", "HS256", "ECMR", "rsa-oaep-256", "x",
};

enum { ALGS = sizeof algs / sizeof *algs };

/* Kinds of keys, and how the names of those algorithms begin that they do. */
static struct kind {
	const char *name, *own;
	struct key *says[ALGS + 1];	/* in the end one that says nothing */
	struct buf jwk[2];		/* public, private */
} kinds[] = {
	{.name = "RSA", .own = "RSA-OAEP"},
	{.name = "P-256", .own = "ECDH-ES"},
	{.name = "X25519", .own = "ECDH-ES"},
	{.name = "16 bytes", .own = "A128KW A128GCMKW dir"},
	{.name = "32 bytes", .own = "A256KW A256GCMKW dir"},
	{.name = "Ed25519", .own = ""},
};

enum { K_RSA, K_P256, K_X25519, K_OCT16, K_OCT32, K_ED25519, KINDS };

/* --- the keys --- */

static struct key *
on_p256(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	unsigned char *der = NULL;
	int n = i2d_PrivateKey(pkey, &der);
	struct keys keys = {0};
	struct key *key = NULL;
	struct err e;

	if (n > 0 && keys_from_pem(slice_of(der, (size_t)n), none, &keys,
	    &e) == 0)
		key = keys_take(&keys, 0);
	keys_free(&keys);
	OPENSSL_free(der);
	EVP_PKEY_free(pkey);
	return key;
}

static struct key *
made(size_t kind)
{
	struct key *key = NULL;
	uint8_t bytes[32];
	struct err e;

	(void)memset(bytes, 0x42, sizeof bytes);
	switch (kind) {
	case K_RSA:
		(void)key_generate_rsa(2048, &key, &e);
		break;
	case K_P256:
		key = on_p256();
		break;
	case K_OCT16:
	case K_OCT32:
		(void)key_from_oct(slice_of(bytes, kind == K_OCT16 ? 16 : 32),
		    &key, &e);
		break;
	default:
		(void)key_from_raw(kind == K_X25519 ? KEY_X25519 : KEY_ED25519,
		    none, slice_of(bytes, sizeof bytes), &key, &e);
	}
	return key;
}

/* The key in text, marked as it may say and whatever a reader makes of it. */
static struct key *
saying(const struct buf *jwk, const char *alg)
{
	struct key *key = NULL;
	struct json *doc;
	struct err e;

	if (json_parse(slice_buf(jwk), &doc, &e) < 0)
		return NULL;
	if (jwk_key(json_root(doc), &key, &e) == 0)
		key_mark(key, none, slice_str(alg));
	json_free(doc);
	return key;
}

static bool
make_keys(void)
{
	struct kind *k;
	size_t i, a;

	for (i = 0; i < KINDS; i++) {
		k = &kinds[i];
		if ((k->says[ALGS] = made(i)) == NULL)
			return false;
		/* nothing that reads an Ed25519 key reads what it is for */
		if (i == K_ED25519)
			continue;
		jwk_write(k->says[ALGS], false, none, (struct json_val){0},
		    &k->jwk[0]);
		jwk_write(k->says[ALGS], true, none, (struct json_val){0},
		    &k->jwk[1]);
		for (a = 0; a < ALGS; a++)
			if ((k->says[a] = saying(&k->jwk[1], algs[a])) == NULL)
				return false;
	}
	return true;
}

static void
free_keys(void)
{
	size_t i, a;

	for (i = 0; i < KINDS; i++) {
		for (a = 0; a <= ALGS; a++)
			key_free(kinds[i].says[a]);
		buf_free(&kinds[i].jwk[0]);
		buf_free(&kinds[i].jwk[1]);
	}
}

static bool
is_own(const struct kind *k, const char *alg)
{
	const char *at = strstr(k->own, alg);

	if (k == &kinds[K_RSA] || k == &kinds[K_P256] || k == &kinds[K_X25519])
		return strncmp(alg, k->own, strlen(k->own)) == 0;
	return at != NULL && (at[strlen(alg)] == ' ' ||
	    at[strlen(alg)] == '\0');
}

/* --- a blob of each format --- */

/* With what stands beside it. */
struct sample {
	struct buf blob, meta;
};

static void
sample_free(struct sample *s)
{
	buf_free(&s->blob);
	buf_free(&s->meta);
}

/* What is only read is made here; a new row has to come here, or be sealed. */
static int
make_wrapped(const struct key *key, struct buf *out, struct err *e)
{
	struct oaep_run *run;
	struct buf block = {0};
	int ret;

	if (key_meant_for(key, "RSA-OAEP-256", e) < 0 ||
	    oaep_start(key, &oaep_sha256, true, &run, e) < 0)
		return -1;
	ret = oaep_seal(run, slice_str(plain), &block, e);
	oaep_free(run);
	buf_adds(out, "{\"kid\":\"k\",\"wrapped_data\":\"");
	b64_encode(slice_buf(&block), B64_STD | B64_PAD, out);
	buf_adds(out, "\"}");
	buf_free(&block);
	return ret;
}

static int
seal(const struct blob_format *f, bool jwe, const struct key *key,
    struct sample *s, struct err *e)
{
	const struct jwe_recipient to = {.key = key};
	struct blob_job job = {.key = key, .to = &to, .n_to = 1,
	    .oaep = oaep_sha256, .kid = slice_str("k"), .fields = "a",
	    .field_jwe = jwe, .cse_meta = &s->meta};

	*s = (struct sample){0};
	*e = (struct err){.code = E_OK};
	if (blob_seals(f))
		return blob_seal(f, slice_str(plain), &job, &s->blob, e);
	if (strcmp(f->name, "wrapped") == 0)
		return make_wrapped(key, &s->blob, e);
	return err_set(e, E_SYSTEM, "no way to make one");
}

/* 0 if it opens to what it was. */
static int
unseal(const struct blob_format *f, const struct sample *s,
    const struct key *key, struct err *e)
{
	struct blob_job job = {.key = key, .oaep = oaep_sha256};
	struct cse_meta meta = {0};
	struct buf out = {0};
	int ret = 0;

	*e = (struct err){.code = E_OK};
	if (s->meta.n > 0) {
		ret = cse_meta_read(slice_buf(&s->meta), CSE_REGION_CAP,
		    &meta, e);
		job.cse = &meta;
	}
	if (ret == 0)
		ret = blob_open(f, slice_buf(&s->blob), &job, &out, e);
	if (ret == 0 && !slice_is(slice_buf(&out), plain))
		ret = err_set(e, E_SYSTEM, "opens to something else");
	if (ret < 0 && out.n > 0)
		(void)err_set(e, E_SYSTEM, "writes something and fails");
	cse_meta_free(&meta);
	buf_free(&out);
	return ret;
}

/* --- what a key says --- */

/* Refused for what the key says, with that word; or, where the key says just
 * another hash, for what comes of it. */
static bool
refused(const struct err *e, const char *alg)
{
	static const char failed[] = "decryption failed";
	size_t n = strlen(e->text);

	if (e->code == E_NO && strstr(e->text, alg) != NULL &&
	    strstr(e->text, "the key says that it is for") != NULL)
		return true;
	if (e->code == E_NO && n >= strlen(failed) &&
	    strcmp(e->text + n - strlen(failed), failed) == 0)
		return true;
	(void)printf("# %s: %d %s\n", alg, (int)e->code, e->text);
	return false;
}

/* Direct encryption has two words for what the key is for. */
static bool
same_use(const char *a, const char *b)
{
	return strcmp(a, b) == 0 || (strcmp(a, "dir") == 0 &&
	    strstr(b, "GCM") != NULL && strstr(b, "KW") == NULL);
}

/* How many other words open what was sealed for the key with word a. */
static size_t
opened_by_others(const struct blob_format *f, const struct kind *k, size_t a,
    const struct sample *s)
{
	size_t b, bad = 0;
	struct err e;

	for (b = 0; b < ALGS; b++) {
		if (same_use(algs[a], algs[b]))
			continue;
		if (unseal(f, s, k->says[b], &e) == 0) {
			(void)printf("# for %s, opened by %s\n", algs[a],
			    algs[b]);
			bad++;
		} else if (!refused(&e, algs[b])) {
			bad++;
		}
	}
	return bad;
}

static void
words(const struct blob_format *f, bool jwe, const struct kind *k)
{
	size_t a, n = 0, sealed = 0, opened = 0;
	struct sample s;
	struct err e;

	for (a = 0; a < ALGS; a++) {
		if (seal(f, jwe, k->says[a], &s, &e) < 0) {
			sealed += !refused(&e, algs[a]);
		} else {
			n++;
			sealed += !is_own(k, algs[a]);
			opened += unseal(f, &s, k->says[a], &e) < 0;
			opened += opened_by_others(f, k, a, &s);
		}
		sample_free(&s);
	}
	CHECK(sealed == 0, "%s, %s: sealed for its own algorithms, of %zu",
	    f->name, k->name, n);
	CHECK(opened == 0, "%s, %s: opened by that alone", f->name, k->name);
	/* and one that says nothing */
	(void)seal(f, jwe, k->says[ALGS], &s, &e);
	CHECK(unseal(f, &s, k->says[ALGS], &e) == 0,
	    "%s, %s: opened by a key that says nothing", f->name, k->name);
	sample_free(&s);
}

/* --- what a document says of its key --- */

/* The class of the refusal of a JWK with such a member, to seal or open; 0 if
 * none. */
static int
with_member(const struct blob_format *f, bool jwe, const struct kind *k,
    const char *says, bool opens, const struct sample *s)
{
	struct buf text = {0};
	struct key *key = NULL;
	struct sample own = {0};
	struct err e = {.code = E_OK};
	int ret;

	buf_addf(&text, "{%s,", says);
	buf_add(&text, slice_from(slice_buf(&k->jwk[1]), 1));
	ret = jwk_read(slice_buf(&text), none, none, opens ? JWK_DECRYPT :
	    JWK_ENCRYPT, &key, NULL, &e);
	if (ret == 0)
		ret = opens ? unseal(f, s, key, &e) :
		    seal(f, jwe, key, &own, &e);
	sample_free(&own);
	key_free(key);
	buf_free(&text);
	return ret < 0 ? (int)e.code : 0;
}

static void
members(const struct blob_format *f, bool jwe, const struct kind *k)
{
	static const struct {
		const char *says;
		int sealed, opened;
	} rows[] = {
		{"\"use\":\"enc\"", 0, 0},
		{"\"use\":\"sig\"", E_NO, E_NO},
		{"\"use\":\"ENC\"", E_NO, E_NO},
		{"\"use\":null", E_NO, E_NO},
		{"\"key_ops\":[\"encrypt\",\"decrypt\"]", 0, 0},
		{"\"key_ops\":[\"wrapKey\",\"unwrapKey\"]", 0, 0},
		{"\"key_ops\":[\"encrypt\"]", 0, E_NO},
		{"\"key_ops\":[\"unwrapKey\"]", E_NO, 0},
		{"\"key_ops\":[\"sign\",\"verify\"]", E_NO, E_NO},
		{"\"key_ops\":[\"Encrypt\",\"Decrypt\"]", E_NO, E_NO},
		{"\"key_ops\":[]", E_NO, E_NO},
		{"\"key_ops\":[\"encrypt\",\"encrypt\",\"decrypt\"]",
		    E_INPUT, E_INPUT},
		{"\"key_ops\":\"encrypt decrypt\"", E_INPUT, E_INPUT},
		{"\"alg\":\"HS256\"", E_NO, E_NO},
		{"\"alg\":\"RSA1_5\"", E_NO, E_NO},
		{"\"alg\":\"x\"", E_NO, E_NO},
	};
	struct sample s;
	size_t i, bad = 0;
	struct err e;
	int in, out;

	(void)seal(f, jwe, k->says[ALGS], &s, &e);
	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		in = blob_seals(f) ? with_member(f, jwe, k,
		    rows[i].says, false, &s) : rows[i].sealed;
		out = with_member(f, jwe, k, rows[i].says, true, &s);
		if (in == rows[i].sealed && out == rows[i].opened)
			continue;
		bad++;
		(void)printf("# %s: %d, %d\n", rows[i].says, in, out);
	}
	CHECK(bad == 0, "%s, %s: use, key_ops and alg of the document",
	    f->name, k->name);
	sample_free(&s);
}

/* --- a key of another kind --- */

/* It cannot be meant for the format at all, which says what it takes. */
static bool
told(const struct err *e)
{
	if (e->code == E_INPUT && strstr(e->text, "key: ") != NULL &&
	    strstr(e->text, "RSA") != NULL)
		return true;
	(void)printf("# %d %s\n", (int)e->code, e->text);
	return false;
}

static void
stranger(const struct blob_format *f, const struct kind *k,
    const struct err *why, const struct sample *rsa)
{
	struct err e;

	CHECK(told(why), "%s, %s: what it seals for", f->name, k->name);
	CHECK(unseal(f, rsa, k->says[ALGS], &e) < 0 && told(&e),
	    "%s, %s: what it is opened with", f->name, k->name);
}

/* All of them take RSA. */
static void
format(const struct blob_format *f, bool jwe)
{
	struct sample rsa, s;
	struct err e;
	size_t i;

	if (!CHECK(seal(f, jwe, kinds[K_RSA].says[ALGS], &rsa, &e) == 0,
	    "%s: one for RSA", f->name)) {
		(void)printf("# %s\n", e.text);
		return;
	}
	for (i = 0; i < KINDS; i++) {
		if (seal(f, jwe, kinds[i].says[ALGS], &s, &e) < 0) {
			stranger(f, &kinds[i], &e, &rsa);
		} else if (i != K_ED25519) {
			words(f, jwe, &kinds[i]);
			members(f, jwe, &kinds[i]);
		}
		sample_free(&s);
	}
	sample_free(&rsa);
}

int
main(void)
{
	const struct blob_format *f;
	size_t i;

	if (!make_keys()) {
		(void)printf("Bail out! no keys\n");
		return 1;
	}
	for (i = 0; (f = blob_row(i)) != NULL; i++) {
		format(f, false);
		if (f->records)
			format(f, true);
	}
	free_keys();
	return tap_done();
}

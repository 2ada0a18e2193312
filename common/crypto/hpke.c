/* hpke.c -- see hpke.h; the names of its functions are the RFC's. */
#include "crypto/hpke.h"

#include "crypto/aead.h"
#include "crypto/hash.h"
#include "crypto/xwing.h"

enum { KEY_SIZE = 32 };		/* bytes */

/* "HPKE" and the numbers of KEM, KDF and AEAD (section 7). */
static const char suite[] = "HPKE\x64\x7a\0\1\0\3";

static void
labeled(const char *label, struct buf *out)
{
	buf_adds(out, "HPKE-v1");
	buf_add(out, slice_of(suite, sizeof suite - 1));
	buf_adds(out, label);
}

/* Append SHA256_SIZE bytes. */
static void
labeled_extract(struct slice salt, const char *label, struct slice ikm,
    struct buf *out)
{
	struct buf b = {0};

	labeled(label, &b);
	buf_add(&b, ikm);
	hash_hmac(HASH_SHA256, salt, slice_buf(&b), buf_more(out,
	    SHA256_SIZE));
	buf_free(&b);
}

/* Append n bytes, at most SHA256_SIZE: one round is all of HKDF-Expand. */
static void
labeled_expand(struct slice prk, const char *label, struct slice info,
    size_t n, struct buf *out)
{
	struct buf b = {0};

	buf_addc(&b, 0);
	buf_addc(&b, (uint8_t)n);
	labeled(label, &b);
	buf_add(&b, info);
	buf_addc(&b, 1);
	hash_hmac(HASH_SHA256, prk, slice_buf(&b), buf_more(out,
	    SHA256_SIZE));
	buf_cut(out, out->n - SHA256_SIZE + n);
	buf_free(&b);
}

/* Append the key and the first nonce, section 5.1. */
static void
key_schedule(struct slice shared, struct slice info, struct buf *key,
    struct buf *nonce)
{
	const struct slice none = {NULL, 0};
	struct buf context = {0}, secret = {0};

	buf_addc(&context, 0);	/* mode_base */
	labeled_extract(none, "psk_id_hash", none, &context);
	labeled_extract(none, "info_hash", info, &context);
	labeled_extract(shared, "secret", none, &secret);
	labeled_expand(slice_buf(&secret), "key", slice_buf(&context),
	    KEY_SIZE, key);
	labeled_expand(slice_buf(&secret), "base_nonce",
	    slice_buf(&context), AEAD_NONCE_SIZE, nonce);
	buf_free(&context);
	buf_free(&secret);
}

/* The AEAD and the nonce of the one message; the shared secret is wiped. */
static int
start(struct buf *shared, struct slice info, struct aead **a,
    struct buf *nonce, struct err *e)
{
	struct buf key = {0};
	int ret;

	key_schedule(slice_buf(shared), info, &key, nonce);
	ret = aead_start(AEAD_CHACHA20_POLY1305, slice_buf(&key), a, e);
	buf_free(&key);
	buf_free(shared);
	return ret;
}

int
hpke_seal(const struct key *to, struct slice info, struct slice plain,
    struct buf *share, struct buf *sealed, struct err *e)
{
	struct buf shared = {0}, nonce = {0};
	struct aead *a;
	int ret;

	if ((ret = xwing_seal(to, share, &shared, e)) == 0 &&
	    (ret = start(&shared, info, &a, &nonce, e)) == 0) {
		aead_seal(a, slice_buf(&nonce), slice_of(NULL, 0), plain,
		    sealed);
		aead_free(a);
	}
	buf_free(&nonce);
	return ret;
}

int
hpke_open(const struct key *with, struct slice info, struct slice share,
    struct slice sealed, struct buf *out, struct err *e)
{
	struct buf shared = {0}, nonce = {0};
	struct aead *a;
	int ret;

	if ((ret = xwing_open(with, share, &shared, e)) == 0 &&
	    (ret = start(&shared, info, &a, &nonce, e)) == 0) {
		ret = aead_open(a, slice_buf(&nonce), slice_of(NULL, 0),
		    sealed, out, e);
		aead_free(a);
	}
	buf_free(&nonce);
	return ret;
}

/* hash.c -- see hash.h. */
#include "crypto/hash.h"

#include <stdlib.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "crypto/need.h"
#include "ground/err.h"

static const struct {
	const char *name;
	size_t size;
	const EVP_MD *(*md)(void);
} table[] = {
	[HASH_SHA1] = {"sha1", 20, EVP_sha1},
	[HASH_SHA256] = {"sha256", SHA256_SIZE, EVP_sha256},
	[HASH_SHA384] = {"sha384", SHA384_SIZE, EVP_sha384},
	[HASH_SHA512] = {"sha512", HASH_SIZE_MAX, EVP_sha512},
};

struct hash_run {
	EVP_MD_CTX *ctx;
	enum hash hash;
};

size_t
hash_size(enum hash h)
{
	return table[h].size;
}

const char *
hash_name(enum hash h)
{
	return table[h].name;
}

bool
hash_by_name(const char *name, enum hash *out)
{
	size_t i;

	for (i = 0; i < sizeof table / sizeof table[0]; i++)
		if (strcmp(table[i].name, name) == 0) {
			*out = (enum hash)i;
			return true;
		}
	return false;
}

void
hash_of(enum hash h, struct slice s, uint8_t *out)
{
	need(EVP_Digest(s.p, s.n, out, NULL, table[h].md(), NULL) == 1,
	    table[h].name);
}

void
hash_sha256(struct slice s, uint8_t out[SHA256_SIZE])
{
	hash_of(HASH_SHA256, s, out);
}

/* One context for all of them: fetching the digest takes as long as a few of
 * its blocks. */
void
hash_sha256_each(struct slice before, struct slice data, size_t size,
    uint8_t *out)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = ctx != NULL && EVP_DigestInit_ex2(ctx, EVP_sha256(),
	    NULL) == 1;

	for (; good && data.n >= size; data = slice_from(data, size)) {
		good = EVP_DigestUpdate(ctx, before.p, before.n) == 1 &&
		    EVP_DigestUpdate(ctx, data.p, size) == 1 &&
		    EVP_DigestFinal_ex(ctx, out, NULL) == 1 &&
		    EVP_DigestInit_ex2(ctx, NULL, NULL) == 1;
		out += SHA256_SIZE;
	}
	EVP_MD_CTX_free(ctx);
	need(good, "sha256");
}

struct hash_run *
hash_start(enum hash h)
{
	struct hash_run *r = malloc(sizeof *r);

	if (r == NULL)
		err_nomem();
	r->hash = h;
	r->ctx = EVP_MD_CTX_new();
	need(r->ctx != NULL &&
	    EVP_DigestInit_ex2(r->ctx, table[h].md(), NULL) == 1,
	    table[h].name);
	return r;
}

void
hash_more(struct hash_run *r, struct slice s)
{
	need(EVP_DigestUpdate(r->ctx, s.p, s.n) == 1, table[r->hash].name);
}

void
hash_end(struct hash_run *r, uint8_t *out)
{
	if (out != NULL)
		need(EVP_DigestFinal_ex(r->ctx, out, NULL) == 1,
		    table[r->hash].name);
	EVP_MD_CTX_free(r->ctx);
	free(r);
}

void
hash_hmac(enum hash h, struct slice key, struct slice data, uint8_t *out)
{
	size_t n = 0;

	/* a null key would mean "the key set before" */
	if (key.n == 0)
		key = slice_str("");
	need(EVP_Q_mac(NULL, "HMAC", NULL, table[h].name, NULL, key.p, key.n,
	    data.p, data.n, out, table[h].size, &n) != NULL &&
	    n == table[h].size, "HMAC");
}

/* On hash_hmac() and not by EVP_KDF, which refuses the empty ikm and salt
 * that RFC 5869 allows. */
void
hash_hkdf(enum hash h, struct slice ikm, struct slice salt,
    struct slice info, uint8_t *out, size_t n)
{
	uint8_t prk[HASH_SIZE_MAX], t[HASH_SIZE_MAX];
	size_t size = table[h].size, take;
	struct buf b = {0};
	uint8_t i;

	need(n <= 255 * size, "HKDF output of that length");
	hash_hmac(h, salt, ikm, prk);
	for (i = 1; n > 0; i++) {
		buf_cut(&b, 0);
		if (i > 1)
			buf_add(&b, slice_of(t, size));
		buf_add(&b, info);
		buf_addc(&b, i);
		hash_hmac(h, slice_of(prk, size), slice_buf(&b), t);
		take = n < size ? n : size;
		memcpy(out, t, take);
		out += take;
		n -= take;
	}
	buf_free(&b);
	OPENSSL_cleanse(prk, sizeof prk);
	OPENSSL_cleanse(t, sizeof t);
}

void
hash_random(uint8_t *out, size_t n)
{
	need(RAND_bytes_ex(NULL, out, n, 0) == 1, "randomness");
}

void
hash_ready(void)
{
	uint8_t sum[SHA256_SIZE];

	/* the first digest fetched loads configuration and providers */
	hash_sha256(slice_of(NULL, 0), sum);
}

const char *
hash_library(void)
{
	return OpenSSL_version(OPENSSL_VERSION);
}

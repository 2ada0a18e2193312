/* An application's file of key and certificates: a pair, whatever stands
 * around it, makes an assertion of three parts, and nothing else makes any. */
#include "azure/assertion.h"

#include <stdlib.h>

#include "unit/cert_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct buf pair;

static void
require(bool good)
{
	if (!good)
		abort();
}

/* A key and its certificate, as files have them. */
static void
make_pair(void)
{
	EVP_PKEY *key = EVP_RSA_gen(2048);
	X509 *x = make_x509(&(struct make){.cn = "c", .key = key, .by = key});
	BIO *pem = BIO_new(BIO_s_mem());
	char *text;
	long n;

	(void)PEM_write_bio_PrivateKey(pem, key, NULL, NULL, 0, NULL, NULL);
	(void)PEM_write_bio_X509(pem, x);
	n = BIO_get_mem_data(pem, &text);
	buf_add(&pair, slice_of(text, (size_t)n));
	(void)BIO_free(pem);
	X509_free(x);
	EVP_PKEY_free(key);
}

static int
make(struct slice pem, bool chain)
{
	struct assertion a = {.pem = pem, .client = "c",
	    .audience = "https://a", .jti = "j", .chain = chain};
	struct buf out = {0};
	struct slice rest;
	struct err e;
	int ret = assertion_make(&a, NOW, &out, &e);

	if (ret < 0) {
		require(out.n == 0 && (e.code == E_INPUT || e.code == E_NO));
	} else {
		rest = slice_from(slice_buf(&out), slice_find(slice_buf(&out),
		    '.') + 1);
		rest = slice_from(rest, slice_find(rest, '.') + 1);
		require(rest.n == 342 && slice_find(rest, '.') == rest.n);
	}
	buf_free(&out);
	return ret;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of(data, size);
	struct buf both = {0};

	if (pair.n == 0)
		make_pair();
	(void)make(s, false);
	buf_add(&both, slice_buf(&pair));
	buf_add(&both, s);
	if (slice_search(s, "-----BEGIN") == s.n)
		require(make(slice_buf(&both), true) == 0);
	else
		(void)make(slice_buf(&both), true);
	buf_free(&both);
	return 0;
}

/* cert_make.h -- throw-away certificates for the tests, made with libcrypto
 * itself and not with crypto/. */
#ifndef TESTS_CERT_MAKE_H
#define TESTS_CERT_MAKE_H

#include <time.h>

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "crypto/cert.h"

enum { NOW = 1800000000, DAY = 86400 };	/* seconds */

/* What is not said is: serial number 0, a day on both sides of NOW, no
 * extension, SHA-256 without PSS. */
struct make {
	const char *cn, *cn2;	/* NULL for none */
	EVP_PKEY *key;
	X509 *issuer;		/* NULL: itself */
	EVP_PKEY *by;
	long serial;
	int64_t from, to;
	const char *ext[10];	/* name, value, name, value... */
	const char *md, *mgf1;	/* mgf1: PSS */
	int salt;
	bool v1;
};

static inline void
make_sign_ctx(EVP_MD_CTX *ctx, EVP_PKEY *by, const char *md,
    const char *mgf1, int salt)
{
	EVP_PKEY_CTX *p;

	(void)EVP_DigestSignInit_ex(ctx, &p, md != NULL ? md : "sha256", NULL,
	    NULL, by, NULL);
	if (mgf1 != NULL) {
		(void)EVP_PKEY_CTX_set_rsa_padding(p, RSA_PKCS1_PSS_PADDING);
		(void)EVP_PKEY_CTX_set_rsa_mgf1_md_name(p, mgf1, NULL);
		(void)EVP_PKEY_CTX_set_rsa_pss_saltlen(p, salt);
	}
}

static inline void
make_ext(X509 *x, X509 *issuer, const char *name, const char *value)
{
	X509_EXTENSION *ext;
	X509V3_CTX ctx;
	char text[200];

	(void)snprintf(text, sizeof text, "%s", value);
	X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
	ext = X509V3_EXT_conf(NULL, &ctx, name, text);
	(void)X509_add_ext(x, ext, -1);
	X509_EXTENSION_free(ext);
}

static inline X509 *
make_x509(const struct make *m)
{
	X509 *x = X509_new(), *issuer = m->issuer != NULL ? m->issuer : x;
	X509_NAME *name = X509_get_subject_name(x);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	size_t i;

	(void)X509_set_version(x, m->v1 ? X509_VERSION_1 : X509_VERSION_3);
	(void)ASN1_INTEGER_set(X509_get_serialNumber(x), m->serial);
	(void)ASN1_TIME_set(X509_getm_notBefore(x),
	    m->from != 0 ? m->from : NOW - DAY);
	(void)ASN1_TIME_set(X509_getm_notAfter(x),
	    m->to != 0 ? m->to : NOW + DAY);
	if (m->cn != NULL)
		(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		    (const uint8_t *)m->cn, -1, -1, 0);
	if (m->cn2 != NULL)
		(void)X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
		    (const uint8_t *)m->cn2, -1, -1, 0);
	(void)X509_set_issuer_name(x, X509_get_subject_name(issuer));
	(void)X509_set_pubkey(x, m->key);
	for (i = 0; i < 10 && m->ext[i] != NULL; i += 2)
		make_ext(x, issuer, m->ext[i], m->ext[i + 1]);
	make_sign_ctx(ctx, m->by != NULL ? m->by : m->key, m->md, m->mgf1,
	    m->salt);
	(void)X509_sign_ctx(x, ctx);
	EVP_MD_CTX_free(ctx);
	return x;
}

/* Append x as PEM or DER. */
static inline void
make_text(X509 *x, bool pem, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *p;
	long n;

	(void)(pem ? PEM_write_bio_X509(bio, x) : i2d_X509_bio(bio, x));
	n = BIO_get_mem_data(bio, &p);
	buf_add(out, slice_of(p, (size_t)n));
	BIO_free(bio);
}

/* Append x to certs; false if it is refused. */
static inline bool
make_add(X509 *x, struct certs *certs)
{
	struct buf der = {0};
	struct err e;
	bool ok;

	make_text(x, false, &der);
	ok = certs_add_der(certs, slice_buf(&der), 100, &e) == 0;
	buf_free(&der);
	return ok;
}

#endif

/* cert.c -- see cert.h: certificates read and looked into. */
#include "crypto/cert.h"

#include <limits.h>
#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/cert_in.h"
#include "crypto/key_in.h"
#include "crypto/need.h"
#include "crypto/pem_in.h"

enum { SEQUENCE = 0x30 };	/* DER tag */

void
cert_free(struct cert *c)
{
	X509_free(c->x);
	buf_free(&c->der);
	free(c);
}

/* Back to n certificates; to none, nothing is held, so that who gets -1 for
 * the first has nothing to free. */
static void
cut(struct certs *c, size_t n)
{
	while (c->n > n)
		cert_free(c->v[--c->n]);
	if (n == 0) {
		free(c->v);
		c->v = NULL;
	}
}

void
certs_free(struct certs *c)
{
	cut(c, 0);
}

int
cert_decode(struct cert *c, struct err *e)
{
	const uint8_t *p = c->der.p;

	if (c->x != NULL)
		return 0;
	c->x = d2i_X509(NULL, &p, (long)c->der.n);
	if (c->x != NULL && p == c->der.p + c->der.n)
		return 0;
	X509_free(c->x);
	c->x = NULL;
	ERR_clear_error();
	return err_set(e, E_INPUT, "certificate: malformed");
}

void
certs_append(struct certs *out, struct cert *c)
{
	struct cert **v = reallocarray(out->v, out->n + 1,
	    sizeof(struct cert *));

	if (v == NULL)
		err_nomem();
	out->v = v;
	out->v[out->n++] = c;
}

/* Append what looks like a certificate from the outside, not decoded. */
static int
add_closed(struct certs *out, struct slice der, size_t max, struct err *e)
{
	struct cert *c;

	if (out->n >= max)
		return err_set(e, E_INPUT, "more than %zu certificates", max);
	if (der.n > CERT_MAX)
		return err_set(e, E_INPUT, "certificate: more than %d bytes",
		    CERT_MAX);
	if (der_whole(der, SEQUENCE, "certificate", e) < 0)
		return -1;
	c = calloc(1, sizeof *c);
	if (c == NULL)
		err_nomem();
	buf_add(&c->der, der);
	certs_append(out, c);
	return 0;
}

int
certs_add_der(struct certs *out, struct slice der, size_t max, struct err *e)
{
	if (add_closed(out, der, max, e) < 0)
		return -1;
	if (cert_decode(out->v[out->n - 1], e) == 0)
		return 0;
	cut(out, out->n - 1);
	return -1;
}

int
certs_take_der(struct certs *out, struct slice *text, size_t max,
    struct err *e)
{
	struct slice rest = *text, der;

	if (der_take(&rest, SEQUENCE, "certificate", &der, e) < 0 ||
	    certs_add_der(out, der, max, e) < 0)
		return -1;
	*text = rest;
	return 0;
}

static int
add_object(struct certs *out, const struct pem *pem, size_t max, bool closed,
    struct err *e)
{
	struct buf der = {0};
	int ret;

	ret = pem_decode(pem, &der, e);
	if (ret == 0 && closed)
		ret = add_closed(out, slice_buf(&der), max, e);
	else if (ret == 0)
		ret = certs_add_der(out, slice_buf(&der), max, e);
	buf_free(&der);
	return ret;
}

int
certs_add_pem(struct certs *out, struct slice text, size_t max,
    struct err *e)
{
	struct slice rest = text;
	size_t was = out->n;
	struct pem pem;

	do {
		if (pem_take(&rest, &pem, e) < 0)
			goto bad;
		if (!slice_is(pem.label, "CERTIFICATE")) {
			(void)err_set(e, E_INPUT,
			    "PEM: not a CERTIFICATE");
			goto bad;
		}
		if (add_object(out, &pem, max, false, e) < 0)
			goto bad;
	} while (slice_trim(rest).n > 0);
	return 0;
bad:
	(void)err_in(e, "PEM certificate %zu", out->n - was + 1);
	cut(out, was);
	return -1;
}

/* Every certificate among whatever else text is. */
static int
find(struct certs *out, struct slice text, size_t max, bool closed,
    struct err *e)
{
	struct slice rest = text;
	size_t was = out->n;
	struct pem pem;

	while (pem_find(&rest))
		if (pem_take(&rest, &pem, e) < 0 ||
		    (slice_is(pem.label, "CERTIFICATE") &&
		    add_object(out, &pem, max, closed, e) < 0)) {
			(void)err_in(e, "PEM certificate %zu",
			    out->n - was + 1);
			cut(out, was);
			return -1;
		}
	return 0;
}

int
certs_find_pem(struct certs *out, struct slice text, size_t max,
    struct err *e)
{
	return find(out, text, max, false, e);
}

int
certs_add_bundle(struct certs *out, struct slice text, struct err *e)
{
	size_t was = out->n;

	if (find(out, text, CERT_ROOTS_MAX, true, e) < 0)
		return -1;
	return out->n > was ? 0 : err_set(e, E_INPUT, "no certificate in it");
}

int
cert_key(const struct cert *c, struct key **out, struct err *e)
{
	const EVP_PKEY *pkey = X509_get0_pubkey(c->x);

	if (pkey == NULL) {
		ERR_clear_error();
		return err_set(e, E_INPUT,
		    "certificate: a key libcrypto cannot read");
	}
	/* those that sign or unwrap here; others are read from files alone */
	if (EVP_PKEY_get_base_id(pkey) != EVP_PKEY_RSA &&
	    EVP_PKEY_get_base_id(pkey) != EVP_PKEY_EC)
		return err_set(e, E_INPUT, "certificate: a key that is "
		    "neither RSA nor EC");
	return key_from_pkey(pkey, out, e);
}

struct slice
cert_der(const struct cert *c)
{
	return slice_buf(&c->der);
}

void
cert_pem(const struct cert *c, struct buf *out)
{
	pem_write("CERTIFICATE", cert_der(c), out);
}

void
cert_crl_pem(struct slice crl, struct buf *out)
{
	if (crl.n > 0 && crl.p[0] == SEQUENCE)
		pem_write("X509 CRL", crl, out);
	else
		buf_add(out, crl);
}

void
cert_sha256(const struct cert *c, uint8_t out[SHA256_SIZE])
{
	hash_sha256(slice_buf(&c->der), out);
}

void
cert_spki_sha256(const struct cert *c, uint8_t out[SHA256_SIZE])
{
	unsigned char *der = NULL;
	int n = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(c->x), &der);

	need(n > 0, "memory");
	hash_sha256(slice_of(der, (size_t)n), out);
	OPENSSL_free(der);
}

static void
common_name(const X509_NAME *name, struct buf *out)
{
	int at = X509_NAME_get_index_by_NID(name, NID_commonName, -1), n;
	unsigned char *text = NULL;

	if (at < 0 || X509_NAME_get_index_by_NID(name, NID_commonName, at) >= 0)
		return;
	n = ASN1_STRING_to_UTF8(&text,
	    X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
	if (n > 0)
		buf_add(out, slice_of(text, (size_t)n));
	OPENSSL_free(text);
	ERR_clear_error();
}

void
cert_subject_cn(const struct cert *c, struct buf *out)
{
	common_name(X509_get_subject_name(c->x), out);
}

void
cert_issuer_cn(const struct cert *c, struct buf *out)
{
	common_name(X509_get_issuer_name(c->x), out);
}

bool
cert_names_issuer(const struct cert *c, const struct cert *issuer)
{
	return X509_NAME_cmp(X509_get_issuer_name(c->x),
	    X509_get_subject_name(issuer->x)) == 0;
}

bool
cert_extension(const struct cert *c, const char *oid, struct buf *out)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	const ASN1_OCTET_STRING *value;
	int at;

	need(obj != NULL, "object identifier of that form");
	at = X509_get_ext_by_OBJ(c->x, obj, -1);
	if (at >= 0 && X509_get_ext_by_OBJ(c->x, obj, at) >= 0)
		at = -1;
	ASN1_OBJECT_free(obj);
	if (at < 0)
		return false;
	/* the octets themselves: AMD's are not always DER */
	value = X509_EXTENSION_get_data(X509_get_ext(c->x, at));
	buf_add(out, slice_of(ASN1_STRING_get0_data(value),
	    (size_t)ASN1_STRING_length(value)));
	return true;
}

bool
cert_has_eku(const struct cert *c, const char *oid)
{
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	EXTENDED_KEY_USAGE *all;
	bool found = false;
	int i;

	if (obj == NULL) {
		ERR_clear_error();	/* no such identifier: no such usage */
		return false;
	}
	all = X509_get_ext_d2i(c->x, NID_ext_key_usage, NULL, NULL);
	for (i = 0; i < sk_ASN1_OBJECT_num(all); i++)
		found |= OBJ_cmp(sk_ASN1_OBJECT_value(all, i), obj) == 0;
	EXTENDED_KEY_USAGE_free(all);
	ASN1_OBJECT_free(obj);
	ERR_clear_error();
	return found;
}

bool
cert_understood(const struct cert *c)
{
	uint32_t flags = X509_get_extension_flags(c->x);

	ERR_clear_error();
	return (flags & (EXFLAG_CRITICAL | EXFLAG_INVALID)) == 0;
}

bool
cert_is_ca(const struct cert *c)
{
	BASIC_CONSTRAINTS *basic;
	ASN1_BIT_STRING *usage;
	bool ca;
	int there;

	basic = X509_get_ext_d2i(c->x, NID_basic_constraints, NULL, NULL);
	ca = basic != NULL && basic->ca != 0;
	BASIC_CONSTRAINTS_free(basic);
	usage = X509_get_ext_d2i(c->x, NID_key_usage, &there, NULL);
	if (usage != NULL)
		/* RFC 5280 4.2.1.3: bit 5 is keyCertSign */
		ca = ca && ASN1_BIT_STRING_get_bit(usage, 5) == 1;
	else if (there != -1)
		ca = false;	/* malformed, or there twice */
	ASN1_BIT_STRING_free(usage);
	ERR_clear_error();
	return ca;
}

int
cert_pathlen(const struct cert *c)
{
	BASIC_CONSTRAINTS *basic;
	int64_t n;
	int ret = -1;

	basic = X509_get_ext_d2i(c->x, NID_basic_constraints, NULL, NULL);
	if (basic != NULL && basic->pathlen != NULL) {
		/* out of range is no promise: nothing may follow */
		if (ASN1_INTEGER_get_int64(&n, basic->pathlen) != 1 || n < 0 ||
		    n > INT_MAX)
			n = 0;
		ret = (int)n;
	}
	BASIC_CONSTRAINTS_free(basic);
	ERR_clear_error();
	return ret;
}

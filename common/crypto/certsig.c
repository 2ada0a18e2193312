/* certsig.c -- see cert.h: validity and signatures, one certificate or CRL
 * at a time. */
#include "crypto/cert.h"

#include <time.h>

#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>

#include "crypto/cert_in.h"
#include "crypto/need.h"
#include "crypto/pem_in.h"

enum {
	SEQUENCE = 0x30,	/* DER tag */
	STRENGTH = 112,		/* bits; SHA-1 has 63 against collisions */
};

struct cert_when
cert_when(const ASN1_TIME *t)
{
	struct cert_when ret = {"?"};
	struct tm tm;

	if (t != NULL && ASN1_TIME_to_tm(t, &tm) == 1)
		(void)strftime(ret.text, sizeof ret.text,
		    "%Y-%m-%dT%H:%M:%SZ", &tm);
	ERR_clear_error();
	return ret;
}

/* RFC 5280 4.1.2.5: both ends are part of it.  A time that cannot be read
 * compares as -2, which both questions take for a no. */
static int
valid(const ASN1_TIME *from, const ASN1_TIME *to, int64_t at, struct err *e)
{
	int cmp = ASN1_TIME_cmp_time_t(from, (time_t)at);

	if (cmp == 1 || cmp == -2)
		return err_set(e, E_NO, "not valid before %s",
		    cert_when(from).text);
	if (to == NULL)
		return err_set(e, E_NO, "without a time when it ends");
	if (ASN1_TIME_cmp_time_t(to, (time_t)at) < 0)
		return err_set(e, E_NO, "expired at %s", cert_when(to).text);
	return 0;
}

int
cert_valid_at(const struct cert *c, int64_t at, struct err *e)
{
	int ret = valid(X509_get0_notBefore(c->x), X509_get0_notAfter(c->x),
	    at, e);

	ERR_clear_error();
	return ret;
}

static int
by_key(const EVP_PKEY *pkey, int bits, struct err *e)
{
	if (bits < STRENGTH)
		return err_set(e, E_NO, "signed with a digest that is broken");
	if (EVP_PKEY_get_security_bits(pkey) < STRENGTH)
		return err_set(e, E_NO, "signed with too small a key");
	return 0;
}

int
cert_signed_by(const struct cert *c, const struct cert *issuer, struct err *e)
{
	EVP_PKEY *pkey = X509_get0_pubkey(issuer->x);
	int bits = 0, ret = -1;

	if (pkey == NULL || X509_get_signature_info(c->x, NULL, NULL, &bits,
	    NULL) != 1)
		ret = err_set(e, E_NO, "signed in a way libcrypto cannot read");
	else if (by_key(pkey, bits, e) < 0)
		;
	else if (X509_verify(c->x, pkey) != 1)
		ret = err_set(e, E_NO, "signature does not verify");
	else
		ret = 0;
	ERR_clear_error();
	return ret;
}

/* alg is SHA-384, its parameters NULL or absent. */
static bool
is_sha384(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *obj;
	int type;

	if (alg == NULL)
		return false;
	X509_ALGOR_get0(&obj, &type, NULL, alg);
	return OBJ_obj2nid(obj) == NID_sha384 &&
	    (type == V_ASN1_NULL || type == V_ASN1_UNDEF);
}

/* alg is MGF1 over SHA-384. */
static bool
is_mgf1_sha384(const X509_ALGOR *alg)
{
	const ASN1_OBJECT *obj;
	const void *value;
	X509_ALGOR *hash;
	bool ok;
	int type;

	if (alg == NULL)
		return false;
	X509_ALGOR_get0(&obj, &type, &value, alg);
	if (OBJ_obj2nid(obj) != NID_mgf1 || type != V_ASN1_SEQUENCE)
		return false;
	hash = ASN1_item_unpack(value, ASN1_ITEM_rptr(X509_ALGOR));
	ok = is_sha384(hash);
	X509_ALGOR_free(hash);
	return ok;
}

/* RFC 4055 3.1; certificates of 2020 spell the trailer's default out. */
bool
cert_pss_sha384(const struct cert *c)
{
	const ASN1_BIT_STRING *sig;
	const X509_ALGOR *alg;
	const ASN1_OBJECT *obj;
	const void *value;
	RSA_PSS_PARAMS *p;
	bool ok;
	int type;

	X509_get0_signature(&sig, &alg, c->x);
	X509_ALGOR_get0(&obj, &type, &value, alg);
	if (OBJ_obj2nid(obj) != NID_rsassaPss || type != V_ASN1_SEQUENCE)
		return false;
	p = ASN1_item_unpack(value, ASN1_ITEM_rptr(RSA_PSS_PARAMS));
	ok = p != NULL && is_sha384(p->hashAlgorithm) &&
	    is_mgf1_sha384(p->maskGenAlgorithm) && p->saltLength != NULL &&
	    ASN1_INTEGER_get(p->saltLength) == SHA384_SIZE &&
	    (p->trailerField == NULL || ASN1_INTEGER_get(p->trailerField) == 1);
	RSA_PSS_PARAMS_free(p);
	ERR_clear_error();
	return ok;
}

/* The one CRL among certificates, as snp-certs writes them. */
static int
pem_crl(struct slice text, struct buf *der, struct err *e)
{
	struct slice rest = text;
	struct pem pem;

	while (pem_find(&rest)) {
		if (pem_take(&rest, &pem, e) < 0)
			return -1;
		if (!slice_is(pem.label, "X509 CRL"))
			continue;
		if (der->n > 0)
			return err_set(e, E_INPUT, "PEM: more than one X509 "
			    "CRL");
		if (pem_decode(&pem, der, e) < 0)
			return -1;
	}
	return der->n > 0 ? 0 : err_set(e, E_INPUT, "CRL: neither DER nor PEM "
	    "with an X509 CRL");
}

static X509_CRL *
read_crl(struct slice text, struct err *e)
{
	struct buf der = {0};
	struct slice s = text;
	const uint8_t *p;
	X509_CRL *crl = NULL;

	if (text.n > 0 && text.p[0] != SEQUENCE) {
		if (pem_crl(s, &der, e) < 0)
			goto out;
		s = slice_buf(&der);
	}
	if (der_whole(s, SEQUENCE, "CRL", e) < 0)
		goto out;
	p = s.p;
	crl = d2i_X509_CRL(NULL, &p, (long)s.n);
	if (crl == NULL || p != s.p + s.n) {
		X509_CRL_free(crl);
		crl = NULL;
		(void)err_set(e, E_INPUT, "CRL: malformed");
	}
out:
	buf_free(&der);
	return crl;
}

/* A critical extension narrows what a CRL speaks of (deltas, parts), and we
 * read none of them: RFC 5280 5.2. */
static int
crl_genuine(X509_CRL *crl, const struct cert *issuer, int64_t at,
    struct err *e)
{
	EVP_PKEY *pkey = X509_get0_pubkey(issuer->x);
	int digest = NID_undef;

	if (X509_NAME_cmp(X509_CRL_get_issuer(crl),
	    X509_get_subject_name(issuer->x)) != 0)
		return err_set(e, E_NO, "of another issuer");
	(void)OBJ_find_sigid_algs(X509_CRL_get_signature_nid(crl), &digest,
	    NULL);
	if (pkey == NULL)
		return err_set(e, E_NO,
		    "signed in a way libcrypto cannot read");
	if (by_key(pkey, digest == NID_sha1 || digest == NID_md5 ? 0 : STRENGTH,
	    e) < 0)
		return -1;
	if (X509_CRL_verify(crl, pkey) != 1)
		return err_set(e, E_NO, "signature does not verify");
	if (X509_CRL_get_ext_by_critical(crl, 1, -1) >= 0)
		return err_set(e, E_INPUT, "a critical extension");
	return valid(X509_CRL_get0_lastUpdate(crl),
	    X509_CRL_get0_nextUpdate(crl), at, e);
}

int
cert_crl_check(struct slice text, const struct cert *issuer,
    const struct certs *certs, int64_t at, struct err *e)
{
	X509_CRL *crl = read_crl(text, e);
	struct buf name = {0};
	X509_REVOKED *entry;
	size_t i;
	int ret = -1;

	if (crl == NULL) {
		ERR_clear_error();
		return -1;
	}
	if (crl_genuine(crl, issuer, at, e) < 0) {
		(void)err_in(e, "CRL");
		goto out;
	}
	for (i = 0; i < certs->n; i++)
		if (X509_CRL_get0_by_serial(crl, &entry,
		    X509_get_serialNumber(certs->v[i]->x)) != 0) {
			cert_subject_cn(certs->v[i], &name);
			(void)err_set(e, E_NO, "certificate %.*s: revoked",
			    (int)name.n, (const char *)name.p);
			goto out;
		}
	ret = 0;
out:
	ERR_clear_error();
	buf_free(&name);
	X509_CRL_free(crl);
	return ret;
}

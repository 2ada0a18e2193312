/* keypem.c -- see key.h: keys in PEM and DER. */
#include "crypto/key.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/proverr.h>
#include <openssl/x509.h>

#include "crypto/key_in.h"
#include "crypto/need.h"
#include "crypto/pem_in.h"

/* DER tags */
enum { SEQUENCE = 0x30, INTEGER = 0x02, BITS = 0x03, OCTETS = 0x04 };

/* The key in pkey, which libcrypto made of what (or failed to). */
static int
take(EVP_PKEY *pkey, const char *what, struct key **out, struct err *e)
{
	int ret;

	if (pkey == NULL)
		ret = err_set(e, E_INPUT, "key: malformed %s", what);
	else
		ret = key_from_pkey(pkey, out, e);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	return ret;
}

static EVP_PKEY *
read_pkcs8(struct slice der)
{
	PKCS8_PRIV_KEY_INFO *info;
	const uint8_t *p = der.p;
	EVP_PKEY *pkey = NULL;

	info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &p, (long)der.n);
	if (info != NULL && p == der.p + der.n)
		pkey = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	return pkey;
}

static EVP_PKEY *
read_spki(struct slice der)
{
	const uint8_t *p = der.p;

	return d2i_PUBKEY(NULL, &p, (long)der.n);
}

static EVP_PKEY *
read_rsa(struct slice der)
{
	const uint8_t *p = der.p;

	return d2i_PrivateKey(EVP_PKEY_RSA, NULL, &p, (long)der.n);
}

static EVP_PKEY *
read_rsa_public(struct slice der)
{
	const uint8_t *p = der.p;

	return d2i_PublicKey(EVP_PKEY_RSA, NULL, &p, (long)der.n);
}

static EVP_PKEY *
read_ec(struct slice der)
{
	const uint8_t *p = der.p;

	return d2i_PrivateKey(EVP_PKEY_EC, NULL, &p, (long)der.n);
}

static EVP_PKEY *
read_cert(struct slice der)
{
	const uint8_t *p = der.p;
	X509 *x = d2i_X509(NULL, &p, (long)der.n);
	EVP_PKEY *pkey = x != NULL ? X509_get_pubkey(x) : NULL;

	X509_free(x);
	return pkey;
}

/* What may stand in a PEM text, or in DER, where what comes first in it tells
 * it. */
static const struct form {
	const char *label;
	EVP_PKEY *(*read)(struct slice der);
	bool headers;	/* may be encrypted as RFC 1421 has it */
	uint8_t first, second;	/* tags of the first two values */
} forms[] = {
	{"PRIVATE KEY", read_pkcs8, false, INTEGER, SEQUENCE},
	{"PUBLIC KEY", read_spki, false, SEQUENCE, BITS},
	{"RSA PRIVATE KEY", read_rsa, true, INTEGER, INTEGER},
	{"RSA PUBLIC KEY", read_rsa_public, false, 0, 0},
	{"EC PRIVATE KEY", read_ec, true, INTEGER, OCTETS},
	{"CERTIFICATE", read_cert, false, SEQUENCE, SEQUENCE},
};

enum { PKCS8, SPKI, FORMS = sizeof forms / sizeof forms[0] };

static int
read_der(const struct form *form, struct slice der, struct key **out,
    struct err *e)
{
	if (der.n > KEY_PEM_MAX)
		return err_set(e, E_INPUT, "key: more than %d bytes",
		    KEY_PEM_MAX);
	if (der_whole(der, SEQUENCE, form->label, e) < 0)
		return err_in(e, "key");
	return take(form->read(der), form->label, out, e);
}

int
key_from_pkcs8(struct slice der, struct key **out, struct err *e)
{
	return read_der(&forms[PKCS8], der, out, e);
}

int
key_from_spki(struct slice der, struct key **out, struct err *e)
{
	return read_der(&forms[SPKI], der, out, e);
}

const char key_locked[] = "passphrase needed";

static int
asked(struct slice passphrase, struct err *e)
{
	if (passphrase.p == NULL)
		return err_set(e, E_NO, "%s", key_locked);
	if (passphrase.n > PEM_BUFSIZE)
		return err_set(e, E_NO, "wrong passphrase");
	return 0;
}

/* A failed decryption: a last block whose padding is wrong is what a wrong
 * passphrase gives, anything else is the file's fault. */
int
key_locked_error(struct err *e)
{
	unsigned long code = ERR_peek_error();

	ERR_clear_error();
	if (ERR_GET_LIB(code) == ERR_LIB_PROV &&
	    ERR_GET_REASON(code) == PROV_R_BAD_DECRYPT)
		return err_set(e, E_NO, "wrong passphrase");
	return err_set(e, E_INPUT,
	    "key: encrypted in a way libcrypto does not read");
}

/* One passphrase in some thousands leaves a padding that looks right: then
 * what was decrypted makes no sense, which means the same. */
static int
read_decrypted(const struct form *form, struct slice der, struct key **out,
    struct err *e)
{
	if (der_whole(der, SEQUENCE, form->label, e) < 0)
		return err_set(e, E_NO, "wrong passphrase");
	return read_der(form, der, out, e);
}

static int
read_encrypted(struct slice der, struct slice passphrase, struct key **out,
    struct err *e)
{
	const uint8_t *p = der.p;
	X509_SIG *sig = NULL;
	const X509_ALGOR *alg;
	const ASN1_OCTET_STRING *text;
	uint8_t *plain = NULL;
	int n = 0, ret = -1;

	if (der_whole(der, SEQUENCE, "ENCRYPTED PRIVATE KEY", e) < 0)
		return err_in(e, "key");
	if ((sig = d2i_X509_SIG(NULL, &p, (long)der.n)) == NULL) {
		ERR_clear_error();
		return err_set(e, E_INPUT,
		    "key: malformed ENCRYPTED PRIVATE KEY");
	}
	if (asked(passphrase, e) < 0)
		goto out;
	X509_SIG_get0(sig, &alg, &text);
	ERR_clear_error();
	plain = PKCS12_pbe_crypt(alg, (const char *)passphrase.p,
	    (int)passphrase.n, ASN1_STRING_get0_data(text),
	    ASN1_STRING_length(text), &plain, &n, 0);
	if (plain == NULL) {
		ret = key_locked_error(e);
		goto out;
	}
	ret = read_decrypted(&forms[PKCS8], slice_of(plain, (size_t)n), out, e);
	OPENSSL_clear_free(plain, (size_t)n);
out:
	X509_SIG_free(sig);
	return ret;
}

static int
give(char *to, int size, int writing, void *arg)
{
	const struct slice *passphrase = arg;

	(void)writing;
	if (passphrase->n > (size_t)size)
		return -1;
	memcpy(to, passphrase->p, passphrase->n);
	return (int)passphrase->n;
}

/* RFC 1421's encryption, which PKCS#1 and SEC1 keys still come in. */
static int
read_legacy(const struct form *form, const struct pem *pem,
    struct slice passphrase, struct key **out, struct err *e)
{
	EVP_CIPHER_INFO info;
	struct pem bare = {pem->label, {NULL, 0}, pem->body};
	struct buf der = {0};
	char *headers = slice_dup(pem->headers);
	long n;
	int ret = -1;

	if (pem_decode(&bare, &der, e) < 0)
		goto out;
	if (PEM_get_EVP_CIPHER_INFO(headers, &info) != 1 ||
	    info.cipher == NULL || der.n == 0 || der.n > KEY_PEM_MAX) {
		ret = err_set(e, E_INPUT, "key: unknown PEM headers");
		goto out;
	}
	if (asked(passphrase, e) < 0)
		goto out;
	n = (long)der.n;
	ERR_clear_error();
	if (PEM_do_header(&info, der.p, &n, give, &passphrase) != 1) {
		ret = key_locked_error(e);
		goto out;
	}
	ret = read_decrypted(form, slice_of(der.p, (size_t)n), out, e);
out:
	ERR_clear_error();
	free(headers);
	buf_free(&der);
	return ret;
}

int
key_from_object(const struct pem *pem, struct slice passphrase,
    struct key **out, struct err *e)
{
	const struct form *form = NULL;
	struct buf der = {0};
	size_t i;
	int ret;

	for (i = 0; i < FORMS; i++)
		if (slice_is(pem->label, forms[i].label))
			form = &forms[i];
	if (form != NULL && form->headers && pem->headers.n > 0)
		return read_legacy(form, pem, passphrase, out, e);
	if ((ret = pem_decode(pem, &der, e)) < 0)
		(void)err_in(e, "key");
	else if (form != NULL)
		ret = read_der(form, slice_buf(&der), out, e);
	else if (slice_is(pem->label, "ENCRYPTED PRIVATE KEY"))
		ret = read_encrypted(slice_buf(&der), passphrase, out, e);
	else
		ret = err_set(e, E_INPUT, "key: %.*s: no form that is read",
		    (int)slice_head(pem->label, 64).n,
		    (const char *)pem->label.p);
	buf_free(&der);
	return ret;
}

/* The tag of the next value in s, which is taken off; 0 at the end. */
static uint8_t
skip(struct slice *s)
{
	size_t n, bytes, i;
	uint8_t tag;

	if (s->n < 2)
		return 0;
	tag = s->p[0];
	n = s->p[1];
	bytes = n > 0x80 ? n & 0x7f : 0;
	*s = slice_from(*s, 2);
	if (bytes > 0)
		for (n = 0, i = 0; i < bytes && i < 4 && i < s->n; i++)
			n = n << 8 | s->p[i];
	*s = slice_from(*s, bytes);
	*s = slice_from(*s, n);
	return tag;
}

/* What DER is, by its first two values: a version and an algorithm, a number
 * or a key; an algorithm and what it encrypts or is for; a body to sign. */
int
key_from_der(struct slice der, struct slice passphrase, struct key **out,
    struct err *e)
{
	struct slice in = slice_from(der, 2);
	uint8_t first, second;
	size_t i;

	if (der.n > KEY_PEM_MAX)
		return err_set(e, E_INPUT, "key: more than %d bytes",
		    KEY_PEM_MAX);
	if (der.n > 1 && der.p[1] > 0x80)
		in = slice_from(in, der.p[1] & 0x7f);
	first = skip(&in);
	second = skip(&in);
	if (first == SEQUENCE && second == OCTETS)
		return read_encrypted(der, passphrase, out, e);
	for (i = 0; i < FORMS; i++)
		if (forms[i].first == first && forms[i].second == second)
			return read_der(&forms[i], der, out, e);
	return key_from_spki(der, out, e);
}

static bool
marked(struct slice text)
{
	return slice_starts(text, "\xef\xbb\xbf") ||
	    slice_starts(text, "\xff\xfe") || slice_starts(text, "\xfe\xff");
}

int
key_from_pem(struct slice text, struct slice passphrase, struct key **out,
    struct err *e)
{
	struct slice rest = text;
	struct pem pem;

	if (text.n > KEY_PEM_MAX)
		return err_set(e, E_INPUT, "key: more than %d bytes",
		    KEY_PEM_MAX);
	if (marked(text)) {
		(void)err_set(e, E_INPUT, "key: a byte order mark");
		return err_hint(e, "save it as UTF-8 without the mark");
	}
	if (text.n > 0 && text.p[0] == SEQUENCE)
		return key_from_der(text, passphrase, out, e);
	if (pem_take(&rest, &pem, e) < 0)
		return err_in(e, "key");
	/* openssl ecparam -genkey writes the curve first */
	if (slice_is(pem.label, "EC PARAMETERS")) {
		if (pem_take(&rest, &pem, e) < 0)
			return err_in(e, "key");
		if (!slice_is(pem.label, "EC PRIVATE KEY"))
			return err_set(e, E_INPUT,
			    "key: EC PARAMETERS without their key");
	}
	if (slice_trim(rest).n > 0)
		return err_set(e, E_INPUT,
		    "key: more behind the end of the PEM object");
	return key_from_object(&pem, passphrase, out, e);
}

/* certname.c -- see cert.h: whom a certificate names. */
#include "crypto/cert.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "crypto/cert_in.h"

/* s is text, to the letter; in UTF-8 whatever form the certificate has. */
static bool
same_text(const ASN1_STRING *s, struct slice text)
{
	unsigned char *utf8 = NULL;
	int n = ASN1_STRING_to_UTF8(&utf8, s);
	bool same = n >= 0 && slice_eq(slice_of(utf8, (size_t)n), text);

	OPENSSL_free(utf8);
	ERR_clear_error();
	return same;
}

bool
cert_subject_is(const struct cert *c, const char *oid, struct slice value)
{
	const X509_NAME *name = X509_get_subject_name(c->x);
	ASN1_OBJECT *obj = OBJ_txt2obj(oid, 1);
	int at = -1;
	bool once;

	if (obj == NULL) {
		ERR_clear_error();	/* no such identifier: not there */
		return false;
	}
	at = X509_NAME_get_index_by_OBJ(name, obj, -1);
	once = at >= 0 && X509_NAME_get_index_by_OBJ(name, obj, at) < 0;
	ASN1_OBJECT_free(obj);
	return once && same_text(X509_NAME_ENTRY_get_data(
	    X509_NAME_get_entry(name, at)), value);
}

bool
cert_has_name(const struct cert *c, enum cert_name kind, struct slice value)
{
	static const int types[] = {
		[CERT_DNS] = GEN_DNS, [CERT_EMAIL] = GEN_EMAIL,
		[CERT_URI] = GEN_URI,
	};
	GENERAL_NAMES *all;
	GENERAL_NAME *name;
	bool found = false;
	int i, type;
	void *text;

	all = X509_get_ext_d2i(c->x, NID_subject_alt_name, NULL, NULL);
	for (i = 0; i < sk_GENERAL_NAME_num(all); i++) {
		name = sk_GENERAL_NAME_value(all, i);
		text = GENERAL_NAME_get0_value(name, &type);
		found |= type == types[kind] && same_text(text, value);
	}
	GENERAL_NAMES_free(all);
	ERR_clear_error();
	return found;
}

/* keyp12.c -- see keys.h: the private keys of PKCS#12 (RFC 7292). */
#include "crypto/keys.h"

#include <openssl/err.h>
#include <openssl/pkcs12.h>

#include "crypto/key_in.h"
#include "crypto/pem_in.h"

enum { SEQUENCE = 0x30 };

struct opening {
	const char *pass;	/* NULL and "" are two ways to have none */
	int n;
	struct keys *keys;
	bool refused;		/* a bag does not decrypt */
};

static int bags(STACK_OF(PKCS12_SAFEBAG) *, struct opening *, int depth,
    struct err *);

static int
take(const PKCS8_PRIV_KEY_INFO *info, struct opening *o, struct err *e)
{
	EVP_PKEY *pkey = EVP_PKCS82PKEY(info);
	struct key *key;
	int ret;

	if (pkey == NULL)
		ret = err_set(e, E_INPUT, "key: malformed PRIVATE KEY");
	else
		ret = key_from_pkey(pkey, &key, e);
	EVP_PKEY_free(pkey);
	ERR_clear_error();
	if (ret == 0 && o->keys->n == KEYS_MAX) {
		key_free(key);
		ret = err_set(e, E_INPUT, "key: more than %d of them",
		    KEYS_MAX);
	} else if (ret == 0) {
		keys_add(o->keys, key);
	}
	return ret;
}

static int
bag(const PKCS12_SAFEBAG *b, struct opening *o, int depth, struct err *e)
{
	PKCS8_PRIV_KEY_INFO *info;
	int ret;

	switch (PKCS12_SAFEBAG_get_nid(b)) {
	case NID_keyBag:
		return take(PKCS12_SAFEBAG_get0_p8inf(b), o, e);
	case NID_pkcs8ShroudedKeyBag:
		info = PKCS12_decrypt_skey(b, o->pass, o->n);
		if (info == NULL) {
			o->refused = true;
			return key_locked_error(e);
		}
		ret = take(info, o, e);
		PKCS8_PRIV_KEY_INFO_free(info);
		return ret;
	case NID_safeContentsBag:
		/* a bag in a bag; nobody has it deeper */
		return depth > 2 ? err_set(e, E_INPUT, "PKCS#12: bags too "
		    "deep in bags") : bags((STACK_OF(PKCS12_SAFEBAG) *)
		    (uintptr_t)PKCS12_SAFEBAG_get0_safes(b), o, depth + 1, e);
	default:
		return 0;	/* certificates and the like */
	}
}

static int
bags(STACK_OF(PKCS12_SAFEBAG) *list, struct opening *o, int depth,
    struct err *e)
{
	int i;

	for (i = 0; i < sk_PKCS12_SAFEBAG_num(list); i++)
		if (bag(sk_PKCS12_SAFEBAG_value(list, i), o, depth, e) < 0)
			return -1;
	return 0;
}

/* A safe that does not decrypt mostly has certificates in RC2, which
 * libcrypto gave up: it is passed over, and what it has not is told if no key
 * is found. */
static int
safe(PKCS7 *p7, struct opening *o, struct err *e)
{
	STACK_OF(PKCS12_SAFEBAG) *list = NULL;
	int ret;

	if (PKCS7_type_is_data(p7))
		list = PKCS12_unpack_p7data(p7);
	else if (PKCS7_type_is_encrypted(p7))
		list = PKCS12_unpack_p7encdata(p7, o->pass, o->n);
	ERR_clear_error();
	if (list == NULL)
		return 0;
	ret = bags(list, o, 0, e);
	sk_PKCS12_SAFEBAG_pop_free(list, PKCS12_SAFEBAG_free);
	return ret;
}

static int
safes(const PKCS12 *p12, struct opening *o, struct err *e)
{
	STACK_OF(PKCS7) *list = PKCS12_unpack_authsafes(p12);
	size_t before = o->keys->n;
	int i, ret = 0;

	if (list == NULL) {
		ERR_clear_error();
		return err_set(e, E_INPUT, "PKCS#12: malformed");
	}
	for (i = 0; ret == 0 && i < sk_PKCS7_num(list); i++)
		ret = safe(sk_PKCS7_value(list, i), o, e);
	sk_PKCS7_pop_free(list, PKCS7_free);
	if (ret == 0 && o->keys->n == before)
		ret = err_set(e, E_INPUT, "PKCS#12: no private key in it");
	return ret;
}

/* The MAC holds under the passphrase, or one of the two that are none. */
static int
unlock(PKCS12 *p12, struct slice passphrase, struct opening *o, struct err *e)
{
	o->pass = (const char *)passphrase.p;
	o->n = (int)passphrase.n;
	if (!PKCS12_mac_present(p12)) {
		if (passphrase.p == NULL)
			o->pass = "";
		return 0;
	}
	if (passphrase.n > 0) {
		if (PKCS12_verify_mac(p12, o->pass, o->n) == 1)
			return 0;
	} else {
		o->pass = "";
		if (PKCS12_verify_mac(p12, "", 0) == 1)
			return 0;
		o->pass = NULL;
		if (PKCS12_verify_mac(p12, NULL, 0) == 1)
			return 0;
	}
	ERR_clear_error();
	if (passphrase.p == NULL)
		return err_set(e, E_NO, "%s", key_locked);
	return err_set(e, E_NO, "wrong passphrase");
}

int
keys_from_pkcs12(struct slice der, struct slice passphrase, struct keys *keys,
    struct err *e)
{
	struct opening o = {.keys = keys};
	const uint8_t *p = der.p;
	PKCS12 *p12;
	int ret;

	if (der.n > KEY_PEM_MAX)
		return err_set(e, E_INPUT, "PKCS#12: more than %d bytes",
		    KEY_PEM_MAX);
	if (der_whole(der, SEQUENCE, "PKCS#12", e) < 0)
		return err_in(e, "key");
	if ((p12 = d2i_PKCS12(NULL, &p, (long)der.n)) == NULL) {
		ERR_clear_error();
		return err_set(e, E_INPUT, "PKCS#12: malformed");
	}
	ret = unlock(p12, passphrase, &o, e);
	if (ret == 0)
		ret = safes(p12, &o, e);
	/* without a MAC it is the key's own padding that shows it */
	if (ret < 0 && o.refused && passphrase.p == NULL)
		(void)err_set(e, E_NO, "%s", key_locked);
	PKCS12_free(p12);
	ERR_clear_error();
	return ret;
}

/* PKCS#12 made here, with what is wrong inside of it. */
#include "crypto/keys.h"

#include <openssl/pkcs12.h>

#include "crypto/key_in.h"
#include "unit/tap.h"

static const struct slice none = {NULL, 0};

/* A key that is nothing, though its algorithm says RSA. */
static PKCS8_PRIV_KEY_INFO *
nonsense(void)
{
	static const uint8_t text[] = {0x30, 0x03, 0x02, 0x01, 0x00};
	PKCS8_PRIV_KEY_INFO *info = PKCS8_PRIV_KEY_INFO_new();
	uint8_t *copy = OPENSSL_memdup(text, sizeof text);

	(void)PKCS8_pkey_set0(info, OBJ_nid2obj(NID_rsaEncryption), 0,
	    V_ASN1_NULL, NULL, copy, sizeof text);
	return info;
}

static PKCS8_PRIV_KEY_INFO *
sound(void)
{
	EVP_PKEY *pkey = EVP_EC_gen("P-256");
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(pkey);

	EVP_PKEY_free(pkey);
	return info;
}

/* A file of one key, encrypted under pass unless it is NULL, without a MAC.
 * info is taken over. */
static struct buf
file_of(PKCS8_PRIV_KEY_INFO *info, const char *pass)
{
	PKCS12_SAFEBAG *bag = pass == NULL ?
	    PKCS12_SAFEBAG_create0_p8inf(info) :
	    PKCS12_SAFEBAG_create_pkcs8_encrypt(NID_aes_128_cbc, pass,
	    (int)strlen(pass), NULL, 0, 1, info);
	STACK_OF(PKCS12_SAFEBAG) *bags = sk_PKCS12_SAFEBAG_new_null();
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *p12;
	uint8_t *der = NULL;
	struct buf b = {0};
	int n;

	(void)sk_PKCS12_SAFEBAG_push(bags, bag);
	(void)PKCS12_add_safe(&safes, bags, -1, 0, NULL);
	p12 = PKCS12_add_safes(safes, 0);
	n = i2d_PKCS12(p12, &der);
	buf_add(&b, slice_of(der, n > 0 ? (size_t)n : 0));
	OPENSSL_free(der);
	PKCS12_free(p12);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	if (pass != NULL)
		PKCS8_PRIV_KEY_INFO_free(info);
	return b;
}


/* 0, or the class of the refusal. */
static int
reads(struct slice der, struct slice pass, struct err *e)
{
	struct keys keys = {0};
	int ret = keys_from_pkcs12(der, pass, &keys, e);

	if (ret == 0 && keys.n != 1)
		ret = 99;
	keys_free(&keys);
	return ret < 0 ? (int)e->code : ret;
}

int
main(void)
{
	struct slice secret = slice_str("secret");
	struct buf b = file_of(sound(), NULL);
	struct err e = {.code = E_OK};

	CHECK(reads(slice_buf(&b), none, &e) == 0, "a key: %s", e.text);
	(void)buf_more(&b, KEY_PEM_MAX + 1 - b.n);
	CHECK(reads(slice_buf(&b), none, &e) == E_INPUT && strcmp(e.text,
	    "PKCS#12: more than 65536 bytes") == 0, "too large: %s", e.text);
	buf_free(&b);
	b = file_of(nonsense(), NULL);
	CHECK(reads(slice_buf(&b), none, &e) == E_INPUT && strcmp(e.text,
	    "key: malformed PRIVATE KEY") == 0, "no key: %s", e.text);
	buf_free(&b);
	b = file_of(sound(), "secret");
	CHECK(reads(slice_buf(&b), secret, &e) == 0, "an encrypted key: %s",
	    e.text);
	CHECK(reads(slice_buf(&b), none, &e) == E_NO && strcmp(e.text,
	    "passphrase needed") == 0, "  and no passphrase: %s", e.text);
	CHECK(reads(slice_buf(&b), slice_str("other"), &e) != 0,
	    "  and another: %s", e.text);
	buf_free(&b);
	return tap_done();
}

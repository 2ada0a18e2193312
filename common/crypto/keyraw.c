/* keyraw.c -- see key.h: the keys that are just 32 bytes. */
#include "crypto/key.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "crypto/key_in.h"
#include "crypto/need.h"

static const char *
name_of(enum key_type type)
{
	return type == KEY_X25519 ? "X25519" : "ED25519";
}

void
key_to_raw(const struct key *k, struct buf *public, struct buf *secret)
{
	size_t n = KEY_RAW_SIZE;

	need(k->type == KEY_X25519 || k->type == KEY_ED25519, "raw key");
	need(EVP_PKEY_get_raw_public_key(k->pkey, buf_more(public, n), &n) ==
	    1, "raw public key");
	if (secret != NULL && k->secret)
		need(EVP_PKEY_get_raw_private_key(k->pkey, buf_more(secret,
		    n), &n) == 1, "raw private key");
}

/* The public half that was given beside the private one is its own. */
static int
same_public(const struct key *k, struct slice public, struct err *e)
{
	struct buf own = {0};
	bool same;

	key_to_raw(k, &own, NULL);
	same = slice_eq(slice_buf(&own), public);
	buf_free(&own);
	return same ? 0 : err_set(e, E_INPUT,
	    "key: the two halves are not of one key");
}

int
key_from_raw(enum key_type type, struct slice public, struct slice secret,
    struct key **out, struct err *e)
{
	EVP_PKEY *pkey;
	struct key *k;

	if (secret.n > 0 ? secret.n != KEY_RAW_SIZE || (public.n > 0 &&
	    public.n != KEY_RAW_SIZE) : public.n != KEY_RAW_SIZE)
		return err_set(e, E_INPUT, "key: not %d bytes", KEY_RAW_SIZE);
	pkey = secret.n > 0 ?
	    EVP_PKEY_new_raw_private_key_ex(NULL, name_of(type), NULL,
	    secret.p, secret.n) :
	    EVP_PKEY_new_raw_public_key_ex(NULL, name_of(type), NULL,
	    public.p, public.n);
	if (pkey == NULL) {
		ERR_clear_error();
		return err_set(e, E_INPUT, "key: no key of %s",
		    name_of(type));
	}
	k = key_new(type, pkey);
	k->secret = secret.n > 0;
	if (secret.n > 0 && public.n > 0 && same_public(k, public, e) < 0) {
		key_free(k);
		return -1;
	}
	*out = k;
	return 0;
}

int
key_from_raw_pkey(const EVP_PKEY *pkey, struct key **out, struct err *e)
{
	enum key_type type = EVP_PKEY_is_a(pkey, "X25519") ? KEY_X25519 :
	    KEY_ED25519;
	uint8_t public[KEY_RAW_SIZE], secret[KEY_RAW_SIZE];
	size_t n = KEY_RAW_SIZE;
	bool private;
	int ret;

	need(EVP_PKEY_get_raw_public_key(pkey, public, &n) == 1,
	    "raw public key");
	n = KEY_RAW_SIZE;
	private = EVP_PKEY_get_raw_private_key(pkey, secret, &n) == 1;
	ERR_clear_error();
	ret = key_from_raw(type, slice_of(public, sizeof public),
	    slice_of(secret, private ? sizeof secret : 0), out, e);
	OPENSSL_cleanse(secret, sizeof secret);
	return ret;
}

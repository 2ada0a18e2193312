/* key.c -- see key.h: what all kinds of key have in common. */
#include "crypto/key.h"

#include <stdlib.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include "crypto/key_in.h"
#include "crypto/need.h"
#include "crypto/pem_in.h"

struct key *
key_new(enum key_type type, EVP_PKEY *pkey)
{
	struct key *k = calloc(1, sizeof *k);

	if (k == NULL)
		err_nomem();
	k->type = type;
	k->pkey = pkey;
	if (pkey != NULL)
		k->bits = (unsigned)EVP_PKEY_get_bits(pkey);
	return k;
}

int
key_generate_rsa(unsigned bits, struct key **out, struct err *e)
{
	EVP_PKEY *pkey;

	if (bits < KEY_RSA_MIN || bits > KEY_RSA_MAX)
		return err_set(e, E_USAGE,
		    "key: %u bits; RSA keys have %d to %d", bits,
		    KEY_RSA_MIN, KEY_RSA_MAX);
	/* its default exponent is 65537 */
	pkey = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)bits);
	need(pkey != NULL, "RSA key generation");
	*out = key_new(KEY_RSA, pkey);
	(*out)->secret = true;
	return 0;
}

static int
from_bytes(enum key_type type, const char *what, struct slice k,
    struct key **out, struct err *e)
{
	if (k.n < 1 || k.n > KEY_OCT_MAX)
		return err_set(e, E_INPUT, "key: %zu bytes; a %s has 1 to %d",
		    k.n, what, KEY_OCT_MAX);
	*out = key_new(type, NULL);
	buf_add(&(*out)->oct, k);
	(*out)->secret = true;
	(*out)->bits = 8 * (unsigned)k.n;
	return 0;
}

int
key_from_oct(struct slice k, struct key **out, struct err *e)
{
	return from_bytes(KEY_OCT, "symmetric key", k, out, e);
}

int
key_from_pass(struct slice phrase, struct key **out, struct err *e)
{
	return from_bytes(KEY_PASS, "passphrase", phrase, out, e);
}

int
key_from_pkey(const EVP_PKEY *pkey, struct key **out, struct err *e)
{
	if (EVP_PKEY_is_a(pkey, "RSA"))
		return key_from_rsa_pkey(pkey, out, e);
	if (EVP_PKEY_is_a(pkey, "EC"))
		return key_from_ec_pkey(pkey, out, e);
	if (EVP_PKEY_is_a(pkey, "X25519") || EVP_PKEY_is_a(pkey, "ED25519"))
		return key_from_raw_pkey(pkey, out, e);
	return err_set(e, E_INPUT, "key: neither RSA nor EC, nor X25519 nor "
	    "Ed25519");
}

void
key_to_spki(const struct key *k, struct buf *out)
{
	unsigned char *der = NULL;
	int n;

	n = k->pkey != NULL ? i2d_PUBKEY(k->pkey, &der) : -1;
	need(n > 0, "SubjectPublicKeyInfo of this key");
	buf_add(out, slice_of(der, (size_t)n));
	OPENSSL_free(der);
}

void
key_to_spki_pem(const struct key *k, struct buf *out)
{
	struct buf der = {0};

	key_to_spki(k, &der);
	pem_write("PUBLIC KEY", slice_buf(&der), out);
	buf_free(&der);
}

void
key_to_pkcs8_pem(const struct key *k, struct buf *out)
{
	PKCS8_PRIV_KEY_INFO *info = NULL;
	unsigned char *der = NULL;
	int n = -1;

	if (k->pkey != NULL && k->secret)
		info = EVP_PKEY2PKCS8(k->pkey);
	if (info != NULL)
		n = i2d_PKCS8_PRIV_KEY_INFO(info, &der);
	need(n > 0, "PKCS#8 of this key");
	pem_write("PRIVATE KEY", slice_of(der, (size_t)n), out);
	OPENSSL_clear_free(der, (size_t)n);
	PKCS8_PRIV_KEY_INFO_free(info);
}

void
key_mark(struct key *k, struct slice kid, struct slice alg)
{
	buf_add(&k->kid, kid);
	buf_add(&k->alg, alg);
}

struct slice
key_kid(const struct key *k)
{
	return slice_buf(&k->kid);
}

struct slice
key_alg(const struct key *k)
{
	return slice_buf(&k->alg);
}

int
key_meant_for(const struct key *k, const char *alg, struct err *e)
{
	struct slice own = slice_head(slice_buf(&k->alg), 40);

	if (k->alg.n == 0 || slice_is(slice_buf(&k->alg), alg))
		return 0;
	return err_set(e, E_NO, "the key says that it is for alg %.*s, not "
	    "%s", (int)own.n, (const char *)own.p, alg);
}

struct slice
key_oct(const struct key *k)
{
	return slice_buf(&k->oct);
}

enum key_type
key_type(const struct key *k)
{
	return k->type;
}

bool
key_private(const struct key *k)
{
	return k->secret;
}

unsigned
key_bits(const struct key *k)
{
	return k->bits;
}

size_t
key_size(const struct key *k)
{
	return (k->bits + 7) / 8;
}

bool
key_same(const struct key *a, const struct key *b)
{
	bool same;

	if (a->type != b->type)
		return false;
	if (a->pkey == NULL || a->type == KEY_XWING)
		return slice_eq(slice_buf(&a->oct), slice_buf(&b->oct));
	same = EVP_PKEY_eq(a->pkey, b->pkey) == 1;
	ERR_clear_error();
	return same;
}

void
key_free(struct key *k)
{
	if (k == NULL)
		return;
	EVP_PKEY_free(k->pkey);
	key_free(k->x);
	buf_free(&k->oct);
	buf_free(&k->kid);
	buf_free(&k->alg);
	free(k);
}

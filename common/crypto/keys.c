/* keys.c -- see keys.h. */
#include "crypto/keys.h"

#include <stdlib.h>

#include "crypto/key_in.h"
#include "crypto/pem_in.h"

static bool
known(const struct keys *k, const struct key *key)
{
	size_t i;

	for (i = 0; i < k->n; i++)
		if (key_private(k->v[i]) == key_private(key) &&
		    slice_eq(key_kid(k->v[i]), key_kid(key)) &&
		    slice_eq(key_alg(k->v[i]), key_alg(key)) &&
		    key_same(k->v[i], key))
			return true;
	return false;
}

void
keys_add(struct keys *k, struct key *key)
{
	const struct key **v;

	if (known(k, key)) {
		key_free(key);
		return;
	}
	if ((v = reallocarray(k->v, k->n + 1, sizeof(void *))) == NULL)
		err_nomem();
	k->v = v;
	k->v[k->n++] = key;
}

void
keys_free(struct keys *k)
{
	size_t i;

	/* they are const to everybody else */
	for (i = 0; i < k->n; i++)
		key_free((struct key *)(uintptr_t)k->v[i]);
	free(k->v);
	*k = (struct keys){0};
}

struct key *
keys_take(struct keys *k, size_t i)
{
	struct key *key = (struct key *)(uintptr_t)k->v[i];

	for (k->n--; i < k->n; i++)
		k->v[i] = k->v[i + 1];
	return key;
}

bool
keys_meant(const struct keys *k, size_t i, struct slice kid)
{
	size_t j;

	if (kid.n == 0 || slice_eq(key_kid(k->v[i]), kid))
		return true;
	for (j = 0; j < k->n; j++)
		if (slice_eq(key_kid(k->v[j]), kid))
			return false;
	return true;
}

enum kind { PRIVATE, PUBLIC, CERTIFICATE, PASSED_OVER };

static const struct {
	const char *label;
	enum kind kind;
} labels[] = {
	{"PRIVATE KEY", PRIVATE}, {"ENCRYPTED PRIVATE KEY", PRIVATE},
	{"RSA PRIVATE KEY", PRIVATE}, {"EC PRIVATE KEY", PRIVATE},
	{"OPENSSH PRIVATE KEY", PRIVATE}, {"PUBLIC KEY", PUBLIC},
	{"RSA PUBLIC KEY", PUBLIC}, {"CERTIFICATE", CERTIFICATE},
	{"X509 CERTIFICATE", PASSED_OVER}, {"X509 CRL", PASSED_OVER},
	{"TRUSTED CERTIFICATE", PASSED_OVER},
	{"CERTIFICATE REQUEST", PASSED_OVER}, {"PKCS7", PASSED_OVER},
	{"EC PARAMETERS", PASSED_OVER}, {"DH PARAMETERS", PASSED_OVER},
};

static int
kind_of(const struct pem *pem, enum kind *kind, struct err *e)
{
	size_t i;

	for (i = 0; i < sizeof labels / sizeof *labels; i++)
		if (slice_is(pem->label, labels[i].label)) {
			*kind = labels[i].kind;
			return 0;
		}
	(void)err_set(e, E_INPUT, "key: %.*s: no form that is read",
	    (int)slice_head(pem->label, 64).n, (const char *)pem->label.p);
	if (slice_starts(pem->label, "PGP "))
		(void)err_hint(e, "that is GnuPG's; gpg --export-ssh-key "
		    "writes a public RSA key as an ssh-rsa line");
	return -1;
}

static int
read_openssh(const struct pem *pem, struct key **out, struct err *e)
{
	struct buf bytes = {0};
	int ret;

	if ((ret = pem_decode(pem, &bytes, e)) == 0)
		ret = key_from_openssh(slice_buf(&bytes), out, e);
	buf_free(&bytes);
	return ret;
}

static int
add_object(const struct pem *pem, struct slice passphrase, struct keys *keys,
    struct err *e)
{
	struct key *key = NULL;

	if (slice_is(pem->label, "OPENSSH PRIVATE KEY") ?
	    read_openssh(pem, &key, e) < 0 :
	    key_from_object(pem, passphrase, &key, e) < 0)
		return -1;
	if (keys->n == KEYS_MAX) {
		key_free(key);
		return err_set(e, E_INPUT, "key: more than %d of them",
		    KEYS_MAX);
	}
	keys_add(keys, key);
	return 0;
}

/* Add the objects of one kind, of certificates the first; *met says whether
 * there was any. */
static int
add_kind(struct slice text, enum kind want, struct slice passphrase,
    struct keys *keys, bool *met, struct err *e)
{
	enum kind kind;
	struct pem pem;

	*met = false;
	while (pem_find(&text)) {
		if (pem_take(&text, &pem, e) < 0)
			return err_in(e, "key");
		if (kind_of(&pem, &kind, e) < 0)
			return -1;
		if (kind != want || (*met && kind == CERTIFICATE))
			continue;
		*met = true;
		if (add_object(&pem, passphrase, keys, e) < 0)
			return -1;
	}
	return 0;
}

/* PKCS#12 begins with a version, 3, and a sequence. */
static bool
is_pkcs12(struct slice der)
{
	size_t at = 2;

	if (der.n > 1 && der.p[1] > 0x80)
		at += der.p[1] & 0x7f;
	return der.n >= at + 4 &&
	    slice_eq(slice_head(slice_from(der, at), 4), slice_of("\2\1\3\x30",
	    4));
}

static int
add_der(struct slice der, struct slice passphrase, struct keys *keys,
    struct err *e)
{
	struct key *key;

	if (is_pkcs12(der))
		return keys_from_pkcs12(der, passphrase, keys, e);
	if (key_from_der(der, passphrase, &key, e) < 0)
		return -1;
	keys_add(keys, key);
	return 0;
}

int
keys_from_pem(struct slice text, struct slice passphrase, struct keys *keys,
    struct err *e)
{
	static const enum kind order[] = {PRIVATE, PUBLIC, CERTIFICATE};
	struct slice found = text;
	bool met = false;
	size_t i;

	if (text.n > 0 && text.p[0] == 0x30)
		return add_der(text, passphrase, keys, e);
	if (!pem_find(&found))
		return err_set(e, E_INPUT, "key: no form that is known");
	for (i = 0; i < 3 && !met; i++)
		if (add_kind(text, order[i], passphrase, keys, &met, e) < 0)
			return -1;
	return met ? 0 : err_set(e, E_INPUT, "key: PEM, but no key in it");
}

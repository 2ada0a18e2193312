/* jwk.c -- see jwk.h: reading and choosing. */
#include "jose/jwk.h"

#include "codec/b64.h"
#include "crypto/cert.h"

/* In a key bundle: {"key":{...}}. */
static bool
bundled(struct json_val jwk)
{
	return json_text_is(json_name(jwk), "key");
}

/* A member; what az prints has null for each that is not there. */
static struct json_val
get(struct json_val jwk, const char *name)
{
	struct json_val v = json_get(jwk, name);

	if (bundled(jwk) && json_is(v, JSON_NULL))
		v = (struct json_val){0};
	return v;
}

/* The bytes of a base64url member; absent is left empty if it may be.  The
 * bundles that az prints are in standard base64. */
static int
member(struct json_val jwk, const char *name, bool optional, struct buf *out,
    struct err *e)
{
	struct json_val val = get(jwk, name);
	struct buf text = {0};
	int ret;

	if (optional && !json_has(val))
		return 0;
	if (json_text(val, name, &text, e) < 0)
		return -1;
	ret = b64_decode(slice_buf(&text), bundled(jwk) ? B64_STD | B64_URL :
	    B64_JOSE, out, e);
	if (ret == 0 && out->n == 0)
		ret = err_set(e, E_INPUT, "empty");
	if (ret < 0)
		(void)err_in(e, "%s", name);
	buf_free(&text);
	return ret;
}

/* The key of the first certificate of x5c (RFC 7517 section 4.7). */
static int
x5c_key(struct json_val jwk, struct key **out, struct err *e)
{
	struct json_val first = json_first(get(jwk, "x5c"));
	struct certs certs = {0};
	struct buf text = {0}, der = {0};
	int ret = -1;

	if (json_text(first, "x5c", &text, e) < 0)
		goto out;
	if (b64_decode(slice_buf(&text), B64_STD | B64_PAD, &der, e) < 0 ||
	    certs_add_der(&certs, slice_buf(&der), 1, e) < 0 ||
	    cert_key(certs.v[0], out, e) < 0) {
		(void)err_in(e, "x5c");
		goto out;
	}
	ret = 0;
out:
	certs_free(&certs);
	buf_free(&text);
	buf_free(&der);
	return ret;
}

static int
rsa_numbers(struct json_val jwk, struct key **out, struct err *e)
{
	struct key_rsa k = {0};
	int ret = -1;

	if (json_has(get(jwk, "oth")))
		return err_set(e, E_INPUT,
		    "oth: keys of more than two primes are not supported");
	if (member(jwk, "n", false, &k.n, e) == 0 &&
	    member(jwk, "e", false, &k.e, e) == 0 &&
	    member(jwk, "d", true, &k.d, e) == 0 &&
	    member(jwk, "p", true, &k.p, e) == 0 &&
	    member(jwk, "q", true, &k.q, e) == 0 &&
	    member(jwk, "dp", true, &k.dp, e) == 0 &&
	    member(jwk, "dq", true, &k.dq, e) == 0 &&
	    member(jwk, "qi", true, &k.qi, e) == 0)
		ret = key_from_rsa(&k, out, e);
	key_rsa_free(&k);
	return ret;
}

static int
ec_numbers(struct json_val jwk, struct key **out, struct err *e)
{
	static const struct {
		const char *name;
		enum key_curve curve;
	} curves[] = {
		{"P-256", CURVE_P256}, {"P-384", CURVE_P384},
		{"P-521", CURVE_P521},
	};
	struct json_val crv = get(jwk, "crv");
	struct buf x = {0}, y = {0}, d = {0};
	int ret = -1;
	size_t i;

	for (i = 0; i < 3 && !json_text_is(crv, curves[i].name); i++)
		continue;
	if (i == 3)
		return err_set(e, E_INPUT,
		    "crv: not one of P-256, P-384, P-521");
	if (member(jwk, "x", false, &x, e) == 0 &&
	    member(jwk, "y", false, &y, e) == 0 &&
	    member(jwk, "d", true, &d, e) == 0)
		ret = key_from_ec(curves[i].curve, slice_buf(&x),
		    slice_buf(&y), slice_buf(&d), out, e);
	buf_free(&x);
	buf_free(&y);
	buf_free(&d);
	return ret;
}

/* RFC 8037 section 2; its other curves do not encrypt, or are not ours. */
static int
okp_numbers(struct json_val jwk, struct key **out, struct err *e)
{
	struct buf x = {0}, d = {0};
	int ret = -1;

	if (!json_text_is(get(jwk, "crv"), "X25519"))
		return err_set(e, E_INPUT, "crv: not X25519");
	if (member(jwk, "x", false, &x, e) == 0 &&
	    member(jwk, "d", true, &d, e) == 0)
		ret = key_from_raw(KEY_X25519, slice_buf(&x), slice_buf(&d),
		    out, e);
	buf_free(&x);
	buf_free(&d);
	return ret;
}

static int
oct_bytes(struct json_val jwk, struct key **out, struct err *e)
{
	struct buf k = {0};
	int ret;

	ret = member(jwk, "k", false, &k, e);
	if (ret == 0)
		ret = key_from_oct(slice_buf(&k), out, e);
	buf_free(&k);
	return ret;
}

/* RSA or EC by its numbers, by x5c, or by both, which must agree. */
static int
public_kind(struct json_val jwk, const char *first,
    int (*numbers)(struct json_val, struct key **, struct err *),
    struct key **out, struct err *e)
{
	bool chain = json_has(get(jwk, "x5c"));
	struct key *key = NULL, *listed = NULL;

	if (chain && x5c_key(jwk, &listed, e) < 0)
		return -1;
	if (!json_has(get(jwk, first)) && chain) {
		*out = listed;
		return 0;
	}
	if (numbers(jwk, &key, e) < 0) {
		key_free(listed);
		return -1;
	}
	if (chain && !key_same(key, listed)) {
		key_free(key);
		key_free(listed);
		return err_set(e, E_INPUT, "x5c: another key than the jwk's");
	}
	key_free(listed);
	*out = key;
	return 0;
}

static const struct {
	const char *kty, *hsm;	/* the second as a vault has it */
	enum key_type type;
} ktys[] = {
	{"RSA", "RSA-HSM", KEY_RSA}, {"EC", "EC-HSM", KEY_EC},
	{"oct", "oct-HSM", KEY_OCT}, {"OKP", "OKP", KEY_X25519},
};

static int
of_type(struct json_val jwk, enum key_type type, struct key **out,
    struct err *e)
{
	switch (type) {
	case KEY_RSA:
		return public_kind(jwk, "n", rsa_numbers, out, e);
	case KEY_EC:
		return public_kind(jwk, "x", ec_numbers, out, e);
	case KEY_OCT:
		return oct_bytes(jwk, out, e);
	default:
		return okp_numbers(jwk, out, e);
	}
}

static int
by_kty(struct json_val jwk, struct key **out, struct err *e)
{
	const size_t n = sizeof ktys / sizeof *ktys;
	struct json_val kty = json_get(jwk, "kty");
	struct key *key = NULL;
	size_t i;

	for (i = 0; i < n && !json_text_is(kty, ktys[i].kty) &&
	    !json_text_is(kty, ktys[i].hsm); i++)
		continue;
	if (i == n)
		return err_set(e, E_INPUT, "kty: not one of RSA, EC, OKP, oct");
	if (of_type(jwk, ktys[i].type, &key, e) < 0)
		return -1;
	/* x5c may hold a key of another type than kty says */
	if (key_type(key) != ktys[i].type) {
		key_free(key);
		return err_set(e, E_INPUT, "x5c: not a key of the type kty");
	}
	*out = key;
	return 0;
}

int
jwk_key(struct json_val jwk, struct key **out, struct err *e)
{
	if (!json_is(jwk, JSON_OBJECT))
		return err_set(e, E_INPUT, "jwk: not a JSON object");
	if (by_kty(jwk, out, e) < 0)
		return err_in(e, "jwk");
	return 0;
}

static bool
lists(struct json_val array, const char *word)
{
	struct json_val v;

	for (v = json_first(array); json_has(v); v = json_next(v))
		if (json_text_is(v, word))
			return true;
	return false;
}

/* alg names a signature or a MAC: no key for secrets. */
static bool
signs(struct json_val alg)
{
	static const char *const macs[] = {"HS256", "HS384", "HS512"};
	struct buf text = {0};
	enum key_sig sig;
	struct err none;
	bool does;
	size_t i;

	does = json_text(alg, "alg", &text, &none) == 0 &&
	    key_sig_by_name(slice_buf(&text), &sig);
	for (i = 0; i < sizeof macs / sizeof *macs; i++)
		does = does || json_text_is(alg, macs[i]);
	buf_free(&text);
	return does;
}

/* RFC 7517 section 4.3: no operation stands twice. */
static int
check_ops(struct json_val ops, struct err *e)
{
	struct json_val v, w;

	if (json_has(ops) && !json_is(ops, JSON_ARRAY))
		return err_set(e, E_INPUT, "jwk: key_ops is %s, not an array",
		    json_kind_name(ops));
	for (v = json_first(ops); json_has(v); v = json_next(v))
		for (w = json_next(v); json_has(w); w = json_next(w))
			if (json_equal(v, w))
				return err_set(e, E_INPUT, "jwk: key_ops has "
				    "an operation twice");
	return 0;
}

/* A key on a curve encrypts by agreeing on one, which has operations of its
 * own; in browsers' exports (W3C WebCrypto) a public one has none at all. */
static bool
agrees(struct json_val jwk, struct json_val ops, enum jwk_want want)
{
	struct json_val kty = json_get(jwk, "kty");

	if (want == JWK_VERIFY || (!json_text_is(kty, "EC") &&
	    !json_text_is(kty, "OKP")))
		return false;
	return lists(ops, "deriveKey") || lists(ops, "deriveBits") ||
	    (want == JWK_ENCRYPT && json_count(ops) == 0 &&
	    !json_has(get(jwk, "d")));
}

int
jwk_allows(struct json_val jwk, enum jwk_want want, const char *alg,
    struct err *e)
{
	static const struct {
		const char *use, *op, *other;
	} needs[] = {
		[JWK_VERIFY] = {"sig", "verify", "verify"},
		[JWK_ENCRYPT] = {"enc", "encrypt", "wrapKey"},
		[JWK_DECRYPT] = {"enc", "decrypt", "unwrapKey"},
	};
	struct json_val use = get(jwk, "use");
	struct json_val ops = get(jwk, "key_ops");
	struct json_val has = get(jwk, "alg");

	if (bundled(jwk) && !json_has(ops))
		ops = get(jwk, "keyOps");	/* as az spells it */

	if (json_has(use) && !json_text_is(use, needs[want].use))
		return err_set(e, E_NO, "jwk: use is not \"%s\"",
		    needs[want].use);
	if (check_ops(ops, e) < 0)
		return -1;
	if (json_has(ops) && !lists(ops, needs[want].op) &&
	    !lists(ops, needs[want].other) && !agrees(jwk, ops, want))
		return err_set(e, E_NO, "jwk: key_ops does not allow %s",
		    needs[want].op);
	if (json_has(has) && alg != NULL && !json_text_is(has, alg))
		return err_set(e, E_NO, "jwk: alg is not \"%s\"", alg);
	if (want != JWK_VERIFY && signs(has))
		return err_set(e, E_NO, "jwk: alg is for signatures");
	return 0;
}

/* Take the entry, or see that it is the key already found. */
static int
select_key(struct json_val entry, struct key **found, struct json_val *jwk,
    struct err *e)
{
	struct key *key = NULL;

	if (jwk_key(entry, &key, e) < 0)
		return -1;
	if (*found == NULL) {
		*found = key;
		*jwk = entry;
		return 0;
	}
	if (!key_same(*found, key))
		(void)err_set(e, E_INPUT,
		    "jwk set: two different keys under one kid");
	else
		e = NULL;
	key_free(key);
	return e == NULL ? 0 : -1;
}

static int
find_in_set(struct json_val keys, struct slice kid, struct key **out,
    struct json_val *jwk, struct err *e)
{
	struct json_val v, id;

	if (!json_is(keys, JSON_ARRAY) || json_count(keys) > JWK_KEYS_MAX)
		return err_set(e, E_INPUT,
		    "jwk set: keys is no array of at most %d", JWK_KEYS_MAX);
	if (kid.p == NULL && json_count(keys) != 1)
		return err_set(e, E_NO, "jwk set: %zu keys and no kid to "
		    "choose by", json_count(keys));
	for (v = json_first(keys); json_has(v); v = json_next(v)) {
		if (!json_is(v, JSON_OBJECT))
			return err_set(e, E_INPUT,
			    "jwk set: a key is %s", json_kind_name(v));
		id = json_get(v, "kid");
		if (kid.p != NULL && !json_text_eq(id, kid))
			continue;
		if (select_key(v, out, jwk, e) < 0)
			return -1;
	}
	if (*out != NULL)
		return 0;
	return err_set(e, E_NO, "jwk set: no key has the kid %.*s",
	    (int)slice_head(kid, 100).n, (const char *)kid.p);
}

int
jwk_find(struct json_val doc, struct slice kid, struct key **out,
    struct json_val *jwk, struct err *e)
{
	struct json_val none, keys = json_get(doc, "keys"), id;
	struct key *key = NULL;

	if (jwk == NULL)
		jwk = &none;
	if (json_has(keys)) {
		if (find_in_set(keys, kid, &key, jwk, e) < 0) {
			key_free(key);
			return -1;
		}
		*out = key;
		return 0;
	}
	id = json_get(doc, "kid");
	if (kid.p != NULL && json_has(id) && !json_text_eq(id, kid))
		return err_set(e, E_NO, "jwk: its kid is not %.*s",
		    (int)slice_head(kid, 100).n, (const char *)kid.p);
	*jwk = doc;
	return jwk_key(doc, out, e);
}

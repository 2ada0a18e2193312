/* jwkfile.c -- see jwk.h: key files in any form. */
#include "jose/jwk.h"

#include "codec/b64.h"
#include "codec/bech32.h"
#include "crypto/xwing.h"
#include "ground/text.h"

enum { NEST_MAX = 3 };	/* {"key":{"key":...}} and a string inside */

/* What is asked of a document, and where its keys go. */
struct reading {
	struct slice kid, passphrase;
	enum jwk_want want;
	struct keys *out;
};

static int from_json(struct slice, const struct reading *, int depth,
    struct err *);

/* What the sidecar or a vault says instead of a key. */
static int
refusal(struct json_val error, struct err *e)
{
	struct json_val msg = json_get(error, "message");
	struct buf text = {0};

	if (json_is(error, JSON_OBJECT))
		error = msg;
	if (json_text(error, "error", &text, e) == 0)
		(void)err_set(e, E_INPUT, "no key but an error answer: %.*s",
		    (int)slice_find(slice_buf(&text), '\n'),
		    (const char *)text.p);
	else
		(void)err_set(e, E_INPUT, "no key but an error answer");
	buf_free(&text);
	return -1;
}

/* Add the key, as the JWK describes it, if it is meant for the purpose; which
 * is not E_INPUT for who is to look at another one. */
static int
add_jwk(struct json_val jwk, struct key *key, const struct reading *r,
    struct err *e)
{
	struct json_val kid = json_get(jwk, "kid"), alg = json_get(jwk, "alg");
	struct buf name = {0}, meant = {0};
	int ret;

	ret = jwk_allows(jwk, r->want, NULL, e);
	if (ret == 0 && json_is(kid, JSON_STRING))
		ret = json_text(kid, "kid", &name, e);
	else if (ret == 0 && json_has(kid) && !json_is(kid, JSON_NULL))
		ret = err_set(e, E_INPUT, "jwk: kid is %s, not a string",
		    json_kind_name(kid));
	if (ret == 0 && json_is(alg, JSON_STRING))
		ret = json_text(alg, "alg", &meant, e);
	else if (ret == 0 && json_has(alg) && !json_is(alg, JSON_NULL))
		ret = err_set(e, E_INPUT, "jwk: alg is %s, not a string",
		    json_kind_name(alg));
	if (ret == 0) {
		key_mark(key, slice_buf(&name), slice_buf(&meant));
		keys_add(r->out, key);
	} else {
		key_free(key);
	}
	buf_free(&name);
	buf_free(&meant);
	return ret;
}

/* A key that came under the same name must be the same. */
static int
check_names(const struct keys *keys, size_t before, struct err *e)
{
	size_t last = keys->n - 1, i;

	for (i = before; i < last; i++)
		if (key_kid(keys->v[i]).n > 0 && slice_eq(key_kid(keys->v[i]),
		    key_kid(keys->v[last])) && !key_same(keys->v[i],
		    keys->v[last]))
			return err_set(e, E_INPUT, "jwk set: two different "
			    "keys under one kid");
	return 0;
}

/* All of a set that will do: others may be of types that we have not, or for
 * signatures. */
static int
from_set(struct json_val list, const struct reading *r, struct err *e)
{
	size_t before = r->out->n, count = json_count(list), n;
	struct err first = {.code = E_OK};
	struct key *key;
	struct json_val v;

	if (!json_is(list, JSON_ARRAY) || count > JWK_KEYS_MAX)
		return err_set(e, E_INPUT,
		    "jwk set: keys is no array of at most %d", JWK_KEYS_MAX);
	for (v = json_first(list); json_has(v); v = json_next(v)) {
		if (!json_is(v, JSON_OBJECT))
			return err_set(e, E_INPUT, "jwk set: a key is %s",
			    json_kind_name(v));
		n = r->out->n;
		if ((jwk_key(v, &key, e) < 0 || add_jwk(v, key, r, e) < 0) &&
		    first.code == E_OK)
			first = *e;
		if (r->out->n > n && check_names(r->out, before, e) < 0)
			return -1;
	}
	if (r->out->n == before && count <= 1) {
		*e = first;
		return count == 1 ? -1 : err_set(e, E_INPUT,
		    "jwk set: no keys");
	}
	if (r->out->n == before) {
		(void)err_set(e, E_NO, "jwk set: of its %zu keys none is "
		    "meant for this", count);
		return err_hint(e, "the first: %s", first.text);
	}
	if (r->want == JWK_ENCRYPT && r->out->n > before + 1) {
		(void)err_set(e, E_NO, "jwk set: %zu keys and no kid to "
		    "choose by", r->out->n - before);
		return err_hint(e, "choose one with --kid");
	}
	return 0;
}

/* step and others encrypt a JWK with a passphrase. */
static int
encrypted_jwk(struct err *e)
{
	(void)err_set(e, E_INPUT, "an encrypted JWK, which is not read");
	return err_hint(e, "step crypto jwe decrypt <FILE >key.jwk asks for "
	    "its passphrase");
}

static int
from_value(struct json_val doc, const struct reading *r, int depth,
    struct err *e)
{
	struct json_val inner = json_get(doc, "key"), jwk;
	struct json_val list = json_get(doc, "keys");
	struct buf text = {0};
	struct key *key;
	int ret;

	if (json_is(inner, JSON_OBJECT) && depth < NEST_MAX)
		return from_value(inner, r, depth + 1, e);
	if (json_is(inner, JSON_STRING) && depth < NEST_MAX) {
		ret = json_text(inner, "key", &text, e);
		if (ret == 0)
			ret = from_json(slice_buf(&text), r, depth + 1, e);
		buf_free(&text);
		return ret;
	}
	if (json_has(json_get(doc, "error")))
		return refusal(json_get(doc, "error"), e);
	if (json_has(json_get(doc, "ciphertext")))
		return encrypted_jwk(e);
	if (!json_has(json_get(doc, "kty")) && !json_has(list))
		return err_set(e, E_INPUT, "JSON, but no JWK, JWK Set, key "
		    "bundle or sidecar answer");
	if (json_has(list) && r->kid.p == NULL)
		return from_set(list, r, e);
	return jwk_find(doc, r->kid, &key, &jwk, e) < 0 ? -1 :
	    add_jwk(jwk, key, r, e);
}

static int
from_json(struct slice text, const struct reading *r, int depth,
    struct err *e)
{
	struct json *doc;
	int ret;

	if (json_parse(text, &doc, e) < 0)
		return -1;
	ret = from_value(json_root(doc), r, depth, e);
	json_free(doc);
	return ret;
}

/* --- lines --- */

static bool
is_ssh(struct slice s)
{
	return slice_starts(s, "ssh-") || slice_starts(s, "sk-") ||
	    slice_starts(s, "ecdsa-sha2-");
}

/* The names before the 1 of age's own keys. */
static const struct age_form {
	const char *name;
	bool secret, pq;
} age_forms[] = {
	{"age", false, false}, {"age1pq", false, true},
	{"AGE-SECRET-KEY-", true, false}, {"AGE-SECRET-KEY-PQ-", true, true},
};

/* A recipient or an identity of age's own. */
static bool
is_age(struct slice s)
{
	return slice_starts(s, "age1") || slice_starts(s, "AGE-SECRET-KEY-");
}

/* The one of these whose name stands before a 1; the longer names hold the
 * shorter. */
static const struct age_form *
age_form_of(struct slice s)
{
	size_t i = sizeof age_forms / sizeof *age_forms;

	while (i-- > 0)
		if (slice_starts(s, age_forms[i].name) &&
		    slice_starts(slice_from(s, strlen(age_forms[i].name)), "1"))
			return &age_forms[i];
	return NULL;
}

static int
from_age_bytes(const struct age_form *f, struct slice bytes, struct key **out,
    struct err *e)
{
	const struct slice none = {NULL, 0};

	if (f->pq)
		return f->secret ? xwing_from_seed(bytes, out, e) :
		    xwing_from_public(bytes, out, e);
	return key_from_raw(KEY_X25519, f->secret ? none : bytes, f->secret ?
	    bytes : none, out, e);
}

/* Recipients of age's plugins and of later versions begin with age1 too, with
 * a name of their own before the next 1. */
static int
from_age(struct slice line, struct key **out, struct err *e)
{
	const struct age_form *f = age_form_of(line);
	struct buf bytes = {0};
	int ret;

	if (f == NULL || (f == age_forms && slice_find(slice_from(line, 4),
	    '1') + 4 < line.n)) {
		(void)err_set(e, E_INPUT, "age: %s of another kind than age's "
		    "own on X25519, alone or with ML-KEM", slice_starts(line,
		    "age") ? "a recipient" : "an identity");
		return err_hint(e, "age -r seals for it, age -i opens with it");
	}
	ret = bech32_decode(line, f->name, &bytes, e);
	if (ret == 0)
		ret = from_age_bytes(f, slice_buf(&bytes), out, e);
	buf_free(&bytes);
	return ret < 0 ? err_in(e, "age") : 0;
}

static bool
is_comment(struct slice line)
{
	return line.n == 0 || line.p[0] == '#';
}

/* The first line that is none of those. */
static struct slice
first_line(struct slice text)
{
	struct slice line;
	size_t n;

	do {
		n = slice_find(text, '\n');
		line = slice_trim(slice_head(text, n));
		text = slice_from(text, n + 1);
	} while (is_comment(line) && text.n > 0);
	return line;
}

static int
from_line(struct slice line, const struct reading *r, struct err *e)
{
	struct key *key;

	if (is_age(line) ? from_age(line, &key, e) < 0 : is_ssh(line) ?
	    key_from_ssh_line(line, &key, e) < 0 : err_set(e, E_INPUT,
	    "neither an SSH key nor one of age's, as the lines before") < 0)
		return -1;
	keys_add(r->out, key);
	return 0;
}

static int
from_lines(struct slice text, const struct reading *r, struct err *e)
{
	size_t n, at = 0, before = r->out->n;
	struct slice line;

	for (; text.n > 0; text = slice_from(text, n + 1)) {
		n = slice_find(text, '\n');
		line = slice_trim(slice_head(text, n));
		at++;
		if (is_comment(line))
			continue;
		if (r->out->n - before == KEYS_MAX)
			return err_set(e, E_INPUT, "more than %d keys",
			    KEYS_MAX);
		if (from_line(line, r, e) < 0)
			return at > 1 ? err_in(e, "line %zu", at) : -1;
	}
	return 0;
}

/* --- what is a key, but of none of our forms --- */

static const struct {
	const char *begins, *what, *hint;
} others[] = {
	{"PuTTY-User-Key-File-", "PuTTY's own form of a key, which is not "
	    "read", "puttygen FILE -O private-openssh-new -o NEW converts it"},
	{"---- BEGIN SSH2 ", "SSH2's form of a key (RFC 4716), which is not "
	    "read", "ssh-keygen -i -f FILE converts it"},
	{"\xfe\xed\xfe\xed", "a Java key store, which is not read",
	    "keytool -importkeystore -srckeystore FILE -destkeystore NEW "
	    "-deststoretype PKCS12 converts it"},
	{"age-encryption.org/", "an encrypted file of age's, where its keys "
	    "belong", "age -d FILE >identities.txt opens it"},
	{"-----BEGIN AGE ENCRYPTED FILE", "an encrypted file of age's, where "
	    "its keys belong", "age -d FILE >identities.txt opens it"},
	{"AGE-PLUGIN-", "an identity for one of age's plugins, which are not "
	    "run", "age -d opens such files"},
};

/* Parts with so many dots between, the first a JSON object. */
static bool
is_compact(struct slice s, size_t want)
{
	size_t i, dots = 0;

	for (i = 0; i < s.n; i++)
		dots += s.p[i] == '.';
	return slice_starts(s, "eyJ") && dots == want;
}

static int
foreign(struct slice s, struct err *e)
{
	size_t i;

	if (is_compact(s, 4))
		return encrypted_jwk(e);
	if (is_compact(s, 2)) {
		(void)err_set(e, E_INPUT, "a token, not a key");
		return err_hint(e, "key-release -t takes a token, and "
		    "jwt-claims reads it");
	}
	for (i = 0; i < sizeof others / sizeof *others; i++) {
		if (!slice_starts(s, others[i].begins))
			continue;
		(void)err_set(e, E_INPUT, "%s", others[i].what);
		return err_hint(e, "%s", others[i].hint);
	}
	/* RFC 9580's packets of keys, in both their framings */
	if (s.n > 3 && (s.p[0] == 0x95 || s.p[0] == 0x99 || s.p[0] == 0xc5 ||
	    s.p[0] == 0xc6)) {
		(void)err_set(e, E_INPUT, "GnuPG's form of a key, which is "
		    "not read");
		return err_hint(e, "gpg --export-ssh-key writes a public RSA "
		    "key as an ssh-rsa line");
	}
	return 0;
}

/* Base64 of DER, as a vault keeps what an app is to use. */
static bool
is_der_text(struct slice s, struct buf *der)
{
	struct err e;

	return slice_starts(s, "MI") && b64_decode(s, B64_TEXT, der, &e) == 0;
}

static int
from_text(struct slice text, const struct reading *r, struct err *e)
{
	struct slice trimmed = slice_trim(text), line;
	struct buf der = {0};
	int ret;

	if (text_no_bom(text, "key", e) < 0)
		return -1;
	if (trimmed.n == 0)
		return err_set(e, E_INPUT, "empty where a key belongs");
	if (text.p[0] == 0x30)
		return keys_from_pem(text, r->passphrase, r->out, e);
	if (trimmed.p[0] == '{')
		return from_json(text, r, 0, e);
	line = first_line(text);
	if (is_ssh(line) || is_age(line))
		return from_lines(text, r, e);
	if (foreign(line, e) < 0)
		return -1;
	ret = is_der_text(trimmed, &der) ?
	    keys_from_pem(slice_buf(&der), r->passphrase, r->out, e) :
	    keys_from_pem(text, r->passphrase, r->out, e);
	if (ret < 0 && slice_search(text, "-----BEGIN ") == text.n &&
	    !slice_starts(trimmed, "MI"))
		(void)err_hint(e, "keys are read as JWK, JWK Set, PEM, DER, "
		    "PKCS#12, and lines of SSH and of age");
	buf_free(&der);
	return ret;
}

/* Leave the private ones. */
static int
only_private(struct keys *keys, size_t before, struct err *e)
{
	size_t i = before;

	while (i < keys->n)
		if (key_private(keys->v[i]))
			i++;
		else
			key_free(keys_take(keys, i));
	if (keys->n > before)
		return 0;
	(void)err_set(e, E_INPUT, "a public key; decrypting needs the "
	    "private one");
	return err_hint(e, "a vault gives its private half out through "
	    "key-release alone; ssh-keygen's is the file without .pub");
}

int
jwk_read_all(struct slice text, struct slice kid, struct slice passphrase,
    enum jwk_want want, struct keys *out, struct err *e)
{
	struct keys keys = {0};
	const struct reading r = {kid, passphrase, want, &keys};

	if (from_text(text, &r, e) < 0 || (want == JWK_DECRYPT &&
	    only_private(&keys, 0, e) < 0)) {
		keys_free(&keys);
		return -1;
	}
	while (keys.n > 0)
		keys_add(out, keys_take(&keys, 0));
	keys_free(&keys);
	return 0;
}

int
jwk_read(struct slice text, struct slice kid, struct slice passphrase,
    enum jwk_want want, struct key **out, struct buf *name, struct err *e)
{
	struct keys keys = {0};
	int ret;

	ret = jwk_read_all(text, kid, passphrase, want, &keys, e);
	if (ret == 0 && keys.n > 1)
		ret = err_set(e, E_NO, "%zu keys where one belongs", keys.n);
	if (ret == 0) {
		*out = keys_take(&keys, 0);
		if (name != NULL)
			buf_add(name, key_kid(*out));
	}
	keys_free(&keys);
	return ret;
}

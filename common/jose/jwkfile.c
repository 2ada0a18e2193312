/* jwkfile.c -- see jwk.h: key files in any form. */
#include "jose/jwk.h"

#include "codec/b64.h"
#include "codec/bytes.h"
#include "ground/text.h"

enum { NEST_MAX = 3 };	/* {"key":{"key":...}} and a string inside */

static int from_json(struct slice, struct slice kid, enum jwk_want, int depth,
    struct key **, struct buf *name, struct err *);

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

static int
from_value(struct json_val doc, struct slice kid, enum jwk_want want,
    int depth, struct key **out, struct buf *name, struct err *e)
{
	struct json_val inner = json_get(doc, "key"), jwk;
	struct buf text = {0};
	struct key *key;
	int ret;

	if (json_is(inner, JSON_OBJECT) && depth < NEST_MAX)
		return from_value(inner, kid, want, depth + 1, out,
		    name, e);
	if (json_is(inner, JSON_STRING) && depth < NEST_MAX) {
		ret = json_text(inner, "key", &text, e);
		if (ret == 0)
			ret = from_json(slice_buf(&text), kid, want, depth + 1,
			    out, name, e);
		buf_free(&text);
		return ret;
	}
	if (json_has(json_get(doc, "error")))
		return refusal(json_get(doc, "error"), e);
	if (!json_has(json_get(doc, "kty")) && !json_has(json_get(doc,
	    "keys")))
		return err_set(e, E_INPUT, "JSON, but no JWK, JWK Set, key "
		    "bundle or sidecar answer");
	if (jwk_find(doc, kid, &key, &jwk, e) < 0) {
		if (e->code == E_NO && kid.p == NULL)
			(void)err_hint(e, "choose one with --kid");
		return -1;
	}
	if (jwk_allows(jwk, want, NULL, e) < 0 || (name != NULL &&
	    json_has(json_get(jwk, "kid")) &&
	    json_text(json_get(jwk, "kid"), "kid", name, e) < 0)) {
		key_free(key);
		return -1;
	}
	*out = key;
	return 0;
}

static int
from_json(struct slice text, struct slice kid, enum jwk_want want, int depth,
    struct key **out, struct buf *name, struct err *e)
{
	struct json *doc;
	int ret;

	if (json_parse(text, &doc, e) < 0)
		return -1;
	ret = from_value(json_root(doc), kid, want, depth, out,
	    name, e);
	json_free(doc);
	return ret;
}

/* One length-prefixed string of the SSH wire format (RFC 4251 section 5). */
static bool
ssh_string(struct slice *in, struct slice *out)
{
	uint32_t n;

	if (in->n < 4)
		return false;
	n = be32(in->p);
	if (in->n - 4 < n)
		return false;
	*out = slice_head(slice_from(*in, 4), n);
	*in = slice_from(*in, 4 + (size_t)n);
	return true;
}

/* "ssh-rsa BASE64 comment" (RFC 4253 section 6.6: the name, e, n). */
static int
from_ssh(struct slice line, struct key **out, struct err *e)
{
	struct slice rest, name, exponent, modulus;
	struct key_rsa k = {0};
	struct buf wire = {0};
	int ret = -1;

	rest = slice_from(line, strlen("ssh-rsa "));
	if (slice_find(rest, '\n') != rest.n) {
		return err_set(e, E_INPUT, "ssh: more than one line");
	}
	rest = slice_head(rest, slice_find(rest, ' '));
	if (b64_decode(rest, B64_STD | B64_PAD, &wire, e) < 0) {
		(void)err_in(e, "ssh");
		goto out;
	}
	rest = slice_buf(&wire);
	if (!ssh_string(&rest, &name) || !ssh_string(&rest, &exponent) ||
	    !ssh_string(&rest, &modulus) || rest.n > 0 ||
	    !slice_is(name, "ssh-rsa")) {
		(void)err_set(e, E_INPUT, "ssh: no ssh-rsa public key");
		goto out;
	}
	buf_add(&k.e, exponent);
	buf_add(&k.n, modulus);
	ret = key_from_rsa(&k, out, e);
out:
	key_rsa_free(&k);
	buf_free(&wire);
	return ret;
}

static int
from_text(struct slice text, struct slice kid, struct slice passphrase,
    enum jwk_want want, struct key **out, struct buf *name, struct err *e)
{
	struct slice trimmed = slice_trim(text);

	if (text_no_bom(text, "key", e) < 0)
		return -1;
	if (trimmed.n == 0)
		return err_set(e, E_INPUT, "empty where a key belongs");
	if (trimmed.p[0] == '{')
		return from_json(text, kid, want, 0, out, name, e);
	if (want == JWK_ENCRYPT && slice_starts(trimmed, "ssh-rsa "))
		return from_ssh(trimmed, out, e);
	return key_from_pem(text, passphrase, out, e);
}

int
jwk_read(struct slice text, struct slice kid, struct slice passphrase,
    enum jwk_want want, struct key **out, struct buf *name, struct err *e)
{
	struct key *key = NULL;

	if (from_text(text, kid, passphrase, want, &key, name, e) < 0)
		return -1;
	if (want == JWK_DECRYPT && !key_private(key)) {
		key_free(key);
		return err_set(e, E_INPUT,
		    "a public key; decrypting needs the private one");
	}
	*out = key;
	return 0;
}

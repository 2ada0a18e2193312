/* akv.c -- see akv.h. */
#include "azure/akv.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "codec/b64.h"
#include "crypto/wrap.h"
#include "jose/jwk.h"
#include "jose/jws.h"
#include "value/json.h"

static const struct {
	const char *name;
	enum hash hash;
} encs[] = {
	{"CKM_RSA_AES_KEY_WRAP", HASH_SHA1},
	{"RSA_AES_KEY_WRAP_256", HASH_SHA256},
	{"RSA_AES_KEY_WRAP_384", HASH_SHA384},
};

bool
akv_enc_hash(struct slice enc, enum hash *hash)
{
	size_t i;

	for (i = 0; i < sizeof encs / sizeof *encs; i++)
		if (slice_is(enc, encs[i].name)) {
			*hash = encs[i].hash;
			return true;
		}
	return false;
}

static void
route(const struct endpoint_key *key, const char *verb, const char *version,
    struct buf *out)
{
	buf_addf(out, "/keys/%.*s", (int)key->name.n, key->name.p);
	if (key->version.n > 0)
		buf_addf(out, "/%.*s", (int)key->version.n, key->version.p);
	buf_addf(out, "%s?api-version=%s", verb, version);
	buf_addc(out, '\0');
}

void
akv_route(const struct endpoint_key *key, const char *api_version,
    struct buf *out)
{
	route(key, "/release", api_version, out);
}

void
akv_key_route(const struct endpoint_key *key, const char *api_version,
    struct buf *out)
{
	route(key, "", api_version, out);
}

void
akv_body(struct slice target, const char *enc, const char *nonce,
    struct buf *out)
{
	buf_addf(out, "{\"enc\":\"%s\"", enc);
	if (nonce != NULL) {
		buf_adds(out, ",\"nonce\":");
		json_quote(slice_str(nonce), out);
	}
	if (target.n > 0) {
		buf_adds(out, ",\"target\":");
		json_quote(target, out);
	}
	buf_addc(out, '}');
}

/* The certificates of the header, which are standard base64 (RFC 7515 section
 * 4.1.6). */
static int
read_chain(struct json_val head, struct certs *chain, struct err *e)
{
	struct json_val x5c = json_get(head, "x5c"), v;
	struct buf text = {0}, der = {0};
	int ret = 0;

	if (!json_is(x5c, JSON_ARRAY) || json_count(x5c) == 0)
		return err_set(e, E_INPUT, "x5c: no certificates");
	for (v = json_first(x5c); json_has(v) && ret == 0; v = json_next(v)) {
		buf_cut(&text, 0);
		buf_cut(&der, 0);
		if (json_text(v, "x5c", &text, e) < 0 ||
		    b64_decode(slice_buf(&text), B64_STD, &der, e) < 0 ||
		    certs_add_der(chain, slice_buf(&der), CERT_CHAIN_MAX,
		    e) < 0)
			ret = err_in(e, "x5c");
	}
	buf_free(&der);
	buf_free(&text);
	return ret;
}

/* The header's alg chooses between two of one strength, and no further. */
static int
pinned_alg(const struct jws *j, enum key_sig *sig, struct err *e)
{
	if (key_sig_by_name(slice_buf(&j->alg), sig) &&
	    (*sig == SIG_RS256 || *sig == SIG_PS256))
		return 0;
	return err_set(e, E_NO, "alg %.*s is neither RS256 nor PS256",
	    (int)j->alg.n, j->alg.p);
}

static int
verify_jws(const struct jws *j, const struct akv_asked *asked, struct err *e)
{
	char *host = slice_dup(slice_buf(&asked->key->host));
	struct certs chain = {0};
	struct key *key = NULL;
	enum key_sig sig;
	int ret = -1;

	if (pinned_alg(j, &sig, e) == 0 &&
	    read_chain(json_root(j->head), &chain, e) == 0 &&
	    chain.v != NULL &&
	    cert_chain_verify(&chain, asked->roots, asked->at, host, e) == 0 &&
	    cert_key(chain.v[0], &key, e) == 0)
		ret = jws_verify(j, key, sig, e);
	key_free(key);
	certs_free(&chain);
	free(host);
	return ret;
}

static bool
same_name(const struct buf *a, const struct buf *b)
{
	/* names and versions of keys are the same in either case */
	return a->n == b->n && strncasecmp((const char *)a->p,
	    (const char *)b->p, a->n) == 0;
}

/* A kid names the key asked for, in the version asked for if there was one. */
static int
check_kid(struct json_val kid, const char *what,
    const struct endpoint_key *want, struct err *e)
{
	struct endpoint_key is = {0};
	struct buf text = {0};
	struct err ignored;
	bool yes = false;
	char *url;

	if (json_text(kid, what, &text, e) < 0) {
		buf_free(&text);
		return -1;
	}
	url = slice_dup(slice_buf(&text));
	if (endpoint_key(url, &is, &ignored) == 0)
		yes = slice_eq(slice_buf(&is.base), slice_buf(&want->base)) &&
		    same_name(&is.name, &want->name) &&
		    (want->version.n == 0 ||
		    same_name(&is.version, &want->version));
	if (!yes)
		(void)err_set(e, E_NO, "%s: %.300s is not the key asked for",
		    what, url);
	endpoint_key_free(&is);
	free(url);
	buf_free(&text);
	return yes ? 0 : -1;
}

static int
check_echo(struct json_val request, const char *name, const char *want,
    struct err *e)
{
	struct json_val v = json_get(request, name);
	struct slice is = slice_head(json_span(v), 160);

	if (want == NULL || json_text_is(v, want))
		return 0;
	if (!json_has(v))
		return err_set(e, E_NO, "request.%s: missing, not %s", name,
		    want);
	return err_set(e, E_NO, "request.%s: %.*s is not the %s asked for",
	    name, (int)is.n, is.p, want);
}

static int
check_payload(struct json_val root, const struct akv_asked *asked,
    struct err *e)
{
	struct json_val request = json_get(root, "request");
	struct json_val key = json_get(json_get(json_get(root, "response"),
	    "key"), "key");

	if (!json_is(request, JSON_OBJECT) || !json_is(key, JSON_OBJECT))
		return err_set(e, E_INPUT, "payload: no request and "
		    "response.key.key in it");
	if (check_kid(json_get(request, "kid"), "request.kid", asked->key,
	    e) < 0 ||
	    check_echo(request, "enc", asked->enc, e) < 0 ||
	    check_echo(request, "nonce", asked->nonce, e) < 0)
		return -1;
	return check_kid(json_get(key, "kid"), "response.key.key.kid",
	    asked->key, e);
}

int
akv_shown(struct slice bundle, const struct endpoint_key *want, struct err *e)
{
	struct json *doc = NULL;
	int ret;

	if (json_parse(bundle, &doc, e) < 0)
		return err_in(e, "answer");
	ret = check_kid(json_get(json_get(json_root(doc), "key"), "kid"),
	    "key.kid", want, e);
	json_free(doc);
	return ret;
}

/* Append the ciphertext out of key_hsm, base64 of {"header":{"enc"},
 * "ciphertext"}. */
static int
ciphertext(struct json_val key, const char *enc, struct buf *out,
    struct err *e)
{
	struct buf text = {0}, bytes = {0};
	struct json *doc = NULL;
	struct json_val v;
	int ret = -1;

	if (json_text(json_get(key, "key_hsm"), "key_hsm", &text, e) < 0 ||
	    b64_decode(slice_buf(&text), B64_TEXT, &bytes, e) < 0 ||
	    json_parse(slice_buf(&bytes), &doc, e) < 0)
		goto out;
	v = json_get(json_get(json_root(doc), "header"), "enc");
	if (json_has(v) && !json_text_is(v, enc)) {
		(void)err_set(e, E_NO, "header.enc: %.*s is not the %s asked "
		    "for", (int)slice_head(json_span(v), 160).n,
		    json_span(v).p, enc);
		goto out;
	}
	buf_cut(&text, 0);
	if (json_text(json_get(json_root(doc), "ciphertext"), "ciphertext",
	    &text, e) < 0)
		goto out;
	ret = b64_decode(slice_buf(&text), B64_TEXT, out, e);
out:
	json_free(doc);
	buf_free(&bytes);
	buf_free(&text);
	return ret < 0 ? err_in(e, "key_hsm") : 0;
}

/* The private half must belong to the public one the vault describes. */
static int
check_public(struct json_val jwk, const struct key *key, struct err *e)
{
	struct key *public = NULL;
	bool same;

	if (!json_has(json_get(jwk, "n")) && !json_has(json_get(jwk, "x")))
		return 0;
	if (jwk_key(jwk, &public, e) < 0)
		return err_in(e, "response.key.key");
	same = key_same(public, key);
	key_free(public);
	return same ? 0 : err_set(e, E_NO, "the released key is not the one "
	    "the vault describes");
}

static int
make_key(struct json_val jwk, struct slice material, struct key **out,
    struct err *e)
{
	struct buf kty = {0};
	struct key *key = NULL;
	bool oct, rsa, ec;
	int ret = -1;

	if (json_text(json_get(jwk, "kty"), "kty", &kty, e) < 0) {
		buf_free(&kty);
		return -1;
	}
	oct = slice_is(slice_buf(&kty), "oct") ||
	    slice_is(slice_buf(&kty), "oct-HSM");
	rsa = slice_is(slice_buf(&kty), "RSA") ||
	    slice_is(slice_buf(&kty), "RSA-HSM");
	ec = slice_is(slice_buf(&kty), "EC") ||
	    slice_is(slice_buf(&kty), "EC-HSM");
	if (oct)
		ret = key_from_oct(material, &key, e);
	else if (rsa || ec)
		ret = key_from_pkcs8(material, &key, e);
	else
		(void)err_set(e, E_INPUT, "kty: %.*s is no kind of key known",
		    (int)slice_head(slice_buf(&kty), 40).n, kty.p);
	if (ret == 0 && ((rsa && key_type(key) != KEY_RSA) ||
	    (ec && key_type(key) != KEY_EC)))
		ret = err_set(e, E_INPUT, "not of the kind %.*s",
		    (int)kty.n, kty.p);
	if (ret == 0 && !oct)
		ret = check_public(jwk, key, e);
	if (ret == 0)
		*out = key;
	else
		key_free(key);
	buf_free(&kty);
	return ret < 0 ? err_in(e, "released key") : 0;
}

static int
unwrap(struct json_val root, const struct akv_asked *asked,
    struct buf *jwk, struct err *e)
{
	struct json_val desc = json_get(json_get(json_get(root, "response"),
	    "key"), "key");
	struct buf wrapped = {0}, material = {0}, kid = {0};
	struct key *key = NULL;
	enum hash hash;
	int ret = -1;

	if (check_payload(root, asked, e) < 0)
		return -1;
	if (!akv_enc_hash(slice_str(asked->enc), &hash))
		return err_set(e, E_USAGE, "%s: no key wrap known",
		    asked->enc);
	if (ciphertext(desc, asked->enc, &wrapped, e) == 0 &&
	    wrap_rsa_aes_open(asked->wrap, hash, slice_buf(&wrapped),
	    &material, e) == 0 &&
	    make_key(desc, slice_buf(&material), &key, e) == 0 &&
	    json_text(json_get(desc, "kid"), "kid", &kid, e) == 0) {
		jwk_write(key, true, slice_buf(&kid),
		    json_get(desc, "key_ops"), jwk);
		ret = 0;
	}
	key_free(key);
	buf_free(&kid);
	buf_free(&material);
	buf_free(&wrapped);
	return ret;
}

int
akv_payload(struct slice payload, const struct akv_asked *asked,
    struct buf *jwk, struct err *e)
{
	struct json *doc = NULL;
	int ret;

	if (json_parse(payload, &doc, e) < 0)
		return err_in(e, "payload");
	ret = unwrap(json_root(doc), asked, jwk, e);
	json_free(doc);
	return ret;
}

int
akv_open(struct slice body, const struct akv_asked *asked, struct buf *jwk,
    struct err *e)
{
	struct json *doc = NULL;
	struct buf value = {0};
	struct jws jws = {0};
	int ret = -1;

	if (json_parse(body, &doc, e) < 0)
		return err_in(e, "answer");
	if (json_text(json_get(json_root(doc), "value"), "value", &value,
	    e) < 0) {
		(void)err_in(e, "answer");
		goto out;
	}
	/* nothing of it is read before it is known who says so */
	if (jws_parse(slice_buf(&value), &jws, e) == 0 &&
	    verify_jws(&jws, asked, e) == 0)
		ret = akv_payload(slice_buf(&jws.payload), asked, jwk, e);
	if (ret < 0)
		(void)err_in(e, "release");
out:
	jws_free(&jws);
	buf_free(&value);
	json_free(doc);
	return ret;
}

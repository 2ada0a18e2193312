/* jwkout.c -- see jwk.h: writing. */
#include "jose/jwk.h"

#include "codec/b64.h"
#include "crypto/hash.h"

/* Append "name":"base64url", with a comma before all but the first. */
static void
put(struct buf *out, const char *name, struct slice value)
{
	if (out->p[out->n - 1] != '{')
		buf_addc(out, ',');
	buf_addf(out, "\"%s\":\"", name);
	b64_encode(value, B64_URL, out);
	buf_addc(out, '"');
}

/* The members that are the same for every type, in their sorted place. */
static void
put_common(struct buf *out, const char *kty, struct slice kid,
    struct json_val key_ops)
{
	if (json_is(key_ops, JSON_ARRAY)) {
		buf_adds(out, out->p[out->n - 1] != '{' ? ",\"key_ops\":" :
		    "\"key_ops\":");
		json_compact(key_ops, out);
	}
	if (kid.n > 0) {
		buf_adds(out, out->p[out->n - 1] != '{' ? ",\"kid\":" :
		    "\"kid\":");
		json_quote(kid, out);
	}
	buf_addf(out, "%s\"kty\":\"%s\"", out->p[out->n - 1] != '{' ? "," : "",
	    kty);
}

static void
write_rsa(const struct key *key, bool priv, struct slice kid,
    struct json_val ops, struct buf *out)
{
	struct key_rsa k = {0};

	key_to_rsa(key, &k);
	if (priv) {
		put(out, "d", slice_buf(&k.d));
		put(out, "dp", slice_buf(&k.dp));
		put(out, "dq", slice_buf(&k.dq));
	}
	put(out, "e", slice_buf(&k.e));
	put_common(out, "RSA", kid, ops);
	put(out, "n", slice_buf(&k.n));
	if (priv) {
		put(out, "p", slice_buf(&k.p));
		put(out, "q", slice_buf(&k.q));
		put(out, "qi", slice_buf(&k.qi));
	}
	key_rsa_free(&k);
}

static const char *
curve_name(enum key_curve curve)
{
	switch (curve) {
	case CURVE_P256:
		return "P-256";
	case CURVE_P384:
		return "P-384";
	case CURVE_P521:
		break;
	}
	return "P-521";
}

static void
write_ec(const struct key *key, bool priv, struct slice kid,
    struct json_val ops, struct buf *out)
{
	struct buf x = {0}, y = {0}, d = {0};
	enum key_curve curve;

	key_to_ec(key, &curve, &x, &y, &d);
	buf_addf(out, "\"crv\":\"%s\"", curve_name(curve));
	if (priv)
		put(out, "d", slice_buf(&d));
	put_common(out, "EC", kid, ops);
	put(out, "x", slice_buf(&x));
	put(out, "y", slice_buf(&y));
	buf_free(&x);
	buf_free(&y);
	buf_free(&d);
}

/* RFC 8037 section 2. */
static void
write_raw(const struct key *key, bool priv, struct slice kid,
    struct json_val ops, struct buf *out)
{
	struct buf x = {0}, d = {0};

	key_to_raw(key, &x, &d);
	buf_addf(out, "\"crv\":\"%s\"",
	    key_type(key) == KEY_X25519 ? "X25519" : "Ed25519");
	if (priv)
		put(out, "d", slice_buf(&d));
	put_common(out, "OKP", kid, ops);
	put(out, "x", slice_buf(&x));
	buf_free(&x);
	buf_free(&d);
}

void
jwk_write(const struct key *key, bool priv, struct slice kid,
    struct json_val key_ops, struct buf *out)
{
	priv = priv && key_private(key);
	buf_addc(out, '{');
	switch (key_type(key)) {
	case KEY_RSA:
		write_rsa(key, priv, kid, key_ops, out);
		break;
	case KEY_EC:
		write_ec(key, priv, kid, key_ops, out);
		break;
	case KEY_OCT:
		if (priv)
			put(out, "k", key_oct(key));
		put_common(out, "oct", kid, key_ops);
		break;
	case KEY_X25519:
	case KEY_ED25519:
	case KEY_PASS:
	case KEY_XWING:
		write_raw(key, priv, kid, key_ops, out);
		break;
	}
	buf_addc(out, '}');
}

/* RFC 7638 section 3.2: the required members alone, sorted, no blanks; for
 * a public key that is jwk_write() without kid and key_ops, for a symmetric
 * one with k. */
void
jwk_thumbprint(const struct key *key, struct buf *out)
{
	struct buf text = {0};
	uint8_t sum[SHA256_SIZE];

	jwk_write(key, key_type(key) == KEY_OCT, slice_of(NULL, 0),
	    (struct json_val){0}, &text);
	hash_sha256(slice_buf(&text), sum);
	b64_encode(slice_of(sum, sizeof sum), B64_URL, out);
	buf_free(&text);
}

void
jwk_runtime_data(const struct key *key, struct buf *out)
{
	static const char encrypt[] = "[\"encrypt\"]";
	struct json *ops;
	struct buf kid = {0};
	struct err e;

	/* a constant text: it parses */
	if (json_parse(slice_str(encrypt), &ops, &e) < 0)
		return;
	jwk_thumbprint(key, &kid);
	buf_adds(out, "{\"keys\":[");
	jwk_write(key, false, slice_buf(&kid), json_root(ops), out);
	buf_adds(out, "]}");
	buf_free(&kid);
	json_free(ops);
}

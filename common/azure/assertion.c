/* assertion.c -- see assertion.h. */
#include "azure/assertion.h"

#include <inttypes.h>
#include <string.h>

#include "codec/b64.h"
#include "crypto/cert.h"
#include "value/json.h"

/* A key and the certificates of a file. */
struct credential {
	struct key *key;
	struct certs certs;
};

/* The next PEM object of *text, which moves behind it, and its label. */
static bool
next_pem(struct slice *text, struct slice *label, struct slice *object)
{
	static const char begin[] = "-----BEGIN ", end[] = "\n-----END ";
	struct slice s = slice_from(*text, slice_search(*text, begin));
	size_t at, tail;

	*label = slice_from(s, sizeof begin - 1);
	*label = slice_head(*label, slice_search(*label, "-----"));
	at = slice_search(s, end);
	if (s.n == 0 || at == s.n)
		return false;
	tail = at + sizeof end - 1 + label->n + strlen("-----");
	*object = slice_head(s, tail);
	*text = slice_from(s, tail);
	return true;
}

static bool
ends(struct slice s, const char *with)
{
	size_t n = strlen(with);

	return s.n >= n && slice_is(slice_from(s, s.n - n), with);
}

static int
add_key(struct credential *c, struct slice pem, struct slice password,
    struct err *e)
{
	if (c->key != NULL)
		return err_set(e, E_INPUT, "two private keys");
	if (key_from_pem(pem, password, &c->key, e) == 0)
		return 0;
	if (e->code == E_NO)
		(void)err_hint(e, "AZURE_CLIENT_CERTIFICATE_PASSWORD is the "
		    "key's");
	return -1;
}

/* The certificate that is the key's goes first. */
static int
leaf_first(struct credential *c, struct err *e)
{
	struct cert *leaf;
	struct err ignored;
	struct key *key;
	bool same;
	size_t i;

	for (i = 0; i < c->certs.n; i++) {
		if (cert_key(c->certs.v[i], &key, &ignored) < 0)
			continue;
		same = key_same(key, c->key);
		key_free(key);
		if (!same)
			continue;
		leaf = c->certs.v[i];
		for (; i > 0; i--)
			c->certs.v[i] = c->certs.v[i - 1];
		c->certs.v[0] = leaf;
		return 0;
	}
	return err_set(e, E_INPUT, "the certificate is of another key");
}

static int
read_pem(struct slice text, struct slice password, struct credential *c,
    struct err *e)
{
	struct slice label, object;

	while (next_pem(&text, &label, &object)) {
		if (ends(label, "PRIVATE KEY") &&
		    add_key(c, object, password, e) < 0)
			return -1;
		if (slice_is(label, "CERTIFICATE") && certs_add_pem(&c->certs,
		    object, CERT_CHAIN_MAX, e) < 0)
			return -1;
	}
	if (c->key != NULL && c->certs.n > 0)
		return leaf_first(c, e);
	(void)err_set(e, E_INPUT, c->key != NULL ? "no certificate beside the "
	    "key" : "no private key");
	return err_hint(e, "a file of PEM with the private key and its "
	    "certificate; openssl pkcs12 -nodes -in FILE makes one of a .pfx");
}

static void
add_part(const struct buf *json, struct buf *out)
{
	if (out->n > 0)
		buf_addc(out, '.');
	b64_encode(slice_buf(json), B64_URL, out);
}

static void
head(const struct certs *certs, bool chain, struct buf *out)
{
	uint8_t sum[SHA256_SIZE];
	size_t i;

	cert_sha256(certs->v[0], sum);
	buf_adds(out, "{\"alg\":\"PS256\",\"typ\":\"JWT\",\"x5t#S256\":\"");
	b64_encode(slice_of(sum, sizeof sum), B64_URL, out);
	buf_addc(out, '"');
	for (i = 0; chain && i < certs->n; i++) {
		buf_adds(out, i == 0 ? ",\"x5c\":[\"" : ",\"");
		b64_encode(cert_der(certs->v[i]), B64_STD | B64_PAD, out);
		buf_addc(out, '"');
	}
	buf_adds(out, chain ? "]}" : "}");
}

static void
claims(const struct assertion *a, int64_t at, struct buf *out)
{
	buf_adds(out, "{\"aud\":");
	json_quote(slice_str(a->audience), out);
	buf_adds(out, ",\"iss\":");
	json_quote(slice_str(a->client), out);
	buf_adds(out, ",\"sub\":");
	json_quote(slice_str(a->client), out);
	buf_adds(out, ",\"jti\":");
	json_quote(slice_str(a->jti), out);
	buf_addf(out, ",\"iat\":%" PRId64 ",\"nbf\":%" PRId64 ",\"exp\":%"
	    PRId64 "}", at, at, at + ASSERTION_LIFE);
}

int
assertion_make(const struct assertion *a, int64_t at, struct buf *out,
    struct err *e)
{
	struct buf part = {0}, jws = {0}, sig = {0};
	struct credential c = {0};
	int ret = -1;

	if (read_pem(a->pem, a->password, &c, e) < 0)
		goto out;
	head(&c.certs, a->chain, &part);
	add_part(&part, &jws);
	buf_cut(&part, 0);
	claims(a, at, &part);
	add_part(&part, &jws);
	if (key_sign(c.key, SIG_PS256, slice_buf(&jws), &sig, e) < 0) {
		e->code = E_INPUT;
		goto out;
	}
	add_part(&sig, &jws);
	buf_add(out, slice_buf(&jws));
	ret = 0;
out:
	buf_free(&part);
	buf_free(&jws);
	buf_free(&sig);
	key_free(c.key);
	certs_free(&c.certs);
	return ret;
}

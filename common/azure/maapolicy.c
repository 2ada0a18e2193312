/* maapolicy.c -- see maapolicy.h. */
#include "azure/maapolicy.h"

#include "azure/maa.h"
#include "codec/b64.h"
#include "crypto/hash.h"
#include "jose/jwk.h"
#include "jose/jws.h"
#include "value/json.h"

/* The provider's own signature. */
static int
check_signature(const struct jws *jws, struct slice keys, struct err *e)
{
	struct slice kid = slice_buf(&jws->kid);
	struct json *set = NULL;
	struct key *key = NULL;
	int ret;

	if (json_parse(keys, &set, e) < 0)
		return err_in(e, "key set");
	if ((ret = jwk_find(json_root(set), kid, &key, NULL, e)) == 0)
		ret = jws_verify(jws, key, SIG_RS256, e);
	key_free(key);
	json_free(set);
	return ret;
}

static int
check_result(struct json_val claims, struct slice issuer, int64_t at,
    struct err *e)
{
	struct json_val iss = json_get(claims, "iss");
	int64_t exp;

	if (!json_has(iss))
		return err_set(e, E_INPUT, "no iss");
	if (!json_text_eq(iss, issuer))
		return err_set(e, E_NO, "iss: %.*s is not %.*s",
		    (int)slice_head(json_span(iss), 160).n,
		    (const char *)json_span(iss).p, (int)issuer.n,
		    (const char *)issuer.p);
	if (!json_int(json_get(claims, "exp"), &exp))
		return err_set(e, E_INPUT, "no exp");
	if (exp <= at)
		return err_set(e, E_NO, "expired %lld s ago",
		    (long long)(at - exp));
	return 0;
}

/* The text out of {"AttestationPolicy": base64url}. */
static int
policy_text(struct slice payload, struct buf *out, struct err *e)
{
	struct buf json = {0}, member = {0};
	struct json *doc = NULL;
	int ret = -1;

	if (b64_decode(payload, B64_JOSE, &json, e) == 0 &&
	    json_parse(slice_buf(&json), &doc, e) == 0 &&
	    json_text(json_get(json_root(doc), "AttestationPolicy"),
	    "AttestationPolicy", &member, e) == 0)
		ret = b64_decode(slice_buf(&member), B64_TEXT, out, e);
	buf_free(&json);
	buf_free(&member);
	json_free(doc);
	return ret;
}

/* Three parts, of which the last may be empty: the policy is the provider's
 * word already. */
static int
read_policy(struct slice jws, struct maapolicy *out, struct err *e)
{
	struct slice rest = slice_from(jws, slice_find(jws, '.') + 1);
	struct slice payload = slice_head(rest, slice_find(rest, '.'));

	if (payload.n == rest.n || slice_find(slice_from(rest, payload.n + 1),
	    '.') < rest.n - payload.n - 1)
		return err_set(e, E_INPUT, "not three parts with dots "
		    "between");
	out->is_signed = rest.n > payload.n + 1;
	return policy_text(payload, &out->text, e);
}

/* The hash is of the text's base64url: the service hashes what it was sent. */
static void
add_hash(struct slice text, struct buf *out)
{
	uint8_t sum[SHA256_SIZE];
	struct buf b64 = {0};

	b64_encode(text, B64_URL, &b64);
	hash_sha256(slice_buf(&b64), sum);
	b64_encode(slice_of(sum, sizeof sum), B64_URL, out);
	buf_free(&b64);
}

static int
read_result(struct slice token, struct slice keys, struct slice issuer,
    int64_t at, struct buf *policy, struct err *e)
{
	struct json *doc = NULL;
	struct jws jws = {0};
	int ret = -1;

	if (jws_parse(token, &jws, e) < 0)
		return -1;
	if (check_signature(&jws, keys, e) == 0 &&
	    json_parse(slice_buf(&jws.payload), &doc, e) == 0 &&
	    check_result(json_root(doc), issuer, at, e) == 0)
		ret = json_text(json_get(json_root(doc), "x-ms-policy"),
		    "x-ms-policy", policy, e);
	json_free(doc);
	jws_free(&jws);
	return ret;
}

int
maapolicy_read(struct slice body, struct slice keys, struct slice issuer,
    int64_t at, struct maapolicy *out, struct err *e)
{
	struct buf token = {0}, jws = {0};
	struct maapolicy got = {0};
	int ret;

	if ((ret = maa_answer(body, &token, e)) == 0 &&
	    (ret = read_result(slice_buf(&token), keys, issuer, at, &jws,
	    e)) < 0)
		(void)err_in(e, "policy token");
	if (ret == 0 && (ret = read_policy(slice_buf(&jws), &got, e)) < 0)
		(void)err_in(e, "policy token: x-ms-policy");
	if (ret == 0) {
		add_hash(slice_buf(&got.text), &got.hash);
		*out = got;
	} else {
		maapolicy_free(&got);
	}
	buf_free(&token);
	buf_free(&jws);
	return ret;
}

void
maapolicy_free(struct maapolicy *p)
{
	buf_free(&p->text);
	buf_free(&p->hash);
}

/* A provider's policy: by whose word, of what, until when. */
#include "azure/maapolicy.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "jose/jwk.h"
#include "unit/tap.h"

#define POLICY "version= 1.0;\nauthorizationrules{=> permit();};"

static struct key *provider, *other;
static struct buf keys;

/* HEAD.CLAIMS.SIGNATURE in {"token"}. */
static void
answer(const struct key *by, const char *head, const char *claims,
    struct buf *out)
{
	struct buf jws = {0}, sig = {0};
	struct err e;

	b64_encode(slice_str(head), B64_URL, &jws);
	buf_addc(&jws, '.');
	b64_encode(slice_str(claims), B64_URL, &jws);
	if (by != NULL)
		(void)key_sign(by, SIG_RS256, slice_buf(&jws), &sig, &e);
	buf_addc(&jws, '.');
	b64_encode(slice_buf(&sig), B64_URL, &jws);
	buf_addf(out, "{\"token\":\"%.*s\"}", (int)jws.n, (const char *)jws.p);
	buf_free(&jws);
	buf_free(&sig);
}

/* The inner JWS: its payload in base64url between two parts. */
static char *
inner(const char *payload, const char *tail)
{
	struct buf b = {0};
	char *text;

	buf_adds(&b, "eyJhbGciOiJub25lIn0.");
	b64_encode(slice_str(payload), B64_URL, &b);
	buf_adds(&b, tail);
	text = slice_dup(slice_buf(&b));
	buf_free(&b);
	return text;
}

static const char head[] = "{\"alg\":\"RS256\",\"kid\":\"k\"}";

static int
ask(const struct key *by, const char *h, const char *claims, int64_t at,
    struct maapolicy *got, struct err *e)
{
	struct buf body = {0};
	int ret;

	*got = (struct maapolicy){0};
	*e = (struct err){0};
	answer(by, h, claims, &body);
	ret = maapolicy_read(slice_buf(&body), slice_buf(&keys),
	    slice_str("https://h"), at, got, e);
	buf_free(&body);
	return ret;
}

static char *
claims_of(const char *policy, const char *rest)
{
	struct buf b = {0};
	char *text;

	buf_addf(&b, "{\"x-ms-policy\":\"%s\",%s}", policy, rest);
	text = slice_dup(slice_buf(&b));
	buf_free(&b);
	return text;
}

static void
refused(enum status code, const struct key *by, const char *h,
    const char *claims, const char *what)
{
	struct maapolicy got;
	struct err e;

	CHECK(ask(by, h, claims, 100, &got, &e) < 0 && e.code == code &&
	    got.text.n == 0 && got.hash.n == 0, "%s is refused: %s", what,
	    e.text);
}

static void
check_good(const char *payload)
{
	static const char *const tails[] = {".", ".c2ln"};
	struct maapolicy got;
	struct err e;
	char *jws, *claims;
	size_t i;

	for (i = 0; i < 2; i++) {
		jws = inner(payload, tails[i]);
		claims = claims_of(jws, "\"iss\":\"https://h\",\"exp\":101");
		CHECK(ask(provider, head, claims, 100, &got, &e) == 0 &&
		    slice_is(slice_buf(&got.text), POLICY) &&
		    got.is_signed == (i == 1) && got.hash.n == 43,
		    "a policy%s", i == 1 ? ", signed" : "");
		maapolicy_free(&got);
		CHECK(ask(provider, head, claims, 101, &got, &e) < 0 &&
		    e.code == E_NO, "expired at its second");
		free(jws);
		free(claims);
	}
}

static void
check_forged(const char *payload)
{
	static const char good[] = "\"iss\":\"https://h\",\"exp\":101";
	char *jws = inner(payload, "."), *claims = claims_of(jws, good), *bad;

	refused(E_NO, other, head, claims, "another's signature");
	refused(E_NO, provider, "{\"alg\":\"RS256\",\"kid\":\"x\"}", claims,
	    "an unknown key");
	refused(E_NO, provider, "{\"alg\":\"PS256\",\"kid\":\"k\"}", claims,
	    "another algorithm");
	bad = claims_of(jws, "\"iss\":\"https://h.evil\",\"exp\":101");
	refused(E_NO, provider, head, bad, "another provider's");
	free(bad);
	bad = claims_of(jws, "\"iss\":\"https://h\"");
	refused(E_INPUT, provider, head, bad, "one without an end");
	free(bad);
	bad = claims_of(jws, "\"iss\":\"https://h\",\"exp\":\"101\"");
	refused(E_INPUT, provider, head, bad, "an end that is a text");
	free(bad);
	free(claims);
	free(jws);
}

static void
check_malformed(void)
{
	static const char *const inners[] = {"", ".", "a.b", "a.!.", "a.e30.",
	    "a.e30.b.c", "a.eyJBdHRlc3RhdGlvblBvbGljeSI6MX0.",
	    "a.eyJBdHRlc3RhdGlvblBvbGljeSI6IiEifQ."};
	char *claims;
	size_t i;

	for (i = 0; i < sizeof inners / sizeof *inners; i++) {
		claims = claims_of(inners[i],
		    "\"iss\":\"https://h\",\"exp\":101");
		refused(E_INPUT, provider, head, claims, inners[i]);
		free(claims);
	}
	refused(E_INPUT, provider, head, "{\"iss\":\"https://h\",\"exp\":101}",
	    "no policy");
	refused(E_INPUT, provider, head, "[]", "a list");
}

int
main(void)
{
	struct buf payload = {0};
	char *text;
	struct err e;

	if (key_generate_rsa(2048, &provider, &e) < 0 ||
	    key_generate_rsa(2048, &other, &e) < 0)
		return 1;
	jwk_write(provider, false, slice_str("k"), (struct json_val){0},
	    &keys);
	buf_adds(&payload, "{\"AttestationPolicy\":\"");
	b64_encode(slice_str(POLICY), B64_URL, &payload);
	buf_adds(&payload, "\"}");
	text = slice_dup(slice_buf(&payload));
	check_good(text);
	check_forged(text);
	check_malformed();
	free(text);
	buf_free(&payload);
	buf_free(&keys);
	key_free(provider);
	key_free(other);
	return tap_done();
}

/* claims.c -- see claims.h. */
#include "token/claims.h"

#include <strings.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "policy/hostdata.h"
#include "token/claims_in.h"

enum { SHOWN_MAX = 160 };	/* bytes of a claim shown in a message */

/* NumericDate (RFC 7519 section 2) in the range where double is exact. */
static const double date_max = 9007199254740992.0;

int
claims_parse(const struct jws *j, struct json **out, struct err *e)
{
	struct json *doc;

	if (json_parse(slice_buf(&j->payload), &doc, e) < 0)
		return err_in(e, "claims");
	if (!json_is(json_root(doc), JSON_OBJECT)) {
		json_free(doc);
		return err_set(e, E_INPUT, "claims: not a JSON object");
	}
	*out = doc;
	return 0;
}

int
claims_typ(const struct jws *j, struct err *e)
{
	struct json_val typ = json_get(json_root(j->head), "typ");
	struct buf text = {0};
	bool ok;

	if (!json_has(typ))
		return 0;
	if (json_text(typ, "typ", &text, e) < 0)
		return -1;
	buf_addc(&text, '\0');
	ok = strlen((char *)text.p) + 1 == text.n &&
	    (strcasecmp((char *)text.p, "JWT") == 0 ||
	    strcasecmp((char *)text.p, "application/jwt") == 0);
	buf_free(&text);
	if (ok)
		return 0;
	(void)err_set(e, E_INPUT, "jws: header: typ is not JWT");
	return err_hint(e, "a token that says it is of another kind is not "
	    "taken for an attestation token; -U shows what it claims");
}

/* A date that is there and well formed; absent leaves *has false. */
static int
date(struct json_val claims, const char *name, bool *has, double *at,
    struct err *e)
{
	struct json_val val = json_get(claims, name);

	*has = json_has(val);
	if (!*has)
		return 0;
	if (json_number(val, at) && *at >= 0 && *at <= date_max)
		return 0;
	return err_set(e, E_INPUT, "claims: %s is no time: %.*s", name,
	    (int)slice_head(json_span(val), SHOWN_MAX).n,
	    (const char *)json_span(val).p);
}

int
claims_time(struct json_val claims, int64_t now, unsigned leeway,
    struct err *e)
{
	static const char *const starts[] = {"nbf", "iat"};
	double at, t = (double)now, slack = (double)leeway;
	bool has;
	size_t i;

	if (date(claims, "exp", &has, &at, e) < 0)
		return -1;
	if (!has)
		return err_set(e, E_NO, "claims: exp is missing");
	if (t >= at + slack) {
		(void)err_set(e, E_NO, "claims: expired %.0f s ago (exp %.0f, "
		    "now %.0f, leeway %u s)", t - at, at, t, leeway);
		return err_hint(e, "get a fresh token, or name the time to "
		    "judge by with --at");
	}
	for (i = 0; i < 2; i++) {
		if (date(claims, starts[i], &has, &at, e) < 0)
			return -1;
		if (has && at > t + slack)
			return err_set(e, E_NO, "claims: %s is %.0f s ahead "
			    "(%.0f, now %.0f, leeway %u s)", starts[i], at - t,
			    at, t, leeway);
	}
	return 0;
}

/* Show a value as it stands in the token, cut when long. */
static int
shown(struct json_val val)
{
	return (int)slice_head(json_span(val), SHOWN_MAX).n;
}

/* What is most often forgotten, or too much.  Returns -1. */
static int
issuer_hint(struct json_val iss, struct slice want, struct err *e)
{
	struct buf https = {0};

	if (want.n > 0 && want.p[want.n - 1] == '/')
		want.n--;
	if (json_text_eq(iss, want))
		(void)err_hint(e, "leave the slash at the end off");
	buf_adds(&https, "https://");
	buf_add(&https, want);
	if (json_text_eq(iss, slice_buf(&https)))
		(void)err_hint(e, "an issuer begins with https://: -i %.*s",
		    (int)https.n, (const char *)https.p);
	buf_free(&https);
	return -1;
}

int
claims_issuer(const struct jws *j, struct json_val claims,
    const char *issuer, struct err *e)
{
	struct json_val iss = json_get(claims, "iss");
	struct json_val jku = json_get(json_root(j->head), "jku");
	struct buf certs = {0};
	int ret = 0;

	if (!json_has(iss))
		return err_set(e, E_NO, "claims: iss is missing");
	if (!json_text_is(iss, issuer)) {
		(void)err_set(e, E_NO, "claims: iss is %.*s, not \"%s\"",
		    shown(iss), (const char *)json_span(iss).p, issuer);
		return issuer_hint(iss, slice_str(issuer), e);
	}
	if (!json_has(jku))
		return 0;
	buf_addf(&certs, "%s/certs", issuer);
	if (!json_text_eq(jku, slice_buf(&certs)))
		ret = err_set(e, E_NO, "jws: header: jku is %.*s, not "
		    "\"%s/certs\"", shown(jku),
		    (const char *)json_span(jku).p, issuer);
	buf_free(&certs);
	return ret;
}

static int
differs(struct slice name, struct json_val val, struct slice want,
    const char *quote, struct err *e)
{
	return err_set(e, E_NO, "claims: %.*s is %.*s, not %s%.*s%s",
	    (int)name.n, (const char *)name.p, shown(val),
	    (const char *)json_span(val).p, quote,
	    (int)slice_head(want, SHOWN_MAX).n, (const char *)want.p, quote);
}

/* A string that is another one by the case of its letters alone, as hex digits
 * are that were copied from elsewhere. */
static int
text_differs(struct slice name, struct json_val val, struct slice want,
    struct err *e)
{
	struct buf text = {0};
	struct err none;

	(void)differs(name, val, want, "\"", e);
	if (json_text(val, "claim", &text, &none) == 0 && text.n == want.n &&
	    strncasecmp((char *)text.p, (const char *)want.p, want.n) == 0)
		(void)err_hint(e, "only the case of letters differs; claims "
		    "are compared byte for byte, and this one is %.*s",
		    (int)slice_head(slice_buf(&text), SHOWN_MAX).n,
		    (const char *)text.p);
	buf_free(&text);
	return -1;
}

/* VALUE as the type of the claim reads it. */
static int
check_untyped(struct slice name, struct json_val val, struct slice want,
    struct err *e)
{
	struct json *doc;
	bool same;

	if (json_is(val, JSON_STRING))
		return json_text_eq(val, want) ? 0 :
		    text_differs(name, val, want, e);
	if (json_is(val, JSON_OBJECT) || json_is(val, JSON_ARRAY)) {
		(void)err_set(e, E_NO, "claims: %.*s is %s", (int)name.n,
		    (const char *)name.p, json_kind_name(val));
		return err_hint(e, "compare it as JSON: -c '%.*s:=...'",
		    (int)name.n, (const char *)name.p);
	}
	if (json_parse(want, &doc, e) < 0)
		return differs(name, val, want, "\"", e);
	same = json_equal(val, json_root(doc));
	json_free(doc);
	return same ? 0 : differs(name, val, want, "", e);
}

static int
check_typed(struct slice name, struct json_val val, struct slice want,
    struct err *e)
{
	struct json *doc;
	bool same;

	if (json_parse(want, &doc, e) < 0)
		return -1;
	same = json_equal(val, json_root(doc));
	json_free(doc);
	return same ? 0 : differs(name, val, want, "", e);
}

/* NAME=VALUE or NAME:=JSON taken apart. */
static int
split_check(const char *check, struct slice *name, struct slice *want,
    bool *typed, struct err *e)
{
	struct slice all = slice_str(check);
	size_t at = slice_find(all, '=');

	*typed = at > 0 && at < all.n && all.p[at - 1] == ':';
	*name = slice_head(all, at - (*typed ? 1 : 0));
	*want = slice_from(all, at + 1);
	if (at == all.n || name->n == 0)
		return err_set(e, E_USAGE,
		    "-c: neither NAME=VALUE nor NAME:=JSON: %s", check);
	return 0;
}

int
claims_check_form(const char *check, struct err *e)
{
	struct slice name, want;
	struct json *doc;
	bool typed;

	if (split_check(check, &name, &want, &typed, e) < 0)
		return -1;
	if (!typed)
		return 0;
	if (json_parse(want, &doc, e) < 0) {
		e->code = E_USAGE;
		return err_in(e, "-c %.*s", (int)name.n,
		    (const char *)name.p);
	}
	json_free(doc);
	return 0;
}

int
claims_check(struct json_val claims, const char *check, struct err *e)
{
	struct slice name, want;
	struct json_val val, nested;
	bool typed;
	int ret;

	if (split_check(check, &name, &want, &typed, e) < 0)
		return -1;
	val = claims_find(claims, name);
	if (!json_has(val))
		return claims_missing(claims, name, e);
	if (claims_once(claims, name, val, &nested, e) < 0)
		return -1;
	ret = typed ? check_typed(name, val, want, e) :
	    check_untyped(name, val, want, e);
	if (ret < 0 && json_has(nested) && !json_equal(val, nested) &&
	    e->hint[0] == '\0')
		(void)err_hint(e, CLAIMS_NESTED ".%.*s is %.*s", (int)name.n,
		    (const char *)name.p, shown(nested),
		    (const char *)json_span(nested).p);
	return ret;
}

/* A claim of the report: hex digits, compared as the bytes they are. */
static int
check_bytes(struct json_val claims, const char *name, struct slice want,
    const char *of, struct err *e)
{
	struct json_val val;
	struct buf text = {0}, bytes = {0}, hex = {0};
	int ret = -1;

	if (claims_need(claims, name, &val, e) < 0)
		return -1;
	if (json_text(val, name, &text, e) < 0)
		return err_in(e, "claims");
	if (hex_decode(slice_buf(&text), &bytes, e) < 0) {
		(void)err_in(e, "claims: %s", name);
	} else if (!slice_eq(slice_buf(&bytes), want)) {
		hex_encode(want, &hex);
		(void)err_set(e, E_NO, "claims: %s is %.*s, but %s is %.*s",
		    name, shown(val), (const char *)json_span(val).p, of,
		    (int)hex.n, (const char *)hex.p);
	} else {
		ret = 0;
	}
	buf_free(&text);
	buf_free(&bytes);
	buf_free(&hex);
	return ret;
}

int
claims_runtime(struct json_val claims, struct slice runtime, struct err *e)
{
	uint8_t want[64] = {0};

	hash_sha256(runtime, want);
	return check_bytes(claims, "x-ms-sevsnpvm-reportdata",
	    slice_of(want, sizeof want), "that of the runtime data", e);
}

int
claims_host_data(struct json_val claims, struct slice digest, struct err *e)
{
	if (check_bytes(claims, "x-ms-sevsnpvm-hostdata", digest,
	    "the policy's digest", e) == 0)
		return 0;
	if (e->code == E_NO)
		(void)err_hint(e, "policy-hash -c, given the token's value, "
		    "knows the usual ways to miss it: line ends, encodings");
	return -1;
}

static const char *
open_policy(struct json_val object)
{
	static const char name[] = "x-ms-sevsnpvm-hostdata";
	uint8_t sum[SHA256_SIZE];
	struct buf text = {0};
	const char *open = NULL;
	struct err e;

	if (json_text(json_get(object, name), name, &text, &e) == 0 &&
	    hex_exact(slice_buf(&text), sum, sizeof sum, &e) == 0)
		open = hostdata_open(slice_of(sum, sizeof sum));
	buf_free(&text);
	return open;
}

const char *
claims_open_policy(struct json_val claims)
{
	const char *open = open_policy(claims);

	return open != NULL ? open :
	    open_policy(json_get(claims, CLAIMS_NESTED));
}

/* A client of a confidential VM hands its nonce over in base64. */
static bool
nonce_is(struct json_val val, struct slice nonce)
{
	struct buf text = {0}, plain = {0};
	struct err e;
	bool same;

	same = json_text_eq(val, nonce) ||
	    (json_text(val, "nonce", &text, &e) == 0 &&
	    b64_decode(slice_buf(&text), B64_STD | B64_PAD, &plain, &e) == 0 &&
	    slice_eq(slice_buf(&plain), nonce));
	buf_free(&text);
	buf_free(&plain);
	return same;
}

int
claims_nonce(struct json_val claims, const char *nonce, struct err *e)
{
	static const char nested[] = "x-ms-runtime.client-payload.nonce";
	struct json_val val = json_get(claims, "nonce");
	struct slice want = slice_str(nonce);

	if (json_has(val))
		return json_text_is(val, nonce) ? 0 :
		    differs(slice_str("nonce"), val, want, "\"", e);
	val = json_get(json_get(json_get(claims, "x-ms-runtime"),
	    "client-payload"), "nonce");
	if (!json_has(val))
		return claims_missing(claims, slice_str("nonce"), e);
	return nonce_is(val, want) ? 0 :
	    differs(slice_str(nested), val, want, "\"", e);
}

/* claims.c -- see claims.h. */
#include "token/claims.h"

#include <strings.h>

#include "codec/hex.h"
#include "crypto/hash.h"
#include "policy/hostdata.h"

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
	return ok ? 0 : err_set(e, E_INPUT, "jws: header: typ is not JWT");
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

int
claims_issuer(const struct jws *j, struct json_val claims,
    const char *issuer, struct err *e)
{
	struct json_val iss = json_get(claims, "iss");
	struct json_val jku = json_get(json_root(j->head), "jku");
	struct slice slash = slice_str(issuer);
	struct buf certs = {0};
	int ret = 0;

	if (!json_has(iss))
		return err_set(e, E_NO, "claims: iss is missing");
	if (!json_text_is(iss, issuer)) {
		(void)err_set(e, E_NO, "claims: iss is %.*s, not \"%s\"",
		    shown(iss), (const char *)json_span(iss).p, issuer);
		if (slash.n > 0 && slash.p[slash.n - 1] == '/' &&
		    json_text_eq(iss, slice_head(slash, slash.n - 1)))
			(void)err_hint(e, "leave the slash at the end off");
		return -1;
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

struct json_val
claims_find(struct json_val claims, struct slice name)
{
	struct json_val val = json_get_s(claims, name);
	size_t dot;

	/* the longest first part that is a member wins: names hold dots */
	for (dot = name.n; !json_has(val) && dot > 0; dot--)
		if (name.p[dot - 1] == '.' && json_is(json_get_s(claims,
		    slice_head(name, dot - 1)), JSON_OBJECT))
			val = claims_find(json_get_s(claims,
			    slice_head(name, dot - 1)), slice_from(name, dot));
	return val;
}

struct json_val
claims_snp(struct json_val claims, const char *name)
{
	struct json_val val = json_get(claims, name);

	if (json_has(val))
		return val;
	return json_get(json_get(claims, "x-ms-isolation-tee"), name);
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

/* VALUE as the type of the claim reads it. */
static int
check_untyped(struct slice name, struct json_val val, struct slice want,
    struct err *e)
{
	struct json *doc;
	bool same;

	if (json_is(val, JSON_STRING))
		return json_text_eq(val, want) ? 0 :
		    differs(name, val, want, "\"", e);
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
	struct json_val val;
	bool typed;

	if (split_check(check, &name, &want, &typed, e) < 0)
		return -1;
	val = claims_find(claims, name);
	if (!json_has(val))
		return err_set(e, E_NO, "claims: %.*s is missing",
		    (int)name.n, (const char *)name.p);
	return typed ? check_typed(name, val, want, e) :
	    check_untyped(name, val, want, e);
}

/* A claim of the report: hex digits, compared as the bytes they are. */
static int
check_bytes(struct json_val claims, const char *name, struct slice want,
    const char *of, struct err *e)
{
	struct json_val val = claims_snp(claims, name);
	struct buf text = {0}, bytes = {0}, hex = {0};
	int ret = -1;

	if (!json_has(val))
		return err_set(e, E_NO, "claims: %s is missing", name);
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

const char *
claims_open_policy(struct json_val claims)
{
	static const char name[] = "x-ms-sevsnpvm-hostdata";
	uint8_t sum[SHA256_SIZE];
	struct buf text = {0};
	const char *open = NULL;
	struct err e;

	if (json_text(claims_snp(claims, name), name, &text, &e) == 0 &&
	    hex_exact(slice_buf(&text), sum, sizeof sum, &e) == 0)
		open = hostdata_open(slice_of(sum, sizeof sum));
	buf_free(&text);
	return open;
}

int
claims_nonce(struct json_val claims, const char *nonce, struct err *e)
{
	struct json_val val = json_get(claims, "nonce");

	if (!json_has(val))
		return err_set(e, E_NO, "claims: nonce is missing");
	if (!json_text_is(val, nonce))
		return differs(slice_str("nonce"), val, slice_str(nonce),
		    "\"", e);
	return 0;
}

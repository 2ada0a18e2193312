/* maa.c -- see maa.h. */
#include "azure/maa.h"

#include <string.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "jose/jws.h"
#include "value/json.h"

bool
maa_runtime_is_json(struct slice runtime)
{
	struct json *doc = NULL;
	struct err ignored;
	bool yes;

	if (json_parse(runtime, &doc, &ignored) < 0)
		return false;
	yes = json_is(json_root(doc), JSON_OBJECT);
	json_free(doc);
	return yes;
}

static void
add_b64(const char *name, struct slice s, struct buf *out)
{
	buf_addf(out, "\"%s\":\"", name);
	b64_encode(s, B64_URL, out);
	buf_addc(out, '"');
}

/* {"Uvm":["..."]}, the form in which MAA takes a UVM endorsement. */
static void
endorsements(struct slice cose, struct buf *out)
{
	buf_adds(out, "{\"Uvm\":[\"");
	b64_encode(cose, B64_URL, out);
	buf_adds(out, "\"]}");
}

/* The JSON text that stands, encoded once more, in the member "report". */
static void
inner_report(const struct maa_request *r, struct buf *out)
{
	struct buf text = {0};

	buf_addc(out, '{');
	add_b64("SnpReport", r->report, out);
	buf_addc(out, ',');
	add_b64("VcekCertChain", r->certs, out);
	if (r->endorsement.n > 0) {
		endorsements(r->endorsement, &text);
		buf_addc(out, ',');
		add_b64("Endorsements", slice_buf(&text), out);
	}
	buf_addc(out, '}');
	buf_free(&text);
}

void
maa_body(const struct maa_request *r, struct buf *out)
{
	struct buf text = {0};

	inner_report(r, &text);
	buf_addc(out, '{');
	add_b64("report", slice_buf(&text), out);
	if (r->runtime.p != NULL) {
		buf_adds(out, ",\"runtimeData\":{");
		add_b64("data", r->runtime, out);
		buf_addf(out, ",\"dataType\":\"%s\"}",
		    maa_runtime_is_json(r->runtime) ? "JSON" : "Binary");
	}
	/* a string, as the specification has it and the claim comes back */
	buf_adds(out, ",\"nonce\":");
	json_quote(slice_str(r->nonce), out);
	buf_addc(out, '}');
	buf_free(&text);
}

int
maa_answer(struct slice body, struct buf *token, struct err *e)
{
	struct json *doc = NULL;
	struct buf text = {0};
	int ret = -1;

	if (json_parse(body, &doc, e) < 0)
		return err_in(e, "answer");
	if (json_text(json_get(json_root(doc), "token"), "token", &text,
	    e) < 0) {
		(void)err_in(e, "answer");
	} else if (text.n == 0) {
		(void)err_set(e, E_INPUT, "answer: token: empty");
	} else {
		buf_add(token, slice_buf(&text));
		ret = 0;
	}
	buf_free(&text);
	json_free(doc);
	return ret;
}

/* The claim is a string equal to want. */
static int
same(struct json_val claims, const char *name, struct slice want,
    struct err *e)
{
	struct json_val v = json_get(claims, name);
	struct slice is = json_span(v);

	if (json_text_eq(v, want))
		return 0;
	if (!json_has(v))
		return err_set(e, E_NO, "token: %s: missing, not %.*s", name,
		    (int)want.n, want.p);
	return err_set(e, E_NO, "token: %s: %.*s is not the %.*s asked for",
	    name, (int)slice_head(is, 160).n, is.p, (int)want.n, want.p);
}

/* The service writes the runtime claims anew, with sorted names, so values
 * are compared and not bytes. */
static int
same_runtime(struct json_val claims, struct slice runtime, struct err *e)
{
	struct json_val v = json_get(claims, "x-ms-runtime");
	struct json *doc = NULL;
	struct err ignored;
	bool yes = true;

	if (runtime.n == 0 || !json_has(v) ||
	    json_parse(runtime, &doc, &ignored) < 0)
		return 0;
	if (json_is(json_root(doc), JSON_OBJECT))
		yes = json_equal(v, json_root(doc));
	json_free(doc);
	return yes ? 0 : err_set(e, E_NO, "token: x-ms-runtime: not the "
	    "runtime data sent");
}

/* Most providers name no chip; one that does names the report's. */
static int
same_chip(struct json_val claims, struct slice chip, struct err *e)
{
	static const char name[] = "x-ms-sevsnpvm-chipid";
	struct buf hex = {0};
	int ret;

	if (chip.n == 0 || !json_has(json_get(claims, name)))
		return 0;
	hex_encode(chip, &hex);
	ret = same(claims, name, slice_buf(&hex), e);
	buf_free(&hex);
	return ret;
}

static int
check_claims(struct json_val claims, const struct maa_asked *asked,
    struct err *e)
{
	struct buf hex = {0};
	int ret;

	if (!json_is(claims, JSON_OBJECT))
		return err_set(e, E_INPUT, "token: the payload is no JSON "
		    "object");
	if (same(claims, "iss", asked->issuer, e) < 0)
		return -1;
	if (same(claims, "x-ms-attestation-type", slice_str("sevsnpvm"),
	    e) < 0)
		return err_hint(e, "what was attested is no SEV-SNP container: "
		    "the container group needs the Confidential SKU");
	if (asked->nonce != NULL &&
	    same(claims, "nonce", slice_str(asked->nonce), e) < 0)
		return -1;
	if (asked->report_data.n > 0) {
		hex_encode(asked->report_data, &hex);
		ret = same(claims, "x-ms-sevsnpvm-reportdata",
		    slice_buf(&hex), e);
		buf_free(&hex);
		if (ret < 0)
			return -1;
	}
	if (same_chip(claims, asked->chip_id, e) < 0)
		return -1;
	return same_runtime(claims, asked->runtime, e);
}

int
maa_check(struct slice token, const struct maa_asked *asked, struct err *e)
{
	struct json *doc = NULL;
	struct jws jws = {0};
	int ret = -1;

	if (jws_parse(token, &jws, e) < 0)
		return err_in(e, "token");
	if (json_parse(slice_buf(&jws.payload), &doc, e) < 0)
		(void)err_in(e, "token: payload");
	else
		ret = check_claims(json_root(doc), asked, e);
	json_free(doc);
	jws_free(&jws);
	return ret;
}

int
maa_keys(struct slice body, struct buf *out, struct err *e)
{
	struct json *doc = NULL;
	struct json_val keys;
	int ret = 0;

	if (json_parse(body, &doc, e) < 0)
		return err_in(e, "key set");
	keys = json_get(json_root(doc), "keys");
	if (!json_is(keys, JSON_ARRAY) || json_count(keys) == 0)
		ret = err_set(e, E_INPUT, "key set: no keys in it");
	else
		json_compact(json_root(doc), out);
	json_free(doc);
	return ret;
}

int
maa_openid(struct slice body, struct slice issuer, struct err *e)
{
	struct json_val iss, uri;
	struct json *doc = NULL;
	struct buf certs = {0};
	int ret = 0;

	if (json_parse(body, &doc, e) < 0)
		return err_in(e, "openid-configuration");
	iss = json_get(json_root(doc), "issuer");
	uri = json_get(json_root(doc), "jwks_uri");
	buf_addf(&certs, "%.*s/certs", (int)issuer.n, issuer.p);
	/* the issuer is in recordings of 2021 and not in today's manual */
	if (json_has(iss) && !json_text_eq(iss, issuer))
		ret = err_set(e, E_NO, "openid-configuration: issuer: %.*s "
		    "is not %.*s", (int)slice_head(json_span(iss), 160).n,
		    json_span(iss).p, (int)issuer.n, issuer.p);
	else if (!json_has(uri))
		ret = err_set(e, E_INPUT, "openid-configuration: no jwks_uri");
	else if (!json_text_eq(uri, slice_buf(&certs)))
		ret = err_set(e, E_NO,
		    "openid-configuration: jwks_uri: %.*s is not %.*s",
		    (int)slice_head(json_span(uri), 160).n,
		    (const char *)json_span(uri).p, (int)certs.n, certs.p);
	buf_free(&certs);
	json_free(doc);
	return ret;
}

/* What to do about the refusals people meet. */
static const struct {
	long status;
	const char *code;	/* NULL: any */
	const char *word;	/* in the text, or NULL */
	const char *hint;
} hints[] = {
	{400, NULL, "A Deny claim was issued", "the provider's policy does "
	    "not permit this report; compare it with snp-verify --show"},
	{400, "PolicyEvaluationError", NULL, "the provider's policy does not "
	    "permit this report; compare it with snp-verify --show"},
	{400, "UnsupportedApiVersion", NULL, "--api-version names another"},
	{400, "PolicyParsingError", NULL, "the provider's policy is at fault: "
	    "its owner has to repair it"},
	{400, "Bad request", "policy has not been set", "the provider's owner "
	    "has to set a policy for SevSnpVm; a shared provider has one"},
	{400, "InvalidParameter", NULL, "snp-verify with the same report, "
	    "certificates and runtime data says which of them is wrong"},
	{400, "InvalidOperation", NULL, "the provider may be of another type "
	    "or trust model; a shared one is sharedREGION.REGION."
	    "attest.azure.net"},
	{401, NULL, NULL, "this provider asks for a bearer token: role "
	    "Attestation Reader and --access-token-file"},
	{403, NULL, NULL, "the provider may be behind a firewall or private "
	    "endpoint, or the identity lacks the role Attestation Reader"},
	{404, NULL, NULL, "there may be no such provider; check --endpoint"},
};

int
maa_refused(const struct service_answer *a, struct err *e)
{
	struct service_error said;
	size_t i;

	(void)service_refused(a, e);
	(void)service_error_read(a->body, &said);
	if (said.code.n == 0)
		buf_adds(&said.code, a->error_code);
	for (i = 0; i < sizeof hints / sizeof *hints; i++) {
		if (hints[i].status != a->status || (hints[i].code != NULL &&
		    !slice_is(slice_buf(&said.code), hints[i].code)) ||
		    (hints[i].word != NULL &&
		    strstr(e->text, hints[i].word) == NULL))
			continue;
		(void)err_hint(e, "%s", hints[i].hint);
		break;
	}
	service_error_free(&said);
	return -1;
}

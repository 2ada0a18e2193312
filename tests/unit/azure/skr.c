/* The sidecar's answers, with its defects. */
#include "azure/skr.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "evidence/report.h"
#include "unit/tap.h"

#define ADVICE "\\nERROR: Please refer to the documentation for more.\\n" \
	"ACI: https://x\\nKATA: https://y\\nTroubleshooting: https://z"
#define CAUSE ADVICE ": "
/* a body of another error, as a string in a string quotes it */
#define QUOTED(code, message) "{\\\"error\\\":{\\\"code\\\":\\\"" code \
	"\\\",\\\"message\\\":\\\"" message "\\\"}}"
#define SAID ": http response status equal to "

static const struct {
	const char *body;
	enum status class;
	const char *text;	/* in the message */
} tokens[] = {
	{"{\"token\":\"a.b.c\"}", E_OK, NULL},
	{" {\"token\":\"a.b.c\"}\n", E_OK, NULL},
	{"{\"error\":\"why" ADVICE "\"}{\"token\":\"\"}", E_REFUSED, "why"},
	{"{\"error\":\"why" ADVICE "\"}", E_REFUSED, "why"},
	{"{\"error\":{}}", E_REFUSED, "does not say why"},
	{"{\"error\":\"\"}", E_REFUSED, "does not say why"},
	{"{\"error\":null}garbage", E_REFUSED, "does not say why"},
	{"{\"error\":\"retrieving failed: {\\\"error\\\":{\\\"code\\\":"
	    "\\\"InvalidParameter\\\",\\\"message\\\":\\\"Bad {one}.\\\"}}: "
	    "http response status equal to 400 Bad Request" ADVICE "\"}",
	    E_REFUSED, "InvalidParameter: Bad {one}"},
	{"{\"error\":\"x: {\\\"error\\\":{\\\"code\\\":\\\"Forbidden\\\","
	    "\\\"message\\\":\\\"No.\\\",\\\"innererror\\\":{\\\"code\\\":"
	    "\\\"AccessDenied\\\"}}}: 403\"}", E_REFUSED,
	    "Forbidden, AccessDenied: No"},
	{"{\"error\":{\"code\":\"Busy\",\"message\":\"Wait.\"}}", E_REFUSED,
	    "Busy: Wait"},
	{"{\"error\":\"retrieving MAA token from MAA endpoint failed: x: "
	    "{\\\"error\\\":{\\\"code\\\":\\\"A\\\",\\\"message\\\":\\\"B."
	    "\\\"}}: http response status equal to 400 Bad Request" ADVICE
	    "\"}{\"token\":\"\"}", E_REFUSED, "the provider said 400 A: B"},
	{"{\"error\":\"releasing the key k failed: AKV post request failed: "
	    "{\\\"error\\\":{\\\"code\\\":\\\"A\\\",\\\"message\\\":\\\"B."
	    "\\\"}}: http response status equal to 404 Not Found" ADVICE "\"}",
	    E_REFUSED, "the vault said 404 A: B"},
	{"{\"error\":\"retrieving MAA token from MAA endpoint failed: x: "
	    "<html>\\n: http response status equal to 503 Service" ADVICE "\"}",
	    E_REFUSED, "the provider said 503 and gave no reason: retrieving "
	    "MAA token from MAA endpoint failed"},
	/* the advice stands between what failed and why */
	{"{\"error\":\"attestation failed" CAUSE "why\"}{\"token\":\"\"}",
	    E_REFUSED, "attestation failed: why"},
	{"{\"error\":\"a failed\\nERROR: Please see the manual\\nCVM: "
	    "https://h.example:8443/x.md: b failed: https://y: c\"}",
	    E_REFUSED, "a failed: b failed: https://y: c"},
	{"{\"error\":\"a failed\\nERROR: see http://h/#f: why\\nand how\"}",
	    E_REFUSED, "a failed: why and how"},
	{"{\"error\":\"a failed\\nERROR: Please refer to it\\nb failed\"}",
	    E_REFUSED, "a failed: b failed"},
	{"{\"error\":\"a" CAUSE "b" CAUSE "c\"}", E_REFUSED, "a: b: c"},
	{"{\"error\":\"a failed\\nno: advice\"}", E_REFUSED,
	    "a failed no: advice"},
	{"{\"error\":\"a failed\\nERROR: b\\nfor: https://c\\n\\nERR: "
	    "https://d: e\"}", E_REFUSED, "a failed: ERR: https://d: e"},
	{"{\"error\":\"attestation failed" CAUSE "Retrieving MAA token from "
	    "MAA endpoint failed: x failed: " QUOTED("A", "B.") SAID
	    "400 Bad Request\"}", E_REFUSED, "the provider said 400 A: B"},
	{"{\"error\":\"secure key release failed" CAUSE "releasing the key "
	    "MAA-endpoint failed: x failed: " QUOTED("A", "B.") SAID
	    "404 Not Found\"}", E_REFUSED, "the vault said 404 A: B"},
	{"{\"error\":\"secure key release failed" CAUSE "retrieving "
	    "authentication token failed: x failed: {\\\"error\\\":\\\"a\\\","
	    "\\\"error_description\\\":\\\"b\\\"}" SAID "400 Bad Request\"}",
	    E_REFUSED, "the identity endpoint said 400 a: b"},
	{"{\"error\":\"secure key release failed" CAUSE "retrieving "
	    "authentication token failed: x failed: " SAID "404 Not Found\"}",
	    E_REFUSED, "the identity endpoint said 404 and gave no reason: "
	    "secure key release failed"},
	{"{\"error\":\"attestation failed" CAUSE "SNP reported TCB value: "
	    "15787368493747273732 doesn't match Certificate TCB value: "
	    "6755399441055748\"}", E_REFUSED, "attestation failed: SNP "
	    "reported TCB value: 0xdb18000000000004 doesn't match Certificate "
	    "TCB value: 0x0018000000000004"},
	{"{\"error\":\"SNP reported TCB value: db18000000000004 doesn't match "
	    "Certificate TCB value: 7\"}", E_REFUSED, "SNP reported TCB value: "
	    "0xdb18000000000004 doesn't match Certificate TCB value: "
	    "0x0000000000000007"},
	{"{\"error\":\"SNP reported TCB value:  doesn't match Certificate TCB "
	    "value: \"}", E_REFUSED, "SNP reported TCB value: doesn't match "
	    "Certificate TCB value:"},
	{"{\"error\":\"x: {\\\"error\\\": cut off\"}", E_REFUSED,
	    "x: {\"error\": cut off"},
	{"{\"token\":\"\"}", E_INPUT, "empty"},
	{"{\"token\":\"a.b.c\"}{\"token\":\"d\"}", E_INPUT, "behind"},
	{"{\"token\":7}", E_INPUT, NULL},
	{"{}", E_INPUT, NULL}, {"[]", E_INPUT, NULL}, {"", E_INPUT, NULL},
	{"}", E_INPUT, NULL}, {"{", E_INPUT, NULL}, {"\"{}\"", E_INPUT, NULL},
	{"{\"token\":\"}\"", E_INPUT, NULL},
	{"{\"token\":\"a\",\"token\":\"b\"}", E_INPUT, NULL},
};

static void
check_token(size_t i)
{
	struct err e = {.code = E_OK};
	struct buf out = {0};
	int ret = skr_maa_answer(slice_str(tokens[i].body), &out, &e);

	CHECK((ret == 0) == (tokens[i].class == E_OK) &&
	    e.code == tokens[i].class && (ret < 0 ? out.n == 0 :
	    slice_is(slice_buf(&out), "a.b.c")) && (tokens[i].text == NULL ||
	    (strstr(e.text, tokens[i].text) != NULL &&
	    strstr(e.text, "refer to") == NULL)), "%s", tokens[i].body);
	buf_free(&out);
}

/* {"report": hex} of a report of that version and size. */
static void
check_report(uint8_t version, size_t size, enum status want)
{
	struct buf raw = {0}, body = {0}, out = {0};
	struct err e = {.code = E_OK};

	memset(buf_more(&raw, size), 0x5a, size);
	memset(raw.p, 0, 4);
	raw.p[0] = version;
	buf_adds(&body, "{\"report\":\"");
	hex_encode(slice_buf(&raw), &body);
	buf_adds(&body, "\"}");
	CHECK((skr_raw_answer(slice_buf(&body), &out, &e) == 0) ==
	    (want == E_OK) && e.code == want && (want != E_OK ? out.n == 0 :
	    slice_eq(slice_buf(&out), slice_buf(&raw))),
	    "a report of version %u and %zu bytes: %s", version, size,
	    e.code == E_OK ? "good" : e.text);
	buf_free(&raw);
	buf_free(&body);
	buf_free(&out);
}

static void
check_requests(void)
{
	struct buf b = {0};

	skr_raw_request(slice_str("\xff\xfe?"), &b);
	CHECK(slice_is(slice_buf(&b), "{\"runtime_data\":\"//4/\"}"),
	    "standard base64");
	buf_cut(&b, 0);
	skr_raw_request(slice_str("a"), &b);
	CHECK(slice_is(slice_buf(&b), "{\"runtime_data\":\"YQ==\"}"),
	    "padded");
	buf_cut(&b, 0);
	skr_maa_request(slice_str("h:1"), slice_str("a"), &b);
	CHECK(slice_is(slice_buf(&b), "{\"maa_endpoint\":\"h:1\","
	    "\"runtime_data\":\"YQ==\"}"), "attest");
	buf_cut(&b, 0);
	skr_release_request(slice_str("m"), slice_str("v"), slice_str("k/1"),
	    (struct slice){0}, &b);
	CHECK(slice_is(slice_buf(&b), "{\"maa_endpoint\":\"m\","
	    "\"akv_endpoint\":\"v\",\"kid\":\"k/1\"}"), "release");
	buf_cut(&b, 0);
	skr_release_request(slice_str("m"), slice_str("v"), slice_str("k"),
	    slice_str("t"), &b);
	CHECK(slice_is(slice_buf(&b), "{\"maa_endpoint\":\"m\","
	    "\"akv_endpoint\":\"v\",\"kid\":\"k\",\"access_token\":\"t\"}"),
	    "release with a token");
	buf_free(&b);
}

static void
check_release(const char *body, const char *jwk)
{
	struct err e = {.code = E_OK};
	struct buf out = {0};
	int ret = skr_release_answer(slice_str(body), &out, &e);

	CHECK((ret == 0) == (jwk != NULL) && (jwk != NULL ?
	    slice_is(slice_buf(&out), jwk) : e.code == E_INPUT), "%s", body);
	buf_free(&out);
}

static void
check_combined(const char *head, const char *tail)
{
	struct buf raw = {0}, body = {0};
	struct skr_combined got = {0};
	struct err e;

	memset(buf_more(&raw, SNP_SIZE), 0, SNP_SIZE);
	raw.p[0] = 2;
	raw.p[500] = 1;
	buf_adds(&body, head);
	hex_encode(slice_buf(&raw), &body);
	buf_adds(&body, tail);
	/* hex is base64 of the wrong length, which must be noticed */
	CHECK(skr_combined_answer(slice_buf(&body), &got, &e) < 0 &&
	    e.code == E_INPUT && got.report.n == 0, "%s", head);
	buf_free(&raw);
	buf_free(&body);
}

/* A part of the combined answer that is there and has no byte. */
static void
check_empty(void)
{
	static const char *const bodies[] = {
		"{\"evidence\":\"\",\"endorsements\":\"YQ==\"}",
		"{\"combined_report\":\"{\\\"evidence\\\":\\\"\\\"}\"}",
	};
	struct skr_combined got = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof bodies / sizeof *bodies; i++)
		CHECK(skr_combined_answer(slice_str(bodies[i]), &got, &e) < 0
		    && e.code == E_INPUT && strcmp(e.text, "sidecar's answer: "
		    "evidence: empty") == 0, "%s: %s", bodies[i], e.text);
}

static void
check_status(const char *body, enum status want)
{
	struct err e = {.code = E_OK};

	CHECK((skr_status_answer(slice_str(body), &e) == 0) ==
	    (want == E_OK) && e.code == want, "%s", body);
}

/* What the sidecar failed of, and a word of the hint. */
static const struct {
	const char *why, *hint;
} hints[] = {
	{"certificate endpoint not set", "SkrSideCarArgs needs a certcache"},
	{"ioctl failed:input/output error", "VMPCK"},
	{"x509: certificate is valid for v.example, not v.example:8443",
	    "port 443 only"},
	{"x509: certificate is valid for v.example, not https://v.example",
	    "not the address"},
	{"x509: certificate is not valid for any names, but wanted to match "
	    "v.example:1", "port 443 only"},
	{"x509: certificate is valid for a, b, not c", "another host's"},
	{"x509: certificate has expired or is not yet valid: x", "clock"},
	{"x509: certificate signed by unknown authority", "lacks the roots"},
	{"dial tcp: lookup x on 1.2.3.4:53: no such host", "cannot resolve"},
	{"dial tcp 1.2.3.4:443: connect: connection refused", "nobody listens"},
	{"SNP reported TCB value: 15787368493747273732 doesn't match "
	    "Certificate TCB value: 6755399441055748", "LocalTHIM"},
	{"SNP reported TCB value: 4611686018427387908 doesn't match "
	    "Certificate TCB value: 4611686018427387907", "older"},
	{"SNP reported TCB value: 4611686018427387907 doesn't match "
	    "Certificate TCB value: 4611686018427387908", "restart it"},
	{"retrieving authentication token failed: dial tcp: connect: no route "
	    "to host", "managed identity"},
};

/* The error of a 403, with its advice in the middle. */
static void
refuse(const char *why, struct err *e)
{
	struct service_answer a = {.who = "s", .status = 403, .content_type =
	    "", .request_id = "", .error_code = "", .challenge = "",
	    .retry_after = -1};
	struct buf body = {0};

	buf_addf(&body, "{\"error\":\"a failed" CAUSE "%s\"}", why);
	a.body = slice_buf(&body);
	CHECK(skr_refused(&a, e) < 0 && e->code == E_REFUSED, "%s", why);
	buf_free(&body);
}

static void
check_hints(void)
{
	struct err e;
	size_t i;

	for (i = 0; i < sizeof hints / sizeof *hints; i++) {
		refuse(hints[i].why, &e);
		CHECK(strstr(e.hint, hints[i].hint) != NULL, "hint: %s: %s",
		    hints[i].why, e.hint);
	}
	refuse("the certificate is valid for a, not b:1", &e);
	CHECK(strstr(e.hint, "443") == NULL, "another's words for it: %s",
	    e.hint);
	refuse("releasing the key k failed: x failed: " QUOTED("Forbidden",
	    "The attestation statement is no good") SAID "403 Forbidden", &e);
	CHECK(skr_refused_target(e.text), "the token");
	refuse("releasing the key k failed: x failed: " QUOTED("Forbidden",
	    "The caller is no good") SAID "403 Forbidden", &e);
	CHECK(!skr_refused_target(e.text), "the caller");
}

/* Of a long chain both ends are shown: the cause is the last. */
static void
check_long(void)
{
	struct buf why = {0};
	struct err e;
	int i;

	for (i = 0; i < 200; i++)
		buf_adds(&why, "it failed because: ");
	buf_adds(&why, "the cause");
	buf_addc(&why, 0);
	refuse((const char *)why.p, &e);
	CHECK(strstr(e.text, "a failed: it") != NULL && strstr(e.text,
	    "the cause") != NULL && strlen(e.text) < 600, "%s", e.text);
	buf_free(&why);
}

int
main(void)
{
	struct service_answer a = {.who = "s", .status = 403, .content_type =
	    "", .request_id = "", .error_code = "", .challenge = "",
	    .retry_after = -1};
	struct err e;
	size_t i;

	check_requests();
	for (i = 0; i < sizeof tokens / sizeof *tokens; i++)
		check_token(i);
	check_report(2, SNP_SIZE, E_OK);
	check_report(5, SNP_SIZE, E_OK);
	check_report(1, SNP_SIZE, E_SYSTEM);
	check_report(0, SNP_SIZE, E_INPUT);
	check_report(2, SNP_SIZE - 1, E_INPUT);
	check_report(2, SNP_SIZE + 1, E_INPUT);
	check_combined("{\"evidence\":\"", "\",\"endorsements\":\"YQ==\"}");
	check_combined("{\"combined_report\":\"{\\\"evidence\\\":\\\"",
	    "\\\"}\"}");
	check_release("{\"key\":\"{\\\"kty\\\": \\\"oct\\\"}\"}",
	    "{\"kty\":\"oct\"}");
	check_release("{\"key\": {\"kty\": \"oct\"}}", "{\"kty\":\"oct\"}");
	check_release("{\"key\":[]}", NULL);
	check_release("{\"key\":7}", NULL);
	check_release("{\"key\":\"[]\"}", NULL);
	check_release("{\"key\":\"\"}", NULL);
	check_release("{\"key\":\"x\"}", NULL);
	check_empty();
	check_status("{\"message\":\"Status OK\"}", E_OK);
	check_status("{\"message\":\"Status NOT OK\"}", E_NO);
	check_status("{}", E_INPUT);
	a.body = slice_str(tokens[2].body);
	CHECK(skr_refused(&a, &e) < 0 && e.code == E_REFUSED &&
	    slice_is(slice_str(e.text), "s: 403: why"), "a 403");
	a.request_id = "00-ab-00";
	a.retry_after = 7;
	CHECK(skr_refused(&a, &e) < 0 && slice_is(slice_str(e.text),
	    "s: 403: why (x-ms-request-id 00-ab-00)"), "a request id");
	CHECK(slice_is(slice_str(e.hint), "the service asks to wait 7 s"),
	    "Retry-After");
	a.retry_after = -1;
	a.status = 500;
	a.body = slice_str("");
	CHECK(skr_refused(&a, &e) < 0 && e.code == E_NETWORK &&
	    strstr(e.hint, "crashed") != NULL, "a 500");
	a.request_id = "";
	a.status = 404;
	a.body = slice_str("{\"error\":\"v.example:1: 404 KeyNotFound: k\","
	    "\"service\":\"vault\",\"status\":404}");
	CHECK(skr_refused(&a, &e) < 0 && slice_is(slice_str(e.text),
	    "s: 404: the vault said 404 KeyNotFound: k") &&
	    strstr(e.hint, "check the vault") != NULL,
	    "a service that is named apart");
	a.body = slice_str("{\"error\":\"v.example: no answer\","
	    "\"service\":\"vault\"}");
	CHECK(skr_refused(&a, &e) < 0 && strstr(e.text,
	    "v.example: no answer") != NULL, "and gave no status");
	a.body = slice_str("{\"error\":\"v.example: 404 not here\","
	    "\"service\":\"other\"}");
	CHECK(skr_refused(&a, &e) < 0 && slice_is(slice_str(e.text),
	    "s: 404: v.example: 404 not here"), "one that nobody knows: %s",
	    e.text);
	check_hints();
	check_long();
	return tap_done();
}

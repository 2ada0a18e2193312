/* The sidecar's answers, with its defects. */
#include "azure/skr.h"

#include <stdlib.h>

#include "codec/hex.h"
#include "evidence/report.h"
#include "unit/tap.h"

#define ADVICE "\\nERROR: Please refer to the documentation for more.\\n" \
	"ACI: https://x\\nKATA: https://y\\nTroubleshooting: https://z"

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

static void
check_status(const char *body, enum status want)
{
	struct err e = {.code = E_OK};

	CHECK((skr_status_answer(slice_str(body), &e) == 0) ==
	    (want == E_OK) && e.code == want, "%s", body);
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
	check_release("{\"key\":{\"kty\":\"oct\"}}", NULL);
	check_release("{\"key\":\"[]\"}", NULL);
	check_release("{\"key\":\"\"}", NULL);
	check_release("{\"key\":\"x\"}", NULL);
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
	a.status = 500;
	a.body = slice_str("");
	CHECK(skr_refused(&a, &e) < 0 && e.code == E_NETWORK, "a 500");
	return tap_done();
}

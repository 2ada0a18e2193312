/* The body for MAA, and what its token must say. */
#include "azure/maa.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "unit/tap.h"
#include "value/json.h"

static struct slice
str(const char *s)
{
	return slice_str(s);
}

static void
check_body(void)
{
	struct buf body = {0}, inner = {0};
	struct json *doc = NULL, *report = NULL;
	struct err e;

	maa_body(&(struct maa_request){.report = str("R"), .certs = str("C\n"),
	    .endorsement = str("UU"), .runtime = str("{\"a\": 1}\n"),
	    .nonce = "n\"1"}, &body);
	CHECK(json_parse(slice_buf(&body), &doc, &e) == 0 &&
	    json_text_is(json_get(json_root(doc), "nonce"), "n\"1"),
	    "the nonce is a string");
	CHECK(json_text_is(json_get(json_get(json_root(doc), "runtimeData"),
	    "dataType"), "JSON") && json_text_is(json_get(json_get(json_root(
	    doc), "runtimeData"), "data"), "eyJhIjogMX0K"),
	    "runtime data as it is, unpadded");
	CHECK(json_text(json_get(json_root(doc), "report"), "report", &inner,
	    &e) == 0, "a report");
	buf_free(&body);
	CHECK(b64_decode(slice_buf(&inner), B64_JOSE, &body, &e) == 0 &&
	    slice_is(slice_buf(&body), "{\"SnpReport\":\"Ug\","
	    "\"VcekCertChain\":\"Qwo\",\"Endorsements\":"
	    "\"eyJVdm0iOlsiVlZVIl19\"}"), "thrice encoded");
	json_free(doc);
	json_free(report);
	buf_free(&inner);
	buf_free(&body);
}

static void
check_small_body(void)
{
	struct buf body = {0};

	maa_body(&(struct maa_request){.report = str("R"), .certs = str("C"),
	    .nonce = "1"}, &body);
	CHECK(slice_is(slice_buf(&body), "{\"report\":\"eyJTbnBSZXBvcnQiOiJVZy"
	    "IsIlZjZWtDZXJ0Q2hhaW4iOiJRdyJ9\",\"nonce\":\"1\"}"),
	    "without endorsement and runtime data");
	buf_free(&body);
	CHECK(maa_runtime_is_json(str("{}")) &&
	    maa_runtime_is_json(str(" {\"a\":1}\n")) &&
	    !maa_runtime_is_json(str("[]")) && !maa_runtime_is_json(str("")) &&
	    !maa_runtime_is_json(str("{\"a\":1,\"a\":1}")) &&
	    !maa_runtime_is_json(str("x")), "what is JSON");
}

static void
check_answer(const char *body, const char *token, const char *why)
{
	struct buf out = {0};
	struct err e = {.code = E_OK};
	int ret = maa_answer(str(body), &out, &e);

	if (token != NULL)
		CHECK(ret == 0 && slice_is(slice_buf(&out), token), "%s",
		    body);
	else
		CHECK(ret < 0 && e.code == E_INPUT && out.n == 0 &&
		    strstr(e.text, why) != NULL, "%s: %s", body, e.text);
	buf_free(&out);
}

/* A token with those claims is judged as that. */
static void
check_token(const char *claims, enum status want)
{
	static const uint8_t data[2] = {0xab, 0x01};
	struct maa_asked asked = {.issuer = str("https://h"), .nonce = "7",
	    .report_data = slice_of(data, 2), .runtime = str("{\"k\":[1]}")};
	struct err e = {.code = E_OK};
	struct buf token = {0};

	b64_encode(str("{\"alg\":\"RS256\"}"), B64_URL, &token);
	buf_addc(&token, '.');
	b64_encode(str(claims), B64_URL, &token);
	buf_adds(&token, ".AAAA");
	CHECK((maa_check(slice_buf(&token), &asked, &e) == 0) ==
	    (want == E_OK) && e.code == want, "%s: %s", claims, e.code ==
	    E_OK ? "good" : e.text);
	buf_free(&token);
}

#define TYPE "\"x-ms-attestation-type\":\"sevsnpvm\""
#define DATA TYPE ",\"x-ms-sevsnpvm-reportdata\":\"ab01\""

static void
check_tokens(void)
{
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\"," DATA "}", E_OK);
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\"," DATA
	    ",\"x-ms-runtime\":{\"k\":[1.0]}}", E_OK);
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\"," DATA
	    ",\"x-ms-runtime\":{\"k\":[2]}}", E_NO);
	check_token("{\"iss\":\"https://h\",\"nonce\":7," DATA "}", E_NO);
	check_token("{\"iss\":\"https://h\"," DATA "}", E_NO);
	check_token("{\"iss\":\"https://h/\",\"nonce\":\"7\"," DATA "}", E_NO);
	check_token("{\"nonce\":\"7\"," DATA "}", E_NO);
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\"," TYPE "}",
	    E_NO);
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\","
	    "\"x-ms-sevsnpvm-reportdata\":\"ab01\"}", E_NO);
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\","
	    "\"x-ms-attestation-type\":\"azurevm\","
	    "\"x-ms-sevsnpvm-reportdata\":\"ab01\"}", E_NO);
	check_token("{\"iss\":\"https://h\",\"nonce\":\"7\","
	    TYPE ",\"x-ms-sevsnpvm-reportdata\":\"AB01\"}", E_NO);
	check_token("{\"iss\":\"https://h\",\"iss\":\"https://h\",\"nonce\":"
	    "\"7\"," DATA "}", E_INPUT);
	check_token("[]", E_INPUT);
	check_token("x", E_INPUT);
}

static void
check_openid(const char *body, enum status want)
{
	struct err e = {.code = E_OK};

	CHECK((maa_openid(str(body), str("https://h"), &e) == 0) ==
	    (want == E_OK) && e.code == want, "%s", body);
}

static void
check_keys(const char *body, const char *want)
{
	struct err e = {.code = E_OK};
	struct buf out = {0};
	int ret = maa_keys(str(body), &out, &e);

	CHECK((ret == 0) == (want != NULL) && (want != NULL ?
	    slice_is(slice_buf(&out), want) : e.code == E_INPUT), "%s", body);
	buf_free(&out);
}

int
main(void)
{
	check_body();
	check_small_body();
	check_answer("{\"token\":\"a.b.c\"}", "a.b.c", "");
	check_answer("{\"token\":\"\"}", NULL, "token: empty");
	check_answer("{\"token\":7}", NULL, "token: a number");
	check_answer("{}", NULL, "token: missing");
	check_answer("[]", NULL, "token: missing");
	check_answer("{\"token\":\"a\",\"token\":\"b\"}", NULL, "answer: ");
	check_answer("{\"token\":\"a\"}{}", NULL, "answer: ");
	check_answer("", NULL, "answer: ");
	check_tokens();
	check_openid("{\"jwks_uri\":\"https://h/certs\"}", E_OK);
	check_openid("{\"jwks_uri\":\"https://h/certs\",\"issuer\":"
	    "\"https://h\"}", E_OK);
	check_openid("{\"jwks_uri\":\"https://h/certs\",\"issuer\":"
	    "\"https://i\"}", E_NO);
	check_openid("{\"jwks_uri\":\"https://i/certs\"}", E_NO);
	check_openid("{}", E_INPUT);
	check_openid("<html>", E_INPUT);
	check_keys("{\"keys\": [ {} ] }", "{\"keys\":[{}]}");
	check_keys("{\"keys\":[]}", NULL);
	check_keys("{\"keys\":{}}", NULL);
	check_keys("[]", NULL);
	check_keys("x", NULL);
	return tap_done();
}

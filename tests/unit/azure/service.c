/* What services say when they refuse. */
#include "azure/service.h"

#include <stdlib.h>

#include "azure/akv.h"
#include "azure/maa.h"
#include "unit/tap.h"

static const struct {
	long status;
	enum status class;
	const char *body, *line;
} refusals[] = {
	{400, E_REFUSED, "{\"error\":{\"code\":\"InvalidParameter\","
	    "\"message\":\"Bad thing.\"}}",
	    "h: 400 InvalidParameter: Bad thing"},
	{403, E_REFUSED, "{\"error\":{\"code\":\"Forbidden\",\"message\":"
	    "\"No.\",\"innererror\":{\"code\":\"AccessDenied\"}}}",
	    "h: 403 Forbidden, AccessDenied: No"},
	{403, E_REFUSED, "{\"error\":{\"code\":\"A\",\"message\":\"m\","
	    "\"innererror\":{\"code\":\"B\",\"innererror\":{\"code\":\"C\"}}}}",
	    "h: 403 A, C: m"},
	{500, E_NETWORK, "{\"Error\":{\"Code\":\"X\",\"Message\":\"Y\"}}",
	    "h: 500 X: Y"},
	{400, E_REFUSED, "{\"code\":\"X\",\"message\":\"Y\"}", "h: 400 X: Y"},
	{400, E_REFUSED, "{\"error\":\"invalid_request\","
	    "\"error_description\":\"Identity not found\"}",
	    "h: 400 invalid_request: Identity not found"},
	{403, E_REFUSED, "{\"error\":\"just this\"}", "h: 403: just this"},
	{400, E_REFUSED, "{\"error\":{\"code\":\"P\",\"message\":\"Native "
	    "operation failed with 65518: G:\\\\Az(168) Msg:[outer Msg:[Policy"
	    " Engine Exception: A [Deny] claim was issued.]]\\nmore\"}}",
	    "h: 400 P: Policy Engine Exception: A [Deny] claim was issued"},
	{400, E_REFUSED, "{\"error\":{\"code\":\"P\",\"message\":\"x Msg:[cut"
	    " off\"}}", "h: 400 P: cut off"},
	{400, E_REFUSED, "{\"error\":{\"code\":\"P\",\"message\":\"a\\r\\nb"
	    "\\tc ...\"}}", "h: 400 P: a b c"},
	{401, E_REFUSED, "OK", "h: 401: the body is \"OK\""},
	{404, E_REFUSED, "", "h: 404: the body is empty"},
	{404, E_REFUSED, " \r\n", "h: 404: the body is empty"},
	{404, E_REFUSED, "404 page not found\n",
	    "h: 404: the body is \"404 page not found\""},
	{404, E_REFUSED, "a\nb", "h: 404: the body says nothing more"},
	{404, E_REFUSED, "caf\303\251", "h: 404: the body says nothing more"},
	{404, E_REFUSED, "0123456789012345678901234567890123456789"
	    "01234567890123456789012345678901234567890",
	    "h: 404: the body says nothing more"},
	{502, E_NETWORK, "<html></html>", "h: 502: the body is HTML, no JSON"},
	{429, E_NETWORK, "{}", "h: 429: the body says nothing more"},
	{408, E_NETWORK, "[]", "h: 408: the body says nothing more"},
	{204, E_INPUT, "", "h: 204: the body is empty"},
	{400, E_REFUSED, "{\"error\":{\"code\":7,\"message\":null}}",
	    "h: 400: the body says nothing more"},
	{400, E_REFUSED, "{\"error\":{\"code\":\"a\",\"code\":\"b\"}}",
	    "h: 400: the body says nothing more"},
};

static struct service_answer
answer(long status, const char *body)
{
	return (struct service_answer){.who = "h", .status = status,
	    .body = slice_str(body), .content_type = "", .request_id = "",
	    .error_code = "", .challenge = "", .retry_after = -1};
}

static void
check_headers(void)
{
	struct service_answer a = answer(400, "");
	struct err e;

	a.request_id = "00-ab-00";
	a.error_code = "FromHeader";
	a.retry_after = 9;
	CHECK(service_refused(&a, &e) < 0 && slice_is(slice_str(e.text),
	    "h: 400 FromHeader: the body is empty (x-ms-request-id 00-ab-00)"),
	    "what the headers say");
	CHECK(slice_is(slice_str(e.hint), "the service asks to wait 9 s"),
	    "Retry-After");
}

static void
check_long(void)
{
	struct service_answer a = answer(400, "");
	struct buf body = {0};
	struct err e;
	int i;

	buf_adds(&body, "{\"error\":{\"code\":\"X\",\"message\":\"");
	for (i = 0; i < 2000; i++)
		buf_adds(&body, "\xc3\xa9");
	buf_adds(&body, "\"}}");
	a.body = slice_buf(&body);
	a.request_id = "the-id";
	CHECK(service_refused(&a, &e) < 0 && strlen(e.text) < 600 &&
	    strstr(e.text, "\xc3\xa9 ...") != NULL &&
	    strstr(e.text, "the-id)") != NULL,
	    "a long message is cut between characters, the id stays");
	buf_free(&body);
}

static void
check_body(const char *kind, const char *body, bool good)
{
	struct service_answer a = answer(200, body);
	struct err e = {.code = E_OK};

	a.content_type = kind;
	CHECK((service_body(&a, &e) == 0) == good &&
	    (good || e.code == E_INPUT), "%s %s", kind, body);
}

static void
check_challenge(void)
{
	static const char text[] = "Bearer authorization=\"https://l/t\", "
	    "resource=\"https://vault\", xresource=\"no\"";
	struct service_answer a = answer(401, "OK");
	struct err e;

	CHECK(slice_is(akv_challenge(text, "authorization"), "https://l/t") &&
	    slice_is(akv_challenge(text, "resource"), "https://vault") &&
	    akv_challenge(text, "scope").n == 0 &&
	    akv_challenge("", "resource").n == 0 &&
	    akv_challenge("resource=\"cut", "resource").n == 0 &&
	    slice_is(akv_challenge("xresource=\"no\",RESOURCE=\"yes\"",
	    "resource"), "yes"), "a challenge is taken apart");
	a.challenge = text;
	CHECK(akv_refused(&a, (struct slice){0}, 0, &e) < 0 &&
	    e.code == E_REFUSED &&
	    strstr(e.hint, "https://vault from https://l/t") != NULL,
	    "and said");
}

int
main(void)
{
	struct service_answer a;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof refusals / sizeof *refusals; i++) {
		a = answer(refusals[i].status, refusals[i].body);
		CHECK(service_refused(&a, &e) < 0 &&
		    e.code == refusals[i].class &&
		    slice_is(slice_str(e.text), refusals[i].line), "%s",
		    refusals[i].line);
	}
	check_headers();
	check_long();
	check_body("application/json", "{}", true);
	check_body("application/json", "", false);
	check_body("text/html; charset=utf-8", "{}", false);
	check_body("", " <!DOCTYPE html>", false);
	check_challenge();
	a = answer(400, "{\"error\":{\"code\":\"X\",\"message\":\"Msg:[A Deny "
	    "claim was issued, authorization failed.]\"}}");
	CHECK(maa_refused(&a, &e) < 0 && strstr(e.hint, "policy") != NULL,
	    "a denied claim is the policy's matter");
	return tap_done();
}

/* Answers of MAA: what fails leaves the output as it was and says one line;
 * a token is only right if it answers what was asked. */
#include "azure/maa.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
token(struct slice s)
{
	static const uint8_t zeros[64];
	struct maa_asked asked = {.issuer = slice_str("https://h"),
	    .report_data = slice_of(zeros, 64), .nonce = "n",
	    .runtime = slice_str("{\"k\":1}")};
	struct buf out = {0};
	struct err e;

	if (maa_answer(s, &out, &e) < 0) {
		require(e.code == E_INPUT && out.n == 0);
	} else if (maa_check(slice_buf(&out), &asked, &e) < 0) {
		require(e.code == E_INPUT || e.code == E_NO);
	} else {
		asked.nonce = "m";
		require(maa_check(slice_buf(&out), &asked, &e) < 0 &&
		    e.code == E_NO);
	}
	buf_free(&out);
}

static void
refusal(struct slice s)
{
	struct service_answer a = {.who = "h", .status = 400, .body = s,
	    .content_type = "", .request_id = "id", .error_code = "",
	    .challenge = "", .retry_after = -1};
	struct err e;

	require(maa_refused(&a, &e) < 0 && e.code == E_REFUSED);
	require(strncmp(e.text, "h: 400", 6) == 0);
	(void)service_body(&a, &e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of(data, size);
	struct buf out = {0};
	struct err e;

	token(s);
	refusal(s);
	if (maa_keys(s, &out, &e) < 0)
		require(e.code == E_INPUT && out.n == 0);
	(void)maa_openid(s, slice_str("https://h"), &e);
	(void)maa_runtime_is_json(s);
	buf_free(&out);
	return 0;
}

/* Answers of the sidecar: no report but one of 1184 bytes and a version that
 * hardware makes, nothing else without its member, one line for an error. */
#include "azure/skr.h"

#include <stdlib.h>

#include "evidence/report.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
refused(struct slice s)
{
	struct service_answer a = {.who = "h", .status = 403, .body = s,
	    .content_type = "", .request_id = "", .error_code = "",
	    .challenge = "", .retry_after = -1};
	struct err e;

	require(skr_refused(&a, &e) < 0 && e.code == E_REFUSED);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of(data, size);
	struct skr_combined combined = {0};
	struct buf out = {0};
	struct err e;

	if (skr_raw_answer(s, &out, &e) < 0)
		require(out.n == 0 && e.code != E_OK && e.code != E_NO);
	else
		require(out.n == SNP_SIZE && snp_version(slice_buf(&out)) > 1);
	buf_cut(&out, 0);
	if (skr_combined_answer(s, &combined, &e) < 0)
		require(combined.report.n == 0 && combined.certs.n == 0);
	else
		require(combined.report.n == SNP_SIZE);
	skr_combined_free(&combined);
	if (skr_maa_answer(s, &out, &e) < 0)
		require(out.n == 0);
	else
		require(out.n > 0);
	buf_cut(&out, 0);
	if (skr_release_answer(s, &out, &e) < 0)
		require(out.n == 0);
	else
		require(out.n > 1 && out.p[0] == '{');
	(void)skr_status_answer(s, &e);
	refused(s);
	buf_free(&out);
	return 0;
}

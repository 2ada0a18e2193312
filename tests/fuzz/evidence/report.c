/* snp -- a report in any encoding, and everything that is read out of it. */
#include <stdlib.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "evidence/hcl.h"
#include "evidence/report.h"
#include "evidence/show.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

/* Accepted, so its hex and base64 must give the same bytes again. */
static void
again(struct slice r)
{
	struct buf text = {0}, back = {0};
	struct err e;

	hex_encode(r, &text);
	if (snp_read(slice_buf(&text), &back, &e) < 0 ||
	    !slice_eq(slice_buf(&back), r))
		abort();
	buf_cut(&text, 0);
	buf_cut(&back, 0);
	b64_encode(r, B64_STD, &text);
	if (snp_read(slice_buf(&text), &back, &e) < 0 ||
	    !slice_eq(slice_buf(&back), r))
		abort();
	buf_free(&text);
	buf_free(&back);
}

/* What is shown of it is JSON, whatever it holds. */
static void
show(struct slice r)
{
	struct buf out = {0};
	struct json *json;
	struct err e;

	snp_show_text(r, &out);
	buf_cut(&out, 0);
	snp_show_json(r, &out);
	if (json_parse(slice_buf(&out), &json, &e) < 0)
		abort();
	json_free(json);
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf r = {0};
	struct hcl hcl;
	struct err e;

	if (snp_read(slice_of(data, size), &r, &e) == 0) {
		if (r.n != SNP_SIZE || snp_version(slice_buf(&r)) < 2)
			abort();
		again(slice_buf(&r));
		show(slice_buf(&r));
		(void)snp_binds(slice_buf(&r), slice_of(data, size), &e);
	} else if (r.n != 0 || e.code != E_INPUT) {
		abort();
	}
	buf_free(&r);
	if (hcl_is(slice_of(data, size)) &&
	    hcl_read(slice_of(data, size), &hcl, &e) == 0)
		(void)hcl_binds(&hcl, snp_report_data(hcl.report), &e);
	return 0;
}

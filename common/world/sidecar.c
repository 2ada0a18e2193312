/* sidecar.c -- see sidecar.h. */
#include "world/sidecar.h"

#include "format/skr.h"
#include "world/http.h"

static int
refused(const char *base, const struct http_answer *answer, struct err *e)
{
	const struct service_answer said = {.who = base,
	    .status = answer->status, .body = slice_buf(&answer->body),
	    .content_type = answer->content_type,
	    .request_id = answer->request_id,
	    .error_code = answer->error_code, .challenge = answer->challenge,
	    .retry_after = answer->retry_after};

	return skr_refused(&said, e);
}

static int
post(const char *base, const char *route, struct slice body,
    struct http_answer *answer, struct err *e)
{
	struct buf url = {0};
	struct http_request rq = {.method = "POST",
	    .content_type = "application/json", .body = body};
	int ret;

	buf_addf(&url, "%s%s", base, route);
	buf_addc(&url, '\0');
	rq.url = (const char *)url.p;
	if ((ret = http_do(&rq, answer, e)) == 0 && answer->status != 200)
		ret = refused(base, answer, e);
	buf_free(&url);
	return ret;
}

int
sidecar_report(const char *base, struct slice runtime, struct buf *report,
    struct err *e)
{
	struct http_answer answer = {0};
	struct buf body = {0}, r = {0};
	int ret = -1;

	skr_raw_request(runtime, &body);
	if (post(base, "/attest/raw", slice_buf(&body), &answer, e) < 0)
		goto out;
	if (skr_raw_answer(slice_buf(&answer.body), &r, e) < 0 ||
	    snp_binds(slice_buf(&r), runtime, e) < 0) {
		(void)err_in(e, "%s", base);
		goto out;
	}
	buf_add(report, slice_buf(&r));
	ret = 0;
out:
	buf_free(&r);
	buf_free(&body);
	http_free(&answer);
	return ret;
}

/* kds.c -- see kds.h. */
#include "net/kds.h"

int
kds_get(const struct kds *k, const char *route, struct buf *out,
    bool *absent, struct err *e)
{
	static const char *const headers[] = {"Accept: */*", NULL};
	struct http_request rq = {.method = "GET", .headers = headers,
	    .cacert = k->ask->cacert, .ms = ask_left(k->ask),
	    .retries = k->ask->retries, .verbose = k->ask->verbose,
	    .body_max = KDS_MAX};
	struct http_answer a = {0};
	struct service_answer said;
	struct buf url = {0};
	int ret;

	buf_add(&url, k->base);
	buf_adds(&url, route);
	buf_addc(&url, '\0');
	rq.url = (const char *)url.p;
	ret = ask_answer(&rq, &a, e);
	if (ret == 0 && a.status != 200) {
		said = http_service(&a);
		if (absent != NULL)
			*absent = a.status == 404;
		ret = service_refused(&said, e);
	} else if (ret == 0 && a.body.n == 0) {
		ret = err_set(e, E_INPUT, "%s: the answer is empty", a.host);
	} else if (ret == 0) {
		buf_add(out, slice_buf(&a.body));
	}
	http_free(&a);
	buf_free(&url);
	return ret;
}

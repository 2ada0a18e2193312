/* metadata.c -- see metadata.h. */
#include "net/metadata.h"

#include <stdlib.h>

#include "azure/endpoint.h"
#include "azure/service.h"
#include "evidence/thim.h"
#include "net/http.h"

/* Append the service's address without a path. */
static int
authority(struct buf *url, struct err *e)
{
	const char *host = getenv("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	struct slice s = slice_str(host != NULL && *host != '\0' ? host :
	    "http://169.254.169.254");

	if (s.n > 0 && s.p[s.n - 1] == '/')
		s.n--;
	if (!slice_starts(s, "http://") || !endpoint_local(endpoint_host(s)))
		return err_set(e, E_USAGE, "AZURE_POD_IDENTITY_AUTHORITY_HOST:"
		    " not http:// and a loopback or link-local address: %.*s",
		    (int)s.n, (const char *)s.p);
	buf_add(url, s);
	return 0;
}

static int
judge(const struct http_answer *a, struct err *e)
{
	const struct service_answer said = http_service(a);
	struct buf pem = {0};
	int ret;

	if (a->status != 200)
		return service_refused(&said, e);
	if ((ret = thim_pem(said.body, &pem, e)) < 0)
		(void)err_in(e, "%s", a->host);
	buf_free(&pem);
	return ret;
}

int
metadata_thim(struct buf *out, struct err *e)
{
	static const char *const headers[] = {"Metadata: true", NULL};
	struct http_request rq = {.method = "GET", .headers = headers,
	    .ms = METADATA_TIMEOUT * 1000, .body_max = THIM_MAX};
	struct http_answer answer = {0};
	struct buf url = {0};
	int ret = -1;

	if (authority(&url, e) == 0) {
		buf_adds(&url, "/metadata/THIM/amd/certification");
		buf_addc(&url, '\0');
		rq.url = (const char *)url.p;
		if ((ret = http_do(&rq, &answer, e)) == 0 &&
		    (ret = judge(&answer, e)) == 0)
			buf_add(out, slice_buf(&answer.body));
	}
	http_free(&answer);
	buf_free(&url);
	return ret;
}

/* httppin.c -- trust by thumbprint, as Service Fabric's identity endpoint is
 * meant to be trusted; see httpcurl.h. */
#include "world/httpcurl.h"

#include <string.h>

#include "codec/hex.h"
#include "crypto/cert.h"

enum { SHA1_SIZE = 20 };	/* bytes */

/* libcurl's account of a certificate is a list of "Name:value"; one of them
 * is the PEM. */
static void
first_pem(const struct curl_certinfo *info, struct buf *pem)
{
	struct curl_slist *l;

	if (info == NULL || info->num_of_certs < 1)
		return;
	for (l = info->certinfo[0]; l != NULL; l = l->next)
		if (strncmp(l->data, "Cert:", 5) == 0)
			buf_adds(pem, l->data + 5);
}

static int
check_pem(const struct buf *pem, const char *thumbprint, const char *host,
    struct err *e)
{
	uint8_t want[SHA1_SIZE], is[SHA1_SIZE];
	struct certs certs = {0};
	int ret = -1;

	if (hex_exact(slice_str(thumbprint), want, sizeof want, e) < 0)
		return err_in(e, "thumbprint");
	if (certs_add_pem(&certs, slice_buf(pem), 1, e) < 0)
		return err_in(e, "%s: certificate", host);
	hash_of(HASH_SHA1, cert_der(certs.v[0]), is);
	if (slice_eq(slice_of(is, sizeof is), slice_of(want, sizeof want)))
		ret = 0;
	else
		(void)err_set(e, E_NO, "%s: certificate: its thumbprint is not "
		    "%s", host, thumbprint);
	certs_free(&certs);
	return ret;
}

int
httpcurl_pin(struct http_attempt *at, const char *host, struct buf *pem,
    struct err *e)
{
	char said[CURL_ERROR_SIZE] = "";
	struct curl_certinfo *info = NULL;
	struct http_attempt look = *at;
	CURL *c = httpcurl_new(&look, (struct slice){0});
	CURLcode code;
	int ret;

	/* only to see the certificate: no request follows on this
	 * connection, and the next one trusts nothing else */
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	(void)curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	(void)curl_easy_setopt(c, CURLOPT_CERTINFO, 1L);
	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
	(void)curl_easy_setopt(c, CURLOPT_URL, at->rq->url);
	if ((code = curl_easy_perform(c)) == CURLE_OK) {
		(void)curl_easy_getinfo(c, CURLINFO_CERTINFO, &info);
		first_pem(info, pem);
		ret = check_pem(pem, at->rq->thumbprint, host, e);
	} else {
		ret = httpcurl_failed(c, code, said, at, host, e);
	}
	curl_easy_cleanup(c);
	return ret;
}

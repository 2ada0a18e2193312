/* pin.c -- look at a certificate before it is trusted: by thumbprint, as
 * Service Fabric's identity endpoint is meant to be; and one that was not
 * trusted, to say why.  See net/curl.h. */
#include "net/curl.h"

#include <string.h>

#include "codec/hex.h"
#include "crypto/cert.h"

enum { SHA1_SIZE = 20 };	/* bytes */

/* libcurl's account of a certificate is a list of "Name:value": the value of
 * the first one's. */
static void
first_cert(const struct curl_certinfo *info, const char *name,
    struct buf *value)
{
	size_t n = strlen(name);
	struct curl_slist *l;

	if (info == NULL || info->num_of_certs < 1)
		return;
	for (l = info->certinfo[0]; l != NULL; l = l->next)
		if (strncmp(l->data, name, n) == 0 && l->data[n] == ':')
			buf_adds(value, l->data + n + 1);
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

/* A handle only to see the certificate: no request follows on its connection,
 * and no other one trusts what it saw. */
static CURL *
onlooker(const struct http_attempt *at)
{
	CURL *c = httpcurl_new(at, (struct slice){0});

	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 0L);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
	(void)curl_easy_setopt(c, CURLOPT_CONNECT_ONLY, 1L);
	(void)curl_easy_setopt(c, CURLOPT_CERTINFO, 1L);
	(void)curl_easy_setopt(c, CURLOPT_URL, at->rq->url);
	return c;
}

void
httpcurl_look(const struct http_attempt *at, const char *name,
    struct buf *value)
{
	struct curl_certinfo *info = NULL;
	CURL *c = onlooker(at);

	if (curl_easy_perform(c) == CURLE_OK &&
	    curl_easy_getinfo(c, CURLINFO_CERTINFO, &info) == CURLE_OK)
		first_cert(info, name, value);
	curl_easy_cleanup(c);
}

int
httpcurl_pin(struct http_attempt *at, const char *host, struct buf *pem,
    struct err *e)
{
	char said[CURL_ERROR_SIZE] = "";
	struct curl_certinfo *info = NULL;
	CURL *c = onlooker(at);
	CURLcode code;
	int ret;

	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
	if ((code = curl_easy_perform(c)) == CURLE_OK) {
		(void)curl_easy_getinfo(c, CURLINFO_CERTINFO, &info);
		first_cert(info, "Cert", pem);
		ret = check_pem(pem, at->rq->thumbprint, host, e);
	} else {
		ret = httpcurl_failed(c, code, said, at, host, e);
	}
	curl_easy_cleanup(c);
	return ret;
}

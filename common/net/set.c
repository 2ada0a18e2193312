/* set.c -- what holds for any request with libcurl; see net/curl.h. */
#include "net/curl.h"

#include <pthread.h>
#include <stdlib.h>

#include "ground/wipe.h"

static pthread_once_t begun = PTHREAD_ONCE_INIT;

static void
begin(void)
{
	/* libcurl would write the TLS secrets there */
	(void)unsetenv("SSLKEYLOGFILE");
	/* what it gives back had bearers in it, and answers */
	if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, malloc, wipe_free,
	    wipe_realloc, strdup, calloc) != CURLE_OK)
		err_nomem();
}

void
http_ready(void)
{
	(void)pthread_once(&begun, begin);
}

static CURL *
handle(void)
{
	CURL *c;

	http_ready();
	if ((c = curl_easy_init()) == NULL)
		err_nomem();
	return c;
}

static void
set_roots(CURL *c, const char *roots)
{
	const char *none = NULL;

	(void)curl_easy_setopt(c, CURLOPT_CAINFO, roots);
	(void)curl_easy_setopt(c, CURLOPT_CAPATH, none);
	(void)curl_easy_setopt(c, CURLOPT_PROXY_CAINFO, roots);
	(void)curl_easy_setopt(c, CURLOPT_PROXY_CAPATH, none);
}

/* That certificate and no other, whatever names it has: the host is part of
 * nobody's public namespace. */
static void
set_pin(CURL *c, struct slice pin)
{
	struct curl_blob blob = {.len = pin.n, .flags = CURL_BLOB_COPY};
	const char *none = NULL;

	memcpy(&blob.data, &pin.p, sizeof blob.data);
	(void)curl_easy_setopt(c, CURLOPT_CAINFO, none);
	(void)curl_easy_setopt(c, CURLOPT_CAPATH, none);
	(void)curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &blob);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 0L);
}

static void
set_tls(CURL *c, const struct http_attempt *at, struct slice pin)
{
	(void)curl_easy_setopt(c, CURLOPT_SSLVERSION,
	    (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	(void)curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	if (pin.n > 0)
		set_pin(c, pin);
	else
		set_roots(c, at->roots);
}

static void
set_policy(CURL *c, const struct http_attempt *at)
{
	(void)curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR,
	    at->plain ? "http" : "https");
	(void)curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 0L);
	(void)curl_easy_setopt(c, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
	(void)curl_easy_setopt(c, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
	(void)curl_easy_setopt(c, CURLOPT_HTTP_VERSION,
	    (long)CURL_HTTP_VERSION_1_1);
	(void)curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
	/* a resolver that does not answer is not waited for longer than the
	 * rest: its thread is left behind */
	(void)curl_easy_setopt(c, CURLOPT_QUICK_EXIT, 1L);
	(void)curl_easy_setopt(c, CURLOPT_HEADEROPT,
	    (long)CURLHEADER_SEPARATE);
	(void)curl_easy_setopt(c, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
	(void)curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT,
	    (long)HTTP_CONNECT_TIMEOUT);
	(void)curl_easy_setopt(c, CURLOPT_TIMEOUT_MS,
	    at->ms > 0 ? at->ms : 1L);
	(void)curl_easy_setopt(c, CURLOPT_USERAGENT, "teeutils");
	if (at->direct)
		(void)curl_easy_setopt(c, CURLOPT_PROXY, "");
}

CURL *
httpcurl_new(const struct http_attempt *at, struct slice pin)
{
	CURL *c = handle();

	set_policy(c, at);
	if (!at->plain)
		set_tls(c, at, pin);
	return c;
}

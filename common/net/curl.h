/* curl.h -- between the files that use libcurl: how a request is set up,
 * made and explained.  World. */
#ifndef NET_CURL_H
#define NET_CURL_H

#include <curl/curl.h>

#include "net/http_in.h"

/* A handle with everything set that holds for any request: TLS, proxies,
 * protocols, time.  pin is the PEM of the one certificate trusted, or empty;
 * it must outlive the handle. */
CURL *httpcurl_new(const struct http_attempt *, struct slice pin);

/* Append the PEM of the certificate that the server shows, if its SHA-1 is the
 * request's thumbprint (E_NO if not).  Nothing is sent before. */
int httpcurl_pin(struct http_attempt *, const char *host, struct buf *pem,
    struct err *);

/* Append what the certificate that the server shows says of itself under a
 * name of libcurl's ("Issuer"); nothing if it cannot be seen any more. */
void httpcurl_look(const struct http_attempt *, const char *name,
    struct buf *value);

/* What a failed result of libcurl means; said is its own text.  Sets again.
 * Returns -1. */
int httpcurl_failed(CURL *, CURLcode, const char *said,
    struct http_attempt *, const char *host, struct err *);

/* The class of a result that is no success: every code of libcurl's that has
 * a text (curl_easy_strerror()) is known; others are E_NETWORK. */
enum status httpcurl_class(CURLcode, bool *known);

#endif

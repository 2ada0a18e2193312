/* What libcurl's results mean: each that has a text is known. */
#include "net/curl.h"

#include <string.h>

#include "unit/tap.h"

/* Those whose class a script decides by. */
static const struct {
	int code;
	enum status class;
} some[] = {
	{CURLE_OUT_OF_MEMORY, E_SYSTEM},
	{CURLE_URL_MALFORMAT, E_USAGE},
	{CURLE_COULDNT_CONNECT, E_NETWORK},
	{CURLE_OPERATION_TIMEDOUT, E_NETWORK},
	{CURLE_PEER_FAILED_VERIFICATION, E_NO},
	{CURLE_SSL_PINNEDPUBKEYNOTMATCH, E_NO},
	{CURLE_SSL_CACERT_BADFILE, E_INPUT},
	{CURLE_WEIRD_SERVER_REPLY, E_INPUT},
	{100, E_INPUT},		/* headers too large, libcurl 8.6 */
	{CURLE_FTP_PORT_FAILED, E_SYSTEM},
};

int
main(void)
{
	const char *nothing = curl_easy_strerror((CURLcode)9999);
	enum status class;
	bool known;
	size_t i;
	int code;

	for (code = 1; code < 200; code++) {
		if (strcmp(curl_easy_strerror((CURLcode)code), nothing) == 0)
			continue;
		class = httpcurl_class((CURLcode)code, &known);
		CHECK(known && class != E_OK && class != E_REFUSED,
		    "%d, %s", code, curl_easy_strerror((CURLcode)code));
	}
	for (i = 0; i < sizeof some / sizeof *some; i++)
		CHECK(httpcurl_class((CURLcode)some[i].code, &known) ==
		    some[i].class, "the class of %d", some[i].code);
	CHECK(httpcurl_class((CURLcode)9999, &known) == E_NETWORK && !known,
	    "a code that nobody knows");
	return tap_done();
}

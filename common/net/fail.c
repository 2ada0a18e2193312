/* fail.c -- what libcurl's failures mean to us; see net/curl.h. */
#include "net/curl.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum {
	LOOK_MAX = 200,		/* bytes of what a certificate says */
	HEADERS_TOO_LARGE = 100, /* CURLE_TOO_LARGE of libcurl 8.6 */
	ECH_REQUIRED = 101,	/* CURLE_ECH_REQUIRED of libcurl 8.8 */
};

/* Every code there is, on purpose; tests/unit/net/fail.c walks them.  By number
 * those that the oldest libcurl has no name for. */
static const struct {
	int code;
	enum status class;
	bool again;
	const char *text;	/* NULL: libcurl's own */
} results[] = {
	/* the way there and back */
	{CURLE_COULDNT_RESOLVE_HOST, E_NETWORK, false, "no such host"},
	{CURLE_COULDNT_RESOLVE_PROXY, E_NETWORK, false,
	    "the proxy's name has no address"},
	{CURLE_COULDNT_CONNECT, E_NETWORK, true, NULL},
	{CURLE_OPERATION_TIMEDOUT, E_NETWORK, true,
	    "no whole answer in time"},
	{CURLE_PARTIAL_FILE, E_NETWORK, true,
	    "the connection was closed in the middle of the answer"},
	{CURLE_GOT_NOTHING, E_NETWORK, true,
	    "the connection was closed without an answer"},
	{CURLE_RECV_ERROR, E_NETWORK, true,
	    "the connection broke before the answer was whole"},
	{CURLE_SEND_ERROR, E_NETWORK, true,
	    "the connection broke before all was sent"},
	{CURLE_SEND_FAIL_REWIND, E_NETWORK, true,
	    "the connection broke before all was sent"},
	{CURLE_AGAIN, E_NETWORK, true, NULL},
	{CURLE_NO_CONNECTION_AVAILABLE, E_NETWORK, true, NULL},
	{CURLE_INTERFACE_FAILED, E_NETWORK, false, NULL},
	{CURLE_PROXY, E_NETWORK, false, NULL},
	/* the session */
	{CURLE_SSL_CONNECT_ERROR, E_NETWORK, false, NULL},
	{CURLE_SSL_SHUTDOWN_FAILED, E_NETWORK, true, NULL},
	{CURLE_USE_SSL_FAILED, E_NETWORK, false, NULL},
	{CURLE_SSL_CIPHER, E_NETWORK, false, NULL},
	{ECH_REQUIRED, E_NETWORK, false, NULL},
	{CURLE_PEER_FAILED_VERIFICATION, E_NO, false, NULL},
	{CURLE_SSL_ISSUER_ERROR, E_NO, false, NULL},
	{CURLE_SSL_PINNEDPUBKEYNOTMATCH, E_NO, false, NULL},
	{CURLE_SSL_INVALIDCERTSTATUS, E_NO, false, NULL},
	{CURLE_SSL_CACERT_BADFILE, E_INPUT, false, "the file of roots holds "
	    "no certificates"},
	{CURLE_SSL_CRL_BADFILE, E_INPUT, false, NULL},
	{CURLE_SSL_CERTPROBLEM, E_INPUT, false, NULL},
	/* an answer that is none */
	{CURLE_UNSUPPORTED_PROTOCOL, E_INPUT, false, "the answer is no HTTP"},
	{CURLE_WEIRD_SERVER_REPLY, E_INPUT, false, "the answer is no HTTP"},
	{CURLE_BAD_CONTENT_ENCODING, E_INPUT, false, "the answer is no HTTP: "
	    "a coding that was not asked for"},
	{HEADERS_TOO_LARGE, E_INPUT, false, "the answer is no HTTP: headers "
	    "too large"},
	{CURLE_FILESIZE_EXCEEDED, E_INPUT, false, NULL},
	{CURLE_TOO_MANY_REDIRECTS, E_INPUT, false, NULL},
	{CURLE_RANGE_ERROR, E_INPUT, false, NULL},
	{CURLE_HTTP2, E_INPUT, false, "the answer is no HTTP"},
	{CURLE_HTTP2_STREAM, E_INPUT, false, "the answer is no HTTP"},
	{CURLE_HTTP3, E_INPUT, false, "the answer is no HTTP"},
	{CURLE_QUIC_CONNECT_ERROR, E_NETWORK, false, NULL},
	{CURLE_HTTP_RETURNED_ERROR, E_INPUT, false, NULL},
	/* the address */
	{CURLE_URL_MALFORMAT, E_USAGE, false, NULL},
	/* this machine and this program */
	{CURLE_OUT_OF_MEMORY, E_SYSTEM, false, NULL},
	{CURLE_FAILED_INIT, E_SYSTEM, false, NULL},
	{CURLE_NOT_BUILT_IN, E_SYSTEM, false, NULL},
	{CURLE_UNKNOWN_OPTION, E_SYSTEM, false, NULL},
	{CURLE_SETOPT_OPTION_SYNTAX, E_SYSTEM, false, NULL},
	{CURLE_FUNCTION_NOT_FOUND, E_SYSTEM, false, NULL},
	{CURLE_BAD_FUNCTION_ARGUMENT, E_SYSTEM, false, NULL},
	{CURLE_RECURSIVE_API_CALL, E_SYSTEM, false, NULL},
	{CURLE_UNRECOVERABLE_POLL, E_SYSTEM, false, NULL},
	{CURLE_ABORTED_BY_CALLBACK, E_SYSTEM, false, NULL},
	{CURLE_READ_ERROR, E_SYSTEM, false, NULL},
	{CURLE_WRITE_ERROR, E_SYSTEM, false, NULL},
	{CURLE_FILE_COULDNT_READ_FILE, E_SYSTEM, false, NULL},
	{CURLE_SSL_ENGINE_NOTFOUND, E_SYSTEM, false, NULL},
	{CURLE_SSL_ENGINE_SETFAILED, E_SYSTEM, false, NULL},
	{CURLE_SSL_ENGINE_INITFAILED, E_SYSTEM, false, NULL},
	{CURLE_SSL_CLIENTCERT, E_SYSTEM, false, NULL},
	{CURLE_AUTH_ERROR, E_SYSTEM, false, NULL},
};

/* Other protocols', which are never spoken here: were one of them to come, this
 * program would be wrong, E_SYSTEM. */
static const CURLcode foreign[] = {
	CURLE_FTP_WEIRD_SERVER_REPLY, CURLE_REMOTE_ACCESS_DENIED,
	CURLE_FTP_ACCEPT_FAILED, CURLE_FTP_WEIRD_PASS_REPLY,
	CURLE_FTP_ACCEPT_TIMEOUT, CURLE_FTP_WEIRD_PASV_REPLY,
	CURLE_FTP_WEIRD_227_FORMAT, CURLE_FTP_CANT_GET_HOST,
	CURLE_FTP_COULDNT_SET_TYPE, CURLE_FTP_COULDNT_RETR_FILE,
	CURLE_QUOTE_ERROR, CURLE_UPLOAD_FAILED, CURLE_FTP_PORT_FAILED,
	CURLE_FTP_COULDNT_USE_REST, CURLE_HTTP_POST_ERROR,
	CURLE_BAD_DOWNLOAD_RESUME, CURLE_LDAP_CANNOT_BIND,
	CURLE_LDAP_SEARCH_FAILED, CURLE_LOGIN_DENIED, CURLE_TFTP_NOTFOUND,
	CURLE_TFTP_PERM, CURLE_REMOTE_DISK_FULL, CURLE_TFTP_ILLEGAL,
	CURLE_TFTP_UNKNOWNID, CURLE_REMOTE_FILE_EXISTS,
	CURLE_TFTP_NOSUCHUSER, CURLE_REMOTE_FILE_NOT_FOUND, CURLE_SSH,
	CURLE_FTP_PRET_FAILED, CURLE_RTSP_CSEQ_ERROR,
	CURLE_RTSP_SESSION_ERROR, CURLE_FTP_BAD_FILE_LIST,
	CURLE_CHUNK_FAILED,
};

enum { RESULTS = sizeof results / sizeof *results,
	FOREIGN = sizeof foreign / sizeof *foreign };

enum status
httpcurl_class(CURLcode code, bool *known)
{
	size_t i;

	*known = true;
	for (i = 0; i < RESULTS; i++)
		if (results[i].code == (int)code)
			return results[i].class;
	for (i = 0; i < FOREIGN; i++)
		if (foreign[i] == code)
			return E_SYSTEM;
	*known = false;
	return E_NETWORK;
}

/* libcurl's sentence in our style. */
static void
own_words(const char *said, CURLcode code, struct buf *out)
{
	static const char *const noise[] = {"SSL certificate problem: ",
	    "SSL: "};
	/* "OpenSSL/3.0.19: error:0A00042E:SSL routines::" */
	const char *routine = strstr(said, "SSL routines::");
	size_t i;

	if (*said == '\0')
		said = curl_easy_strerror(code);
	for (i = 0; i < sizeof noise / sizeof *noise; i++)
		if (strncmp(said, noise[i], strlen(noise[i])) == 0)
			said += strlen(noise[i]);
	if (code == CURLE_SSL_CONNECT_ERROR && routine != NULL) {
		buf_adds(out, "no TLS session: ");
		said = routine + strlen("SSL routines::");
	}
	if (isupper((unsigned char)said[0]) && islower((unsigned char)said[1]))
		buf_addc(out, (uint8_t)tolower((unsigned char)*said++));
	buf_adds(out, said);
	while (out->n > 0 && strchr(". \n", out->p[out->n - 1]) != NULL)
		buf_cut(out, out->n - 1);
}

static int
refused_connection(CURL *c, const char *host, struct err *e)
{
	long why = 0;

	(void)curl_easy_getinfo(c, CURLINFO_OS_ERRNO, &why);
	if (why == 0)
		return err_set(e, E_NETWORK, "%s: cannot connect", host);
	errno = (int)why;
	(void)err_sys(e, "%s: cannot connect", host);
	e->code = E_NETWORK;
	return -1;
}

/* An answer that libcurl gave up reading is none; there is no result of its
 * own for that. */
static const char *
unreadable(CURL *c, CURLcode code, const char *said)
{
	curl_off_t first = 0;

	/* before 8.6, a line of more than 100 kB is out of memory to it */
	if (code == CURLE_OUT_OF_MEMORY && curl_easy_getinfo(c,
	    CURLINFO_STARTTRANSFER_TIME_T, &first) == CURLE_OK && first > 0)
		return "headers too large";
	if (code != CURLE_RECV_ERROR)
		return NULL;
	if (strstr(said, "hunk") != NULL)
		return "a bad chunk";
	return strstr(said, "header") != NULL ? "headers too large" : NULL;
}

/* What took too long, as libcurl says it. */
static const char *
too_late(CURLcode code, const char *said)
{
	if (code != CURLE_OPERATION_TIMEDOUT)
		return NULL;
	if (strncmp(said, "Resolving", 9) == 0)
		return "the name was not resolved in time";
	return strncmp(said, "Connection time", 15) == 0 || strncmp(said,
	    "SSL connection", 14) == 0 ? "no connection in time" : NULL;
}

/* A reset in the middle of the handshake is no complaint about TLS. */
static bool
broken(CURLcode code, const char *said)
{
	return code == CURLE_SSL_CONNECT_ERROR &&
	    (strstr(said, "reset by peer") != NULL ||
	    strstr(said, "SYSCALL") != NULL);
}

/* The proxy would make no tunnel. */
static int
no_tunnel(long status, const char *host, struct err *e)
{
	(void)err_set(e, E_NETWORK, "%s: the proxy answered %ld", host,
	    status);
	return err_hint(e, status == 407 ? "https_proxy may be http://NAME:"
	    "PASSWORD@HOST:PORT" : "https_proxy names the proxy; hosts in "
	    "no_proxy are asked without it");
}

/* What libcurl dislikes about a certificate, and what to look at then. */
static const struct {
	const char *word, *name;
	const char *hint;
} looks[] = {
	{"subject name", "X509v3 Subject Alternative Name", "it is for"},
	{"has expired", "Expire date", "is the clock here right? It expired"},
	{"not yet valid", "Start date", "is the clock here right? It begins"},
	{"", "Issuer", "its issuer is"},
};

static void
untrusted(CURL *c, const struct http_attempt *at, struct err *e)
{
	struct http_attempt look = *at;
	struct buf value = {0};
	curl_off_t us = 0;
	size_t i;

	for (i = 0; strstr(e->text, looks[i].word) == NULL; i++)
		;
	(void)curl_easy_getinfo(c, CURLINFO_TOTAL_TIME_T, &us);
	look.ms -= (long)(us / 1000);
	if (look.ms > 0)
		httpcurl_look(&look, looks[i].name, &value);
	if (i + 1 < sizeof looks / sizeof *looks && value.n > 0)
		(void)err_hint(e, "%s %.*s", looks[i].hint,
		    (int)slice_head(slice_buf(&value), LOOK_MAX).n,
		    (const char *)value.p);
	else if (value.n > 0)
		(void)err_hint(e, "%s %.*s; the roots trusted are those of %s,"
		    " --cacert names others", looks[i].hint,
		    (int)slice_head(slice_buf(&value), LOOK_MAX).n,
		    (const char *)value.p, at->roots);
	else
		(void)err_hint(e, "the roots trusted are those of %s; "
		    "--cacert names others", at->roots);
	buf_free(&value);
}

int
httpcurl_failed(CURL *c, CURLcode code, const char *said,
    struct http_attempt *at, const char *host, struct err *e)
{
	const char *what = unreadable(c, code, said);
	long proxy = 0;
	enum status class;
	struct buf text = {0};
	bool known;
	size_t i;

	(void)curl_easy_getinfo(c, CURLINFO_HTTP_CONNECTCODE, &proxy);
	at->again = proxy >= 500;
	if (proxy >= 300)
		return no_tunnel(proxy, host, e);
	if (what != NULL)
		return err_set(e, E_INPUT, "%s: the answer is no HTTP: %s",
		    host, what);
	if (broken(code, said))
		code = CURLE_RECV_ERROR;
	class = httpcurl_class(code, &known);
	for (i = 0; i < RESULTS && results[i].code != (int)code; i++)
		;
	at->again = i < RESULTS && results[i].again;
	if (code == CURLE_COULDNT_CONNECT)
		return refused_connection(c, host, e);
	if (too_late(code, said) != NULL)
		buf_adds(&text, too_late(code, said));
	else if (i < RESULTS && results[i].text != NULL)
		buf_adds(&text, results[i].text);
	else
		own_words(said, code, &text);
	(void)err_set(e, class, "%s: %s%.*s", host, class == E_NO ?
	    "certificate: " : "", (int)text.n, (const char *)text.p);
	if (class == E_NO && at->roots != NULL)
		untrusted(c, at, e);
	buf_free(&text);
	return -1;
}

/* curl.c -- one attempt with libcurl; see http_in.h. */
#include "net/curl.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>

#include "azure/retry.h"

/* What the callbacks share. */
struct exchange {
	struct http_answer *a;
	size_t max;		/* bytes of the body */
	bool over;		/* there were more */
	bool plain;		/* only to local addresses */
	bool strayed;		/* the name led elsewhere */
};

static size_t
on_body(char *p, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;

	if (size * n > x->max - x->a->body.n) {
		x->over = true;
		return 0;
	}
	buf_add(&x->a->body, slice_of(p, size * n));
	return size * n;
}

/* The value of a header line if it has that name. */
static bool
header(struct slice line, const char *name, struct slice *value)
{
	size_t n = strlen(name);

	if (line.n <= n || line.p[n] != ':' ||
	    strncasecmp((const char *)line.p, name, n) != 0)
		return false;
	*value = slice_trim(slice_from(line, n + 1));
	return true;
}

static void
keep(char *to, size_t max, struct slice value)
{
	(void)snprintf(to, max, "%.*s", (int)slice_head(value, max).n,
	    value.p);
}

static size_t
on_header(char *p, size_t size, size_t n, void *arg)
{
	struct http_answer *a = ((struct exchange *)arg)->a;
	struct slice line = slice_of(p, size * n), v;

	if (slice_starts(line, "HTTP/")) {
		/* an earlier head was a 100 or the proxy's */
		a->content_type[0] = a->request_id[0] = '\0';
		a->error_code[0] = a->challenge[0] = '\0';
		a->location[0] = '\0';
		a->retry_after = -1;
	} else if (header(line, "Content-Type", &v)) {
		keep(a->content_type, sizeof a->content_type, v);
	} else if (header(line, "x-ms-request-id", &v)) {
		keep(a->request_id, sizeof a->request_id, v);
	} else if (header(line, "x-ms-error-code", &v)) {
		keep(a->error_code, sizeof a->error_code, v);
	} else if (header(line, "WWW-Authenticate", &v)) {
		if (strncasecmp(a->challenge, "Bearer", 6) != 0)
			keep(a->challenge, sizeof a->challenge, v);
	} else if (header(line, "Location", &v)) {
		keep(a->location, sizeof a->location, v);
	} else if (header(line, "Retry-After", &v)) {
		a->retry_after = retry_after(v, (int64_t)time(NULL));
	}
	return size * n;
}

static bool
is_local(const struct sockaddr *sa)
{
	const struct sockaddr_in6 *six = (const void *)sa;
	const struct sockaddr_in *four = (const void *)sa;
	uint32_t ip;

	if (sa->sa_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) ||
		    IN6_IS_ADDR_LINKLOCAL(&six->sin6_addr);
	if (sa->sa_family != AF_INET)
		return false;
	ip = ntohl(four->sin_addr.s_addr);
	return ip >> 24 == 127 || ip >> 16 == (169 << 8 | 254);
}

/* The address is judged here, where it is about to be used: what a name said
 * before or says later does not count. */
static curl_socket_t
on_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct exchange *x = arg;

	(void)purpose;
	if (x->plain && !is_local(&to->addr)) {
		x->strayed = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

static void
append(struct curl_slist **list, const char *text)
{
	struct curl_slist *more = curl_slist_append(*list, text);

	if (more == NULL)
		err_nomem();
	*list = more;
}

static struct curl_slist *
headers(const struct http_request *rq)
{
	struct curl_slist *list = NULL;
	struct buf text = {0};
	size_t i;

	append(&list, "Accept: application/json");
	append(&list, "Expect:");
	if (rq->content_type != NULL) {
		buf_addf(&text, "Content-Type: %s", rq->content_type);
		buf_addc(&text, '\0');
		append(&list, (const char *)text.p);
		buf_cut(&text, 0);
	}
	if (rq->bearer.n > 0) {
		buf_adds(&text, "Authorization: Bearer ");
		buf_add(&text, rq->bearer);
		buf_addc(&text, '\0');
		append(&list, (const char *)text.p);
	}
	if (rq->client_id != NULL) {
		buf_cut(&text, 0);
		buf_addf(&text, "x-ms-client-request-id: %s", rq->client_id);
		buf_addc(&text, '\0');
		append(&list, (const char *)text.p);
	}
	for (i = 0; rq->headers != NULL && rq->headers[i] != NULL; i++)
		append(&list, rq->headers[i]);
	buf_free(&text);
	return list;
}

/* One of them may have been a bearer or an identity header. */
static void
wipe(struct curl_slist *list)
{
	struct curl_slist *l;

	for (l = list; l != NULL; l = l->next)
		explicit_bzero(l->data, strlen(l->data));
	curl_slist_free_all(list);
}

static void
set_callbacks(CURL *c, struct exchange *x)
{
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, on_header);
	(void)curl_easy_setopt(c, CURLOPT_HEADERDATA, x);
	(void)curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, on_socket);
	(void)curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, x);
	(void)curl_easy_setopt(c, CURLOPT_MAXFILESIZE_LARGE,
	    (curl_off_t)x->max);
}

static void
set_request(CURL *c, const struct http_request *rq)
{
	(void)curl_easy_setopt(c, CURLOPT_URL, rq->url);
	if (strcmp(rq->method, "POST") != 0)
		return;
	(void)curl_easy_setopt(c, CURLOPT_POST, 1L);
	(void)curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
	    (curl_off_t)rq->body.n);
	(void)curl_easy_setopt(c, CURLOPT_POSTFIELDS,
	    rq->body.n > 0 ? (const char *)rq->body.p : "");
}

/* What the callbacks found wrong, before libcurl's own account of it. */
static int
failed(CURL *c, CURLcode code, const char *said, struct http_attempt *at,
    const struct exchange *x, struct err *e)
{
	if (x->over || code == CURLE_FILESIZE_EXCEEDED)
		return err_set(e, E_INPUT, "%s: answer larger than %zu bytes",
		    x->a->host, x->max);
	if (x->strayed) {
		(void)err_set(e, E_USAGE, "%s: not over plain http",
		    x->a->host);
		return err_hint(e, "the name leads to an address that is "
		    "neither loopback nor link-local");
	}
	return httpcurl_failed(c, code, said, at, x->a->host, e);
}

int
http_attempt(struct http_attempt *at, struct http_answer *a, struct err *e)
{
	struct exchange x = {.a = a, .plain = at->plain, .max =
	    at->rq->body_max > 0 ? at->rq->body_max : HTTP_BODY_MAX};
	char said[CURL_ERROR_SIZE] = "";
	struct curl_slist *list;
	struct buf pin = {0};
	CURLcode code;
	CURL *c;
	int ret = 0;

	at->again = false;
	if (at->rq->thumbprint != NULL && !at->plain &&
	    httpcurl_pin(at, a->host, &pin, e) < 0) {
		buf_free(&pin);
		return -1;
	}
	c = httpcurl_new(at, slice_buf(&pin));
	list = headers(at->rq);
	set_callbacks(c, &x);
	set_request(c, at->rq);
	(void)curl_easy_setopt(c, CURLOPT_ERRORBUFFER, said);
	(void)curl_easy_setopt(c, CURLOPT_HTTPHEADER, list);
	code = curl_easy_perform(c);
	if (code == CURLE_OK)
		(void)curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &a->status);
	else
		ret = failed(c, code, said, at, &x, e);
	curl_easy_cleanup(c);
	wipe(list);
	buf_free(&pin);
	return ret;
}

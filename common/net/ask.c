/* ask.c -- see ask.h. */
#include "net/ask.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "codec/hex.h"
#include "crypto/hash.h"
#include "azure/bearer.h"
#include "ground/io.h"

static int64_t
now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
ask_begin(struct ask *a)
{
	a->until = now_ms() + (int64_t)a->timeout * 1000;
}

unsigned
ask_left(const struct ask *a)
{
	int64_t at = now_ms();

	if (a->until == 0)
		return a->timeout * 1000;
	return at >= a->until ? 1 : (unsigned)(a->until - at);
}

/* A random UUID (RFC 9562 section 5.4). */
static void
request_id(char out[37])
{
	uint8_t u[16];
	size_t i, n = 0;

	hash_random(u, sizeof u);
	u[6] = (uint8_t)((u[6] & 0x0f) | 0x40);
	u[8] = (uint8_t)((u[8] & 0x3f) | 0x80);
	for (i = 0; i < sizeof u; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			out[n++] = '-';
		n += (size_t)snprintf(out + n, 3, "%02x", u[i]);
	}
}

/* What to look at when a service out there is not reached. */
static void
unreached(struct err *e)
{
	if (e->code != E_NETWORK || e->hint[0] != '\0')
		return;
	if (strstr(e->text, "no such host") != NULL)
		(void)err_hint(e, "is the name right, and is there a "
		    "resolver?");
	else if (strstr(e->text, "cannot connect") != NULL ||
	    strstr(e->text, "no connection in time") != NULL)
		(void)err_hint(e, "are name and port right (443, unless "
		    "said), and does a firewall stand in between, or a proxy "
		    "that https_proxy should name?");
}

int
ask_answer(const struct http_request *rq, struct http_answer *out,
    struct err *e)
{
	int ret = http_do(rq, out, e);

	if (ret < 0 && slice_starts(slice_str(rq->url), "https://"))
		unreached(e);
	return ret;
}

int
ask(const struct ask *a, struct slice base, const char *route,
    const struct buf *json, struct http_answer *out, struct err *e)
{
	struct http_request rq = {.method = "GET", .cacert = a->cacert,
	    .bearer = slice_buf(&a->bearer), .ms = ask_left(a),
	    .retries = a->retries, .verbose = a->verbose, .once = a->once,
	    .passing = a->passing};
	struct buf url = {0};
	char id[37];
	int ret;

	buf_add(&url, base);
	buf_adds(&url, route);
	buf_addc(&url, '\0');
	rq.url = (const char *)url.p;
	if (slice_starts(base, "https://")) {
		request_id(id);
		rq.client_id = id;
	}
	if (json != NULL) {
		rq.method = "POST";
		rq.content_type = "application/json";
		rq.body = slice_buf(json);
	}
	ret = ask_answer(&rq, out, e);
	buf_free(&url);
	return ret;
}

void
ask_whom(const struct ask *a, const char *by)
{
	if (a->said != NULL)
		*a->said = (struct ask_said){.by = by, .retry_after = -1};
}

void
ask_saw(const struct ask *a, const struct http_answer *answer)
{
	struct service_error error;
	struct ask_said *said = a->said;

	if (said == NULL)
		return;
	said->status = answer->status;
	said->retry_after = answer->retry_after;
	(void)snprintf(said->request_id, sizeof said->request_id, "%s",
	    answer->request_id);
	(void)service_error_read(slice_buf(&answer->body), &error);
	if (answer->status != 200 && error.code.n > 0)
		(void)snprintf(said->code, sizeof said->code, "%.*s",
		    (int)error.code.n, (const char *)error.code.p);
	else
		(void)snprintf(said->code, sizeof said->code, "%s",
		    answer->error_code);
	service_error_free(&error);
}

int
ask_bearer_file(const char *path, struct buf *bearer, struct err *e)
{
	struct buf text = {0};
	int ret;

	if ((ret = io_read(path, BEARER_MAX, &text, e)) == 0 &&
	    (ret = bearer_read(slice_buf(&text), bearer, e)) < 0)
		(void)err_in(e, "%s", io_name(path));
	buf_free(&text);
	return ret;
}

bool
ask_nonce_ok(const char *nonce)
{
	size_t i;

	for (i = 0; nonce[i] != '\0'; i++)
		if (i >= ASK_NONCE_MAX || nonce[i] < ' ' || nonce[i] > '~')
			return false;
	return i > 0;
}

bool
ask_version_ok(const char *version)
{
	return *version != '\0' && strlen(version) <= 32 &&
	    strspn(version, "0123456789abcdefghijklmnopqrstuvwxyz.-") ==
	    strlen(version);
}

void
ask_nonce(struct buf *out)
{
	uint8_t random[16];

	hash_random(random, sizeof random);
	hex_encode(slice_of(random, sizeof random), out);
	buf_addc(out, '\0');
	buf_cut(out, out->n - 1);
}

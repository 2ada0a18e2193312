/* answer.c -- see answer.h. */
#include "serve/answer.h"

#include <stdio.h>
#include <strings.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "jose/jwk.h"
#include "value/json.h"

const char *
service_name(enum service by)
{
	static const char *const names[SERVICES] = {
		[SERVICE_REQUEST] = "request", [SERVICE_DEVICE] = "device",
		[SERVICE_MAA] = "maa", [SERVICE_VAULT] = "vault",
		[SERVICE_IDENTITY] = "identity",
	};

	return names[by];
}

void
outcome_free(struct outcome *o)
{
	buf_free(&o->body);
}

static void
fail(struct outcome *o, enum service by, unsigned status, const char *code,
    const struct err *e)
{
	buf_free(&o->body);
	o->by = by;
	o->status = o->meant = status;
	o->err = *e;
	o->retry_after = -1;
	o->request_id[0] = '\0';
	(void)snprintf(o->code, sizeof o->code, "%s", code);
}

void
outcome_refuse(struct outcome *o, unsigned status, const struct err *e)
{
	const char *code = status == 403 ? "NotAllowed" : status == 404 ?
	    "NotFound" : status == 413 ? "TooLarge" : status == 503 ? "Busy" :
	    "BadRequest";

	fail(o, SERVICE_REQUEST, status, code, e);
	if (status == 503)
		o->retry_after = 1;
}

void
outcome_device(struct outcome *o, const struct err *e)
{
	fail(o, SERVICE_DEVICE, 503, e->code == E_NO ? "NotGenuine" :
	    "NoReport", e);
}

static enum service
service_by(const char *name)
{
	int i;

	for (i = 0; name != NULL && i < SERVICES; i++)
		if (strcmp(name, service_name((enum service)i)) == 0)
			return (enum service)i;
	return SERVICE_IDENTITY;
}

/* A service answered, and with another status than 200. */
static unsigned
status_of(enum service by, long status)
{
	switch (status) {
	case 401:
	case 429:
		return (unsigned)status;
	case 404:
		return by == SERVICE_VAULT ? 404 : by == SERVICE_MAA ? 502 :
		    403;
	case 408:
	case 504:
		return 504;
	default:
		return status >= 400 && status < 500 ? 403 : 502;
	}
}

void
outcome_service(struct outcome *o, const struct ask_said *said,
    const struct err *e)
{
	enum service by = service_by(said->by);

	if (said->status != 0 && said->status != 200) {
		fail(o, by, status_of(by, said->status), said->code[0] != '\0' ?
		    said->code : "Refused", e);
		if (o->status == 429)
			o->retry_after = said->retry_after >= 0 ?
			    said->retry_after : 5;
	} else if (said->status == 200 || e->code == E_NO ||
	    e->code == E_INPUT) {
		fail(o, by, 502, "BadAnswer", e);
	} else if (e->code != E_NETWORK) {
		fail(o, by, 503, "NotConfigured", e);
	} else if (strstr(e->text, "in time") != NULL) {
		fail(o, by, 504, "Timeout", e);
	} else {
		fail(o, by, 502, "Unreachable", e);
	}
	(void)snprintf(o->request_id, sizeof o->request_id, "%s",
	    said->request_id);
}

void
outcome_compat(struct outcome *o, enum route route)
{
	if (o->status == 200 || o->by == SERVICE_REQUEST)
		return;
	o->status = route == ROUTE_COMBINED && o->by == SERVICE_DEVICE ?
	    500 : 403;
}

/* Clients look for words and numbers in the text: a claim's name is not the
 * hardware's failure, nor a request id somebody's status.  They print it, too:
 * no control character of a service's reaches their terminal. */
static void
plain(struct slice text, bool hardware, struct buf *out)
{
	static const char id[] = " (x-ms-request-id ";
	static const char prefix[] = "x-ms-sevsnpvm-";
	size_t at = slice_search(text, id), i;

	if (at < text.n && text.p[text.n - 1] == ')')
		text = slice_head(text, at);
	for (i = 0; i < text.n; i++) {
		if (!hardware && slice_starts(slice_from(text, i), prefix))
			i += sizeof prefix - 1;
		if (i < text.n && (text.p[i] < ' ' || text.p[i] == 0x7f))
			buf_addf(out, "\\x%02x", text.p[i]);
		else if (i < text.n)
			buf_addc(out, text.p[i]);
	}
}

/* As Go's encoding/json: <, > and & escaped too, and the two line separators
 * of JavaScript. */
static void
quote(struct slice s, struct buf *out)
{
	struct buf text = {0};
	size_t i;

	json_quote(s, &text);
	for (i = 0; i < text.n; i++) {
		if (strchr("<>&", text.p[i]) != NULL && text.p[i] != '\0')
			buf_addf(out, "\\u%04x", (unsigned)text.p[i]);
		else if (slice_starts(slice_from(slice_buf(&text), i),
		    "\xe2\x80\xa8") || slice_starts(slice_from(
		    slice_buf(&text), i), "\xe2\x80\xa9"))
			buf_addf(out, "\\u202%c", "89"[text.p[(i += 2)] &
			    1]);
		else
			buf_addc(out, text.p[i]);
	}
	buf_free(&text);
}

static void
member(const char *name, struct slice value, struct buf *out)
{
	buf_addf(out, "%c\"%s\":", out->n == 0 ? '{' : ',', name);
	quote(value, out);
}

/* A hint for who asks: not that of a service which speaks of the hardware, or
 * names an option, which is for who runs this and is in the log. */
static bool
for_clients(const struct outcome *o)
{
	if (o->err.hint[0] == '\0')
		return false;
	return o->by == SERVICE_DEVICE || o->by == SERVICE_REQUEST ||
	    (strcasestr(o->err.hint, "sev") == NULL &&
	    strcasestr(o->err.hint, "snp") == NULL &&
	    strstr(o->err.hint, "--") == NULL);
}

void
answer_error(const struct outcome *o, const char *id, struct buf *out)
{
	struct buf text = {0};

	plain(slice_str(o->err.text), o->by == SERVICE_DEVICE, &text);
	member("error", slice_buf(&text), out);
	member("service", slice_str(service_name(o->by)), out);
	buf_addf(out, ",\"status\":%u", o->meant);
	member("code", slice_str(o->code), out);
	member("request_id", slice_str(o->request_id[0] != '\0' ?
	    o->request_id : id), out);
	if (for_clients(o))
		member("hint", slice_str(o->err.hint), out);
	buf_addc(out, '}');
	buf_free(&text);
}

void
answer_status(bool ready, struct slice why, struct buf *out)
{
	if (ready) {
		buf_adds(out, "{\"message\":\"Status OK\"}");
		return;
	}
	member("message", slice_str("Status NOT OK"), out);
	member("error", why, out);
	buf_addc(out, '}');
}

void
answer_raw(struct slice report, struct buf *out)
{
	buf_adds(out, "{\"report\":\"");
	hex_encode(report, out);
	buf_adds(out, "\"}");
}

void
answer_combined(struct slice tcbm, struct slice certs, struct slice report,
    struct slice endorsement, struct buf *out)
{
	member("endorsed_tcb", tcbm, out);
	buf_adds(out, ",\"endorsements\":\"");
	b64_encode(certs, B64_STD | B64_PAD, out);
	buf_adds(out, "\",\"evidence\":\"");
	b64_encode(report, B64_STD | B64_PAD, out);
	buf_adds(out, "\",\"uvm_endorsements\":\"");
	b64_encode(endorsement, B64_STD | B64_PAD, out);
	buf_adds(out, "\"}");
}

void
answer_token(struct slice token, struct buf *out)
{
	member("token", token, out);
	buf_addc(out, '}');
}

void
answer_aa_token(struct slice token, struct slice pem, struct buf *out)
{
	member("token", token, out);
	member("tee_keypair", pem, out);
	buf_addc(out, '}');
}

int
answer_key(struct slice jwk, struct buf *out, struct err *e)
{
	struct json *doc = NULL;
	struct key *key = NULL;
	struct buf text = {0};
	int ret = -1;

	if (json_parse(jwk, &doc, e) < 0)
		return err_in(e, "key");
	if (jwk_key(json_root(doc), &key, e) == 0) {
		jwk_write(key, true, (struct slice){0},
		    json_get(json_root(doc), "key_ops"), &text);
		member("key", slice_buf(&text), out);
		buf_addc(out, '}');
		ret = 0;
	} else {
		(void)err_in(e, "key");
	}
	key_free(key);
	json_free(doc);
	buf_free(&text);
	return ret;
}

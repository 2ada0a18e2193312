/* skr.c -- see skr.h. */
#include "azure/skr.h"

#include <string.h>

#include "codec/b64.h"
#include "codec/hex.h"
#include "azure/skr_in.h"
#include "evidence/report.h"
#include "value/json.h"

static void
add_b64(const char *name, struct slice s, struct buf *out)
{
	buf_addf(out, "\"%s\":\"", name);
	b64_encode(s, B64_STD | B64_PAD, out);
	buf_addc(out, '"');
}

static void
add_text(const char *name, struct slice s, struct buf *out)
{
	buf_addf(out, "\"%s\":", name);
	json_quote(s, out);
}

void
skr_raw_request(struct slice runtime, struct buf *out)
{
	buf_addc(out, '{');
	add_b64("runtime_data", runtime, out);
	buf_addc(out, '}');
}

void
skr_maa_request(struct slice host, struct slice runtime, struct buf *out)
{
	buf_addc(out, '{');
	add_text("maa_endpoint", host, out);
	buf_addc(out, ',');
	add_b64("runtime_data", runtime, out);
	buf_addc(out, '}');
}

void
skr_release_request(struct slice maa_host, struct slice vault_host,
    struct slice key, struct slice access_token, struct buf *out)
{
	buf_addc(out, '{');
	add_text("maa_endpoint", maa_host, out);
	buf_addc(out, ',');
	add_text("akv_endpoint", vault_host, out);
	buf_addc(out, ',');
	add_text("kid", key, out);
	if (access_token.n > 0) {
		buf_addc(out, ',');
		add_text("access_token", access_token, out);
	}
	buf_addc(out, '}');
}

/* The object a body begins with.  Something behind it is the sidecar's second
 * value after an error and ignored then, and E_INPUT otherwise. */
static int
first_object(struct slice body, struct json **doc, struct err *e)
{
	size_t end = skr_object_end(slice_trim(body));
	struct slice rest = slice_trim(slice_from(slice_trim(body), end));
	struct buf text = {0};

	if (json_parse(slice_head(slice_trim(body), end), doc, e) < 0)
		return err_in(e, "sidecar's answer");
	if (!json_is(json_root(*doc), JSON_OBJECT)) {
		(void)err_set(e, E_INPUT, "sidecar's answer: no JSON object");
	} else if (json_has(json_get(json_root(*doc), "error"))) {
		skr_say(json_root(*doc), &text);
		(void)err_set(e, E_REFUSED, "%.*s", (int)text.n, text.p);
		buf_free(&text);
	} else if (rest.n > 0) {
		(void)err_set(e, E_INPUT, "sidecar's answer: text behind the "
		    "JSON object");
	} else {
		return 0;
	}
	json_free(*doc);
	*doc = NULL;
	return -1;
}

/* Append the text of a member that must be a string with something in it. */
static int
member(struct json_val object, const char *name, struct buf *out,
    struct err *e)
{
	size_t was = out->n;

	if (json_text(json_get(object, name), name, out, e) < 0)
		return err_in(e, "sidecar's answer");
	if (out->n > was)
		return 0;
	return err_set(e, E_INPUT, "sidecar's answer: %s: empty", name);
}

static int
check_report(struct slice report, struct err *e)
{
	if (report.n != SNP_SIZE)
		return err_set(e, E_INPUT, "sidecar's answer: report: %zu "
		    "bytes, not %d", report.n, SNP_SIZE);
	if (snp_version(report) == 1) {
		(void)err_set(e, E_SYSTEM, "the sidecar made the report up: "
		    "no SEV-SNP device there");
		return err_hint(e, "the container group needs the "
		    "Confidential SKU");
	}
	if (snp_check(report, e) < 0)
		return err_in(e, "sidecar's answer: report");
	return 0;
}

int
skr_raw_answer(struct slice body, struct buf *report, struct err *e)
{
	struct buf hex = {0}, raw = {0};
	struct json *doc = NULL;
	int ret = -1;

	if (first_object(body, &doc, e) < 0)
		return -1;
	if (member(json_root(doc), "report", &hex, e) < 0)
		goto out;
	if (hex_decode(slice_buf(&hex), &raw, e) < 0) {
		(void)err_in(e, "sidecar's answer: report");
		goto out;
	}
	if (check_report(slice_buf(&raw), e) < 0)
		goto out;
	buf_add(report, slice_buf(&raw));
	ret = 0;
out:
	buf_free(&raw);
	buf_free(&hex);
	json_free(doc);
	return ret;
}

static int
member_b64(struct json_val object, const char *name, bool needed,
    struct buf *out, struct err *e)
{
	struct buf text = {0};
	int ret = 0;

	if (!needed && !json_has(json_get(object, name)))
		return 0;
	if (json_text(json_get(object, name), name, &text, e) < 0)
		ret = err_in(e, "sidecar's answer");
	else if (b64_decode(slice_buf(&text), B64_TEXT, out, e) < 0)
		ret = err_in(e, "sidecar's answer: %s", name);
	else if (needed && out->n == 0)
		ret = err_set(e, E_INPUT, "sidecar's answer: %s: empty", name);
	buf_free(&text);
	return ret;
}

static int
combined_object(struct json_val v, struct skr_combined *out, struct err *e)
{
	struct json_val tcb = json_get(v, "endorsed_tcb");

	if (member_b64(v, "evidence", true, &out->report, e) < 0 ||
	    check_report(slice_buf(&out->report), e) < 0 ||
	    member_b64(v, "endorsements", true, &out->certs, e) < 0 ||
	    member_b64(v, "uvm_endorsements", false, &out->endorsement,
	    e) < 0)
		return -1;
	if (json_has(tcb) && json_text(tcb, "endorsed_tcb", &out->tcb, e) < 0)
		return err_in(e, "sidecar's answer");
	return 0;
}

int
skr_combined_answer(struct slice body, struct skr_combined *out,
    struct err *e)
{
	struct json *doc = NULL, *inner = NULL;
	struct skr_combined got = {0};
	struct buf text = {0};
	int ret = -1;

	if (first_object(body, &doc, e) < 0)
		return -1;
	/* the Go code wraps its answer once more than its manual says */
	if (json_has(json_get(json_root(doc), "combined_report"))) {
		if (member(json_root(doc), "combined_report", &text, e) < 0 ||
		    first_object(slice_buf(&text), &inner, e) < 0)
			goto out;
		ret = combined_object(json_root(inner), &got, e);
	} else {
		ret = combined_object(json_root(doc), &got, e);
	}
out:
	if (ret < 0)
		skr_combined_free(&got);
	else
		*out = got;
	buf_free(&text);
	json_free(inner);
	json_free(doc);
	return ret;
}

void
skr_combined_free(struct skr_combined *c)
{
	buf_free(&c->report);
	buf_free(&c->certs);
	buf_free(&c->endorsement);
	buf_free(&c->tcb);
}

int
skr_maa_answer(struct slice body, struct buf *token, struct err *e)
{
	struct json *doc = NULL;
	int ret;

	if (first_object(body, &doc, e) < 0)
		return -1;
	ret = member(json_root(doc), "token", token, e);
	json_free(doc);
	return ret;
}

int
skr_release_answer(struct slice body, struct buf *jwk, struct err *e)
{
	struct json *doc = NULL, *inner = NULL;
	struct buf text = {0};
	struct json_val key;
	int ret = -1;

	if (first_object(body, &doc, e) < 0)
		return -1;
	key = json_get(json_root(doc), "key");
	if (json_is(key, JSON_OBJECT)) {
		/* as those who rebuilt the sidecar answer, and no less clear */
		json_compact(key, jwk);
		ret = 0;
		goto out;
	}
	if (member(json_root(doc), "key", &text, e) < 0)
		goto out;
	if (json_parse(slice_buf(&text), &inner, e) < 0) {
		(void)err_in(e, "sidecar's answer: key");
		goto out;
	}
	if (!json_is(json_root(inner), JSON_OBJECT)) {
		(void)err_set(e, E_INPUT, "sidecar's answer: key: no JWK");
		goto out;
	}
	json_compact(json_root(inner), jwk);
	ret = 0;
out:
	json_free(inner);
	json_free(doc);
	buf_free(&text);
	return ret;
}

bool
skr_error(struct slice body, struct buf *text)
{
	struct json *doc = NULL;
	struct err e;

	if (first_object(body, &doc, &e) == 0) {
		json_free(doc);
		return false;
	}
	if (e.code != E_REFUSED)
		return false;
	buf_adds(text, e.text);
	return true;
}

int
skr_status_answer(struct slice body, struct err *e)
{
	struct buf text = {0};
	struct json *doc = NULL;
	int ret;

	if (first_object(body, &doc, e) < 0)
		return -1;
	ret = member(json_root(doc), "message", &text, e);
	if (ret == 0 && !slice_is(slice_buf(&text), "Status OK"))
		ret = err_set(e, E_NO, "the sidecar is not ready: %.*s",
		    (int)text.n, text.p);
	buf_free(&text);
	json_free(doc);
	return ret;
}

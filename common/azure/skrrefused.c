/* skrrefused.c -- what the sidecar means when it fails; see skr.h. */
#include "azure/skr_in.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "azure/akv.h"

enum { QUOTED_MAX = 16 << 10 };	/* bytes of a message that are looked into */

size_t
skr_object_end(struct slice s)
{
	size_t depth = 0, i;
	bool quoted = false;

	for (i = 0; i < s.n; i++) {
		if (quoted) {
			i += s.p[i] == '\\';
			quoted = i >= s.n || s.p[i] != '"';
		} else if (s.p[i] == '"') {
			quoted = true;
		} else if (s.p[i] == '{') {
			depth++;
		} else if (s.p[i] == '}' && (depth == 0 || --depth == 0)) {
			return i + 1;
		}
	}
	return s.n;
}

/* The service's own error document, quoted in the sidecar's message: the last
 * object in it that begins with "error". */
static bool
quoted_error(struct slice text, struct service_error *said)
{
	static const char *const begins[] = {"{\"error\"", "{\"Error\""};
	struct slice s;
	size_t i, j;

	for (i = text.n; i > 0; i--) {
		s = slice_from(text, i - 1);
		for (j = 0; j < 2; j++)
			if (slice_starts(s, begins[j]) &&
			    service_error_read(slice_head(s,
			    skr_object_end(s)), said))
				return true;
	}
	return false;
}

/* Append whom the sidecar had asked, and the status it got: "the vault said
 * 404 ".  Its message names the one at the begin and the other at the end. */
static void
said_by(struct slice text, struct buf *out)
{
	static const char got[] = "http response status equal to ";
	struct slice status = slice_from(text, slice_search(text, got) +
	    sizeof got - 1);

	if (slice_search(text, "MAA endpoint") < text.n)
		buf_adds(out, "the provider said ");
	else if (slice_search(text, "AKV ") < text.n)
		buf_adds(out, "the vault said ");
	if (status.p != NULL && status.n >= 3 && isdigit(status.p[0])) {
		buf_add(out, slice_head(status, 3));
		buf_addc(out, ' ');
	}
}

static void
add_said(const struct service_error *said, struct buf *out)
{
	buf_add(out, slice_buf(&said->code));
	if (said->inner.n > 0) {
		buf_adds(out, ", ");
		buf_add(out, slice_buf(&said->inner));
	}
	if (said->code.n > 0 && said->message.n > 0)
		buf_adds(out, ": ");
	buf_add(out, slice_buf(&said->message));
}

static void
say_text(struct slice text, struct buf *out)
{
	struct service_error said;
	size_t answer;

	/* lines of advice and URLs end every message */
	text = slice_head(text, slice_search(text,
	    "\nERROR: Please refer to the "));
	text = slice_head(text, QUOTED_MAX);
	answer = slice_search(text, "http response status equal to ");
	if (quoted_error(text, &said)) {
		said_by(text, out);
		add_said(&said, out);
		service_error_free(&said);
	} else if (answer < text.n) {
		/* an answer without a reason: empty, or HTML */
		said_by(text, out);
		buf_adds(out, "and gave no reason: ");
		service_sentence(slice_head(text, slice_find(text, ':')), out);
	} else {
		service_sentence(text, out);
	}
}

void
skr_say(struct json_val error, struct buf *out)
{
	struct service_error said = {0};
	struct buf text = {0};
	struct err ignored;

	if (json_is(error, JSON_STRING))
		(void)json_text(error, "error", &text, &ignored);
	if (text.n > 0)
		say_text(slice_buf(&text), out);
	else if (json_is(error, JSON_OBJECT) &&
	    service_error_read(json_span(error), &said))
		add_said(&said, out);
	else
		buf_adds(out, "the sidecar failed and does not say why");
	service_error_free(&said);
	buf_free(&text);
}

/* In order, the first word that stands in the line. */
static const struct {
	const char *word, *hint;
} hints[] = {
	{"no such host", "the sidecar cannot resolve the endpoint it was "
	    "given"},
	{"x509:", "the sidecar's image lacks the roots of the service, or "
	    "something stands in between"},
	{"/dev/sev", "no SEV-SNP device there: the container group needs the "
	    "Confidential SKU"},
	{"SNP device", "no SEV-SNP device there: the container group needs "
	    "the Confidential SKU"},
	{"report version", "no SEV-SNP device there: the container group "
	    "needs the Confidential SKU"},
	{"doesn't match Certificate TCB", "the sidecar's certificates are "
	    "older than the firmware: restart it"},
	{"Identity not found", "assign an identity to the container group, or "
	    "name one with --access-token-file"},
	{"No certificate chain found", "the sidecar got no certificates of "
	    "the platform: its certcache was not reached, or was busy"},
	{"attestation statement", "what runs here does not meet the key's "
	    "release policy: maa-token --skr and jwt-claims --release-policy "
	    "compare"},
	{"InvalidParameter", "the provider refuses the report: outside the "
	    "Confidential SKU the sidecar makes one up"},
	{"A Deny claim was issued", "the provider's policy does not permit "
	    "this report"},
	{"PolicyEvaluationError", "the provider's policy does not permit this "
	    "report"},
	{"the provider said 401", "this provider asks for an access token, "
	    "which the sidecar does not show; maa-token without --skr does"},
	{"the provider said 403", "the provider may be behind a firewall or "
	    "private endpoint"},
	{"the provider said 404", "there may be no such provider; check "
	    "--endpoint"},
	{"the vault said 401", "the sidecar's access token is not one for this "
	    "vault; see --access-token-file"},
	{"said 429", "the service behind the sidecar is busy; the sidecar does "
	    "not try again by itself"},
	{"said 5", "the service behind the sidecar failed, which may pass; the "
	    "sidecar does not try again by itself"},
	{"does not say why", "it answers so to a request it cannot read, and "
	    "when a setting is missing; its log may say more"},
};

/* The status that the vault behind the sidecar gave, or 0. */
static long
vault_status(const char *text)
{
	static const char said[] = "the vault said ";
	const char *at = strstr(text, said);

	return at != NULL ? strtol(at + sizeof said - 1, NULL, 10) : 0;
}

static const char *
find_hint(const struct service_answer *a, const char *text)
{
	size_t i;

	for (i = 0; i < sizeof hints / sizeof *hints; i++)
		if (strstr(text, hints[i].word) != NULL)
			return hints[i].hint;
	if (a->status == 404)
		return "something else than the sidecar listens there";
	return akv_hint(vault_status(text), text);
}

int
skr_refused(const struct service_answer *a, struct err *e)
{
	struct buf text = {0};
	const char *hint;
	struct err was;

	/* its 403 stands for any failure behind it, a 500 for its own */
	(void)service_refused(a, e);
	was = *e;
	if (skr_error(a->body, &text)) {
		if (a->request_id[0] != '\0')
			buf_addf(&text, " (x-ms-request-id %s)",
			    a->request_id);
		(void)err_set(e, was.code, "%s: %ld: %.*s", a->who, a->status,
		    (int)text.n, (const char *)text.p);
	}
	hint = find_hint(a, e->text);
	if (was.hint[0] != '\0')
		(void)err_hint(e, "%s", was.hint);
	else if (hint != NULL)
		(void)err_hint(e, "%s", hint);
	buf_free(&text);
	return -1;
}

/* service.c -- see service.h. */
#include "azure/service.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ground/text.h"

enum { WORDS_MAX = 80 };	/* bytes of a body that is text */

/* Where needle last stands in s, or s.n. */
static size_t
find_last(struct slice s, const char *needle)
{
	size_t n = strlen(needle), i;

	for (i = s.n < n ? 0 : s.n - n + 1; i > 0; i--)
		if (memcmp(s.p + i - 1, needle, n) == 0)
			return i - 1;
	return s.n;
}

/* MAA's messages quote each layer's Msg:[...] inside the one above. */
static struct slice
innermost(struct slice s)
{
	size_t at = find_last(s, "Msg:["), depth = 1, i;

	if (at == s.n)
		return s;
	s = slice_from(s, at + strlen("Msg:["));
	for (i = 0; i < s.n; i++) {
		depth += s.p[i] == '[';
		if (s.p[i] == ']' && --depth == 0)
			break;
	}
	return slice_trim(slice_head(s, i));
}

void
service_sentence(struct slice message, struct buf *out)
{
	struct slice s = slice_trim(innermost(slice_trim(message)));
	bool blank = false;
	size_t i, n = s.n;

	while (n > 0 && (s.p[n - 1] == '.' || isspace(s.p[n - 1])))
		n--;
	if (n > SERVICE_TEXT_MAX) {
		n = SERVICE_TEXT_MAX;
		/* not in the middle of a character */
		while (n > 0 && (s.p[n] & 0xc0) == 0x80)
			n--;
	}
	for (i = 0; i < n; i++) {
		if (isspace(s.p[i])) {
			blank = true;
			continue;
		}
		if (blank)
			buf_addc(out, ' ');
		blank = false;
		buf_addc(out, s.p[i]);
	}
	if (n < s.n && n == SERVICE_TEXT_MAX)
		buf_adds(out, " ...");
}

/* The member of that name in any letter case: services differ. */
static struct json_val
member(struct json_val object, const char *name)
{
	struct json_val v = {0};
	struct buf text = {0};
	struct err ignored;

	if (!json_is(object, JSON_OBJECT))
		return v;
	for (v = json_first(object); json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		if (json_text(json_name(v), name, &text, &ignored) == 0 &&
		    text.n == strlen(name) &&
		    strncasecmp((const char *)text.p, name, text.n) == 0)
			break;
	}
	buf_free(&text);
	return v;
}

static void
sentence_of(struct json_val v, struct buf *out)
{
	struct buf text = {0};
	struct err ignored;

	if (json_is(v, JSON_STRING) && json_text(v, "text", &text,
	    &ignored) == 0)
		service_sentence(slice_buf(&text), out);
	buf_free(&text);
}

static void
read_object(struct json_val root, struct service_error *out)
{
	struct json_val error = member(root, "error"), in;

	if (json_is(error, JSON_STRING)) {
		/* RFC 6749 section 5.2: Entra ID and the metadata service */
		sentence_of(member(root, "error_description"), &out->message);
		sentence_of(error, out->message.n > 0 ? &out->code :
		    &out->message);
		return;
	}
	if (!json_is(error, JSON_OBJECT))
		error = root;
	sentence_of(member(error, "code"), &out->code);
	sentence_of(member(error, "message"), &out->message);
	for (in = member(error, "innererror"); json_is(in, JSON_OBJECT);
	    in = member(in, "innererror")) {
		buf_cut(&out->inner, 0);
		sentence_of(member(in, "code"), &out->inner);
	}
}

bool
service_error_read(struct slice body, struct service_error *out)
{
	struct json *doc = NULL;
	struct err ignored;

	*out = (struct service_error){0};
	if (json_parse(body, &doc, &ignored) < 0)
		return false;
	if (json_is(json_root(doc), JSON_OBJECT))
		read_object(json_root(doc), out);
	json_free(doc);
	return out->code.n + out->inner.n + out->message.n > 0;
}

void
service_error_free(struct service_error *e)
{
	buf_free(&e->code);
	buf_free(&e->inner);
	buf_free(&e->message);
}

static enum status
class_of(long status)
{
	if (status == 408 || status == 429 || status >= 500)
		return E_NETWORK;
	return status >= 400 ? E_REFUSED : E_INPUT;
}

static bool
looks_html(const struct service_answer *a)
{
	struct slice s = slice_trim(a->body);

	return strncasecmp(a->content_type, "text/html", 9) == 0 ||
	    (s.n > 0 && s.p[0] == '<');
}

/* A few words of plain text, such as "OK" or "404 page not found"; s is not
 * empty. */
static bool
few_words(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] < ' ' || s.p[i] > '~')
			return false;
	return s.n <= WORDS_MAX && strchr("{[<", s.p[0]) == NULL;
}

/* What there is to say about a body that is no error document. */
static void
nature(const struct service_answer *a, struct buf *out)
{
	struct slice s = slice_trim(a->body);

	if (s.n == 0)
		buf_adds(out, "the body is empty");
	else if (looks_html(a))
		buf_adds(out, "the body is HTML, no JSON");
	else if (few_words(s))
		buf_addf(out, "the body is \"%.*s\"", (int)s.n,
		    (const char *)s.p);
	else
		buf_adds(out, "the body says nothing more");
}

bool
service_is_error(struct slice body)
{
	struct json *doc = NULL;
	struct err ignored;
	bool yes;

	if (json_parse(body, &doc, &ignored) < 0)
		return false;
	yes = json_has(member(json_root(doc), "error"));
	json_free(doc);
	return yes;
}

static const struct {
	const char *code;
	long status;
} statuses[] = {
	{"Unauthorized", 401}, {"Forbidden", 403}, {"NotFound", 404},
	{"KeyNotFound", 404}, {"SecretNotFound", 404}, {"Conflict", 409},
	{"TooManyRequests", 429}, {"Throttled", 429},
	{"InternalServerError", 500}, {"InternalError", 500},
	{"ServiceUnavailable", 503},
};

long
service_status(const struct service_error *said)
{
	size_t i;

	for (i = 0; i < sizeof statuses / sizeof *statuses; i++)
		if (slice_is(slice_buf(&said->code), statuses[i].code))
			return statuses[i].status;
	return 400;
}

void
service_ids(const struct service_answer *a, struct buf *out)
{
	bool theirs = a->request_id[0] != '\0';
	bool ours = a->client_id != NULL && a->client_id[0] != '\0';

	if (theirs)
		buf_addf(out, " (x-ms-request-id %s", a->request_id);
	if (ours)
		buf_addf(out, "%sx-ms-client-request-id %s", theirs ? ", " :
		    " (", a->client_id);
	if (theirs || ours)
		buf_addc(out, ')');
}

int
service_refused(const struct service_answer *a, struct err *e)
{
	struct service_error said;
	struct buf line = {0};

	(void)service_error_read(a->body, &said);
	if (said.code.n == 0)
		buf_adds(&said.code, a->error_code);
	buf_addf(&line, "%s:", a->who);
	if (!a->saved)
		buf_addf(&line, " %ld", a->status);
	if (said.code.n > 0) {
		buf_addc(&line, ' ');
		buf_add(&line, slice_buf(&said.code));
	}
	if (said.inner.n > 0) {
		buf_adds(&line, ", ");
		buf_add(&line, slice_buf(&said.inner));
	}
	buf_adds(&line, a->saved && said.code.n == 0 ? " " : ": ");
	if (said.message.n > 0)
		buf_add(&line, slice_buf(&said.message));
	else
		nature(a, &line);
	service_ids(a, &line);
	(void)err_set(e, class_of(a->status), "%.*s", (int)line.n, line.p);
	if (a->retry_after >= 0)
		(void)err_hint(e, "the service asks to wait %ld s",
		    a->retry_after);
	buf_free(&line);
	service_error_free(&said);
	return -1;
}

int
service_body(const struct service_answer *a, struct err *e)
{
	if (slice_trim(a->body).n == 0)
		return err_set(e, E_INPUT, "%s: the answer is empty", a->who);
	if (looks_html(a))
		return err_set(e, E_INPUT, "%s: the answer is HTML, no JSON",
		    a->who);
	if (text_no_bom(a->body, "the answer", e) == 0)
		return 0;
	/* how to save a file is nothing to tell a service */
	e->hint[0] = '\0';
	return err_in(e, "%s", a->who);
}

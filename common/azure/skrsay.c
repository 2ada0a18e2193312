/* skrsay.c -- what the sidecar says when it fails; see skr.h. */
#include "azure/skr_in.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	QUOTED_MAX = 16 << 10,	/* bytes of a message that are looked into */
	QUOTED_TRIES = 64,	/* braces at which a document may begin */
	NESTED_MAX = 4,		/* advices in one another */
};

static const char said[] = "http response status equal to ";

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

/* A line of advice: a label, a colon, and an address or a request to read
 * something.  *cause becomes what stands behind the address and ": ", or the
 * empty slice; it reaches to the end of the text, not of the line. */
static bool
is_advice(struct slice text, struct slice *cause)
{
	struct slice line = slice_head(text, slice_find(text, '\n'));
	size_t label, at, i;

	*cause = (struct slice){0};
	label = slice_search(line, ": ");
	if (line.p == NULL || label == 0 || label == line.n)
		return false;
	for (i = 0; i < label; i++)
		if (!isalnum(line.p[i]) && line.p[i] != ' ')
			return false;
	at = slice_search(line, "://");
	if (at == line.n)
		return slice_starts(line, "ERROR: ");
	for (i = at; i < line.n && !isspace(line.p[i]); i++)
		;
	if (i < line.n && line.p[i - 1] == ':')
		*cause = slice_from(text, i + 1);
	return true;
}

/* The sidecar puts its advice, some lines of addresses, between what failed
 * and why.  Split a message so; without advice all of it is what failed. */
static void
split(struct slice text, struct slice *what, struct slice *why)
{
	struct slice rest, cause;
	size_t end = slice_search(text, "\nERROR: ");

	*what = text;
	*why = (struct slice){0};
	rest = slice_from(text, end + 1);
	if (end == text.n || !is_advice(rest, &cause))
		return;
	*what = slice_head(text, end);
	for (; rest.n > 0 && is_advice(rest, &cause);
	    rest = slice_from(rest, slice_find(rest, '\n') + 1)) {
		/* another advice is part of the cause */
		if (why->p != NULL && slice_starts(rest, "ERROR: "))
			break;
		*why = cause;
	}
	/* a cause on a line of its own belongs to no address */
	if (why->p == NULL)
		*why = rest;
}

/* The message without its advice, however often it was wrapped. */
static void
without_advice(struct slice text, struct buf *out)
{
	struct slice what, why;
	int i;

	for (i = 0; i < NESTED_MAX; i++, text = why) {
		split(text, &what, &why);
		what = slice_trim(what);
		why = slice_trim(why);
		if (out->n > 0 && what.n > 0)
			buf_adds(out, ": ");
		buf_add(out, what);
		if (why.n == 0)
			break;
	}
}

/* The service's own error document, quoted in the message: the first object
 * in it that is one.  *at becomes where it begins. */
static bool
quoted_error(struct slice text, size_t *at, struct service_error *doc)
{
	struct slice s;
	size_t i;
	int tries = QUOTED_TRIES;

	for (i = 0; i < text.n && tries > 0; i++) {
		if (text.p[i] != '{')
			continue;
		s = slice_from(text, i);
		*at = i;
		tries--;
		if (service_error_read(slice_head(s, skr_object_end(s)), doc))
			return true;
	}
	return false;
}

/* Whom the sidecar had asked, by the last of its own words for that. */
static const struct {
	const char *words, *who;
} asked[] = {
	{"MAA endpoint", "the provider"},
	{"maa post ", "the provider"},
	{"releasing the key ", "the vault"},
	{"AKV ", "the vault"},
	{"retrieving authentication token failed", "the identity endpoint"},
	{"using workload identity failed", "Entra ID"},
	{"Refreshing CertChain failed", "the source of certificates"},
};

static const char *
who_was_asked(struct slice text)
{
	const char *who = "a service";
	size_t i, at, last = 0;

	for (i = 0; i < sizeof asked / sizeof *asked; i++) {
		at = slice_search(text, asked[i].words);
		if (at < text.n && at >= last) {
			who = asked[i].who;
			last = at;
		}
	}
	return who;
}

/* The status that a service gave, as three digits, or nothing: Go's own
 * words, those of its library for Entra ID, and of the fetcher of
 * certificates. */
static struct slice
status_in(struct slice text)
{
	static const char *const before[] = {said, "status code was ",
	    "failed with status code "};
	struct slice rest, found = {0};
	size_t i;

	for (i = 0; i < sizeof before / sizeof *before; i++) {
		rest = slice_from(text, slice_search(text, before[i]));
		rest = slice_from(rest, strlen(before[i]));
		if (rest.p != NULL && rest.n >= 3 && isdigit(rest.p[0]) &&
		    isdigit(rest.p[1]) && isdigit(rest.p[2]))
			found = slice_head(rest, 3);
	}
	return found;
}

/* Append "the vault said 404". */
static void
said_by(struct slice text, struct slice chain, struct buf *out)
{
	struct slice status = status_in(text);

	buf_addf(out, "%s said", who_was_asked(chain));
	if (status.n > 0)
		buf_addc(out, ' ');
	buf_add(out, status);
}

static void
add_said(const struct service_error *doc, struct buf *out)
{
	buf_add(out, slice_buf(&doc->code));
	if (doc->inner.n > 0) {
		buf_adds(out, ", ");
		buf_add(out, slice_buf(&doc->inner));
	}
	if (doc->code.n > 0 && doc->message.n > 0)
		buf_adds(out, ": ");
	buf_add(out, slice_buf(&doc->message));
}

/* An unsigned number of ten digits and more, decimal or hexadecimal, behind
 * words; *end becomes what follows. */
static bool
long_number(struct slice text, const char *words, uint64_t *v,
    struct slice *end)
{
	struct slice s = slice_from(text, slice_search(text, words));
	char digits[24];
	char *stop;
	size_t n;

	s = slice_from(s, strlen(words));
	for (n = 0; n < s.n && n < sizeof digits - 1 && isalnum(s.p[n]); n++)
		digits[n] = (char)s.p[n];
	digits[n] = '\0';
	if (n == 0 || !isxdigit((unsigned char)digits[0]))
		return false;
	*v = strtoull(digits, &stop, strspn(digits, "0123456789") == n ? 10 :
	    16);
	*end = slice_from(s, n);
	return *stop == '\0';
}

static const char of_report[] = "SNP reported TCB value: ";
static const char of_cert[] = "Certificate TCB value: ";

bool
skr_tcbs(struct slice text, uint64_t *report, uint64_t *cert)
{
	struct slice rest;

	return long_number(text, of_report, report, &rest) &&
	    long_number(text, of_cert, cert, &rest);
}

/* The cause is at the end of the chain: of a long one the middle goes. */
static void
add_chain(struct slice text, struct buf *out)
{
	size_t head = SERVICE_TEXT_MAX / 4;
	struct buf one = {0};
	struct slice tail;

	if (text.n > SERVICE_TEXT_MAX) {
		buf_add(&one, slice_head(text, head));
		buf_adds(&one, " ... ");
		tail = slice_from(text, text.n - SERVICE_TEXT_MAX + head + 16);
		/* not from the middle of a character */
		while (tail.n > 0 && (tail.p[0] & 0xc0) == 0x80)
			tail = slice_from(tail, 1);
		buf_add(&one, tail);
		text = slice_buf(&one);
	}
	service_sentence(text, out);
	buf_free(&one);
}

static void
say_text(struct slice text, struct buf *out)
{
	struct service_error doc = {0};
	struct slice chain, rest;
	uint64_t report, cert;
	size_t at = 0;

	if (quoted_error(text, &at, &doc)) {
		said_by(text, slice_head(text, at), out);
		buf_addc(out, ' ');
		add_said(&doc, out);
		service_error_free(&doc);
	} else if (status_in(text).n > 0) {
		/* an answer without a reason: empty, or HTML */
		at = slice_search(text, said);
		chain = slice_head(text, slice_search(text, " failed: "));
		said_by(text, slice_head(text, at), out);
		buf_adds(out, " and gave no reason: ");
		service_sentence(chain, out);
		if (chain.n < text.n)
			buf_adds(out, " failed");
	} else if (skr_tcbs(text, &report, &cert)) {
		(void)long_number(text, of_cert, &cert, &rest);
		add_chain(slice_head(text, slice_search(text, of_report)),
		    out);
		buf_addf(out, "%s%s0x%016" PRIx64 " doesn't match %s0x%016"
		    PRIx64, out->n > 0 && out->p[out->n - 1] != ' ' ? " " : "",
		    of_report, report, of_cert, cert);
	} else {
		add_chain(text, out);
	}
}

/* As skr-serve says it, which names the service in a member of its own: "host:
 * 404 KeyNotFound: ..."; false if it is not so. */
static bool
say_of_service(struct slice text, struct json_val service, struct buf *out)
{
	static const char *const names[][2] = {{"maa", "the provider"},
	    {"vault", "the vault"}, {"identity", "the identity endpoint"}};
	struct slice rest = slice_from(text, slice_search(text, ": ") + 2);
	size_t i;

	if (rest.n < 3 || !isdigit(rest.p[0]) || !isdigit(rest.p[1]) ||
	    !isdigit(rest.p[2]))
		return false;
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (json_text_is(service, names[i][0])) {
			buf_addf(out, "%s said ", names[i][1]);
			buf_add(out, rest);
			return true;
		}
	return false;
}

static void
say_original(struct json_val error, struct slice text, struct buf *out)
{
	struct service_error doc = {0};
	struct buf plain = {0};

	without_advice(slice_head(text, QUOTED_MAX), &plain);
	if (plain.n > 0)
		say_text(slice_buf(&plain), out);
	else if (json_is(error, JSON_OBJECT) &&
	    service_error_read(json_span(error), &doc))
		add_said(&doc, out);
	else
		buf_adds(out, "the sidecar failed and does not say why");
	service_error_free(&doc);
	buf_free(&plain);
}

void
skr_say(struct json_val answer, struct buf *out)
{
	struct json_val error = json_get(answer, "error");
	struct buf text = {0};
	struct err ignored;

	if (json_is(error, JSON_STRING))
		(void)json_text(error, "error", &text, &ignored);
	if (!say_of_service(slice_head(slice_buf(&text), QUOTED_MAX),
	    json_get(answer, "service"), out))
		say_original(error, slice_buf(&text), out);
	buf_free(&text);
}

/* skrrefused.c -- what the sidecar means when it fails; see skr.h. */
#include "azure/skr_in.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "azure/akv.h"

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
	if (label == 0 || label == line.n)
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
		if (rest.n >= 3 && isdigit(rest.p[0]) && isdigit(rest.p[1]) &&
		    isdigit(rest.p[2]))
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

/* The two values of a TCB that differs, which the sidecar prints in
 * decimal. */
static bool
tcbs(struct slice text, uint64_t *report, uint64_t *cert)
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
	} else if (tcbs(text, &report, &cert)) {
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

void
skr_say(struct json_val error, struct buf *out)
{
	struct buf text = {0}, plain = {0};
	struct service_error doc = {0};
	struct err ignored;

	if (json_is(error, JSON_STRING))
		(void)json_text(error, "error", &text, &ignored);
	without_advice(slice_head(slice_buf(&text), QUOTED_MAX), &plain);
	if (plain.n > 0)
		say_text(slice_buf(&plain), out);
	else if (json_is(error, JSON_OBJECT) &&
	    service_error_read(json_span(error), &doc))
		add_said(&doc, out);
	else
		buf_adds(out, "the sidecar failed and does not say why");
	service_error_free(&doc);
	buf_free(&plain);
	buf_free(&text);
}

#define NO_DEVICE "no SEV-SNP device there: the container group needs the " \
	"Confidential SKU"
#define BY_ITSELF "; the sidecar does not try again by itself"

/* In order, the first word that stands in the line. */
static const struct {
	const char *word, *hint;
} hints[] = {
	{"certificate endpoint not set", "the sidecar's certificates are not "
	    "of the report's TCB: outside the Confidential SKU it makes the "
	    "report up; after a firmware update SkrSideCarArgs needs a "
	    "certcache"},
	{"ioctl failed", "the SEV-SNP device failed; an error of its firmware "
	    "disables the guest's key (VMPCK) until the container group is "
	    "made anew"},
	{"error opening SNP device", "the sidecar may not open the SEV-SNP "
	    "device"},
	{"SEV device is not found", NO_DEVICE},
	{"/dev/sev", NO_DEVICE},
	{"SNP device", NO_DEVICE},
	{"report version", NO_DEVICE},
	{"Identity not found", "assign an identity to the container group, or "
	    "name one with --access-token-file"},
	{"the identity endpoint said", "the container group has no managed "
	    "identity, or it is not ready yet; --access-token-file shows "
	    "another token"},
	{"retrieving authentication token", "the sidecar got no access token: "
	    "has the container group a managed identity? "
	    "--access-token-file shows another"},
	{"expired or is not yet valid", "is the sidecar's clock right? Else "
	    "whoever runs the service has to renew its certificate"},
	{"unknown authority", "the sidecar's image lacks the roots of the "
	    "service, or something stands in between"},
	{"x509:", "the certificate is not to the sidecar's liking; something "
	    "may stand in between"},
	{"no such host", "the sidecar cannot resolve the endpoint it was "
	    "given: is the name right, and has the container group a "
	    "resolver?"},
	{"name resolution", "the sidecar's resolver does not answer"},
	{"server misbehaving", "the sidecar's resolver does not answer"},
	{"connection refused", "nobody listens there: check the endpoint, its "
	    "port and the firewall"},
	{"no route to host", "the sidecar's network does not lead there"},
	{"network is unreachable", "the sidecar's network does not lead "
	    "there"},
	{"timeout", "the sidecar got no answer from there: is a firewall in "
	    "between?"},
	{"deadline exceeded", "the sidecar got no answer from there: is a "
	    "firewall in between?"},
	{"connection reset", "something in between may have cut the "
	    "connection; trying again may help"},
	{"\": EOF", "the service closed the connection; trying again may help"},
	{"Entra ID said", "the sidecar's workload identity does not work: "
	    "AZURE_CLIENT_ID, AZURE_TENANT_ID and the federated credential"},
	{"No certificate chain found", "the sidecar got no certificates of "
	    "the platform: its certcache was not reached, or was busy"},
	{"the source of certificates said", "the certcache of SkrSideCarArgs "
	    "has no certificates for this report"},
	{"Refreshing CertChain failed", "the sidecar's certificates are not "
	    "of the report's TCB, and its certcache gives no others"},
	{"attestation statement", "what runs here does not meet the key's "
	    "release policy: maa-token --skr and jwt-claims --release-policy "
	    "compare"},
	{"jws token", "the vault's answer is not signed as it should be: is "
	    "something in between?"},
	{"leaf's certificate chain", "the vault's answer is not signed as it "
	    "should be: is something in between?"},
	{"aes key unwrap failed", "the vault wrapped the key for another "
	    "wrapping key than the sidecar's"},
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
	{"AKV10046", "the vault could not check the access token just then; "
	    "trying again may help"},
	{"the vault said 401", "the sidecar's access token is not one for this "
	    "vault; see --access-token-file"},
	{"said 429", "the service behind the sidecar is busy" BY_ITSELF},
	{"said 5", "the service behind the sidecar failed, which may pass"
	    BY_ITSELF},
	{"does not say why", "it answers so to a request it cannot read, and "
	    "when a setting is missing; its log may say more"},
};

/* The certificate is for another name than the one asked for, which is how a
 * port or a scheme shows: the sidecar takes them for part of it. */
static const char *
name_hint(const char *text)
{
	const char *name = NULL, *at;
	size_t n;

	if (strstr(text, "x509: ") == NULL)
		return NULL;
	if ((at = strstr(text, "but wanted to match ")) != NULL)
		name = at + strlen("but wanted to match ");
	else if ((at = strstr(text, "certificate is valid for ")) != NULL &&
	    (at = strstr(at, ", not ")) != NULL)
		name = at + strlen(", not ");
	if (name == NULL)
		return NULL;
	n = strcspn(name, " ");
	if (memmem(name, n, "//", 2) != NULL)
		return "a sidecar takes a host, not the address of one";
	if (memchr(name, ':', n) != NULL)
		return "a sidecar takes a vault on port 443 only, and no port "
		    "in its name";
	return "the certificate is another host's: check the endpoint; "
	    "something may stand in between";
}

/* Of a TCB that differs. */
static const char *
tcb_hint(const char *text)
{
	uint64_t report, cert;
	unsigned i, in_report, in_cert;

	if (!tcbs(slice_str(text), &report, &cert))
		return NULL;
	for (i = 0; i < 64; i += 8) {
		in_report = report >> i & 0xff;
		in_cert = cert >> i & 0xff;
		/* an INTEGER of 128 and more begins with a zero byte */
		if (in_report >= 0x80 && in_cert == 0)
			return "with certcache AzCache the sidecar misreads "
			    "parts of a certificate's TCB from 128 on as 0: "
			    "endpoint_type LocalTHIM helps, a restart does "
			    "not";
	}
	return report > cert ? "the sidecar's certificates are older than the "
	    "firmware: restart it" : "the sidecar's certificates are not of "
	    "this machine's firmware: restart it";
}

/* The status that the vault behind the sidecar gave, or 0. */
static long
vault_status(const char *text)
{
	static const char of[] = "the vault said ";
	const char *at = strstr(text, of);

	return at != NULL ? strtol(at + sizeof of - 1, NULL, 10) : 0;
}

bool
skr_refused_target(const char *text)
{
	return vault_status(text) == 403 && (strstr(text, "AccessDenied") !=
	    NULL || strstr(text, "attestation") != NULL);
}

static const char *
find_hint(const struct service_answer *a, const char *text)
{
	const char *hint;
	size_t i;

	if (a->status == 500 && slice_trim(a->body).n == 0)
		return "the sidecar crashed over what a service answered, or "
		    "over the request; its log has the trace";
	if ((hint = tcb_hint(text)) != NULL ||
	    (hint = name_hint(text)) != NULL)
		return hint;
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
		service_ids(a, &text);
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

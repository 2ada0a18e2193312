/* claimtable.c -- see claimtable.h. */
#include "format/claimtable.h"

#include <stdio.h>
#include <time.h>

#include "ground/text.h"

#define SNP "x-ms-sevsnpvm-"

/* In the order of printing; a row without a claim begins a group. */
static const struct row {
	const char *claim, *means;
} rows[] = {
	{NULL, "token"},
	{"iss", "who made and signed this token"},
	{"iat", "when it was made"},
	{"nbf", "from when on it may be used"},
	{"exp", "until when it may be used"},
	{"jti", "its number"},
	{"nonce", "what the requester sent along, so that an old token is "
	    "told from a new one"},
	{"x-ms-ver", "version of the set of claims"},
	{"x-ms-policy-hash", "the attestation provider's own policy; any but "
	    "the default one may hide or add claims"},
	{"x-ms-policy-signer", "the key that signed the provider's policy"},
	{"x-ms-policy", "claims that the provider's policy added"},
	{NULL, "platform"},
	{"x-ms-attestation-type", "what was attested"},
	{"x-ms-compliance-status", "the guest was measured as software that "
	    "Azure stands for"},
	{SNP "is-debuggable", "true: the host may read and change the "
	    "guest's memory"},
	{SNP "migration-allowed", "true: a migration agent may move the guest"},
	{SNP "smt-allowed", "the guest may share a core with another thread"},
	{SNP "vmpl", "privilege level that asked for the report; 0 is the "
	    "highest"},
	{SNP "reportid", "this run of the guest"},
	{NULL, "firmware TCB"},
	{SNP "bootloader-svn", "security version of the processor's boot "
	    "loader"},
	{SNP "tee-svn", "security version of its trusted operating system"},
	{SNP "snpfw-svn", "security version of the SNP firmware"},
	{SNP "microcode-svn", "security version of the microcode"},
	{NULL, "guest"},
	{SNP "launchmeasurement", "digest of the guest's memory at launch"},
	{SNP "guestsvn", "security version in the identity block"},
	{SNP "familyId", "family in the identity block"},
	{SNP "imageId", "image in the identity block"},
	{SNP "idkeydigest", "the key that signed the identity block"},
	{SNP "authorkeydigest", "the key that signed that key; zeros: none"},
	{NULL, "policy"},
	{SNP "hostdata", "SHA-256 of the policy that says which containers "
	    "may run"},
	{NULL, "endorsement"},
	{SNP "uvm-endorsement", "the launch measurement and version that "
	    "Microsoft signed for"},
	{SNP "uvm-endorsement-headers", "who signed that, and for which feed"},
	{NULL, "runtime"},
	{SNP "reportdata", "SHA-256 of the runtime data, then zeros"},
	{"x-ms-runtime", "the runtime data: keys made inside the guest"},
	{"x-ms-inittime", "the data fixed when the guest was started"},
};
enum { ROWS = sizeof rows / sizeof *rows };

struct page {
	struct buf *out;
	unsigned width;
	bool begun;		/* a group's title is due no more */
};

/* A character of UTF-8 takes a column; the tokens' texts have no wide ones
 * that matter here. */
static size_t
columns(struct slice s)
{
	size_t n = 0, i;

	for (i = 0; i < s.n; i++)
		n += (s.p[i] & 0xc0) != 0x80;
	return n;
}

/* Words wrapped at blanks, or cut where there are none, each line indented
 * by four. */
static void
wrap(struct page *p, struct slice text)
{
	size_t room = p->width - 4, n, at;

	do {
		n = text.n;
		if (columns(text) > room) {
			n = room < text.n ? room : text.n;
			for (at = n; at > 0 && text.p[at - 1] != ' '; at--)
				continue;
			if (at > room / 2)
				n = at;
			while (n < text.n && (text.p[n] & 0xc0) == 0x80)
				n++;
		}
		buf_adds(p->out, "    ");
		buf_add(p->out, slice_head(text, n));
		buf_addc(p->out, '\n');
		text = slice_from(text, n);
	} while (text.n > 0);
}

static bool
is_time(struct slice name)
{
	return slice_is(name, "iat") || slice_is(name, "nbf") ||
	    slice_is(name, "exp");
}

static void
put(struct page *p, const char *path, struct slice name, struct json_val v,
    const char *means)
{
	struct buf text = {0};
	char date[32];
	struct tm tm;
	int64_t at;
	time_t t;

	buf_addf(p->out, "  %s", path);
	text_escape(name, p->out);
	buf_addc(p->out, '\n');
	if (json_is(v, JSON_STRING))
		text_escape(json_span(v), &text);
	else
		json_compact(v, &text);
	if (is_time(name) && json_int(v, &at) && at >= 0 && at < 253402300800) {
		t = (time_t)at;
		if (gmtime_r(&t, &tm) != NULL && strftime(date, sizeof date,
		    "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
			buf_addf(&text, " (%s)", date);
	}
	wrap(p, slice_buf(&text));
	if (means != NULL)
		wrap(p, slice_str(means));
	buf_free(&text);
}

static void
title(struct page *p, const char *group)
{
	if (!p->begun)
		buf_addf(p->out, "%s%s\n", p->out->n > 0 ? "\n" : "", group);
	p->begun = true;
}

static bool
known(struct json_val name)
{
	size_t i;

	for (i = 0; i < ROWS; i++)
		if (rows[i].claim != NULL && json_text_is(name, rows[i].claim))
			return true;
	return json_text_is(name, "x-ms-isolation-tee");
}

static void
known_rows(struct page *p, struct json_val claims, struct json_val vm)
{
	const char *group = "";
	struct json_val v;
	size_t i;

	for (i = 0; i < ROWS; i++) {
		if (rows[i].claim == NULL) {
			group = rows[i].means;
			p->begun = false;
			continue;
		}
		v = json_get(claims, rows[i].claim);
		if (json_has(v)) {
			title(p, group);
			put(p, "", slice_str(rows[i].claim), v, rows[i].means);
		}
		v = json_get(vm, rows[i].claim);
		if (json_has(v)) {
			title(p, group);
			put(p, "x-ms-isolation-tee.",
			    slice_str(rows[i].claim), v, rows[i].means);
		}
	}
}

static void
other_rows(struct page *p, const char *path, struct json_val object)
{
	struct buf name = {0};
	struct json_val v;
	struct err e;

	for (v = json_first(object); json_has(v); v = json_next(v)) {
		if (known(json_name(v)))
			continue;
		buf_cut(&name, 0);
		if (json_text(json_name(v), "name", &name, &e) < 0)
			continue;
		title(p, "other");
		put(p, path, slice_buf(&name), v, NULL);
	}
	buf_free(&name);
}

void
claimtable_print(struct json_val claims, unsigned width, struct buf *out)
{
	struct json_val vm = json_get(claims, "x-ms-isolation-tee");
	struct page p = {.out = out, .width = width};

	if (p.width < CLAIMTABLE_WIDTH_MIN)
		p.width = CLAIMTABLE_WIDTH_MIN;
	known_rows(&p, claims, vm);
	p.begun = false;
	other_rows(&p, "", claims);
	/* a scalar where the VM's claims belong is still a claim */
	if (json_is(vm, JSON_OBJECT)) {
		other_rows(&p, "x-ms-isolation-tee.", vm);
	} else if (json_has(vm)) {
		title(&p, "other");
		put(&p, "", slice_str("x-ms-isolation-tee"), vm, NULL);
	}
}

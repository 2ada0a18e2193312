/* instead.c -- see instead.h. */
#include "evidence/instead.h"

#include "evidence/pile.h"
#include "evidence/report.h"
#include "value/json.h"

/* What they begin with, behind blanks. */
static const struct {
	const char *begins, *what, *hint;
} others[] = {
	{"-----BEGIN ", "a key or the like in PEM, not a report",
	    "a report is what snp-report writes"},
	{"package ", "a policy, not a report", "it is given with -p, and "
	    "policy-hash prints its host data"},
	/* a COSE_Sign1, tagged */
	{"\xd2\x84", "a COSE document, not a report", "an endorsement is given "
	    "with -u"},
};

bool
instead_token(struct slice text)
{
	struct slice s = slice_trim(text);
	size_t i, dots = 0;

	for (i = 0; i < s.n; i++) {
		dots += s.p[i] == '.';
		if (s.p[i] <= ' ')
			return false;
	}
	return dots == 2 && slice_starts(s, "ey");
}

static void
say(struct err *e, const char *what, const char *hint)
{
	(void)err_set(e, E_INPUT, "%s", what);
	(void)err_hint(e, "%s", hint);
}

static bool
json(struct slice s, struct err *e)
{
	struct json *doc;
	struct err none;

	if (!slice_starts(s, "{") || json_parse(s, &doc, &none) < 0)
		return false;
	if (json_has(json_get(json_root(doc), "keys")))
		say(e, "a key set, not a report", "the runtime data is given "
		    "with -r");
	else
		say(e, "JSON, not a report", "a report is what snp-report "
		    "writes");
	json_free(doc);
	return true;
}

void
instead_of_report(struct slice text, struct err *e)
{
	struct slice s = slice_trim(text);
	struct buf raw = {0};
	struct err none;
	size_t i;

	if (pile_looks(text) || (snp_decode(text, &raw, &none) == 0 &&
	    pile_looks(slice_buf(&raw))))
		say(e, "certificates, not a report", "certificates are given "
		    "with --certs");
	else if (instead_token(text))
		say(e, "a token, not a report", "jwt-claims -k JWKS TOKEN "
		    "checks a token and prints what it says");
	else if (!json(s, e))
		for (i = 0; i < sizeof others / sizeof *others; i++)
			if (slice_starts(s, others[i].begins)) {
				say(e, others[i].what, others[i].hint);
				break;
			}
	buf_free(&raw);
}

/* instead.c -- see instead.h. */
#include "token/instead.h"

#include "evidence/report.h"
#include "value/json.h"

static void
say(struct err *e, const char *what, const char *hint)
{
	(void)err_set(e, E_INPUT, "token: %s", what);
	if (hint != NULL)
		(void)err_hint(e, "%s", hint);
}

/* The header of a JWS is base64url of a "{". */
static bool
compact(struct slice text)
{
	return slice_starts(text, "ey") || slice_starts(text, "ew");
}

static bool
report(struct slice text, struct err *e)
{
	struct buf raw = {0};
	struct err none;
	bool is = snp_read(text, &raw, &none) == 0;

	buf_free(&raw);
	if (is)
		say(e, "an SNP report, not a token", "snp-verify proves it, "
		    "and maa-token exchanges it for a token");
	return is;
}

/* Members by which the answers of services are known. */
static const struct {
	const char *member, *what, *hint;
} answers[] = {
	{"access_token", "an answer with an access token for a service, not "
	    "an attestation token", "maa-token gets an attestation token; "
	    "jq -r .access_token takes this one out"},
	{"error", "an error answer, not a token", "maa-token -R says what the "
	    "service meant"},
	{"keys", "a key set, not a token", "keys are given with -k"},
	{"kty", "a key, not a token", "keys are given with -k"},
	{"jwks_uri", "an OpenID configuration, not a token", NULL},
	{"value", "a vault's answer, not a token", NULL},
};

/* {"token"} is known; arrays are detached EAT bundles (RFC 9711 section
 * 4.2.18), as verifiers of GPUs have them: [["JWT", token], {...}]. */
static bool
other_json(struct slice text, struct err *e)
{
	struct json_val root, first;
	struct json *doc;
	struct err none;
	size_t i;

	if (json_parse(text, &doc, &none) < 0)
		return false;
	root = json_root(doc);
	first = json_at(root, 0);
	if (json_is(root, JSON_STRING))
		say(e, "in quotes", "take the quotes off; jq -r prints "
		    "strings without");
	else if (json_is(root, JSON_ARRAY) && json_is(first, JSON_ARRAY) &&
	    json_text_is(json_at(first, 0), "JWT"))
		say(e, "a detached EAT bundle, not a token", "jq -r "
		    "'.[0][1]' takes its first token out");
	else if (json_is(root, JSON_ARRAY))
		say(e, "a JSON array, not a token", NULL);
	for (i = 0; i < sizeof answers / sizeof *answers; i++)
		if (json_is(root, JSON_OBJECT) &&
		    json_has(json_get(root, answers[i].member)) &&
		    !json_has(json_get(root, "token"))) {
			say(e, answers[i].what, answers[i].hint);
			break;
		}
	json_free(doc);
	return true;
}

/* A token that blanks or line ends have got into. */
static bool
broken(struct slice text)
{
	size_t i;

	if (!compact(text))
		return false;
	for (i = 0; i < text.n; i++)
		if (text.p[i] <= ' ')
			return true;
	return false;
}

static size_t
dots(struct slice text)
{
	size_t i, n = 0;

	for (i = 0; i < text.n; i++)
		n += text.p[i] == '.';
	return n;
}

void
instead_of_token(struct slice text, struct err *e)
{
	struct slice bare = slice_trim(text);

	if (report(text, e) || bare.n == 0)
		return;
	if ((bare.p[0] == '[' || bare.p[0] == '{' || bare.p[0] == '"') &&
	    other_json(bare, e))
		return;
	if (bare.p[0] == '\'' && compact(slice_from(bare, 1)))
		say(e, "in quotes", "take the quotes off");
	else if (slice_starts_nocase(bare, "authorization:"))
		say(e, "a header of HTTP, not a token alone",
		    "leave off what stands before the token");
	else if (slice_starts_nocase(bare, "bearer ") &&
	    !slice_starts(bare, "Bearer "))
		say(e, "a word before it that is not \"Bearer \"",
		    "leave off what stands before the token");
	else if (slice_starts(bare, "-----BEGIN "))
		say(e, "a key or certificate in PEM, not a token",
		    "keys are given with -k");
	else if (compact(bare) && dots(bare) == 4)
		say(e, "an encrypted one (JWE), 4 dots where 2 belong",
		    "only its recipient can read it");
	else if (compact(bare) && dots(bare) == 2 && bare.p[bare.n - 1] == '.')
		(void)err_hint(e, "it is not signed; with -U, which proves "
		    "nothing, unsigned tokens (alg none) are shown");
	else if (broken(bare))
		(void)err_hint(e, "blanks or line ends have got into the "
		    "token: tr -d ' \\n' takes them out");
}

/* policy.c -- see policy.h. */
#include "policy/policy.h"

#include <stdlib.h>
#include <strings.h>

#include "codec/b64.h"
#include "codec/utf16.h"
#include "policy/rego.h"

struct policy *
policies_add(struct policies *out)
{
	struct policy *p;

	p = reallocarray(out->v, out->n + 1, sizeof *p);
	if (p == NULL)
		err_nomem();
	out->v = p;
	p += out->n++;
	*p = (struct policy){0};
	return p;
}

bool
policy_is_old(struct json_val root)
{
	return json_has(json_get(root, "allow_all")) ||
	    json_has(json_get(json_get(root, "containers"), "length"));
}

/* The policy of before 2023. */
static bool
is_json_policy(struct slice s)
{
	struct json *doc;
	struct err e;
	bool is;

	s = slice_trim(s);
	if (!slice_starts(s, "{") || json_parse(s, &doc, &e) < 0)
		return false;
	is = policy_is_old(json_root(doc));
	json_free(doc);
	return is;
}

bool
policy_may_be_base64(struct slice s)
{
	size_t i;
	uint8_t c;

	/* with a mark it is, and will be refused by its name */
	if (slice_starts(s, "\xef\xbb\xbf"))
		s = slice_from(s, 3);
	for (i = 0; i < s.n; i++) {
		c = s.p[i];
		if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		    (c >= '0' && c <= '9') || strchr("+/-_= \t\r\n", c) != NULL)
		    || c == '\0')
			return false;
	}
	return true;
}

static int
is_fragment(struct err *e)
{
	(void)err_set(e, E_INPUT, "a signed fragment (COSE), which is not "
	    "hashed into HOST_DATA");
	return err_hint(e, "the policy names its issuer, feed and minimum "
	    "SVN: see --list of the policy");
}

struct slice
policy_hashed(const struct policy *p, enum hash *algorithm)
{
	*algorithm = p->initdata ? p->algorithm : HASH_SHA256;
	return p->initdata ? slice_buf(&p->from) : p->text;
}

int
policy_is_initdata(struct err *e)
{
	(void)err_set(e, E_INPUT, "initdata, which is no policy but holds one");
	return err_hint(e, "HOST_DATA is the digest of the initdata document "
	    "by its own algorithm");
}

int
policy_is_other(struct slice s, struct err *e)
{
	/* COSE_Sign1 by its tag */
	if (slice_starts(s, "\xd2\x84"))
		return is_fragment(e);
	/* gzip; and the TOML that is in it */
	if (slice_starts(s, "\x1f\x8b"))
		return policy_is_initdata(e);
	s = slice_trim(s);
	if ((slice_starts(s, "algorithm") || slice_starts(s, "version")) &&
	    slice_search(s, "[data]") < s.n)
		return policy_is_initdata(e);
	return 0;
}

/* Is p->text a policy?  insist: whatever it is, somebody says so. */
static int
judge(struct policy *p, bool insist)
{
	struct err *e = &p->err;

	if (p->text.n == 0) {
		(void)err_set(e, E_INPUT, "empty: it holds no policy");
		return err_hint(e, "where none is given the platform puts in "
		    "one of its own, whose hash cannot be known from here");
	}
	if (p->text.n > POLICY_MAX)
		return err_set(e, E_INPUT, "a policy larger than %d bytes",
		    POLICY_MAX);
	if (slice_starts(p->text, "\xef\xbb\xbf"))
		p->notes |= POLICY_MARKED;
	else if (utf16_marked(p->text))
		p->notes |= POLICY_UTF16;
	if (rego_is(p->text))
		return 0;
	if (is_json_policy(p->text)) {
		p->notes |= POLICY_JSON;
		return 0;
	}
	if (insist)
		return 0;
	if (policy_is_other(p->text, e) < 0)
		return -1;
	(void)err_set(e, E_INPUT, "base64 of what is no policy: the first "
	    "word is not \"package\"");
	if (policy_may_be_base64(p->text))
		return err_hint(e, "it was encoded twice; decode it once "
		    "before");
	return err_hint(e, "--as base64 hashes it all the same");
}

void
policy_is_raw(struct policy *p, struct slice text)
{
	p->text = text;
	(void)judge(p, true);
}

/* What people write where a policy is to be put. */
static bool
is_placeholder(struct slice s)
{
	static const char *const words[] = {"placeholder", "todo", "changeme",
	    "change-me", "replace", "insert", "your-", "your_", "<your",
	    "cce-policy", "ccepolicy", "cce_policy"};
	static const char *const ends[][2] = {{"<", ">"}, {"{{", "}}"},
	    {"${", "}"}, {"$(", ")"}, {"__", "__"}, {"%", "%"}, {"#{", "}"}};
	size_t i, k, n;

	s = slice_head(slice_trim(s), 200);
	for (i = 0; i < sizeof ends / sizeof *ends; i++) {
		n = strlen(ends[i][1]);
		if (s.n > n && slice_starts(s, ends[i][0]) &&
		    slice_is(slice_from(s, s.n - n), ends[i][1]))
			return true;
	}
	for (i = 0; i < sizeof words / sizeof *words; i++)
		for (k = 0, n = strlen(words[i]); k + n <= s.n; k++)
			if (strncasecmp((const char *)s.p + k, words[i],
			    n) == 0)
				return true;
	return false;
}

/* Why text gives no policy, if a person sees more in it than a decoder. */
static void
explain(struct slice text, struct err *e)
{
	if (slice_starts(text, "\xef\xbb\xbf")) {
		(void)err_set(e, E_INPUT, "base64 with a byte order mark "
		    "before it");
		(void)err_hint(e, "the platform will refuse this string: take "
		    "the mark off, as by tail -c +4");
	} else if (is_placeholder(text)) {
		(void)err_set(e, E_INPUT, "a placeholder, where the policy is "
		    "to be put");
		(void)err_hint(e, "what was deployed is in the answer of az "
		    "container show, or in the parameters");
	}
}

void
policy_is_base64(struct policy *p, struct slice text, bool insist)
{
	p->source = text;
	if (b64_decode(text, B64_POLICY, &p->own, &p->err) < 0) {
		(void)err_hint(&p->err, "the platform will refuse this "
		    "string: it decodes the standard alphabet with its "
		    "padding, and skips CR and LF only");
		explain(text, &p->err);
		return;
	}
	if (b64_loose(text))
		p->notes |= POLICY_LOOSE;
	p->text = slice_buf(&p->own);
	if (judge(p, insist) < 0 && p->text.n > 0)
		explain(text, &p->err);
}

void
policies_free(struct policies *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		buf_free(&p->v[i].name);
		buf_free(&p->v[i].own);
		buf_free(&p->v[i].from);
	}
	free(p->v);
	*p = (struct policies){0};
}

const char *
policy_note(unsigned bit)
{
	switch (bit) {
	case POLICY_LOOSE:
		return "unused bits of the base64 are set: another text "
		    "decodes to the same policy";
	case POLICY_MARKED:
		return "the policy begins with a byte order mark, which is "
		    "hashed with it";
	case POLICY_UTF16:
		return "the policy is UTF-16, which is hashed as it stands "
		    "and which no platform loads";
	case POLICY_JSON:
		return "a JSON policy: hashed as it stands, but current "
		    "platforms load Rego only";
	case POLICY_CARRIED_MARK:
		return "the file begins with a byte order mark, which is read "
		    "over";
	case POLICY_INITDATA:
		return "initdata: the hash is that of the whole document, by "
		    "the algorithm that it names";
	case POLICY_CUT:
		return "HOST_DATA holds the first 32 bytes of this hash";
	case POLICY_NONE:
		return "the initdata has no policy.rego";
	case POLICY_COMMENTS:
		return "the file has comments, which Azure's tools read over "
		    "and JSON does not have";
	default:
		return NULL;
	}
}

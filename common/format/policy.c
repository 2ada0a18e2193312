/* policy.c -- see policy.h. */
#include "format/policy.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "codec/utf16.h"
#include "format/rego.h"
#include "value/json.h"

static struct policy *
add(struct policies *out)
{
	struct policy *p;

	p = realloc(out->v, (out->n + 1) * sizeof *p);
	if (p == NULL)
		err_nomem();
	out->v = p;
	p += out->n++;
	*p = (struct policy){0};
	return p;
}

/* The policy of before 2023: an object with allow_all or containers. */
static bool
is_json_policy(struct slice s)
{
	struct json *doc;
	struct err e;
	bool is;

	s = slice_trim(s);
	if (!slice_starts(s, "{") || json_parse(s, &doc, &e) < 0)
		return false;
	is = json_has(json_get(json_root(doc), "allow_all")) ||
	    json_has(json_get(json_root(doc), "containers"));
	json_free(doc);
	return is;
}

/* Every character could stand in base64 of one kind or the other. */
static bool
is_base64(struct slice s)
{
	size_t i;
	uint8_t c;

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
judge(struct policy *p, bool insist, struct err *e)
{
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
	if (insist || rego_is(p->text))
		return 0;
	if (is_json_policy(p->text)) {
		p->notes |= POLICY_JSON;
		return 0;
	}
	(void)err_set(e, E_INPUT, "base64 of what is no policy: the first "
	    "word is not \"package\"");
	if (is_base64(p->text))
		return err_hint(e, "it was encoded twice; decode it once "
		    "before");
	return err_hint(e, "--as base64 hashes it all the same");
}

static int
find_rego(struct slice file, bool insist, struct policies *out, struct err *e)
{
	struct policy *p = add(out);

	(void)insist;
	p->text = file;
	return judge(p, true, e);
}

static int
find_base64(struct slice file, bool insist, struct policies *out,
    struct err *e)
{
	struct policy *p = add(out);

	p->source = file;
	if (b64_decode(file, B64_POLICY, &p->own, e) < 0)
		return err_hint(e, "the platform will refuse this string: it "
		    "decodes the standard alphabet with its padding, and "
		    "skips CR and LF only");
	if (b64_loose(file))
		p->notes |= POLICY_LOOSE;
	p->text = slice_buf(&p->own);
	return judge(p, insist, e);
}

/* In the order they are tried; what carries a policy in JSON or YAML goes
 * between the two. */
static const struct kind {
	const char *name;
	bool (*is)(struct slice);
	int (*find)(struct slice file, bool insist, struct policies *,
	    struct err *);
} kinds[] = {
	{"rego", rego_is, find_rego},
	{"base64", is_base64, find_base64},
};

int
policies_find(struct slice file, const char *as, struct policies *out,
    struct err *e)
{
	struct policies found = {0};
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		if (as != NULL ? strcmp(kinds[i].name, as) != 0 :
		    !kinds[i].is(file))
			continue;
		if (kinds[i].find(file, as != NULL, &found, e) < 0) {
			policies_free(&found);
			return -1;
		}
		*out = found;
		return 0;
	}
	(void)err_set(e, E_INPUT, "no policy: neither Rego, whose first word "
	    "is \"package\", nor base64 of it");
	return err_hint(e, "--as rego hashes it all the same");
}

void
policies_free(struct policies *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		buf_free(&p->v[i].name);
		buf_free(&p->v[i].own);
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
	default:
		return NULL;
	}
}

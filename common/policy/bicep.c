/* bicep.c -- see bicep.h. */
#include "policy/bicep.h"

#include "codec/b64.h"
#include "policy/jsonc.h"
#include "policy/rego.h"

static bool
in_word(uint8_t c)
{
	return ((c | 32) >= 'a' && (c | 32) <= 'z') ||
	    (c >= '0' && c <= '9') || c == '_';
}

static bool
begins_with(struct slice s, const char *word)
{
	size_t n = strlen(word);

	return slice_starts(s, word) && s.n > n &&
	    (s.p[n] == ' ' || s.p[n] == '\t');
}

/* A template of Bicep may begin with any statement, and so is known by the
 * member that it gives; a parameters file by how it begins.  What begins as
 * JSON or YAML does is neither. */
static bool
is_bicep(struct slice file)
{
	struct slice s = jsonc_skip(file);
	size_t n = 0;

	if (begins_with(s, "using") || begins_with(s, "param"))
		return true;
	while (n < s.n && in_word(s.p[n]))
		n++;
	if (n == 0 ? !slice_starts(s, "@") && !slice_starts(s, "#disable") :
	    n == s.n || s.p[n] == ':')
		return false;
	return slice_search(s, "ccePolicy") < s.n;
}

/* The text in quotes that s begins with, and s behind it; ''' has no escapes,
 * ' has those with a backslash, none of which base64 needs. */
static struct slice
take_quoted(struct slice *s)
{
	struct slice text;
	size_t i;

	if (slice_starts(*s, "'''")) {
		text = slice_from(*s, 3);
		text = slice_head(text, slice_search(text, "'''"));
		*s = slice_from(*s, text.n + 6);
		/* Bicep leaves out a line end right behind the quotes */
		if (slice_starts(text, "\r\n"))
			text = slice_from(text, 2);
		else if (slice_starts(text, "\n"))
			text = slice_from(text, 1);
		return text;
	}
	for (i = 1; i < s->n && s->p[i] != '\'' && s->p[i] != '\n'; i++)
		i += s->p[i] == '\\';
	if (i > s->n)
		i = s->n;
	text = slice_of(s->p + 1, i - 1);
	*s = slice_from(*s, i + 1);
	return text;
}

static bool
is_policy(struct slice text)
{
	struct buf out = {0};
	struct err e;
	bool is;

	is = text.n > 0 && b64_decode(text, B64_POLICY, &out, &e) == 0 &&
	    rego_is(slice_buf(&out));
	buf_free(&out);
	return is;
}

static int
find_bicep(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	struct slice s = jsonc_skip(file), name = {0}, text;
	struct policy *p;
	size_t n;

	(void)ask;
	for (; s.n > 0; s = jsonc_skip(s)) {
		if (s.p[0] == '\'') {
			text = take_quoted(&s);
			if (!is_policy(text))
				continue;
			p = policies_add(out);
			buf_add(&p->name, name);
			policy_is_base64(p, text, false);
		} else if (in_word(s.p[0])) {
			for (n = 1; n < s.n && in_word(s.p[n]); n++)
				;
			name = slice_head(s, n);
			s = slice_from(s, n);
		} else {
			s = slice_from(s, 1);
		}
	}
	if (out->n > 0)
		return 0;
	(void)err_set(e, E_INPUT, "no policy: no text is base64 of one");
	return err_hint(e, "'bicep build' or 'bicep build-params' makes JSON "
	    "of what it loads from files");
}

const struct policy_kind bicep_kind = {"bicepparam", is_bicep, find_bicep};

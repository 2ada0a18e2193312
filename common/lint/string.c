/* string.c -- what texts in a policy give away: expressions of a template
 * that nobody evaluated, and secrets, for the policy is no secret itself:
 * the host, the template and the service have it.  Texts are never shown. */
#include "lint/lint_in.h"

#include <strings.h>

#include "value/jsonpath.h"

static const char *const expressions[] = {
	"[parameters(", "[variables(", "[concat(", "[format(",
	"[reference(", "[resourceGroup(", "[resourceId(", "[uniqueString(",
	"join(createArray(", "concat(", "resourceId(", "base64(parameters(",
};

static const struct secret {
	const char *mark, *what;
} secrets[] = {
	{"AccountKey=", "a storage account's key"},
	{"SharedAccessSignature=", "a shared access signature"},
	{"SharedAccessKey=", "a shared access key"},
	{"?sig=", "a shared access signature"},
	{"&sig=", "a shared access signature"},
	{"PRIVATE KEY-----", "a private key"},
	{"password=", "a password"},
	{"passwd=", "a password"},
	{"Pwd=", "a password"},
	{"client_secret=", "a client's secret"},
};

/* Where mark stands in s, whatever its case; s.n if nowhere. */
static size_t
find(struct slice s, const char *mark)
{
	size_t n = strlen(mark), i;

	for (i = 0; i + n <= s.n; i++)
		if (strncasecmp((const char *)s.p + i, mark, n) == 0)
			return i;
	return s.n;
}

/* Something stands behind the mark, and no pattern or reference. */
static bool
has_value(struct slice s)
{
	const uint8_t *first = slice_head(s, 1).p;

	return s.n > 0 && first != NULL &&
	    strchr(" \t\r\n\"';.$[({<&*", *first) == NULL;
}

static bool
is_base64url(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (!((s.p[i] | 32) >= 'a' && (s.p[i] | 32) <= 'z') &&
		    !(s.p[i] >= '0' && s.p[i] <= '9') && s.p[i] != '-' &&
		    s.p[i] != '_')
			return false;
	return true;
}

/* A token: a JSON object in base64url, a dot, another one. */
static bool
has_token(struct slice s)
{
	struct slice head;
	size_t at, dot;

	for (; (at = find(s, "eyJ")) < s.n; s = slice_from(s, 3)) {
		s = slice_from(s, at);
		dot = slice_find(s, '.');
		head = slice_head(s, dot);
		if (dot >= 16 && dot + 20 < s.n && is_base64url(head) &&
		    is_base64url(slice_head(slice_from(s, dot + 1), 16)))
			return true;
	}
	return false;
}

/* mark stands somewhere in s, with a value if it ends in =. */
static bool
has_mark(struct slice s, const char *mark)
{
	size_t n = strlen(mark), at;

	while ((at = find(s, mark)) < s.n) {
		s = slice_from(s, at + n);
		if (mark[n - 1] != '=' || has_value(s))
			return true;
	}
	return false;
}

const char *
lint_secret(struct slice s)
{
	size_t i;

	for (i = 0; i < sizeof secrets / sizeof *secrets; i++)
		if (has_mark(s, secrets[i].mark))
			return secrets[i].what;
	return has_token(s) ? "a token" : NULL;
}

static bool
has_expression(struct slice s)
{
	size_t i;

	for (i = 0; i < sizeof expressions / sizeof *expressions; i++)
		if (slice_search(s, expressions[i]) < s.n)
			return true;
	return false;
}

/* The place as the policy has it: without the frame that rego.h puts round
 * its statements. */
static void
place(struct json_val v, struct buf *out)
{
	static const char frame[] = ".rules.", value[] = ".value";
	struct buf path = {0};
	struct slice s;
	size_t at;

	buf_cut(out, 0);
	jsonpath(v, &path);
	s = slice_buf(&path);
	if (slice_starts(s, frame))
		s = slice_from(s, sizeof frame - 1);
	at = slice_search(s, value);
	if (at < s.n) {
		buf_add(out, slice_head(s, at));
		s = slice_from(s, at + sizeof value - 1);
	}
	buf_add(out, s);
	buf_addc(out, '\0');
	buf_free(&path);
}

/* v and what it holds are passed over: the unread statements say their own. */
static struct json_val
step(struct json_val v, struct json_val unread)
{
	v = jsonpath_next(v);
	if (v.at == unread.at)
		v = (struct json_val){0};
	return v;
}

void
lint_strings(struct judge *j)
{
	struct json_val unread = rego_unread(j->rego), v;
	struct buf text = {0}, where = {0};
	const char *what;
	struct err e;

	/* unread and what stands behind it are no texts of the policy */
	for (v = json_root(j->rego->doc); json_has(v); v = step(v, unread)) {
		if (!json_is(v, JSON_STRING))
			continue;
		buf_cut(&text, 0);
		(void)json_text(v, "text", &text, &e);
		what = lint_secret(slice_buf(&text));
		if (what == NULL && !has_expression(slice_buf(&text)))
			continue;
		place(v, &where);
		if (what != NULL)
			lint_say(j, LINT_UNSAFE, (char *)where.p,
			    LINT_NO_SECRET,
			    "%s in clear text, for all who see the policy",
			    what);
		else
			lint_say(j, LINT_BROKEN, (char *)where.p, NULL,
			    "a template's expression leaked into it: it is "
			    "enforced as it is written");
	}
	buf_free(&text);
	buf_free(&where);
}

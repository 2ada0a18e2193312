/* initdata.c -- see initdata.h. */
#include "policy/initdata.h"

#include "codec/b64.h"
#include "codec/inflate.h"
#include "ground/text.h"

enum { KEYS_MAX = 256 };	/* of a document, files and all */

struct toml {
	struct slice s;		/* not yet read */
	size_t line;
	struct buf keys;	/* read before, each with a NUL */
	size_t n;		/* how many */
	bool in_data;
};

static int
refuse(const struct toml *t, const char *why, struct err *e)
{
	return err_set(e, E_INPUT, "initdata: line %zu: %s", t->line, why);
}

static void
advance(struct toml *t, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < t->s.n; i++)
		t->line += t->s.p[i] == '\n';
	t->s = slice_from(t->s, n);
}

static bool
eat(struct toml *t, const char *text)
{
	if (!slice_starts(t->s, text))
		return false;
	advance(t, strlen(text));
	return true;
}

/* Blanks; and, if lines is set, line ends and comments. */
static void
skip(struct toml *t, bool lines)
{
	for (;;) {
		if (slice_starts(t->s, " ") || slice_starts(t->s, "\t") ||
		    (lines && (slice_starts(t->s, "\n") ||
		    slice_starts(t->s, "\r"))))
			advance(t, 1);
		else if (lines && slice_starts(t->s, "#"))
			advance(t, slice_find(t->s, '\n'));
		else
			return;
	}
}

static bool
is_blank(struct slice s)
{
	return slice_starts(s, " ") || slice_starts(s, "\t") ||
	    slice_starts(s, "\r") || slice_starts(s, "\n");
}

/* Behind a backslash of a text in double quotes. */
static int
escape(struct toml *t, bool long_text, struct buf *out, struct err *e)
{
	static const char letters[] = "btnfr\"\\", are[] = "\b\t\n\f\r\"\\";
	const char *at;
	uint32_t c = 0;
	size_t i, n;

	if (t->s.n == 0)
		return refuse(t, "a text that does not end", e);
	at = t->s.p[0] != '\0' ? strchr(letters, t->s.p[0]) : NULL;
	if (at != NULL) {
		buf_addc(out, (uint8_t)are[at - letters]);
		advance(t, 1);
		return 0;
	}
	if (long_text && is_blank(t->s)) {
		/* the line end and what is blank behind it are nothing */
		while (is_blank(t->s))
			advance(t, 1);
		return 0;
	}
	n = t->s.p[0] == 'u' ? 4 : t->s.p[0] == 'U' ? 8 : 0;
	if (n == 0 || t->s.n < n + 1)
		return refuse(t, "an escape that is none", e);
	for (i = 1; i <= n; i++) {
		at = strchr("0123456789abcdef", t->s.p[i] >= 'A' &&
		    t->s.p[i] <= 'F' ? t->s.p[i] | 32 : t->s.p[i]);
		if (t->s.p[i] == '\0' || at == NULL)
			return refuse(t, "an escape that is none", e);
		c = c << 4 | (uint32_t)(at - "0123456789abcdef");
	}
	if (c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return refuse(t, "an escape that is no character", e);
	text_put(c, out);
	advance(t, n + 1);
	return 0;
}

/* A text of any of the four kinds. */
static int
text(struct toml *t, struct buf *out, struct err *e)
{
	static const char *const marks[] = {"'''", "\"\"\"", "'", "\""};
	const char *mark;
	bool long_text, plain;
	int i;

	for (i = 0; i < 4 && !slice_starts(t->s, marks[i]); i++)
		;
	if (i == 4)
		return refuse(t, "a text in quotes expected", e);
	mark = marks[i];
	long_text = i < 2;
	plain = mark[0] == '\'';
	advance(t, strlen(mark));
	/* the line end right behind the quotes is none of the text's */
	if (long_text && !eat(t, "\n"))
		(void)eat(t, "\r\n");
	for (;;) {
		if (t->s.n == 0 || (!long_text && t->s.p[0] == '\n'))
			return refuse(t, "a text that does not end", e);
		if (slice_starts(t->s, mark) && !(long_text &&
		    t->s.n > 3 && t->s.p[3] == (uint8_t)mark[0])) {
			advance(t, strlen(mark));
			return 0;
		}
		if (!plain && t->s.p[0] == '\\') {
			advance(t, 1);
			if (escape(t, long_text, out, e) < 0)
				return -1;
			continue;
		}
		buf_addc(out, t->s.p[0]);
		advance(t, 1);
	}
}

static int
key(struct toml *t, struct buf *out, struct err *e)
{
	size_t n = 0;

	if (slice_starts(t->s, "\"") || slice_starts(t->s, "'"))
		return text(t, out, e);
	while (n < t->s.n && (((t->s.p[n] | 32) >= 'a' &&
	    (t->s.p[n] | 32) <= 'z') || (t->s.p[n] >= '0' &&
	    t->s.p[n] <= '9') || t->s.p[n] == '_' || t->s.p[n] == '-'))
		n++;
	if (n == 0)
		return refuse(t, "a key expected", e);
	buf_add(out, slice_head(t->s, n));
	advance(t, n);
	return 0;
}

/* Each key once: those of the table have a dot before them. */
static int
once(struct toml *t, const struct buf *name, struct err *e)
{
	struct slice had = slice_buf(&t->keys), one;
	struct buf full = {0};
	int ret = 0;

	if (t->n++ == KEYS_MAX)
		return refuse(t, "more than 256 keys", e);
	if (t->in_data)
		buf_addc(&full, '.');
	buf_add(&full, slice_buf(name));
	for (; had.n > 0; had = slice_from(had, one.n + 1)) {
		one = slice_head(had, slice_find(had, '\0'));
		if (slice_eq(one, slice_buf(&full)))
			ret = refuse(t, "a key given twice", e);
	}
	buf_add(&t->keys, slice_buf(&full));
	buf_addc(&t->keys, '\0');
	buf_free(&full);
	return ret;
}

/* [data], which is there once. */
static int
table(struct toml *t, struct err *e)
{
	struct buf name = {0};
	int ret;

	skip(t, false);
	ret = key(t, &name, e);
	skip(t, false);
	if (ret == 0 && (!slice_is(slice_buf(&name), "data") || t->in_data ||
	    !eat(t, "]")))
		ret = refuse(t, "a table other than data, or twice", e);
	t->in_data = true;
	buf_free(&name);
	return ret;
}

/* What a document says. */
struct said {
	struct buf algorithm, policy;
	bool has_policy;
};

static int
pair(struct toml *t, struct said *said, struct err *e)
{
	struct buf name = {0}, value = {0};
	int ret;

	ret = key(t, &name, e);
	skip(t, false);
	if (ret == 0 && !eat(t, "="))
		ret = refuse(t, "= expected", e);
	skip(t, false);
	if (ret == 0)
		ret = text(t, &value, e);
	if (ret == 0)
		ret = once(t, &name, e);
	if (ret == 0 && !t->in_data &&
	    slice_is(slice_buf(&name), "algorithm")) {
		buf_add(&said->algorithm, slice_buf(&value));
	} else if (ret == 0 && t->in_data &&
	    slice_is(slice_buf(&name), "policy.rego")) {
		buf_add(&said->policy, slice_buf(&value));
		said->has_policy = true;
	}
	buf_free(&name);
	buf_free(&value);
	return ret;
}

static int
statement(struct toml *t, struct said *said, struct err *e)
{
	if ((eat(t, "[") ? table(t, e) : pair(t, said, e)) < 0)
		return -1;
	skip(t, false);
	if (t->s.n > 0 && strchr("\r\n#", t->s.p[0]) == NULL)
		return refuse(t, "more than one statement in a line", e);
	return 0;
}

int
initdata_read(struct slice document, enum hash *algorithm, bool *has,
    struct buf *policy, struct err *e)
{
	struct toml t = {.s = document, .line = 1};
	struct said said = {0};
	int ret = 0;

	if (!text_is_utf8(document) || slice_find(document, 0) < document.n)
		ret = err_set(e, E_INPUT, "initdata: no UTF-8, or a NUL");
	for (skip(&t, true); ret == 0 && t.s.n > 0; skip(&t, true))
		ret = statement(&t, &said, e);
	buf_addc(&said.algorithm, '\0');
	if (ret == 0 && (!hash_by_name((char *)said.algorithm.p, algorithm) ||
	    *algorithm == HASH_SHA1))
		ret = err_set(e, E_INPUT, "initdata: its algorithm is none of "
		    "sha256, sha384 and sha512");
	if (ret == 0) {
		*has = said.has_policy;
		buf_add(policy, slice_buf(&said.policy));
	}
	buf_free(&said.algorithm);
	buf_free(&said.policy);
	buf_free(&t.keys);
	return ret;
}

/* Its first line that says anything is one of initdata's. */
static bool
is_document(struct slice s)
{
	struct toml t = {.s = s, .line = 1};

	skip(&t, true);
	return (slice_starts(t.s, "algorithm") ||
	    slice_starts(t.s, "version") || slice_starts(t.s, "[data]")) &&
	    slice_search(s, "[data]") < s.n;
}

static bool
is_initdata(struct slice s)
{
	struct buf start = {0};
	struct err e;
	bool is;

	if (inflate_kind(slice_head(s, INFLATE_HEAD)) == INFLATE_GZIP ||
	    is_document(s))
		return true;
	is = policy_may_be_base64(s) &&
	    b64_decode(s, B64_POLICY, &start, &e) == 0 &&
	    (inflate_kind(slice_head(slice_buf(&start), INFLATE_HEAD)) ==
	    INFLATE_GZIP || is_document(slice_buf(&start)));
	buf_free(&start);
	return is;
}

/* The document of what carries it, appended. */
static int
document(struct slice s, struct buf *out, struct err *e)
{
	struct buf plain = {0};
	int ret = 0;

	if (inflate_kind(slice_head(s, INFLATE_HEAD)) != INFLATE_GZIP &&
	    !is_document(s)) {
		ret = b64_decode(s, B64_POLICY, &plain, e);
		s = slice_buf(&plain);
	}
	if (ret == 0 && inflate_kind(slice_head(s, INFLATE_HEAD)) ==
	    INFLATE_GZIP)
		ret = inflate_all(INFLATE_GZIP, s, POLICY_MAX, out, e);
	else if (ret == 0)
		buf_add(out, s);
	buf_free(&plain);
	return ret < 0 ? err_in(e, "initdata") : 0;
}

static int
find_initdata(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *e)
{
	struct policy *p = policies_add(out);
	bool has = false;

	(void)ask;
	p->initdata = true;
	if (document(file, &p->from, e) < 0 || initdata_read(
	    slice_buf(&p->from), &p->algorithm, &has, &p->own, e) < 0)
		return -1;
	p->text = slice_buf(&p->own);
	p->notes |= POLICY_INITDATA;
	if (p->algorithm != HASH_SHA256)
		p->notes |= POLICY_CUT;
	if (!has)
		p->notes |= POLICY_NONE;
	return 0;
}

const struct policy_kind initdata_kind = {"initdata", is_initdata,
    find_initdata};

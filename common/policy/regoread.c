/* regoread.c -- see rego.h: the reader of statements.
 *
 * What is not understood must not change what is: a statement is literal only
 * if nothing but a comment follows in its line and what comes next cannot go
 * on with it; otherwise it is set aside under the name it is about. */
#include "policy/rego.h"

#include <stdlib.h>

#include "ground/text.h"
#include "policy/regolex.h"

enum { IMPORTS_MAX = 1 << 12 };	/* bytes of imports that are compared */

/* What is gathered of each part, to be put together at the end. */
struct reader {
	struct regolex lex;
	struct buf rules, defaults, unread, package, faults, uses;
	struct buf imports;	/* each with a NUL */
};

static void
open_entry(struct buf *out)
{
	if (out->n > 0)
		buf_adds(out, ",\n");
}

/* "name":{"line":N,"value": */
static void
add_rule(struct buf *out, struct slice name, size_t line, struct slice value)
{
	open_entry(out);
	json_quote(name, out);
	buf_addf(out, ":{\"line\":%zu,\"value\":", line);
	buf_add(out, value);
	buf_addc(out, '}');
}

static void
add_unread(struct reader *r, struct slice name, size_t line,
    struct slice text)
{
	enum { SHOWN_MAX = 100 };	/* bytes of its first line */

	text = slice_trim(slice_head(text, slice_find(text, '\n')));
	open_entry(&r->unread);
	buf_adds(&r->unread, "{\"name\":");
	json_quote(name, &r->unread);
	buf_addf(&r->unread, ",\"line\":%zu,\"text\":", line);
	json_quote(slice_head(text, SHOWN_MAX), &r->unread);
	buf_addc(&r->unread, '}');
}

/* What no platform compiles, or the newest do not. */
static void
add_fault(struct reader *r, size_t line, const char *what)
{
	open_entry(&r->faults);
	buf_addf(&r->faults, "{\"line\":%zu,\"what\":\"%s\"}", line, what);
}

/* What a statement that is not literal names. */
static void
add_uses(struct reader *r, struct slice name, struct slice text)
{
	struct buf uses = {0};

	regolex_uses(text, name, &uses);
	if (uses.n > 0) {
		open_entry(&r->uses);
		buf_adds(&r->uses, "{\"name\":");
		json_quote(name, &r->uses);
		buf_adds(&r->uses, ",\"uses\":[");
		buf_add(&r->uses, slice_buf(&uses));
		buf_adds(&r->uses, "]}");
	}
	buf_free(&uses);
}

/* A comment or the line's end follows, and nothing behind that could go on
 * with the statement. */
static bool
ends_here(struct regolex at)
{
	static const char *const goes_on[] = {"else", "if", "with", "as",
	    "contains", "in", "not", "some", "every"};
	struct slice w;
	size_t i;

	regolex_blanks(&at);
	if (at.s.n > 0 && at.s.p[0] != '\n' && at.s.p[0] != '\r' &&
	    at.s.p[0] != '#')
		return false;
	regolex_skip(&at);
	if (at.s.n == 0)
		return true;
	w = regolex_word(&at);
	if (w.n == 0)
		return false;
	for (i = 0; i < sizeof goes_on / sizeof *goes_on; i++)
		if (slice_is(w, goes_on[i]))
			return false;
	return true;
}

/* "name := value" or "name = value" at r->lex, taken if it is literal;
 * 1 taken, 0 not (r->lex is as it was), -1 an error. */
static int
literal(struct reader *r, struct buf *out, struct err *e)
{
	struct regolex at = r->lex;
	struct buf value = {0};
	struct slice name;
	size_t line = at.line;
	int ret;

	name = regolex_word(&at);
	regolex_blanks(&at);
	if (name.n == 0 || (!regolex_eat(&at, ":=") &&
	    (regolex_looks(&at, "==") || !regolex_eat(&at, "="))))
		return 0;
	regolex_skip(&at);
	ret = regolex_value(&at, &value, e);
	if (ret > 0 && !ends_here(at))
		ret = 0;
	if (ret > 0) {
		add_rule(out, name, line, slice_buf(&value));
		r->lex = at;
	}
	buf_free(&value);
	return ret;
}

/* Only imports that cannot change what a name means. */
static bool
harmless_import(struct slice text)
{
	static const char *const known[] = {"input", "rego.v1",
	    "future.keywords", "future.keywords.in", "future.keywords.every",
	    "future.keywords.if", "future.keywords.contains",
	    "data.framework"};
	size_t i;

	text = slice_trim(slice_head(text, slice_find(text, '#')));
	for (i = 0; i < sizeof known / sizeof *known; i++)
		if (slice_is(text, known[i]))
			return true;
	return false;
}

/* Each import once: they are few. */
static void
import(struct reader *r, struct slice text, size_t line)
{
	struct slice had = slice_buf(&r->imports), one;

	text = slice_trim(slice_head(text, slice_find(text, '#')));
	for (; had.n > 0; had = slice_from(had, one.n + 1)) {
		one = slice_head(had, slice_find(had, '\0'));
		if (slice_eq(one, text)) {
			add_fault(r, line, "an import that stands twice, "
			    "which the newest platforms do not compile");
			return;
		}
	}
	if (r->imports.n > IMPORTS_MAX)
		return;
	buf_add(&r->imports, text);
	buf_addc(&r->imports, '\0');
}

/* A default may be any value that is known before there is any input. */
static bool
refers(const struct buf *defaults, size_t from)
{
	return slice_search(slice_from(slice_buf(defaults), from),
	    "{\"\\u0000ref\":") < defaults->n - from;
}

static int
statement(struct reader *r, struct err *e)
{
	struct regolex at = r->lex;
	struct slice name = regolex_word(&at), text;
	struct regolex start = r->lex;
	struct regoseen seen;
	size_t was = r->defaults.n;
	int ret = 0;

	if (slice_is(name, "import")) {
		text = slice_head(at.s, slice_find(at.s, '\n'));
		at.s = slice_from(at.s, text.n);
		import(r, text, start.line);
		/* the next line may go on with "as" */
		if (harmless_import(text) && ends_here(at)) {
			r->lex.s = at.s;
			return 0;
		}
		name = slice_of("", 0);
	} else if (slice_is(name, "default")) {
		regolex_blanks(&at);
		r->lex = at;
		ret = literal(r, &r->defaults, e);
		if (ret > 0 && refers(&r->defaults, was))
			add_fault(r, start.line, "a default with a reference, "
			    "which no platform compiles");
		name = regolex_word(&at);
	} else {
		ret = literal(r, &r->rules, e);
	}
	if (ret != 0)
		return ret < 0 ? -1 : 0;
	if (regolex_unread(&r->lex, &seen, e) < 0)
		return -1;
	if (!seen.clear)
		name = slice_of("", 0);
	add_unread(r, name, start.line, start.s);
	add_uses(r, name, slice_head(start.s, start.s.n - r->lex.s.n));
	if (seen.bare)
		add_fault(r, start.line, "a body without if, which the newest "
		    "platforms do not compile: with it, nothing of the policy");
	return 0;
}

/* "package a.b" and nothing else in its line. */
static int
package(struct reader *r, struct err *e)
{
	struct slice line;

	regolex_skip(&r->lex);
	if (!slice_is(regolex_word(&r->lex), "package"))
		return err_set(e, E_INPUT, "rego: line %zu: the first word is "
		    "not \"package\"", r->lex.line);
	line = slice_head(r->lex.s, slice_find(r->lex.s, '\n'));
	r->lex.s = slice_from(r->lex.s, line.n);
	line = slice_trim(slice_head(line, slice_find(line, '#')));
	json_quote(line, &r->package);
	return 0;
}

/* The parts as one text, and that as JSON, which finds what is twice. */
static int
assemble(const struct reader *r, struct rego *out, struct err *e)
{
	struct rego new = {0};
	char *at;

	buf_adds(&new.text, "{\"package\":");
	buf_add(&new.text, slice_buf(&r->package));
	buf_adds(&new.text, ",\n\"rules\":{");
	buf_add(&new.text, slice_buf(&r->rules));
	buf_adds(&new.text, "},\n\"defaults\":{");
	buf_add(&new.text, slice_buf(&r->defaults));
	buf_adds(&new.text, "},\n\"unread\":[");
	buf_add(&new.text, slice_buf(&r->unread));
	buf_adds(&new.text, "],\n\"faults\":[");
	buf_add(&new.text, slice_buf(&r->faults));
	buf_adds(&new.text, "],\n\"uses\":[");
	buf_add(&new.text, slice_buf(&r->uses));
	buf_adds(&new.text, "]}");
	if (json_parse(slice_buf(&new.text), &new.doc, e) < 0) {
		/* the offset would be that of our text */
		if ((at = strstr(e->text, " at offset ")) != NULL)
			*at = '\0';
		if (strncmp(e->text, "json: ", 6) == 0)
			memmove(e->text, e->text + 6, strlen(e->text + 6) + 1);
		buf_free(&new.text);
		return err_in(e, "rego");
	}
	*out = new;
	return 0;
}

/* Anywhere, in a comment too; *line becomes where. */
static bool
not_utf8(struct slice s, size_t *line)
{
	size_t n, at = 1;

	for (; s.n > 0 && (n = text_utf8(s)) > 0; s = slice_from(s, n))
		at += s.p[0] == '\n';
	if (s.n > 0)
		*line = at;
	return s.n > 0;
}

int
rego_read(struct slice policy, struct rego *out, struct err *e)
{
	struct reader r = {.lex = {policy, 1}};
	int ret;

	if (policy.n > REGO_MAX)
		return err_set(e, E_INPUT, "rego: larger than %d bytes, which "
		    "is not read", REGO_MAX);
	if (not_utf8(policy, &r.lex.line))
		return err_set(e, E_INPUT, "rego: line %zu: a byte that is no "
		    "UTF-8: no platform compiles it", r.lex.line);
	if (slice_find(policy, 0) < policy.n)
		return err_set(e, E_INPUT, "rego: a NUL at offset %zu",
		    slice_find(policy, 0));
	if (slice_starts(policy, "\xef\xbb\xbf"))
		r.lex.s = slice_from(policy, 3);
	ret = package(&r, e);
	for (;;) {
		regolex_skip(&r.lex);
		if (ret < 0 || r.lex.s.n == 0)
			break;
		ret = statement(&r, e);
	}
	if (ret == 0)
		ret = assemble(&r, out, e);
	if (ret == 0)
		out->bytes = policy.n;
	buf_free(&r.rules);
	buf_free(&r.defaults);
	buf_free(&r.unread);
	buf_free(&r.package);
	buf_free(&r.faults);
	buf_free(&r.uses);
	buf_free(&r.imports);
	return ret;
}

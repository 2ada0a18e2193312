/* lint.c -- see lint.h: the judgement put together and shown. */
#include "lint/lint.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "lint/lint_in.h"
#include "ground/text.h"

static const char *const class_names[] = {"open", "decoy", "framework",
    "mixed", "custom"};
static const char *const class_says[] = {
	"everything may run: its enforcement points allow it literally",
	("everything may run: its containers are listed, but its enforcement "
	    "points allow everything literally"),
	"each enforcement point that it binds is the framework's",
	"some enforcement points are not the framework's",
	"it has rules with bodies, which are not assessed",
};
static const char *const level_names[] = {"unsafe", "weak", "broken",
    "not assessed", "note"};

const char *
lint_class_name(enum lint_class c)
{
	return class_names[c];
}

const char *
lint_level_name(enum lint_level l)
{
	return level_names[l];
}

void
lint_say(struct judge *j, enum lint_level level, const char *where,
    const char *safe, const char *fmt, ...)
{
	struct lint *out = j->out;
	struct finding *f;
	char what[400];
	va_list ap;

	if (out->n == LINT_FINDINGS_MAX) {
		out->left_out++;
		return;
	}
	if ((out->n & (out->n - 1)) == 0) {
		f = reallocarray(out->v, out->n > 0 ? 2 * out->n : 1,
		    sizeof *f);
		if (f == NULL)
			err_nomem();
		out->v = f;
	}
	f = &out->v[out->n++];
	*f = (struct finding){.level = level, .safe = safe};
	buf_adds(&f->where, where);
	va_start(ap, fmt);
	(void)vsnprintf(what, sizeof what, fmt, ap);
	va_end(ap);
	buf_adds(&f->what, what);
}

void
lint_quote(struct json_val v, struct buf *out)
{
	enum { QUOTE_MAX = 60 };
	struct buf text = {0};
	struct err e;

	if (json_is(v, JSON_STRING) && json_text(v, "text", &text, &e) == 0)
		text_escape(slice_head(slice_buf(&text), QUOTE_MAX), out);
	if (text.n > QUOTE_MAX)
		buf_adds(out, "...");
	buf_free(&text);
}

void
lint_text_of(struct json_val v, struct buf *out)
{
	struct err e;

	if (json_is(v, JSON_STRING))
		(void)json_text(v, "text", out, &e);
}

bool
lint_refers(struct json_val v)
{
	struct json_val in;

	if (rego_is_ref(v, NULL) || json_has(rego_set(v)))
		return true;
	for (in = json_first(v); json_has(in); in = json_next(in))
		if (lint_refers(in))
			return true;
	return false;
}

/* The first of them by their lines, then how many more. */
static void
unread(struct judge *j)
{
	enum { SHOWN_MAX = 10 };
	struct json_val v = json_first(rego_unread(j->rego));
	size_t count = json_count(rego_unread(j->rego)), i;
	struct buf text = {0};
	char where[40];
	int64_t line = 0;

	for (i = 0; i < count && i < SHOWN_MAX; i++, v = json_next(v)) {
		buf_cut(&text, 0);
		(void)json_int(json_get(v, "line"), &line);
		lint_quote(json_get(v, "text"), &text);
		(void)snprintf(where, sizeof where, "line %lld",
		    (long long)line);
		lint_say(j, LINT_UNSURE, where, NULL,
		    "a rule that is not evaluated: %.*s", (int)text.n,
		    (const char *)text.p);
	}
	if (i < count)
		lint_say(j, LINT_UNSURE, "rules", NULL,
		    "%zu more that are not evaluated", count - i);
	buf_free(&text);
}

/* Kubernetes takes annotations of 256 KiB, all of an object together. */
static void
size(struct judge *j, bool kata)
{
	enum { ANNOTATIONS_MAX = 256 << 10 };
	size_t n = (j->rego->bytes + 2) / 3 * 4;

	if (n > ANNOTATIONS_MAX)
		lint_say(j, kata ? LINT_BROKEN : LINT_NOTE, "size", NULL,
		    "%zu bytes in base64, too many for an annotation of "
		    "Kubernetes%s", n, kata ? "" : " (virtual nodes)");
}

/* For which system it is, as far as its containers tell. */
static void
find_system(struct judge *j)
{
	struct json_val v = json_first(rego_value(j->rego, "containers"));
	bool any = json_has(v);

	for (; json_has(v); v = json_next(v))
		j->on_windows |= lint_is_windows(v);
	j->on_linux = any && !j->on_windows;
	j->on_windows |= !any && json_has(rego_value(j->rego, "mount_cims"));
}

/* What the reader found that no platform compiles. */
static void
faults(struct judge *j)
{
	struct json_val v;
	struct buf what = {0};
	char where[40];
	int64_t line = 0;

	for (v = json_first(rego_faults(j->rego)); json_has(v);
	    v = json_next(v)) {
		buf_cut(&what, 0);
		lint_text_of(json_get(v, "what"), &what);
		(void)json_int(json_get(v, "line"), &line);
		(void)snprintf(where, sizeof where, "line %lld",
		    (long long)line);
		lint_say(j, LINT_BROKEN, where, NULL, "%.*s", (int)what.n,
		    (const char *)what.p);
	}
	buf_free(&what);
}

static void
lint_azure(struct judge *j, struct json_val package)
{
	if (!json_text_is(package, "policy"))
		lint_say(j, LINT_UNSURE, "package", "policy",
		    "a fragment's, or none that the platform asks");
	find_system(j);
	j->no_dropping = json_is(rego_value(j->rego,
	    "allow_environment_variable_dropping"), JSON_FALSE);
	lint_versions(j);
	lint_points(j);
	lint_flags(j);
	lint_fragments(j);
	lint_containers(j);
	lint_names(j);
	lint_cycles(j);
	faults(j);
}

void
lint_policy(const struct rego *r, struct lint *out)
{
	struct judge j = {.rego = r, .out = out, .rules = envrules_new()};
	struct json_val package = json_get(json_root(r->doc), "package");
	struct err e;

	*out = (struct lint){0};
	(void)json_text(package, "package", &out->package, &e);
	if (!rego_sure(r, "")) {
		out->class = LINT_CUSTOM;
		lint_say(&j, LINT_UNSURE, "rules", NULL, "nothing is assessed: "
		    "one of them may be about anything");
		faults(&j);
	} else if (json_text_is(package, "agent_policy")) {
		lint_kata(&j);
	} else {
		lint_azure(&j, package);
	}
	size(&j, json_text_is(package, "agent_policy"));
	lint_strings(&j);
	unread(&j);
	lint_command_free(&j);
	envrules_free(j.rules);
}

void
lint_free(struct lint *l)
{
	size_t i;

	for (i = 0; i < l->n; i++) {
		buf_free(&l->v[i].where);
		buf_free(&l->v[i].what);
	}
	free(l->v);
	buf_free(&l->package);
	*l = (struct lint){0};
}

enum status
lint_status(const struct lint *l)
{
	enum status s = l->left_out > 0 ? E_INPUT : E_OK;
	size_t i;

	for (i = 0; i < l->n; i++) {
		if (l->v[i].level == LINT_UNSAFE ||
		    l->v[i].level == LINT_BROKEN)
			return E_NO;
		if (l->v[i].level == LINT_UNSURE)
			s = E_INPUT;
	}
	return s;
}

size_t
lint_count(const struct lint *l, enum lint_level level)
{
	size_t n = 0, i;

	for (i = 0; i < l->n; i++)
		n += l->v[i].level == level;
	return n;
}

/* How many of each level, and what that comes to. */
static void
add_sum(const struct lint *l, struct buf *out)
{
	unsigned level;
	size_t n;
	bool any = false;

	for (level = LINT_UNSAFE; level <= LINT_NOTE; level++) {
		n = lint_count(l, level);
		if (n == 0)
			continue;
		buf_addf(out, "%s%zu %s%s", any ? ", " : "", n,
		    level_names[level], level == LINT_NOTE && n > 1 ? "s" :
		    "");
		any = true;
	}
	if (!any)
		buf_adds(out, "nothing found");
}

const char *
lint_verdict(const struct lint *l)
{
	if (lint_count(l, LINT_UNSAFE) > 0)
		return "unsafe: it lets the host in";
	if (lint_count(l, LINT_BROKEN) > 0)
		return "broken: what it says cannot work";
	if (lint_status(l) != E_OK)
		return "not assessed: some of it may mean anything";
	if (lint_count(l, LINT_WEAK) > 0)
		return "nothing unsafe, but weaker than need be";
	return "nothing unsafe";
}

void
lint_text(const struct lint *l, struct buf *out)
{
	const struct finding *f;
	unsigned level;
	size_t i;

	buf_addf(out, "%s  ", class_names[l->class]);
	text_escape(slice_buf(&l->package), out);
	buf_addf(out, "  %s\n", class_says[l->class]);
	for (level = LINT_UNSAFE; level <= LINT_NOTE; level++)
		for (i = 0; i < l->n; i++) {
			f = &l->v[i];
			if (f->level != level)
				continue;
			buf_addf(out, "%s  ", level_names[level]);
			text_escape(slice_buf(&f->where), out);
			buf_adds(out, "  ");
			text_escape(slice_buf(&f->what), out);
			if (f->safe != NULL)
				buf_addf(out, "; safe: %s", f->safe);
			buf_addc(out, '\n');
		}
	if (l->left_out > 0)
		buf_addf(out, "not assessed  findings  %zu more\n",
		    l->left_out);
	buf_adds(out, "verdict  ");
	add_sum(l, out);
	buf_addf(out, "  %s\n", lint_verdict(l));
}

static void
member(const char *name, struct slice value, struct buf *out)
{
	buf_addf(out, ",\"%s\":", name);
	json_quote(value, out);
}

void
lint_json(const struct lint *l, struct buf *out)
{
	size_t i;

	buf_addf(out, "{\"class\":\"%s\"", class_names[l->class]);
	member("package", slice_buf(&l->package), out);
	buf_adds(out, ",\"findings\":[");
	for (i = 0; i < l->n; i++) {
		buf_addf(out, "%s{\"level\":\"%s\"", i > 0 ? "," : "",
		    level_names[l->v[i].level]);
		member("where", slice_buf(&l->v[i].where), out);
		member("what", slice_buf(&l->v[i].what), out);
		if (l->v[i].safe != NULL)
			member("safe", slice_str(l->v[i].safe), out);
		buf_addc(out, '}');
	}
	buf_addf(out, "],\"left_out\":%zu,\"counts\":{", l->left_out);
	for (i = LINT_UNSAFE; i <= LINT_NOTE; i++)
		buf_addf(out, "%s\"%s\":%zu", i > 0 ? "," : "",
		    level_names[i], lint_count(l, (enum lint_level)i));
	buf_addc(out, '}');
	member("verdict", slice_str(lint_verdict(l)), out);
	buf_addc(out, '}');
}

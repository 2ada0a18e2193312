/* list.c -- see list.h. */
#include "policy/list.h"

#include "ground/text.h"

/* Append v, with the marks of rego.h as members that people can type. */
static void
add_value(struct json_val v, struct buf *out)
{
	struct buf text = {0};
	struct slice s;
	size_t i;

	json_compact(v, &text);
	s = slice_buf(&text);
	/* a policy's own key cannot begin with NUL: rego.h refuses it */
	while (s.n > 0) {
		if (slice_starts(s, "{\"\\u0000ref\":") ||
		    slice_starts(s, "{\"\\u0000set\":")) {
			buf_adds(out, "{\"");
			s = slice_from(s, 8);
			continue;
		}
		if (s.p[0] != '"') {
			buf_addc(out, s.p[0]);
			s = slice_from(s, 1);
			continue;
		}
		for (i = 1; i < s.n && s.p[i] != '"'; i++)
			i += s.p[i] == '\\';
		buf_add(out, slice_head(s, i + 1));
		s = slice_from(s, i + 1);
	}
	buf_free(&text);
}

/* Append a value as JSON for a terminal. */
static void
show(struct json_val v, struct buf *out)
{
	struct buf text = {0};

	if (json_has(v))
		add_value(v, &text);
	else
		buf_adds(&text, "-");
	text_escape(slice_buf(&text), out);
	buf_free(&text);
}

static void
line(const char *name, struct json_val v, struct buf *out)
{
	if (!json_has(v))
		return;
	buf_addf(out, "  %s: ", name);
	show(v, out);
	buf_addc(out, '\n');
}

/* Append the name of a thing, plain. */
static void
title(struct json_val name, struct buf *out)
{
	struct buf text = {0};
	struct err e;

	if (!json_is(name, JSON_STRING))
		return;
	(void)json_text(name, "name", &text, &e);
	buf_addc(out, ' ');
	text_escape(slice_buf(&text), out);
	buf_free(&text);
}

static void
environment(struct json_val rules, struct buf *out)
{
	size_t all = json_count(rules), fixed = 0, required = 0;
	struct json_val v;
	bool yes;

	for (v = json_first(rules); json_has(v); v = json_next(v)) {
		fixed += json_text_is(json_get(v, "strategy"), "string") ||
		    json_text_is(json_get(v, "value_strategy"), "string");
		required += json_bool(json_get(v, "required"), &yes) && yes;
	}
	buf_addf(out, "  env_rules: %zu, of which %zu by pattern, "
	    "%zu required\n", all, all - fixed, required);
}

static void
capabilities(struct json_val c, struct buf *out)
{
	static const char *const sets[] = {"bounding", "effective",
	    "inheritable", "permitted", "ambient"};
	struct json_val v;
	size_t i;

	if (!json_is(c, JSON_OBJECT)) {
		line("capabilities", c, out);
		return;
	}
	buf_adds(out, "  capabilities:");
	for (i = 0; i < sizeof sets / sizeof *sets; i++) {
		v = json_get(c, sets[i]);
		if (json_has(v))
			buf_addf(out, " %s %zu", sets[i], json_count(v));
	}
	buf_addc(out, '\n');
}

static void
mounts(struct json_val list, struct buf *out)
{
	struct json_val v;

	for (v = json_first(list); json_has(v); v = json_next(v)) {
		buf_adds(out, "  mount: ");
		show(json_get(v, "destination"), out);
		buf_adds(out, " from ");
		show(json_get(v, "source"), out);
		buf_adds(out, " ");
		show(json_get(v, "options"), out);
		buf_addc(out, '\n');
	}
}

static void
container(struct json_val c, size_t i, struct buf *out)
{
	static const char *const flags[] = {"allow_elevated",
	    "allow_stdio_access", "no_new_privileges",
	    "seccomp_profile_sha256"};
	struct json_val v;
	size_t k;

	buf_addf(out, "container %zu:", i);
	title(json_get(c, "name"), out);
	buf_addc(out, '\n');
	line("id", json_get(c, "id"), out);
	line("command", json_get(c, "command"), out);
	line("working_dir", json_get(c, "working_dir"), out);
	for (v = json_first(json_get(c, "layers")); json_has(v);
	    v = json_next(v))
		line("layer", v, out);
	line("mounted_cim", json_get(c, "mounted_cim"), out);
	environment(json_get(c, "env_rules"), out);
	line("user", json_get(c, "user"), out);
	capabilities(json_get(c, "capabilities"), out);
	mounts(json_get(c, "mounts"), out);
	for (v = json_first(json_get(c, "exec_processes")); json_has(v);
	    v = json_next(v))
		line("exec_process", v, out);
	line("signals", json_get(c, "signals"), out);
	for (k = 0; k < sizeof flags / sizeof *flags; k++)
		line(flags[k], json_get(c, flags[k]), out);
}

static void
fragment(struct json_val f, size_t i, struct buf *out)
{
	buf_addf(out, "fragment %zu:", i);
	title(json_get(f, "feed"), out);
	buf_addc(out, '\n');
	line("issuer", json_get(f, "issuer"), out);
	line("minimum_svn", json_get(f, "minimum_svn"), out);
	line("includes", json_get(f, "includes"), out);
	buf_adds(out, "  what its issuer signs for this feed at that SVN or "
	    "above may run too, and the\n  policy's hash does not change\n");
}

/* Neither a list that is shown by its elements nor literal data of another
 * kind of policy. */
static bool
is_setting(struct json_val v)
{
	return !json_text_is(json_name(v), "containers") &&
	    !json_text_is(json_name(v), "fragments") &&
	    !json_text_is(json_name(v), "policy_data");
}

static void
setting(const char *what, struct json_val rule, struct buf *out)
{
	struct json_val v = json_get(rule, "value");

	buf_addf(out, "%s:", what);
	title(json_name(rule), out);
	buf_addc(out, ' ');
	show(rego_is_ref(v, NULL) ? json_first(v) : v, out);
	buf_addc(out, '\n');
}

void
policylist_text(const struct rego *r, struct buf *out)
{
	struct json_val v;
	size_t i = 0;

	buf_adds(out, "package:");
	title(json_get(json_root(r->doc), "package"), out);
	buf_addc(out, '\n');
	for (v = json_first(rego_value(r, "containers")); json_has(v);
	    v = json_next(v))
		container(v, i++, out);
	i = 0;
	for (v = json_first(rego_value(r, "fragments")); json_has(v);
	    v = json_next(v))
		fragment(v, i++, out);
	for (v = json_first(rego_rules(r)); json_has(v); v = json_next(v))
		if (is_setting(v))
			setting("setting", v, out);
	for (v = json_first(rego_defaults(r)); json_has(v); v = json_next(v))
		setting("default", v, out);
	if (json_count(rego_unread(r)) > 0)
		buf_addf(out, "rules that are not literal: %zu\n",
		    json_count(rego_unread(r)));
}

static void
add_rules(const char *name, struct json_val rules, struct buf *out)
{
	struct json_val v;

	buf_addf(out, ",\"%s\":{", name);
	for (v = json_first(rules); json_has(v); v = json_next(v)) {
		if (v.at != json_first(rules).at)
			buf_addc(out, ',');
		buf_add(out, json_span(json_name(v)));
		buf_addc(out, ':');
		add_value(json_get(v, "value"), out);
	}
	buf_addc(out, '}');
}

void
policylist_json(const struct rego *r, struct buf *out)
{
	struct json_val root = json_root(r->doc);

	buf_adds(out, "{\"package\":");
	json_compact(json_get(root, "package"), out);
	add_rules("rules", rego_rules(r), out);
	add_rules("defaults", rego_defaults(r), out);
	buf_adds(out, ",\"unread\":");
	json_compact(rego_unread(r), out);
	buf_addc(out, '}');
}

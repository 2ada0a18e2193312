/* lintenv.c -- a container's rules about its environment, and the patterns
 * in them (RE2; anchored as ^p$ by platforms since May 2025, before not at
 * all). */
#include "format/lint_in.h"

/* What the platform itself sets, as the tools write it. */
static const char *const platform[] = {
	"(?i)(FABRIC)_.+=.+", "((?i)FABRIC)_.+=.+", "HOSTNAME=.+",
	"T(E)?MP=.+", "FabricPackageFileName=.+", "HostedServiceName=.+",
	"IDENTITY_API_VERSION=.+", "IDENTITY_HEADER=.+",
	"IDENTITY_SERVER_THUMBPRINT=.+",
	"azurecontainerinstance_restarted_by=.+",
	"[A-Z0-9_]+_SERVICE_HOST=.+", "[A-Z0-9_]+_SERVICE_PORT=.+",
	"[A-Z0-9_]+_SERVICE_PORT_[A-Z0-9_]+=.+", "[A-Z0-9_]+_PORT=.+",
	"[A-Z0-9_]+_PORT_[0-9]+_TCP=.+", "[A-Z0-9_]+_PORT_[0-9]+_TCP_PROTO=.+",
	"[A-Z0-9_]+_PORT_[0-9]+_TCP_PORT=.+",
	"[A-Z0-9_]+_PORT_[0-9]+_TCP_ADDR=.+",
};

static bool
is_platform(struct slice p)
{
	size_t i;

	for (i = 0; i < sizeof platform / sizeof *platform; i++)
		if (slice_is(p, platform[i]))
			return true;
	return false;
}

static bool
is_one_of(uint8_t c, const char *set)
{
	return c != '\0' && strchr(set, c) != NULL;
}

/* Passes over one bracket expression; false if it does not end. */
static bool
class_ends(struct slice p, size_t *i)
{
	size_t at = *i + 1;

	if (at < p.n && p.p[at] == '^')
		at++;
	if (at < p.n && p.p[at] == ']')
		at++;
	for (; at < p.n && p.p[at] != ']'; at++)
		if (p.p[at] == '\\')
			at++;
	*i = at;
	return at < p.n;
}

struct shape {
	bool wrong;	/* RE2 does not take it */
	bool forked;	/* a | outside groups */
	bool literal;	/* a letter or digit that must match is before = */
};

/* What the pattern looks like: a few shapes, not a compiler. */
static struct shape
shape_of(struct slice p)
{
	struct shape s = {0};
	bool name = true;
	size_t i, open = 0;
	uint8_t c;

	for (i = 0; i < p.n && !s.wrong; i++) {
		c = p.p[i];
		if (c == '\\') {
			s.wrong = ++i == p.n;
		} else if (c == '[') {
			s.wrong = !class_ends(p, &i);
		} else if (c == '(') {
			open++;
			/* RE2 has no looking around */
			s.wrong = i + 2 < p.n && p.p[i + 1] == '?' &&
			    is_one_of(p.p[i + 2], "=!");
			if (i + 1 < p.n && p.p[i + 1] == '?')
				while (i + 1 < p.n && is_one_of(p.p[i + 1],
				    "?imsUP<:-"))
					i++;
		} else if (c == ')') {
			s.wrong = open-- == 0;
		} else if (c == '|' && open == 0) {
			s.forked = true;
		} else if (is_one_of(c, "*+?") && i == 0) {
			s.wrong = true;
		} else if (c == '=') {
			name = false;
		} else if (name && ((c | 32) >= 'a' && (c | 32) <= 'z')) {
			s.literal |= i + 1 == p.n ||
			    !is_one_of(p.p[i + 1], "*?");
		}
	}
	s.wrong |= open > 0;
	return s;
}

static bool
value_is_free(struct slice p)
{
	struct slice v = slice_from(p, slice_find(p, '=') + 1);

	return slice_is(v, ".*") || slice_is(v, ".+") ||
	    slice_is(v, ".*$") || slice_is(v, ".+$");
}

/* The variable's name, for messages; never its value. */
static void
pattern(struct judge *j, const char *where, struct slice p)
{
	struct slice name = slice_head(p, slice_find(p, '='));
	struct shape s = shape_of(p);
	int n = (int)(name.n < 60 ? name.n : 60);
	const char *at = (const char *)name.p;

	if (s.wrong)
		lint_say(j, LINT_BROKEN, where, NULL, "env_rules: a pattern "
		    "that does not compile: %.*s", n, at);
	else if (!s.literal)
		lint_say(j, LINT_UNSAFE, where, "strategy string",
		    "env_rules: the host sets any variable: %.*s", n, at);
	else if (s.forked)
		lint_say(j, LINT_WEAK, where, "(a|b)", "env_rules: a | outside "
		    "brackets, which leaves both ends open: %.*s", n, at);
	else if (value_is_free(p))
		lint_say(j, LINT_WEAK, where, "strategy string",
		    "env_rules: the host chooses the value of %.*s", n, at);
	else
		lint_say(j, LINT_NOTE, where, NULL, "env_rules: by pattern, "
		    "which older platforms do not anchor: %.*s", n, at);
}

/* One rule, in either of its forms; returns whether it is a variable of the
 * user's that the host may leave out. */
static bool
rule(struct judge *j, const char *where, struct json_val r)
{
	struct json_val p = json_get(r, "pattern"),
	    strategy = json_get(r, "strategy"), v;
	struct buf text = {0};
	bool required = false, ours, re2;
	struct err e;

	if (json_has(json_get(r, "name"))) {
		/* since framework 0.5.0: name and value apart */
		(void)json_text(json_get(r, "name"), "name", &text, &e);
		buf_addc(&text, '=');
		v = json_get(r, "value");
		if (json_is(v, JSON_STRING))
			(void)json_text(v, "value", &text, &e);
		re2 = json_text_is(json_get(r, "name_strategy"), "re2") ||
		    json_text_is(json_get(r, "value_strategy"), "re2");
	} else {
		if (json_is(p, JSON_STRING))
			(void)json_text(p, "pattern", &text, &e);
		re2 = !json_text_is(strategy, "string");
	}
	(void)json_bool(json_get(r, "required"), &required);
	ours = !is_platform(slice_buf(&text)) &&
	    !slice_is(slice_buf(&text), "TERM=xterm");
	if (re2 && ours)
		pattern(j, where, slice_buf(&text));
	buf_free(&text);
	return ours && !required;
}

void
lint_environment(struct judge *j, const char *where, struct json_val rules)
{
	size_t optional = 0;
	struct json_val v;

	if (json_has(rules) && !json_is(rules, JSON_ARRAY) &&
	    !json_is(rules, JSON_NULL))
		lint_say(j, LINT_UNSURE, where, NULL,
		    "env_rules is not a list");
	for (v = json_first(rules); json_has(v); v = json_next(v))
		optional += rule(j, where, v);
	if (optional > 0)
		lint_say(j, LINT_WEAK, where, "required: true", "env_rules: "
		    "the host may leave out %zu of its variables", optional);
}

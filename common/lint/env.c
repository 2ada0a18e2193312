/* env.c -- a container's rules about its environment, and the patterns
 * in them (RE2; anchored as ^p$ by platforms since May 2025, before not at
 * all). */
#include "lint/lint_in.h"
#include "lint/re2shape.h"

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

/* The variable's name, for messages; never its value. */
static void
pattern(struct judge *j, const char *where, struct slice p)
{
	struct slice name = slice_head(p, slice_find(p, '='));
	struct re2shape s = re2shape(p);
	int n = (int)(name.n < 60 ? name.n : 60);
	const char *at = (const char *)name.p;

	if (s.wrong)
		lint_say(j, LINT_BROKEN, where, NULL, "env_rules: a pattern "
		    "that does not compile: %.*s", n, at);
	else if (!s.fixed)
		lint_say(j, LINT_UNSAFE, where, "strategy string",
		    "env_rules: the host sets any variable: %.*s", n, at);
	else if (s.forked)
		lint_say(j, LINT_WEAK, where, "(a|b)", "env_rules: a | outside "
		    "brackets, which leaves both ends open: %.*s", n, at);
	else if (s.wild)
		lint_say(j, LINT_WEAK, where, "strategy string",
		    "env_rules: the host sets any variable that fits %.*s", n,
		    at);
	else if (s.free)
		lint_say(j, LINT_WEAK, where, "strategy string",
		    "env_rules: the host chooses the value of %.*s", n, at);
	else
		lint_say(j, LINT_NOTE, where, NULL, "env_rules: by pattern, "
		    "which older platforms do not anchor: %.*s", n, at);
}

/* One rule by its text; returns whether it is about a variable that is not of
 * the platform. */
static bool
judge(struct judge *j, const char *where, struct slice text, bool re2)
{
	if (is_platform(text) || slice_is(text, "TERM=xterm"))
		return false;
	if (re2)
		pattern(j, where, text);
	return true;
}

/* Name and value apart, which framework 0.5.0 takes. */
static bool
apart(struct judge *j, const char *where, struct json_val r)
{
	struct buf text = {0};
	const char *secret;
	bool ours;

	lint_text_of(json_get(r, "name"), &text);
	buf_addc(&text, '=');
	lint_text_of(json_get(r, "value"), &text);
	ours = judge(j, where, slice_buf(&text),
	    !json_text_is(json_get(r, "name_strategy"), "string") ||
	    !json_text_is(json_get(r, "value_strategy"), "string"));
	/* what is in one text lint_strings() sees */
	secret = lint_secret(slice_buf(&text));
	if (secret != NULL)
		lint_say(j, LINT_UNSAFE, where, LINT_NO_SECRET, "env_rules: "
		    "%s in clear text, for all who see the policy", secret);
	buf_free(&text);
	return ours;
}

static bool
together(struct judge *j, const char *where, struct json_val r)
{
	struct buf text = {0};
	bool ours;

	lint_text_of(json_get(r, "pattern"), &text);
	ours = judge(j, where, slice_buf(&text),
	    !json_text_is(json_get(r, "strategy"), "string"));
	buf_free(&text);
	return ours;
}

/* One rule, in either of its forms, or in both: which one counts, the
 * platform's framework decides.  Returns whether it is about a variable of the
 * user's that the host may leave out. */
static bool
rule(struct judge *j, const char *where, struct json_val r)
{
	bool required = false, ours = false,
	    named = json_has(json_get(r, "name"));

	if (named)
		ours = apart(j, where, r);
	if (!named || json_has(json_get(r, "pattern")))
		ours |= together(j, where, r);
	(void)json_bool(json_get(r, "required"), &required);
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

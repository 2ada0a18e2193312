/* flag.c -- the flags of a policy as a whole, its fragments, and what may
 * run in the virtual machine outside containers. */
#include "lint/lint_in.h"
#include "lint/codepath.h"

#include <stdio.h>

static const struct flag {
	const char *name;
	enum lint_level level;	/* of true */
	const char *allows;
} flags[] = {
	{"allow_dump_stacks", LINT_UNSAFE,
	    "the host reads the stacks of the virtual machine's processes"},
	{"allow_runtime_logging", LINT_UNSAFE,
	    "the host reads the virtual machine's logs"},
	{"allow_unencrypted_scratch", LINT_UNSAFE,
	    "the host may give a writable disk that is not encrypted"},
	{"allow_host_network", LINT_UNSAFE,
	    "a container may be in the virtual machine's own network"},
	{"allow_properties_access", LINT_WEAK,
	    "the host reads statistics and process lists"},
	{"allow_log_provider_dropping", LINT_WEAK,
	    "the host may turn log providers off"},
	{"allow_registry_changes_dropping", LINT_NOTE,
	    "changes of the registry beyond the policy's are dropped, not "
	    "refused"},
	{"allow_environment_variable_dropping", LINT_NOTE,
	    "variables that match no rule are dropped, not refused"},
	{"allow_capability_dropping", LINT_NOTE,
	    "capabilities beyond the policy's are dropped, not refused"},
};

bool
lint_is_flag(struct slice name)
{
	size_t i;

	for (i = 0; i < sizeof flags / sizeof *flags; i++)
		if (slice_is(name, flags[i].name))
			return true;
	return false;
}

/* A list of the policy that is to be literal; nothing if it is not. */
static struct json_val
list(struct judge *j, const char *name)
{
	struct json_val v = rego_value(j->rego, name);

	if (rego_sure(j->rego, name) && (!json_has(v) ||
	    (json_is(v, JSON_ARRAY) && !lint_refers(v))))
		return v;
	lint_say(j, LINT_UNSURE, name, "none", "not a literal list");
	return (struct json_val){0};
}

/* What is added to every container, which have their code there. */
static void
platform_rule(struct judge *j, const char *where, struct json_val rule,
    const struct codepaths *code)
{
	bool was = j->no_dropping;

	if (lint_framework_before(j, VERSION(0, 5, 0))) {
		lint_say(j, LINT_NOTE, where, NULL, "a framework_version "
		    "before 0.5.0 has no such rules: it is ignored");
		return;
	}
	lint_say(j, LINT_WEAK, where, "none",
	    "adds variables and mounts to every container");
	/* what matches no rule here may match the container's own */
	j->no_dropping = false;
	lint_environment(j, where, lint_list(j, where, rule, "env_rules"));
	j->no_dropping = was;
	lint_mounts(j, where, lint_list(j, where, rule, "mounts"), code);
}

static void
platform_rules(struct judge *j, struct json_val v)
{
	struct json_val c = json_first(rego_value(j->rego, "containers"));
	struct codepaths code = {0};
	char where[40];
	size_t i = 0;

	if (!json_has(v))
		return;
	for (; json_has(c); c = json_next(c))
		codepaths_add(&code, c);
	codepaths_sort(&code);
	for (; json_has(v); v = json_next(v)) {
		(void)snprintf(where, sizeof where, "platform_rules[%zu]", i++);
		platform_rule(j, where, v, &code);
	}
	codepaths_free(&code);
}

/* Lists of the policy as a whole that give more than containers do. */
static void
lists(struct judge *j)
{
	struct json_val v = list(j, "external_processes");

	if (json_count(v) > 0)
		lint_say(j, LINT_UNSAFE, "external_processes", "none", "the "
		    "host may start %zu commands in the virtual machine, "
		    "outside all containers", json_count(v));
	platform_rules(j, json_first(list(j, "platform_rules")));
	v = list(j, "transparency_trust_lists");
	if (json_count(v) > 0)
		lint_say(j, LINT_WEAK, "transparency_trust_lists", "none",
		    "whom they trust may sign what runs");
	v = list(j, "allowed_log_providers");
	if (json_count(v) > 0)
		lint_say(j, LINT_NOTE, "allowed_log_providers", NULL,
		    "log providers that the host may turn on: %zu",
		    json_count(v));
}

void
lint_flags(struct judge *j)
{
	struct json_val v;
	size_t i;

	for (i = 0; i < sizeof flags / sizeof *flags; i++) {
		v = rego_value(j->rego, flags[i].name);
		if (!rego_sure(j->rego, flags[i].name) || lint_refers(v))
			lint_say(j, LINT_UNSURE, flags[i].name, "false",
			    "neither true nor false");
		else if (json_has(v) && !json_is(v, JSON_FALSE))
			/* to the platform all is true but false */
			lint_say(j, flags[i].level, flags[i].name,
			    flags[i].level == LINT_NOTE ? NULL : "false",
			    "%s%s", flags[i].allows, json_is(v, JSON_TRUE) ?
			    "" : ": what is not false is taken for true");
	}
	if (j->no_dropping)
		lint_say(j, LINT_NOTE, "allow_environment_variable_dropping",
		    NULL, "a container does not start once the platform sets "
		    "a variable that no rule of it matches");
	lists(j);
}

static const struct include {
	const char *name;
	enum lint_level level;
	const char *allows;
} includes[] = {
	{"namespace", LINT_UNSAFE,
	    "it may define rules, so anything at all"},
	{"external_processes", LINT_WEAK,
	    "it may start processes in the virtual machine"},
	{"platform_rules", LINT_WEAK,
	    "it adds variables and mounts to every container"},
	{"transparency_trust_lists", LINT_WEAK, "it may add trust lists"},
	{"containers", LINT_NOTE, NULL},
	{"fragments", LINT_NOTE, NULL},
};

/* What a fragment may bring: "containers" and the like. */
static void
include(struct judge *j, const char *where, struct json_val v)
{
	struct buf text = {0};
	size_t i;

	for (i = 0; i < sizeof includes / sizeof *includes; i++) {
		if (!json_text_is(v, includes[i].name))
			continue;
		if (includes[i].allows != NULL)
			lint_say(j, includes[i].level, where,
			    "containers, fragments", "includes %s: %s",
			    includes[i].name, includes[i].allows);
		return;
	}
	lint_quote(v, &text);
	lint_say(j, LINT_UNSURE, where, "containers, fragments",
	    "includes what is not known: %.*s", (int)text.n,
	    (const char *)text.p);
	buf_free(&text);
}

/* Everything at once. */
static bool
is_all(struct json_val list)
{
	size_t i, n = 0;
	struct json_val v;

	for (i = 0; i < sizeof includes / sizeof *includes; i++)
		for (v = json_first(list); json_has(v); v = json_next(v))
			if (json_text_is(v, includes[i].name)) {
				n++;
				break;
			}
	return n == sizeof includes / sizeof *includes;
}

static void
included(struct judge *j, const char *where, struct json_val list)
{
	struct json_val v;

	if (!json_is(list, JSON_ARRAY))
		lint_say(j, LINT_UNSURE, where, "containers, fragments",
		    "includes is not a list");
	for (v = json_first(list); json_has(v); v = json_next(v))
		include(j, where, v);
	if (is_all(list))
		lint_say(j, LINT_WEAK, where, "containers, fragments",
		    "includes everything that there is");
}

/* did:x509 names a root by its hash and, behind ::, what the leaf must say of
 * itself: without an EKU or its own subject any leaf below that root is the
 * issuer. */
static bool
is_pinned(struct json_val issuer)
{
	struct buf text = {0};
	struct slice s;
	bool is;

	lint_text_of(issuer, &text);
	s = slice_buf(&text);
	is = slice_starts(s, "did:x509:") && (slice_search(s, "::eku:") < s.n ||
	    slice_search(s, "::subject:") < s.n ||
	    slice_search(s, "::san:") < s.n ||
	    slice_search(s, "::fulcio-issuer:") < s.n);
	buf_free(&text);
	return is;
}

static bool
is_infrastructure(struct json_val f)
{
	return json_text_is(json_get(f, "feed"),
	    "mcr.microsoft.com/aci/aci-cc-infra-fragment") &&
	    json_text_is(json_get(f, "issuer"), "did:x509:0:sha256:"
	    "I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:"
	    "1.3.6.1.4.1.311.76.59.1.3");
}

static void
fragment(struct judge *j, const char *where, struct json_val f)
{
	bool infra = is_infrastructure(f);
	struct buf feed = {0};
	uint64_t svn;

	lint_quote(json_get(f, "feed"), &feed);
	lint_say(j, infra ? LINT_NOTE : LINT_WEAK, where, NULL, "%.*s%s: what "
	    "its issuer signs for the feed may run too, and the hash stays "
	    "the same", (int)feed.n, (const char *)feed.p,
	    infra ? " (the platform's own)" : "");
	if (!is_pinned(json_get(f, "issuer")))
		lint_say(j, LINT_WEAK, where, "did:x509 with ::eku: or "
		    "::subject:", "its issuer names no leaf and no EKU: "
		    "whatever its root has signed may sign");
	if (!lint_svn(json_get(f, "minimum_svn"), &svn))
		lint_say(j, LINT_UNSURE, where, infra ? "4" : NULL,
		    "minimum_svn is not a number");
	else if (svn == 0 || (infra && svn < VERSION(4, 0, 0)))
		lint_say(j, LINT_WEAK, where, infra ? "4" : "1 or more",
		    "minimum_svn is so low that old versions may run");
	included(j, where, json_get(f, "includes"));
	buf_free(&feed);
}

void
lint_fragments(struct judge *j)
{
	struct json_val v = rego_value(j->rego, "fragments");
	char where[40];
	size_t i = 0;

	if (!rego_sure(j->rego, "fragments") ||
	    (json_has(v) && !json_is(v, JSON_ARRAY))) {
		lint_say(j, LINT_UNSURE, "fragments", NULL, "not a list");
		return;
	}
	for (v = json_first(v); json_has(v); v = json_next(v)) {
		(void)snprintf(where, sizeof where, "fragments[%zu]", i++);
		if (json_is(v, JSON_OBJECT) && !lint_refers(v))
			fragment(j, where, v);
		else
			lint_say(j, LINT_UNSURE, where, NULL, "not literal");
	}
}

/* lintflag.c -- the flags of a policy as a whole, its fragments, and what may
 * run in the virtual machine outside containers. */
#include "format/lint_in.h"

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
	{"allow_environment_variable_dropping", LINT_NOTE,
	    "variables that match no rule are dropped, not refused"},
	{"allow_capability_dropping", LINT_NOTE,
	    "capabilities beyond the policy's are dropped, not refused"},
};

void
lint_flags(struct judge *j)
{
	struct json_val v;
	bool yes = false;
	size_t i;

	for (i = 0; i < sizeof flags / sizeof *flags; i++) {
		v = rego_value(j->rego, flags[i].name);
		if (!rego_sure(j->rego, flags[i].name) || (json_has(v) &&
		    !json_bool(v, &yes)))
			lint_say(j, LINT_UNSURE, flags[i].name, "false",
			    "neither true nor false");
		else if (json_has(v) && yes)
			lint_say(j, flags[i].level, flags[i].name,
			    flags[i].level == LINT_NOTE ? NULL : "false",
			    "%s", flags[i].allows);
	}
	v = rego_value(j->rego, "external_processes");
	if (!rego_sure(j->rego, "external_processes") ||
	    (json_has(v) && !json_is(v, JSON_ARRAY)))
		lint_say(j, LINT_UNSURE, "external_processes", "none",
		    "not a list");
	else if (json_count(v) > 0)
		lint_say(j, LINT_UNSAFE, "external_processes", "none", "the "
		    "host may start %zu commands in the virtual machine, "
		    "outside all containers", json_count(v));
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
};

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
	struct json_val v;
	struct buf feed = {0};
	uint64_t svn;
	size_t i;

	lint_quote(json_get(f, "feed"), &feed);
	lint_say(j, infra ? LINT_NOTE : LINT_WEAK, where, NULL, "%.*s%s: what "
	    "its issuer signs for the feed may run too, and the hash stays "
	    "the same", (int)feed.n, (const char *)feed.p,
	    infra ? " (the platform's own)" : "");
	if (!lint_version(json_get(f, "minimum_svn"), &svn))
		lint_say(j, LINT_UNSURE, where, infra ? "4" : NULL,
		    "minimum_svn is not a number");
	else if (svn == 0 || (infra && svn < VERSION(4, 0, 0)))
		lint_say(j, LINT_WEAK, where, infra ? "4" : "1 or more",
		    "minimum_svn is so low that old versions may run");
	for (v = json_first(json_get(f, "includes")); json_has(v);
	    v = json_next(v))
		for (i = 0; i < sizeof includes / sizeof *includes; i++)
			if (json_text_is(v, includes[i].name))
				lint_say(j, includes[i].level, where,
				    "containers, fragments",
				    "includes %s: %s", includes[i].name,
				    includes[i].allows);
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

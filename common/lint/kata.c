/* kata.c -- the agent's policy of Kata containers: its flags and the
 * data that genpolicy puts into it.  Its rules have bodies. */
#include "lint/lint_in.h"

static const struct flag {
	const char *name, *allows;
} flags[] = {
	{"ExecProcessRequest",
	    "the host may start any process in a container"},
	{"ReadStreamRequest", "the host reads the output of containers"},
	{"WriteStreamRequest", "the host writes the input of containers"},
	{"SetPolicyRequest", "the host may replace this policy"},
	{"CopyFileRequest", "the host may copy files into the machine"},
	{"AllowRequestsFailingPolicy",
	    "what the policy refuses is allowed all the same"},
	{"CreateContainerRequest", "the host may start any container"},
};

/* 1 true, 0 false or not there, -1 not literal. */
static int
answer(const struct rego *r, const char *name)
{
	struct json_val v = rego_value(r, name);
	bool yes;

	/* a rule with a body adds cases in which it is true, so that a default
	 * of true counts whatever the rule says */
	if (json_bool(rego_default(r, name), &yes) && yes)
		return 1;
	if (!rego_sure(r, name))
		return -1;
	if (json_bool(v, &yes))
		return yes;
	return json_has(v) ? -1 : 0;
}

static void
data(struct judge *j, struct json_val defaults)
{
	struct json_val exec = json_get(defaults, "ExecProcessRequest"), v;
	bool yes;

	/* commands, allowed_commands, regex: its names have changed */
	for (v = json_first(exec); json_has(v); v = json_next(v))
		if (json_count(v) > 0) {
			lint_say(j, LINT_UNSAFE, "policy_data.request_defaults",
			    "none", "ExecProcessRequest: the host may start "
			    "commands in containers");
			break;
		}
	if (json_bool(json_get(defaults, "ReadStreamRequest"), &yes) && yes)
		lint_say(j, LINT_UNSAFE, "policy_data.request_defaults",
		    "false", "ReadStreamRequest: %s", flags[1].allows);
	if (json_bool(json_get(defaults, "WriteStreamRequest"), &yes) && yes)
		lint_say(j, LINT_UNSAFE, "policy_data.request_defaults",
		    "false", "WriteStreamRequest: %s", flags[2].allows);
}

void
lint_kata(struct judge *j)
{
	struct json_val policy_data = rego_value(j->rego, "policy_data");
	size_t i;
	int is = 0;

	for (i = 0; i < sizeof flags / sizeof *flags; i++) {
		is = answer(j->rego, flags[i].name);
		if (is > 0)
			lint_say(j, LINT_UNSAFE, flags[i].name, "false", "%s",
			    flags[i].allows);
		else if (is < 0)
			lint_say(j, LINT_UNSURE, flags[i].name, "false",
			    "decided by a rule");
	}
	/* the last flag is the one that opens everything */
	j->out->class = is <= 0 ? LINT_CUSTOM : json_count(json_get(
	    policy_data, "containers")) > 0 ? LINT_DECOY : LINT_OPEN;
	if (!rego_sure(j->rego, "policy_data") || lint_refers(policy_data))
		lint_say(j, LINT_UNSURE, "policy_data", NULL, "not literal");
	data(j, json_get(policy_data, "request_defaults"));
}

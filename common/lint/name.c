/* name.c -- statements about names that nothing known here reads: a newer
 * platform may. */
#include "lint/lint_in.h"

static bool
is_known(struct slice name)
{
	static const char *const names[] = {"api_version", "api_svn",
	    "framework_version", "framework_svn", "fragments", "containers",
	    "external_processes", "platform_rules",
	    "transparency_trust_lists", "allowed_log_providers", "reason"};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (slice_is(name, names[i]))
			return true;
	return lint_is_point(name) || lint_is_flag(name);
}

static void
judge(struct judge *j, struct json_val rules)
{
	struct buf name = {0};
	struct json_val v;
	struct err e;

	for (v = json_first(rules); json_has(v); v = json_next(v)) {
		buf_cut(&name, 0);
		(void)json_text(json_name(v), "name", &name, &e);
		if (is_known(slice_buf(&name)))
			continue;
		buf_addc(&name, '\0');
		lint_say(j, LINT_UNSURE, (char *)name.p, NULL,
		    "no known platform reads it");
	}
	buf_free(&name);
}

void
lint_names(struct judge *j)
{
	judge(j, rego_rules(j->rego));
	judge(j, rego_defaults(j->rego));
}

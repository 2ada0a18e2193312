/* version.c -- the versions that a policy states: which rules of the platform
 * it wants.  The platform reads them as semver, and refuses everything where
 * it cannot. */
#include "lint/lint_in.h"

enum { PART_MAX = 0xfffff };	/* larger ones are as large as that */

/* Digits; their end in *at. */
static bool
number(struct slice s, size_t *at, uint64_t *out)
{
	size_t from = *at;

	for (*out = 0; *at < s.n && s.p[*at] >= '0' && s.p[*at] <= '9';
	    ++*at) {
		*out = *out * 10 + s.p[*at] - '0';
		if (*out > PART_MAX)
			*out = PART_MAX;
	}
	return *at > from;
}

/* Three numbers, as semver has them; plain if nothing is written before,
 * behind or in them that need not be. */
static bool
read_version(struct slice s, uint64_t *out, bool *plain)
{
	uint64_t part[3];
	size_t at = 0, from;
	int i;

	*plain = !slice_starts(s, "v");
	if (!*plain)
		s = slice_from(s, 1);
	if (s.p == NULL)
		return false;
	for (i = 0; i < 3; i++) {
		from = at;
		if (!number(s, &at, &part[i]))
			return false;
		*plain &= at == from + 1 || s.p[from] != '0';
		if (i < 2 && (at == s.n || s.p[at++] != '.'))
			return false;
	}
	*out = VERSION(part[0], part[1], part[2]);
	if (at == s.n)
		return true;
	*plain = false;
	/* what is before a release is older than it */
	if (s.p[at] == '-' && *out > 0)
		--*out;
	return s.p[at] == '-' || s.p[at] == '+';
}

bool
lint_svn(struct json_val v, uint64_t *out)
{
	struct buf text = {0};
	int64_t n;
	size_t at = 0;
	bool good, plain;

	if (json_int(v, &n)) {
		*out = VERSION(n > PART_MAX ? PART_MAX : n, 0, 0);
		return n >= 0;
	}
	lint_text_of(v, &text);
	good = number(slice_buf(&text), &at, out) && at == text.n;
	if (good)
		*out = VERSION(*out, 0, 0);
	else
		good = read_version(slice_buf(&text), out, &plain);
	buf_free(&text);
	return good;
}

bool
lint_framework_before(const struct judge *j, uint64_t version)
{
	return j->framework.state == VERSION_GIVEN &&
	    j->framework.n < version;
}

/* A version that is there, under the name that it is given. */
static struct version
stated(struct judge *j, const char *name, struct json_val v)
{
	static const char safe[] = "three numbers, as \"0.11.0\"";
	struct version out = {VERSION_GIVEN, 0};
	struct buf text = {0};
	bool plain = false;

	if (lint_refers(v)) {
		lint_say(j, LINT_UNSURE, name, NULL, "not literal");
		return (struct version){VERSION_UNSURE, 0};
	}
	lint_text_of(v, &text);
	if (!read_version(slice_buf(&text), &out.n, &plain)) {
		lint_say(j, LINT_BROKEN, name, safe, "not a version of three "
		    "numbers: the platform refuses everything");
		out.state = VERSION_WRONG;
	} else if (!plain) {
		lint_say(j, LINT_BROKEN, name, safe, "more than three plain "
		    "numbers, which not every platform reads: one that does "
		    "not refuses everything");
	}
	buf_free(&text);
	return out;
}

/* The version under either of its names. */
static struct version
version_of(struct judge *j, const char *name, const char *old)
{
	struct json_val v = rego_value(j->rego, name),
	    aged = rego_value(j->rego, old);

	if (!rego_sure(j->rego, name) || !rego_sure(j->rego, old)) {
		lint_say(j, LINT_UNSURE, name, NULL, "set by a rule");
		return (struct version){VERSION_UNSURE, 0};
	}
	if (json_has(v) && json_has(aged) && !json_equal(v, aged))
		lint_say(j, LINT_BROKEN, old, NULL, "another than %s: the "
		    "platform takes both for one, and refuses everything",
		    name);
	else if (json_has(aged))
		lint_say(j, LINT_NOTE, old, NULL, "the name of %s until 2023",
		    name);
	if (json_has(v))
		return stated(j, name, v);
	if (json_has(aged))
		return stated(j, old, aged);
	return (struct version){VERSION_NONE, 0};
}

/* The fields of containers that a framework of an older version takes for
 * others than the policy says. */
static void
old_framework(struct judge *j)
{
	static const struct field {
		uint64_t since;
		const char *name, *taken;
	} fields[] = {
		{VERSION(0, 2, 0), "no_new_privileges", "false"},
		{VERSION(0, 2, 1), "user", "any"},
		{VERSION(0, 2, 2), "capabilities", "the runtime's"},
		{VERSION(0, 2, 3), "seccomp_profile_sha256", "no profile"},
	};
	size_t i;

	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		if (lint_framework_before(j, fields[i].since))
			lint_say(j, LINT_WEAK, "framework_version",
			    "0.2.3 or newer", "so old that %s is taken for %s, "
			    "whatever the containers say", fields[i].name,
			    fields[i].taken);
	if (lint_framework_before(j, VERSION(0, 4, 1)))
		lint_say(j, LINT_NOTE, "framework_version", NULL, "before "
		    "0.4.1: the host may send signals 9 and 15 to every "
		    "container");
}

/* Something is bound to the framework, so that its version counts. */
static bool
has_framework(const struct rego *r)
{
	struct buf text = {0};
	struct json_val v, value;
	bool has = false;

	for (v = json_first(rego_rules(r)); json_has(v); v = json_next(v)) {
		value = json_get(v, "value");
		buf_cut(&text, 0);
		lint_text_of(json_name(v), &text);
		has |= lint_is_point(slice_buf(&text)) &&
		    rego_is_ref(value, NULL);
	}
	buf_free(&text);
	return has;
}

void
lint_versions(struct judge *j)
{
	j->api = version_of(j, "api_version", "api_svn");
	j->framework = version_of(j, "framework_version", "framework_svn");
	if (j->api.state == VERSION_NONE)
		lint_say(j, LINT_BROKEN, "api_version", "the newest",
		    "not given: the platform refuses everything");
	if (j->api.n > VERSION(0, 12, 0))
		lint_say(j, LINT_UNSURE, "api_version", NULL,
		    "newer than 0.12.0, which is the newest known here");
	if (j->framework.n > VERSION(0, 5, 0))
		lint_say(j, LINT_BROKEN, "framework_version", NULL, "newer "
		    "than 0.5.0: a platform that has an older one refuses "
		    "everything");
	if (!has_framework(j->rego))
		return;
	if (j->framework.state == VERSION_NONE)
		lint_say(j, LINT_BROKEN, "framework_version", NULL,
		    "missing: the framework refuses everything");
	old_framework(j);
}

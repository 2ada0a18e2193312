/* What is said of a policy: every row of the tables, from a policy that is
 * safe, changed in one place each. */
#include "lint/lint.h"

#include <stdio.h>

#include "policy/diff.h"
#include "policy/list.h"
#include "unit/safepolicy.h"
#include "unit/tap.h"

#define PAUSE \
	"16b514057a06ad665f92c02863aca074fd5976c755d26bff16365299169e8415"

#define SETS \
	"\"bounding\":[\"CAP_KILL\"],\"effective\":[],\"inheritable\":[]," \
	"\"permitted\":[],\"ambient\":[]"

/* What a statement or member of the safe policy is replaced by. */
struct edit {
	const char *from, *to;
};

/* The safe policy with the first from replaced; the whole line if from ends
 * in " :=". */
static void
changed(struct edit c, struct buf *out)
{
	const char *at = strstr(safe, c.from), *end;

	buf_cut(out, 0);
	CHECK(at != NULL, "  stands in the policy: %s", c.from);
	if (at == NULL)
		return;
	end = at + strlen(c.from);
	if (strncmp(end - 2, ":=", 2) == 0)
		end = strchr(end, '\n');
	buf_add(out, slice_of(safe, (size_t)(at - safe)));
	buf_adds(out, c.to);
	buf_adds(out, end);
}

static bool
read_lint(struct slice text, struct rego *r, struct lint *l)
{
	struct err e;

	if (rego_read(text, r, &e) < 0) {
		CHECK(false, "%s", e.text);
		return false;
	}
	lint_policy(r, l);
	return true;
}

/* There is a finding of that level whose place and text hold what. */
static bool
says(const struct lint *l, enum lint_level level, const char *what)
{
	struct buf line = {0};
	bool is = false;
	size_t i;

	for (i = 0; i < l->n && !is; i++) {
		buf_cut(&line, 0);
		buf_add(&line, slice_buf(&l->v[i].where));
		buf_adds(&line, ": ");
		buf_add(&line, slice_buf(&l->v[i].what));
		is = l->v[i].level == level &&
		    memmem(line.p, line.n, what, strlen(what)) != NULL;
	}
	buf_free(&line);
	return is;
}

static void
row(const char *from, const char *to, enum lint_class class,
    enum lint_level level, const char *what)
{
	struct edit c = {from, to};
	struct buf text = {0}, shown = {0};
	struct rego r;
	struct lint l;
	bool good;

	changed(c, &text);
	if (text.n == 0 || !read_lint(slice_buf(&text), &r, &l))
		return;
	good = l.class == class && (what == NULL || says(&l, level, what)) &&
	    lint_status(&l) == (level == LINT_UNSAFE || level == LINT_BROKEN ?
	    E_NO : level == LINT_UNSURE ? E_INPUT : E_OK);
	if (!CHECK(good, "%s: %s %s", to, lint_level_name(level),
	    what != NULL ? what : "")) {
		lint_text(&l, &shown);
		printf("# %.*s\n", (int)shown.n, (const char *)shown.p);
	}
	buf_free(&shown);
	buf_free(&text);
	lint_free(&l);
	rego_free(&r);
}

static void
test_safe(void)
{
	struct buf json = {0};
	struct json *doc;
	struct rego r;
	struct lint l;
	struct err e;

	if (!read_lint(slice_str(safe), &r, &l))
		return;
	CHECK(l.class == LINT_FRAMEWORK && l.n == 0 &&
	    lint_status(&l) == E_OK, "nothing is said of a safe policy: %s",
	    l.n > 0 ? (char *)l.v[0].what.p : "");
	lint_json(&l, &json);
	if (CHECK(json_parse(slice_buf(&json), &doc, &e) == 0, "  as JSON"))
		json_free(doc);
	buf_free(&json);
	lint_free(&l);
	rego_free(&r);
}

static void
test_points(void)
{
	row("create_container :=", "create_container := {\"allowed\": true}",
	    LINT_DECOY, LINT_UNSAFE, "create_container: literally allowed");
	row("mount_device :=", "mount_device := {\"allowed\": true}",
	    LINT_MIXED, LINT_UNSAFE, "mount_device: literally allowed");
	row("plan9_mount :=", "plan9_mount := {\"allowed\": false}",
	    LINT_MIXED, LINT_NOTE, "plan9_mount: always refused");
	row("exec_in_container :=",
	    "exec_in_container := data.framework.get_properties", LINT_MIXED,
	    LINT_UNSAFE, "exec_in_container: bound to the framework's");
	row("exec_in_container :=", "exec_in_container := data.other.x",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := true", LINT_CUSTOM,
	    LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container if { input.x }",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=",
	    "default exec_in_container := {\"allowed\": true}", LINT_MIXED,
	    LINT_UNSAFE, "exec_in_container: literally allowed");
	row("\ndump_stacks :=", "\nreason := {}", LINT_FRAMEWORK, LINT_NOTE,
	    "dump_stacks: not bound: the platform refuses");
}

/* What looks like the framework's or like nothing, and is something else. */
static void
test_disguises(void)
{
	row("exec_in_container :=",
	    "exec_in_container := data.framework[\"exec_in_container\"]",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=",
	    "exec_in_container := data.framework.exec_in_container.x",
	    LINT_MIXED, LINT_UNSAFE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := data.policy.x",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := {\"allowed\": 1}",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := {\"allowed\"}",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := "
	    "{\"\\u0061llowed\": true}", LINT_MIXED, LINT_UNSAFE,
	    "exec_in_container: literally allowed");
	row("exec_in_container :=", "exec_in_container := {`allowed`: true}",
	    LINT_MIXED, LINT_UNSAFE, "exec_in_container: literally allowed");
	row("exec_in_container :=", "exec_in_container := data.framework."
	    "exec_in_container with input as {}", LINT_CUSTOM, LINT_UNSURE,
	    "exec_in_container");
	row("exec_in_container :=", "exec_in_container := data.framework."
	    "exec_in_container\n  with data.policy.containers as []",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := data.framework."
	    "exec_in_container\nelse := {\"allowed\": true}", LINT_CUSTOM,
	    LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := data.framework."
	    "exec_in_container\nexec_in_container[\"allowed\"] := true",
	    LINT_CUSTOM, LINT_UNSURE, "exec_in_container");
	row("exec_in_container :=", "exec_in_container := data.framework."
	    "exec_in_container\nexec_in_container.allowed := true",
	    LINT_CUSTOM, LINT_UNSURE, "rules: nothing is assessed");
}

static void
test_defaults(void)
{
	/* a default is the answer where a rule has none */
	row("exec_in_container :=", "exec_in_container := data.framework."
	    "exec_in_container\ndefault exec_in_container := {\"allowed\":"
	    "true}", LINT_FRAMEWORK, LINT_UNSAFE, "allowed by default");
	row("exec_in_container :=", "exec_in_container := x { input.y }\n"
	    "default exec_in_container = {\"allowed\":true}", LINT_CUSTOM,
	    LINT_UNSAFE, "allowed by default");
}

static void
test_names(void)
{
	row("mount_device :=", "import data.evil as framework", LINT_CUSTOM,
	    LINT_UNSURE, "rules: nothing is assessed");
	row("mount_device :=", "import input\n as data", LINT_CUSTOM,
	    LINT_UNSURE, "rules: nothing is assessed");
	/* names that nothing known here reads */
	row("allow_dump_stacks :=", "allow_dump_stack := false",
	    LINT_FRAMEWORK, LINT_UNSURE, "allow_dump_stack: no known");
	row("allow_dump_stacks :=", "default allow_dump_stack := false",
	    LINT_FRAMEWORK, LINT_UNSURE, "allow_dump_stack: no known");
	row("mount_cims :=", "mount_cims := data.framework.mount_cims\n"
	    "new_point := {\"allowed\": true}", LINT_FRAMEWORK, LINT_UNSURE,
	    "new_point: no known");
	row("mount_cims :=", "mount_cims := data.framework.mount_cims\n"
	    "unmount_cims := data.framework.unmount_cims", LINT_FRAMEWORK,
	    LINT_NOTE, "unmount_cims: a point that no known");
	row("mount_cims :=", "mount_cims := data.framework.mount_cims\n"
	    "unmount_cims := {\"allowed\": true}", LINT_MIXED, LINT_UNSURE,
	    "unmount_cims: a point that no known");
	row("mount_cims :=", "f(x) := 1", LINT_CUSTOM, LINT_UNSURE,
	    "line ");
	row("mount_device :=", "a := 1; b := 2", LINT_CUSTOM, LINT_UNSURE,
	    "rules: nothing is assessed");
	row("package policy", "package other", LINT_CUSTOM, LINT_UNSURE,
	    "package");
}

/* What an older api_version leaves open where a point is not bound. */
static void
test_versions(void)
{
	struct buf text = {0};
	struct rego r;
	struct lint l;

	row("api_version :=", "api_version := \"0.13.0\"", LINT_FRAMEWORK,
	    LINT_UNSURE, "newer than 0.12.0");
	row("api_version :=", "api_version := \"x\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_svn := \"0.11.0\"", LINT_FRAMEWORK,
	    LINT_NOTE, "api_svn: the name");
	row("framework_version :=", "reason := 1", LINT_FRAMEWORK, LINT_BROKEN,
	    "missing");
	row("framework_version :=", "framework_version := \"0.9.0\"",
	    LINT_FRAMEWORK, LINT_BROKEN, "newer than 0.5.0");
	row("framework_version :=", "framework_version := \"0.1.0\"",
	    LINT_FRAMEWORK, LINT_WEAK, "so old that no_new_privileges");
	row("framework_version :=", "framework_version := \"0.2.2\"",
	    LINT_FRAMEWORK, LINT_WEAK, "so old that seccomp");
	row("framework_version :=", "framework_version := \"0.4.0\"",
	    LINT_FRAMEWORK, LINT_NOTE, "signals 9 and 15");
	row("framework_version :=", "framework_version if { input.x }",
	    LINT_CUSTOM, LINT_UNSURE, "framework_version: set by a rule");
	row("api_version :=", "reason := {}", LINT_FRAMEWORK, LINT_BROKEN,
	    "api_version: not given");
	row("api_version :=", "api_version := \"0.11.\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_version := \"0.11\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_version := \"0.11.0.0\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_version := \"\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_version := 11", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_version := null", LINT_FRAMEWORK,
	    LINT_BROKEN, "not a version");
	row("api_version :=", "api_version := data.x.y", LINT_FRAMEWORK,
	    LINT_UNSURE, "api_version: not literal");
	row("api_version :=", "api_version := \"0.11.0-x\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "more than three plain numbers");
	row("api_version :=", "api_version := \"0.011.0\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "more than three plain numbers");
	row("api_version :=", "api_version := \"v0.11.0\"", LINT_FRAMEWORK,
	    LINT_BROKEN, "more than three plain numbers");
	row("api_version :=", "api_version := \"0.11.0\"\napi_svn := "
	    "\"0.10.0\"", LINT_FRAMEWORK, LINT_BROKEN, "api_svn: another");
	row("api_version :=", "api_version := \"0.11.0\"\napi_svn := "
	    "\"0.11.0\"", LINT_FRAMEWORK, LINT_NOTE, "api_svn: the name");
	row("framework_version :=", "framework_version := \"0.5.0\"\n"
	    "framework_svn := \"0.1.0\"", LINT_FRAMEWORK, LINT_BROKEN,
	    "framework_svn: another");
	row("framework_version :=", "framework_version := \"0.5\"",
	    LINT_FRAMEWORK, LINT_BROKEN, "framework_version: not a version");
	row("framework_version :=", "framework_version := \"0.0.0\"",
	    LINT_FRAMEWORK, LINT_WEAK, "so old that user");
	row("\nexec_external := data.framework.exec_external", "",
	    LINT_FRAMEWORK, LINT_NOTE, "exec_external: not bound: the "
	    "platform refuses");
	buf_adds(&text, "package policy\napi_version := \"0.1.0\"\n"
	    "create_container := data.framework.create_container\n");
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK(says(&l, LINT_UNSAFE, "exec_in_container: not bound") &&
	    says(&l, LINT_UNSAFE, "scratch_mount: not bound") &&
	    !says(&l, LINT_UNSAFE, "load_fragment") &&
	    !says(&l, LINT_UNSAFE, "rw_mount_device") &&
	    says(&l, LINT_BROKEN, "mount_device: not bound"),
	    "an old version opens what is not bound");
	lint_free(&l);
	rego_free(&r);
	buf_cut(&text, strlen("package policy\n"));
	buf_adds(&text, "reason := 1\n");
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK(says(&l, LINT_BROKEN, "api_version: not given") &&
	    l.class == LINT_MIXED, "without a version nobody knows");
	lint_free(&l);
	rego_free(&r);
	buf_free(&text);
}

static void
test_flags(void)
{
	enum lint_class f = LINT_FRAMEWORK;

	row("allow_dump_stacks :=", "allow_dump_stacks := true", f,
	    LINT_UNSAFE, "allow_dump_stacks: ");
	row("allow_runtime_logging :=", "allow_runtime_logging := true", f,
	    LINT_UNSAFE, "allow_runtime_logging: ");
	row("allow_unencrypted_scratch :=",
	    "allow_unencrypted_scratch := true", f, LINT_UNSAFE,
	    "allow_unencrypted_scratch: ");
	row("allow_properties_access :=", "allow_properties_access := true",
	    f, LINT_WEAK, "allow_properties_access: ");
	row("allow_dump_stacks :=", "allow_dump_stacks := \"no\"", f,
	    LINT_UNSAFE, "what is not false is taken for true");
	row("allow_dump_stacks :=", "allow_dump_stacks := 0", f,
	    LINT_UNSAFE, "what is not false is taken for true");
	row("allow_dump_stacks :=", "allow_dump_stacks := data.x.y", f,
	    LINT_UNSURE, "allow_dump_stacks: ");
	row("allow_dump_stacks :=", "allow_dump_stacks if { input.x }",
	    LINT_CUSTOM, LINT_UNSURE, "allow_dump_stacks: ");
	/* a setting may be given as a default alone */
	row("allow_dump_stacks :=", "default allow_dump_stacks := true", f,
	    LINT_UNSAFE, "allow_dump_stacks: ");
	row("fragments :=", "default external_processes := [{}]\n"
	    "fragments := []", f, LINT_UNSAFE, "external_processes: ");
	row("allow_dump_stacks :=", "allow_host_network := true", f,
	    LINT_UNSAFE, "allow_host_network: ");
	row("allow_dump_stacks :=", "allow_log_provider_dropping := true", f,
	    LINT_WEAK, "allow_log_provider_dropping: ");
	row("allow_dump_stacks :=",
	    "allow_environment_variable_dropping := true", f, LINT_NOTE,
	    "allow_environment_variable_dropping: ");
	row("allow_dump_stacks :=",
	    "allow_environment_variable_dropping := false", f, LINT_NOTE,
	    "allow_environment_variable_dropping: a container does not");
	row("allow_dump_stacks :=", "allow_capability_dropping := true", f,
	    LINT_NOTE, "allow_capability_dropping: ");
	row("allow_dump_stacks :=", "allow_registry_changes_dropping := true",
	    f, LINT_NOTE, "allow_registry_changes_dropping: ");
}

static void
test_lists(void)
{
	enum lint_class f = LINT_FRAMEWORK;

	row("allow_dump_stacks :=", "platform_rules := [{\"env_rules\":["
	    "{\"pattern\":\".*\",\"strategy\":\"re2\"}]}]", f, LINT_UNSAFE,
	    "platform_rules[0]: env_rules: the host sets any");
	row("allow_dump_stacks :=", "platform_rules := [{}]", f, LINT_WEAK,
	    "platform_rules[0]: adds");
	row("allow_dump_stacks :=", "platform_rules := data.x.y", f,
	    LINT_UNSURE, "platform_rules: not a literal list");
	row("allow_dump_stacks :=", "transparency_trust_lists := [{}]", f,
	    LINT_WEAK, "transparency_trust_lists: ");
	row("allow_dump_stacks :=", "allowed_log_providers := [\"x\"]", f,
	    LINT_NOTE, "allowed_log_providers: ");
	row("fragments :=", "external_processes := [{}]\nfragments := []", f,
	    LINT_UNSAFE, "external_processes: ");
}

static void
test_fragments(void)
{
	enum lint_class f = LINT_FRAMEWORK;

	row("fragments :=", "fragments := [{\"feed\":\"f\",\"issuer\":\"i\","
	    "\"minimum_svn\":\"1\",\"includes\":[\"containers\"]}]", f,
	    LINT_WEAK, "fragments[0]: f: what its issuer signs");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"issuer\":\"i\","
	    "\"minimum_svn\":0,\"includes\":[]}]", f, LINT_WEAK, "so low");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":1,"
	    "\"includes\":[\"namespace\"]}]", f, LINT_UNSAFE, "namespace");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":1,"
	    "\"includes\":[\"platform_rules\"]}]", f, LINT_WEAK,
	    "platform_rules");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":1,"
	    "\"includes\":[\"external_processes\"]}]", f, LINT_WEAK,
	    "includes external_processes");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":1,"
	    "\"includes\":[\"transparency_trust_lists\"]}]", f, LINT_WEAK,
	    "includes transparency_trust_lists");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":1,"
	    "\"includes\":[\"everything\"]}]", f, LINT_UNSURE,
	    "includes what is not known: everything");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":1,"
	    "\"includes\":\"namespace\"}]", f, LINT_UNSURE,
	    "includes is not a list");
	row("fragments :=", "fragments := [{\"feed\":\"f\",\"minimum_svn\":"
	    "null,\"includes\":[]}]", f, LINT_UNSURE, "minimum_svn");
	row("fragments :=", "fragments := [{\"feed\":\"mcr.microsoft.com/aci/"
	    "aci-cc-infra-fragment\",\"issuer\":\"did:x509:0:sha256:"
	    "I__iuL25oXEVFdTP_aBLx_eT1RPHbCQ_ECBQfYZpt9s::eku:"
	    "1.3.6.1.4.1.311.76.59.1.3\",\"minimum_svn\":\"3\","
	    "\"includes\":[\"containers\"]}]", f, LINT_WEAK, "so low");
	row("fragments :=", "fragments := {\"a\": {}}", f, LINT_UNSURE,
	    "fragments: not a list");
	row("fragments :=", "fragments := data.x.y", f, LINT_UNSURE,
	    "fragments");
}

static void
test_containers(void)
{
	enum lint_class f = LINT_FRAMEWORK;
	row("\"allow_stdio_access\":false", "\"allow_stdio_access\":true", f,
	    LINT_UNSAFE, "containers[0] web: allow_stdio_access");
	row("\"allow_elevated\":false", "\"allow_elevated\":true", f,
	    LINT_UNSAFE, "allow_elevated");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"/bin/sh\"],\"signals\":[]}]", f, LINT_UNSAFE, "a shell");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"/probe\"],\"signals\":[]}]", f, LINT_WEAK, "may start /probe");
	row("\"no_new_privileges\":true", "\"no_new_privileges\":false", f,
	    LINT_WEAK, "no_new_privileges");
	row("\"strategy\":\"id\"", "\"strategy\":\"any\"", f, LINT_WEAK,
	    "user: ");
	row("\"capabilities\":{" SETS "}",
	    "\"capabilities\":null", f, LINT_WEAK, "capabilities: ");
	row("\"seccomp_profile_sha256\":\"" LAYER "\"",
	    "\"seccomp_profile_sha256\":\"\"", f, LINT_WEAK, "seccomp");
	row("\"signals\":[15]", "\"signals\":[15,9]", f, LINT_NOTE,
	    "signals");
	row("\"mounts\":[]", "\"mounts\":[{\"destination\":\"/d\","
	    "\"options\":[\"rw\"]}]", f, LINT_WEAK, "mounts: what is in /d");
	row("\"command\":[\"/bin/web\",\"-v\"]", "\"command\":null", f,
	    LINT_BROKEN, "command: null, not a list");
	row("\"command\":[\"/bin/web\",\"-v\"]", "\"command\":[]", f,
	    LINT_BROKEN, "no command");
	row("\"command\":[\"/bin/web\",\"-v\"]", "\"command\":[\"/a\",1]", f,
	    LINT_BROKEN, "a word of its command");
	row("\"layers\":[\"" LAYER "\"]", "\"layers\":[]", f, LINT_BROKEN,
	    "no layers");
	row("\"layers\":[\"0", "\"layers\":[\"A", f, LINT_BROKEN,
	    "64 hex digits");
	row("\"exec_processes\":[]", "\"exec_processes\":data.a.b", f,
	    LINT_UNSURE, "not literal");
}

/* What is more than it looks, or not a list where one belongs. */
static void
test_limits(void)
{
	enum lint_class f = LINT_FRAMEWORK;

	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"/usr/bin/python3.11\",\"x\"]}]", f, LINT_UNSAFE, "a shell");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"C:\\\\Windows\\\\System32\\\\CMD.EXE /c a/b\"]}]", f,
	    LINT_UNSAFE, "a shell");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"C:\\\\ZSH.EXE\"]}]", f, LINT_UNSAFE, "a shell");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"C:\\\\Program Files\\\\pwsh.exe\"]}]", f, LINT_UNSAFE,
	    "a shell");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"C:\\\\probe.exe cmd\"]}]", f, LINT_UNSAFE, "a shell");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"C:\\\\probe.exe x\"]}]", f, LINT_WEAK, "may start C:");
	row("\"exec_processes\":[]", "\"exec_processes\":[{\"command\":"
	    "[\"/probe\"],\"allow_stdio_access\":true}]", f, LINT_UNSAFE,
	    "what it starts");
	row("\"exec_processes\":[]", "\"exec_processes\":{\"a\":1}", f,
	    LINT_BROKEN, "exec_processes: an object, not a list");
	row("\"exec_processes\":[]", "\"exec_processes\":null", f,
	    LINT_BROKEN, "exec_processes: null, not a list");
	row("\"strategy\":\"id\"", "\"strategy\":\"re2\"", f, LINT_WEAK,
	    "user: the host chooses");
	row("\"pattern\":\"1\",\"strategy\":\"id\"", "\"pattern\":\".*\","
	    "\"strategy\":\"re2\"", f, LINT_WEAK, "user: the host chooses");
	row("\"strategy\":\"id\"", "\"strategy\":\"all\"", f, LINT_BROKEN,
	    "user: no user fits");
	row("\"umask\":\"0022\"", "\"x\":1", f, LINT_BROKEN, "user: without");
	row("\"bounding\":[\"CAP_KILL\"]",
	    "\"bounding\":[\"CAP_SYS_ADMIN\"]", f,
	    LINT_WEAK, "beyond those of a runtime: CAP_SYS_ADMIN");
	row("\"capabilities\":{" SETS "}",
	    "\"capabilities\":\"all\"", f, LINT_BROKEN, "capabilities");
	row("\"effective\":[],", "", f, LINT_BROKEN,
	    "capabilities: no list of those that are effective");
	row("\"mounts\":[]", "\"mounts\":[{\"destination\":\"/d\","
	    "\"options\":[\"rbind\"]}]", f, LINT_WEAK, "may be written");
	row("\"mounts\":[]", "\"mounts\":[{\"destination\":\"/d\","
	    "\"options\":[\"ro\"]}]", f, LINT_NOTE, "mounts: what is in /d");
	row("\"mounts\":[]", "\"mounts\":[{\"destination\":"
	    "\"/etc/resolv.conf\",\"source\":\".+\",\"options\":[\"rw\"]}]",
	    f, LINT_WEAK, "what is in /etc/resolv.conf is its own");
	row("\"mounts\":[]", "\"mounts\":\"x\"", f, LINT_BROKEN,
	    "mounts: a string, not a list");
	row("\"signals\":[15]", "\"signals\":{}", f, LINT_BROKEN,
	    "signals: an object, not a list");
	row("\"allow_elevated\":false", "\"allow_elevated\":\"true\"", f,
	    LINT_UNSURE, "allow_elevated is not literal");
	row("\"no_new_privileges\":true", "\"no_new_privileges\":1", f,
	    LINT_UNSURE, "no_new_privileges is not literal");
	row("containers :=", "containers := {\"a\": {}}", f, LINT_UNSURE,
	    "containers: not a list");
	row("containers :=", "containers := [1]", f, LINT_UNSURE,
	    "containers[0]: not literal");
	row("containers :=", "containers contains x if { x := input.y }",
	    LINT_CUSTOM, LINT_UNSURE, "containers: not a list");
}

static void
test_environment(void)
{
	enum lint_class f = LINT_FRAMEWORK;
	static const char env[] = "{\"pattern\":\"A=1\",\"required\":true,"
	    "\"strategy\":\"string\"}";

	row(env, "{\"pattern\":\"A=1\",\"strategy\":\"string\"}", f,
	    LINT_WEAK, "leave out 1");
	row(env, "{\"pattern\":\"A=.*\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_WEAK, "chooses the value of A");
	row(env, "{\"pattern\":\".+=.*\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_UNSAFE, "any variable");
	row(env, "{\"pattern\":\"[^=]*=.*\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_UNSAFE, "any variable");
	row(env, "{\"pattern\":\"A=1|B=2\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_UNSAFE, "LD_PRELOAD=B=2 gets through");
	row(env, "{\"pattern\":\"A=1|^B=2\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_WEAK, "leaves both ends open");
	row(env, "{\"pattern\":\"A=(1\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_BROKEN, "does not compile");
	row(env, "{\"pattern\":\"(?=A)B=1\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_BROKEN, "does not compile");
	row(env, "{\"name\":\"A\",\"name_strategy\":\"string\",\"value\":"
	    "\".*\",\"value_strategy\":\"re2\",\"required\":true}", f,
	    LINT_WEAK, "chooses the value of A");
	row(env, "{\"name\":\"A\",\"name_strategy\":\"string\",\"value\":"
	    "\"1\",\"value_strategy\":\"string\",\"required\":true,"
	    "\"pattern\":\".*\",\"strategy\":\"re2\"}", f, LINT_UNSAFE,
	    "any variable");
	row(env, "{\"name\":\"A\",\"value\":\"1\",\"required\":true}", f,
	    LINT_BROKEN, "no platform reads");
	row(env, "{\"name\":\"A|PATH\",\"name_strategy\":\"re2\",\"value\":"
	    "\".*\",\"value_strategy\":\"re2\",\"required\":true}", f,
	    LINT_UNSAFE, "PATH=x gets through");
	row(env, "{\"name\":\"PYTHON.+\",\"name_strategy\":\"re2\",\"value\":"
	    "\"[0-9]\",\"value_strategy\":\"re2\",\"required\":true}", f,
	    LINT_UNSAFE, "into an interpreter");
	row(env, "{\"name\":\"PASSWORD\",\"name_strategy\":\"string\","
	    "\"value\":\"hunter2\",\"value_strategy\":\"string\","
	    "\"required\":true}", f, LINT_UNSAFE, "a password in clear text");
	row(env, "{\"pattern\":\"A.*=1\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_UNSAFE, "ASPNETCORE_HOSTING");
	row(env, "{\"pattern\":\"A_.*=1\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_WEAK, "any variable that fits");
	row(env, "{\"pattern\":\"A=[0-9]+\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_NOTE, "by pattern");
	row(env, "{\"pattern\":\"API_URL=.+\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_WEAK, "says where data goes");
	row(env, "{\"pattern\":\"IFS=x\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_WEAK, "by pattern, one that runs");
	row(env, "{\"pattern\":\"A\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_BROKEN, "no variable fits");
	row(env, "{\"pattern\":\"A\",\"strategy\":\"re2\"},"
	    "{\"pattern\":\"A=1\",\"required\":true,\"strategy\":"
	    "\"string\"}", f, LINT_NOTE, "no variable fits");
	row(env, "{\"pattern\":\"A=(.?){1000}(.?){1000}(.?){1000}"
	    "(.?){1000}\",\"required\":true,\"strategy\":\"re2\"}", f,
	    LINT_UNSURE, "too large");
	row(env, "{\"pattern\":\"A=1\",\"required\":true,\"strategy\":"
	    "\"glob\"}", f, LINT_BROKEN, "no platform reads");
	row(env, "{\"pattern\":\"(A|.*)=1\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_UNSAFE, "any variable");
	row(env, "{\"pattern\":\"A=1|.*\",\"required\":true,\"strategy\":"
	    "\"re2\"}", f, LINT_UNSAFE, "any variable");
}

/* What the host may start, and over what it may mount. */
static void
start(const char *command, enum lint_level level)
{
	char to[300];

	(void)snprintf(to, sizeof to, "\"exec_processes\":[{\"command\":[%s],"
	    "\"signals\":[]}]", command);
	row("\"exec_processes\":[]", to, LINT_FRAMEWORK, level,
	    "exec_processes: the host may start");
}

static void
test_execs(void)
{
	static const char *const shells[] = {
		"\"/usr/bin/tini\",\"--\",\"/bin/sh\"",
		"\"dumb-init\",\"bash\"",
		"\"timeout\",\"5\",\"sh\",\"-c\",\"x\"",
		"\"/bin/nice\",\"-n\",\"5\",\"/usr/bin/python3\",\"/x.py\"",
		"\"find\",\"/\",\"-exec\",\"/bin/sh\",\";\"",
		"\"socat\",\"-\",\"exec:/bin/sh\"",
		"\"socat\",\"-\",\"system:ls\"",
		"\"nc\",\"-l\",\"-e\",\"/bin/sh\"", "\"script\",\"-c\",\"sh\"",
		"\"/lib64/ld-linux-x86-64.so.2\",\"/tmp/x\"",
		"\"/lib/ld-musl-x86_64.so.1\",\"/x\"",
		"\"gosu\",\"app\",\"zsh\"", "\"busybox\",\"sh\"", "\"xargs\"",
		"\"nsenter\",\"-t\",\"1\"", "\"env\",\"-S\",\"sh -c x\"",
		"\"/probe\",\"--shell=/bin/sh\"", "\"strace\",\"-p\",\"1\"",
		"\"tini\",\"vi\"", "\"/bin/app sh\"", "",
	};
	static const char *const others[] = {
		"\"/probe\"", "\"busybox\",\"wget\",\"-q\",\"x\"",
		"\"curl\",\"-f\",\"http://localhost:80/node/sh\"",
		"\"test\",\"-f\",\"/r\"", "\"app\",\"--user=node\"",
		"\"/pythonic/probe\"", "\"tini\",\"--\",\"/probe\"",
		"\"app\",\"batch\",\"more\"", "\"cat\",\"/etc/shadow\"",
	};
	size_t i;

	for (i = 0; i < sizeof shells / sizeof *shells; i++)
		start(shells[i], LINT_UNSAFE);
	for (i = 0; i < sizeof others / sizeof *others; i++)
		start(others[i], LINT_WEAK);
}

static void
over(const char *to, const char *more, enum lint_level level)
{
	char text[300];

	(void)snprintf(text, sizeof text, "\"mounts\":[{\"destination\":"
	    "\"%s\",\"source\":\"sandbox:///tmp/atlas/azureFileVolume/.+\","
	    "\"type\":\"bind\",\"options\":[\"ro\"]}]%s", to, more);
	row("\"mounts\":[]", text, LINT_FRAMEWORK, level, "mounts: ");
}

static void
test_mounts(void)
{
	static const char *const code[] = {"/", "/bin", "/sbin", "/lib",
	    "/lib64", "/lib/x86_64-linux-gnu", "/usr", "/usr/bin",
	    "/usr/share", "/usr/local", "/usr/local/bin",
	    "/usr/local/lib/python3.11/site-packages", "/opt", "/opt/x/bin",
	    "/root", "/etc", "/etc/ld.so.preload", "/etc/ld.so.conf.d",
	    "//usr//bin/", "/data/../usr/bin", "/./bin", "", "/bin/web"};
	static const char *const others[] = {"/data", "/binary", "/usr2",
	    "/usr/share/nginx/html", "/opt/x/data", "/var/lib/x", "/home/u"};
	size_t i;

	for (i = 0; i < sizeof code / sizeof *code; i++)
		over(code[i], "", LINT_UNSAFE);
	for (i = 0; i < sizeof others / sizeof *others; i++)
		over(others[i], "", LINT_NOTE);
	over("/etc/app", "", LINT_WEAK);
}

/* Two edits of the safe policy, and whether that makes it unsafe. */
static void
both(struct edit a, struct edit b, bool unsafe, const char *what)
{
	struct buf text = {0}, one = {0};
	const char *at;
	struct rego r;
	struct lint l;

	changed(a, &one);
	buf_addc(&one, '\0');
	at = strstr((char *)one.p, b.from);
	if (!CHECK(at != NULL, "  stands in it: %s", b.from))
		return;
	buf_add(&text, slice_of(one.p, (size_t)((const uint8_t *)at - one.p)));
	buf_adds(&text, b.to);
	buf_adds(&text, at + strlen(b.from));
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK((lint_count(&l, LINT_UNSAFE) > 0) == unsafe &&
	    (what == NULL || says(&l, LINT_UNSAFE, what)), "%s with %s", a.to,
	    b.to);
	lint_free(&l);
	rego_free(&r);
	buf_free(&text);
	buf_free(&one);
}

static void
test_both(void)
{
	static const struct edit mount = {"\"mounts\":[]", "\"mounts\":["
	    "{\"destination\":\"/srv\",\"type\":\"bind\",\"options\":"
	    "[\"ro\"]}]"};
	static const struct edit cmd = {"{\"pattern\":\"A=1\",\"required\":"
	    "true,\"strategy\":\"string\"}", "{\"pattern\":\"(CMD)=.*\","
	    "\"required\":true,\"strategy\":\"re2\"}"};
	static const char was[] = "\"/bin/web\",\"-v\"";

	both(mount, (struct edit){"\"working_dir\":\"/\"",
	    "\"working_dir\":\"/srv/app\""}, true, "/srv is the host's");
	both(mount, (struct edit){"\"working_dir\":\"/\"",
	    "\"working_dir\":\"/srvs\""}, false, NULL);
	both(mount, (struct edit){was, "\"/srv/web\""}, true, "/srv");
	both(mount, (struct edit){was, "\"/bin/sh\",\"/srv/x.sh\""}, true,
	    "/srv");
	both(mount, (struct edit){was, "\"tini\",\"--\",\"/srv/a/b\""}, true,
	    "/srv");
	both(mount, (struct edit){was, "\"nginx\",\"-c\",\"/srv/x.conf\""},
	    false, NULL);
	/* a text of the host's becomes a command */
	both(cmd, (struct edit){was, "\"/bin/sh\",\"-c\",\"exec $CMD\""},
	    true, "a shell is given $CMD");
	both(cmd, (struct edit){was, "\"bash\",\"-lc\",\"x; ${CMD}\""},
	    true, "a shell is given $CMD");
	both(cmd, (struct edit){was, "\"/bin/sh\",\"-c\",\"echo $CMDS\""},
	    false, NULL);
	both(cmd, (struct edit){was, "\"/bin/app\",\"$CMD\""}, false, NULL);
}

/* What does not compile, on the newest platforms or on any. */
static void
test_compiles(void)
{
	enum lint_class f = LINT_FRAMEWORK;

	row("mount_cims :=", "default mount_cims := data.framework.mount_cims",
	    f, LINT_BROKEN, "a default with a reference");
	row("mount_cims :=", "mount_cims := data.framework.mount_cims\n"
	    "reason := {\"e\": [data.policy.reason]}", f, LINT_BROKEN,
	    "reason: it leads back");
	row("mount_cims :=", "mount_cims := data.framework.mount_cims\n"
	    "reason := data.policy", f, LINT_BROKEN, "reason: it leads back");
	row("mount_cims :=", "mount_cims := data.framework.mount_cims\n"
	    "reason := data.policy.fragments", f, LINT_NOTE, NULL);
	row("mount_cims :=", "reason := {\"errors\": reason}", LINT_CUSTOM,
	    LINT_BROKEN, "reason: it leads back");
	row("mount_cims :=", "reason if { data.policy[\"reason\"] }",
	    LINT_CUSTOM, LINT_BROKEN, "reason: it leads back");
	row("mount_cims :=", "reason if { x.reason }", LINT_CUSTOM,
	    LINT_UNSURE, "line ");
	row("mount_cims :=", "import input\nimport input", f, LINT_BROKEN,
	    "an import that stands twice");
	row("mount_cims :=", "import data.framework # a\nimport input\n"
	    "import data.framework", f, LINT_BROKEN, "line 33: an import");
	row("mount_cims :=", "reason { input.x }", LINT_CUSTOM, LINT_BROKEN,
	    "newest platforms");
	row("mount_cims :=", "f(x) = y { y := x }", LINT_CUSTOM, LINT_BROKEN,
	    "a body without if");
	row("mount_cims :=", "a = {\"x\": 1} { input.x }", LINT_CUSTOM,
	    LINT_BROKEN, "a body without if");
	row("mount_cims :=", "a := 1 if { input.x } else = 2 { input.y }",
	    LINT_CUSTOM, LINT_BROKEN, "a body without if");
	row("mount_cims :=", "a if { input.x } else { input.y }", LINT_CUSTOM,
	    LINT_BROKEN, "a body without if");
	row("mount_cims :=", "a := {x | x := 1}", LINT_CUSTOM, LINT_UNSURE,
	    "line ");
	row("mount_cims :=", "a := f({\"x\": 1}) if { input.x }", LINT_CUSTOM,
	    LINT_UNSURE, "line ");
}

/* A member that goes, at a version that does or does not ask for it. */
static void
old(const char *member, const char *version, bool broken)
{
	struct edit c = {member, "\"x\":1"};
	struct buf text = {0};
	struct rego r;
	struct lint l;
	uint8_t *at;

	if (member[strlen(member) - 1] == ',')
		c.to = "";
	changed(c, &text);
	at = memmem(text.p, text.n, "0.5.0", 5);
	if (at == NULL)
		return;
	memcpy(at, version, 5);
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK((lint_count(&l, LINT_BROKEN) > 0) == broken, "without %s at %s",
	    member, version);
	lint_free(&l);
	rego_free(&r);
	buf_free(&text);
}

/* Whether anything starts at all. */
static void
test_starts(void)
{
	enum lint_class f = LINT_FRAMEWORK;
	static const char *const needed[] = {"mount_device", "mount_overlay",
	    "create_container", "rw_mount_device", "scratch_mount"};
	char from[60], to[80];
	size_t i;

	for (i = 0; i < sizeof needed / sizeof *needed; i++) {
		(void)snprintf(from, sizeof from, "\n%s :=", needed[i]);
		row(from, "\nreason := {}", f, LINT_BROKEN,
		    "no container starts without it");
		(void)snprintf(to, sizeof to, "\n%s := {\"allowed\": false}",
		    needed[i]);
		row(from, to, LINT_MIXED, LINT_BROKEN,
		    "no container starts without it");
	}
	row("containers :=", "containers := []", f, LINT_BROKEN,
	    "containers: none");
	row("containers :=", "", f, LINT_BROKEN, "containers: none");
	row("\"layers\":[\"" LAYER "\"],", "", f, LINT_BROKEN,
	    "layers: missing");
	row("\"mounts\":[],", "", f, LINT_BROKEN, "mounts: missing");
	row("\"working_dir\":\"/\",", "", f, LINT_BROKEN,
	    "working_dir: missing");
	row("\"allow_elevated\":false,", "", f, LINT_BROKEN,
	    "allow_elevated: missing");
	row("\"allow_stdio_access\":false,", "", f, LINT_BROKEN,
	    "allow_stdio_access: missing");
	row("\"allow_stdio_access\":false", "\"allow_stdio_access\":null", f,
	    LINT_BROKEN, "allow_stdio_access: null");
	row("\"user\":{", "\"user\":\"root\",\"u\":{", f, LINT_BROKEN,
	    "user: a string, not an object");
	/* the newest framework does without, an older one does not */
	row("\"signals\":[15],", "", f, LINT_NOTE, NULL);
	row("\"exec_processes\":[],", "", f, LINT_NOTE, NULL);
	old("\"signals\":[15],", "0.4.2", true);
	old("\"exec_processes\":[],", "0.4.2", true);
	old("\"no_new_privileges\":true", "0.2.0", true);
	old("\"no_new_privileges\":true", "0.1.9", false);
	old("\"seccomp_profile_sha256\":\"" LAYER "\",", "0.2.3", true);
	old("\"seccomp_profile_sha256\":\"" LAYER "\",", "0.2.2", false);
}

static void
test_strings(void)
{
	enum lint_class f = LINT_FRAMEWORK;

	row("\"-v\"", "\"[parameters('x')]\"", f, LINT_BROKEN,
	    "containers[0].command[1]: a template's expression");
	row("\"-v\"", "\"join(createArray('a', 'b'), ' ')\"", f, LINT_BROKEN,
	    "leaked");
	row("\"A=1\"", "\"DB_PASSWORD=hunter2\"", f, LINT_UNSAFE,
	    "a password in clear text");
	row("\"A=1\"", "\"C=x;AccountKey=abc==\"", f, LINT_UNSAFE,
	    "storage account's key");
	row("\"A=1\"", "\"U=https://a/b?sv=1&sig=abc\"", f, LINT_UNSAFE,
	    "shared access signature");
	row("\"-v\"", "\"eyJhbGciOiJSUzI1NiIsIn.eyJpc3MiOiJodHRwczovL21hYS5l"
	    "eGFtcGxlIn0.c2ln\"", f, LINT_UNSAFE, "a token");
	row("\"-v\"", "\"-----BEGIN PRIVATE KEY-----\"", f, LINT_UNSAFE,
	    "a private key");
}

static void
test_silence(void)
{
	struct edit c = {"\"A=1\"", "\"A_PASSWORD=hunter2\""};
	struct buf text = {0}, shown = {0};
	struct rego r;
	struct lint l;

	changed(c, &text);
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	lint_text(&l, &shown);
	lint_json(&l, &shown);
	CHECK(memmem(shown.p, shown.n, "hunter2", 7) == NULL,
	    "a secret is named, not shown");
	lint_free(&l);
	rego_free(&r);
	buf_free(&text);
	buf_free(&shown);
}

/* A Windows container has other members, and is not asked for Linux's. */
static void
test_windows(void)
{
	static const char form[] = "package policy\ncontainers := [{\"name\":"
	    "\"w\",\"command\":[\"a.exe\"],\"mounted_cim\":[\"" LAYER "\"],"
	    "\"env_rules\":[],\"exec_processes\":[],\"signals\":[],"
	    "\"user\":\"ContainerUser\",\"working_dir\":\"/\","
	    "\"allow_stdio_access\":%s}]\n";
	struct buf text = {0};
	struct rego r;
	struct lint l;
	int i;

	for (i = 0; i < 2; i++) {
		buf_cut(&text, 0);
		buf_addf(&text, form, i == 0 ? "false" : "true,\"mounts\":["
		    "{\"destination\":\"c:/d\",\"options\":[]}]");
		if (!read_lint(slice_buf(&text), &r, &l))
			break;
		CHECK(says(&l, LINT_BROKEN, "w: user") == (i > 0) &&
		    says(&l, LINT_WEAK, "seccomp") == (i > 0) &&
		    says(&l, LINT_WEAK, "mounts") == (i > 0) &&
		    says(&l, LINT_UNSAFE, "allow_stdio") == (i > 0),
		    "a container of Windows%s", i > 0 ? ", or none" : "");
		lint_free(&l);
		rego_free(&r);
	}
	buf_free(&text);
}

/* Two containers in place of one. */
static void
test_twins(void)
{
	static const char two[] = "package policy\ncontainers := ["
	    "{\"layers\":[\"" PAUSE "\"],\"command\":[\"/p\"],\"id\":\"a\"},"
	    "{\"layers\":[\"" PAUSE "\"],\"command\":[\"/p\"],\"id\":\"b\"%s}"
	    "]\n";
	struct buf text = {0};
	struct rego r;
	struct lint l;

	buf_addf(&text, two, "");
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK(says(&l, LINT_NOTE, "the same as containers[0]") &&
	    says(&l, LINT_NOTE, ""), "twins are told");
	lint_free(&l);
	rego_free(&r);
	buf_cut(&text, 0);
	buf_addf(&text, two, ",\"allow_stdio_access\":true");
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK(says(&l, LINT_BROKEN, "in allow_stdio_access only"),
	    "and those that differ where it may not");
	lint_free(&l);
	rego_free(&r);
	buf_free(&text);
}

static void
kata(const char *body, enum lint_class class, enum status status,
    enum lint_level level, const char *what)
{
	struct buf text = {0};
	struct rego r;
	struct lint l;

	buf_adds(&text, "package agent_policy\n");
	buf_adds(&text, body);
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	CHECK(l.class == class && lint_status(&l) == status &&
	    (what == NULL || says(&l, level, what)), "kata: %s", body);
	lint_free(&l);
	rego_free(&r);
	buf_free(&text);
}

static void
test_kata(void)
{
	kata("default ExecProcessRequest := false\n", LINT_CUSTOM, E_OK,
	    LINT_NOTE, NULL);
	kata("default CreateContainerRequest := true\n", LINT_OPEN, E_NO,
	    LINT_UNSAFE, "CreateContainerRequest");
	kata("default CreateContainerRequest := true\npolicy_data := "
	    "{\"containers\":[1]}\n", LINT_DECOY, E_NO, LINT_UNSAFE,
	    "CreateContainerRequest");
	kata("default SetPolicyRequest := true\n", LINT_CUSTOM, E_NO,
	    LINT_UNSAFE, "SetPolicyRequest");
	kata("default ReadStreamRequest := true\nReadStreamRequest { x }\n",
	    LINT_CUSTOM, E_NO, LINT_UNSAFE, "ReadStreamRequest");
	kata("default ReadStreamRequest := false\nReadStreamRequest { x }\n",
	    LINT_CUSTOM, E_INPUT, LINT_UNSURE, "ReadStreamRequest");
	kata("policy_data := data.x.y\n", LINT_CUSTOM, E_INPUT, LINT_UNSURE,
	    "policy_data: not literal");
	kata("CreateContainerRequest := true\n", LINT_OPEN, E_NO, LINT_UNSAFE,
	    "CreateContainerRequest");
	kata("policy_data := {\"request_defaults\":{\"ExecProcessRequest\":"
	    "{\"regex\":[\".*\"]}}}\n", LINT_CUSTOM, E_NO, LINT_UNSAFE,
	    "ExecProcessRequest: the host may start commands");
	kata("policy_data := {\"request_defaults\":{\"ReadStreamRequest\":"
	    "true}}\n", LINT_CUSTOM, E_NO, LINT_UNSAFE, "ReadStreamRequest");
	kata("policy_data := {\"request_defaults\":{\"ExecProcessRequest\":"
	    "{\"commands\":[\"sh\"]},\"WriteStreamRequest\":true}}\n",
	    LINT_CUSTOM, E_NO, LINT_UNSAFE, "ExecProcessRequest");
}

/* One byte more than base64 of which is an annotation. */
static void
test_size(void)
{
	static const char *const packages[] = {"policy", "agent_policy"};
	enum { FITS = (256 << 10) / 4 * 3 };
	struct buf text = {0};
	struct rego r;
	struct lint l;
	int i;

	for (i = 0; i < 4; i++) {
		buf_cut(&text, 0);
		buf_addf(&text, "package %s\nreason := {}\n#", packages[i / 2]);
		while (text.n < FITS + (size_t)i % 2)
			buf_addc(&text, 'x');
		if (!read_lint(slice_buf(&text), &r, &l))
			break;
		CHECK(says(&l, i / 2 ? LINT_BROKEN : LINT_NOTE, "262148 bytes "
		    "in base64") == (i % 2 > 0), "%s of %zu bytes",
		    packages[i / 2], text.n);
		lint_free(&l);
		rego_free(&r);
	}
	buf_free(&text);
}

static void
diff(const char *old, const char *new, enum status status, const char *want)
{
	struct buf a = {0}, b = {0}, got = {0}, json = {0};
	struct policydiff d;
	struct rego x, y;
	struct json *doc;
	struct err e;

	buf_addf(&a, "package policy\n%s\n", old);
	buf_addf(&b, "package policy\n%s\n", new);
	if (!CHECK(rego_read(slice_buf(&a), &x, &e) == 0 &&
	    rego_read(slice_buf(&b), &y, &e) == 0, "diff: %s %s", old, new))
		return;
	policydiff(&x, &y, &d);
	policydiff_text(&d, &got);
	policydiff_json(&d, &json);
	CHECK(policydiff_status(&d) == status &&
	    slice_is(slice_buf(&got), want), "  gives %.*s", (int)got.n,
	    (const char *)got.p);
	if (CHECK(json_parse(slice_buf(&json), &doc, &e) == 0, "  as JSON"))
		json_free(doc);
	policydiff_free(&d);
	rego_free(&x);
	rego_free(&y);
	buf_free(&a);
	buf_free(&b);
	buf_free(&got);
	buf_free(&json);
}

static void
test_diff(void)
{
	static const char same[] = "same meaning, other bytes\n";

	diff("a := 1", "a  :=  1 # x", E_OK, same);
	diff("a := 1\nb := {\"x\":1,\"y\":[1,2]}",
	    "b := {\"y\":[1,2],\"x\":1}\na := 1", E_OK, same);
	/* whether the order of what is not known counts is not known */
	diff("b := {\"y\":[1,2]}", "b := {\"y\":[2,1]}", E_NO,
	    "b: {\"y\":[1,2]} -> {\"y\":[2,1]}\n");
	diff("b := [1,2]", "b := [2,1]", E_NO, "b: [1,2] -> [2,1]\n");
	diff("b := {1,2}", "b := {2,1}", E_OK, same);
	diff("external_processes := [1,2]", "external_processes := [2,1]",
	    E_OK, same);
	diff("containers := [{\"id\":\"1\"},{\"id\":\"2\",\"signals\":[9,15]}]",
	    "containers := [{\"id\":\"2\",\"signals\":[15,9]},{\"id\":\"1\"}]",
	    E_OK, same);
	diff("a := 1", "a := 2", E_NO, "a: 1 -> 2\n");
	diff("a := 1", "b := 1", E_NO, "a: removed 1\nb: added 1\n");
	diff("p := data.framework.p\na := 1", "a := 2\np := {\"allowed\":true}",
	    E_NO, "p: \"data.framework.p\" -> {\"allowed\":true}\na: 1 -> 2\n");
	diff("containers := [{\"name\":\"w\",\"command\":[\"a\",\"b\"]}]",
	    "containers := [{\"name\":\"w\",\"command\":[\"b\",\"a\"]}]", E_NO,
	    "containers w command: [\"a\",\"b\"] -> [\"b\",\"a\"]\n");
	diff("containers := [{\"name\":\"w\"}]", "containers := []", E_NO,
	    "containers w: removed\n");
	diff("fragments := []", "fragments := [{\"feed\":\"f\"}]", E_NO,
	    "fragments f: added\n");
	diff("containers := [{\"name\":\"a\",\"layers\":[\"x\"],\"k\":1}]",
	    "containers := [{\"name\":\"b\",\"layers\":[\"x\"],\"k\":1}]",
	    E_NO, "containers a name: \"a\" -> \"b\"\n");
	/* values of variables are nobody's business */
	diff("containers := [{\"name\":\"w\",\"env_rules\":[{\"pattern\":"
	    "\"S=secret\"},{\"pattern\":\"T=1\"}]}]",
	    "containers := [{\"name\":\"w\",\"env_rules\":[{\"pattern\":"
	    "\"T=1\"},{\"pattern\":\"S=other\"},{\"name\":\"N\"}]}]", E_NO,
	    "containers w env_rules: removed [\"S\"] added [\"S\",\"N\"]\n");
	diff("a { x }", "a { y }", E_INPUT,
	    "rules that are not literal: not compared\n");
	diff("a { x }\nb := 1", "a { x }", E_NO, "b: removed 1\n"
	    "rules that are not literal: not compared\n");
	diff("containers := 1", "containers := []", E_NO,
	    "containers: 1 -> []\n");
}

/* In a container, what is a set to the framework and what is not. */
static void
test_order(void)
{
	static const char *const free_of[] = {"env_rules", "mounts",
	    "exec_processes", "signals"};
	static const char *const ordered[] = {"command", "layers",
	    "mounted_cim", "unknown"};
	static const char form[] = "containers := [{\"name\":\"w\",\"%s\":[%s]"
	    "}]";
	char old[100], new[100], want[100];
	size_t i;

	for (i = 0; i < 4; i++) {
		(void)snprintf(old, sizeof old, form, free_of[i], "1,2");
		(void)snprintf(new, sizeof new, form, free_of[i], "2,1");
		diff(old, new, E_OK, "same meaning, other bytes\n");
	}
	for (i = 0; i < 4; i++) {
		(void)snprintf(old, sizeof old, form, ordered[i], "1,2");
		(void)snprintf(new, sizeof new, form, ordered[i], "2,1");
		(void)snprintf(want, sizeof want, "containers w %s: [1,2] -> "
		    "[2,1]\n", ordered[i]);
		diff(old, new, E_NO, want);
	}
	diff("containers := [{\"user\":{\"group_idnames\":[1,2]},"
	    "\"mounts\":[{\"options\":[\"ro\",\"rbind\"]}],"
	    "\"capabilities\":{\"bounding\":[\"a\",\"b\"]}}]",
	    "containers := [{\"user\":{\"group_idnames\":[2,1]},"
	    "\"mounts\":[{\"options\":[\"rbind\",\"ro\"]}],"
	    "\"capabilities\":{\"bounding\":[\"b\",\"a\"]}}]", E_OK,
	    "same meaning, other bytes\n");
	/* the words of a command within a list that is free */
	diff("containers := [{\"name\":\"w\",\"exec_processes\":[{\"command\":"
	    "[\"a\",\"b\"]}]}]", "containers := [{\"name\":\"w\","
	    "\"exec_processes\":[{\"command\":[\"b\",\"a\"]}]}]", E_NO,
	    "containers w exec_processes: [{\"command\":[\"a\",\"b\"]}] -> "
	    "[{\"command\":[\"b\",\"a\"]}]\n");
	/* a value that is new, a rule that is there twice */
	diff("containers := [{\"name\":\"w\",\"env_rules\":[{\"name\":\"A\","
	    "\"value\":\"1\"},{\"name\":\"B\"}]}]", "containers := "
	    "[{\"name\":\"w\",\"env_rules\":[{\"name\":\"B\"},{\"name\":"
	    "\"B\"},{\"name\":\"A\",\"value\":\"2\"}]}]", E_NO,
	    "containers w env_rules: removed [\"A\"] added [\"B\",\"A\"]\n");
	/* of one name the first goes with the first */
	diff("containers := [{\"id\":\"w\",\"k\":1},{\"id\":\"w\",\"k\":2}]",
	    "containers := [{\"id\":\"w\",\"k\":2},{\"id\":\"w\",\"k\":3}]",
	    E_NO, "containers w k: 1 -> 3\n");
	/* two of one kind are not one */
	diff("containers := [{\"name\":\"w\",\"signals\":[9,9]}]",
	    "containers := [{\"name\":\"w\",\"signals\":[9]}]", E_NO,
	    "containers w signals: [9,9] -> [9]\n");
}

/* Lists of a hostile length, of which no two elements go together. */
static void
test_many(void)
{
	struct buf text[2] = {{0}, {0}};
	struct policydiff d;
	struct rego r[2];
	struct err e;
	int i, k;

	for (i = 0; i < 2; i++) {
		buf_adds(&text[i], "package policy\ncontainers := [{\"name\":"
		    "\"w\",\"env_rules\":[");
		for (k = 0; k < 50000; k++)
			buf_addf(&text[i], "{\"name\":\"%c%d\"},", 'A' + i, k);
		buf_adds(&text[i], "]}]\n");
		if (!CHECK(rego_read(slice_buf(&text[i]), &r[i], &e) == 0,
		    "many: read"))
			return;
	}
	policydiff(&r[0], &r[1], &d);
	CHECK(d.n == 1 && policydiff_status(&d) == E_NO,
	    "  and compared in good time");
	policydiff_free(&d);
	for (i = 0; i < 2; i++) {
		rego_free(&r[i]);
		buf_free(&text[i]);
	}
}

static void
test_list(void)
{
	struct buf text = {0}, json = {0};
	struct json *doc;
	struct rego r;
	struct err e;

	if (rego_read(slice_str("package policy\ncontainers := [{\"name\":"
	    "\"w\\u001b[2J\",\"x\":\"{\\\"\\\\u0000ref\\\":\"}]\n"
	    "a := data.framework.a\nb := {1}\ndefault c := false\n"), &r,
	    &e) < 0)
		return;
	policylist_text(&r, &text);
	CHECK(memchr(text.p, 033, text.n) == NULL &&
	    memmem(text.p, text.n, "container 0: w\\x1b[2J", 21) != NULL,
	    "list: control characters are escaped");
	CHECK(memmem(text.p, text.n, "\ndefault: c false\n", 18) != NULL,
	    "  defaults are listed");
	policylist_json(&r, &json);
	if (CHECK(json_parse(slice_buf(&json), &doc, &e) == 0, "  as JSON")) {
		CHECK(json_text_is(json_get(json_get(json_get(json_root(doc),
		    "rules"), "a"), "ref"), "data.framework.a") &&
		    json_count(json_get(json_get(json_get(json_root(doc),
		    "rules"), "b"), "set")) == 1,
		    "  references and sets have names");
		CHECK(json_text_is(json_get(json_first(json_get(json_get(
		    json_root(doc), "rules"), "containers")), "x"),
		    "{\"\\u0000ref\":"), "  a text that looks so stays");
		json_free(doc);
	}
	buf_free(&text);
	buf_free(&json);
	rego_free(&r);
}

/* Rules that are not evaluated: the first ten, then how many more. */
static void
test_unread(void)
{
	struct buf text = {0};
	struct rego r;
	struct lint l;
	int i;

	buf_adds(&text, safe);
	for (i = 1; i <= 12; i++) {
		buf_addf(&text, "r%d { input.x }\n", i);
		if (i < 10)
			continue;
		if (!read_lint(slice_buf(&text), &r, &l))
			break;
		CHECK(says(&l, LINT_UNSURE, "rules: 2 more that are not") ==
		    (i == 12) && says(&l, LINT_UNSURE, "rules: 1 more") ==
		    (i == 11) && says(&l, LINT_UNSURE, "rules: ") == (i > 10),
		    "%d rules that are not evaluated", i);
		lint_free(&l);
		rego_free(&r);
	}
	buf_free(&text);
}

/* As text the notes stand last, and stand there. */
static void
test_text(void)
{
	struct edit c = {"allow_dump_stacks :=",
	    "allow_capability_dropping := true"};
	struct buf text = {0}, shown = {0};
	struct rego r;
	struct lint l;

	changed(c, &text);
	if (!read_lint(slice_buf(&text), &r, &l))
		return;
	lint_text(&l, &shown);
	CHECK(slice_search(slice_buf(&shown), "allow_capability_dropping") <
	    shown.n, "a note is shown: %.*s", (int)shown.n,
	    (const char *)shown.p);
	buf_free(&shown);
	buf_free(&text);
	lint_free(&l);
	rego_free(&r);
}

int
main(void)
{
	test_safe();
	test_points();
	test_disguises();
	test_defaults();
	test_names();
	test_versions();
	test_flags();
	test_lists();
	test_fragments();
	test_containers();
	test_limits();
	test_environment();
	test_execs();
	test_mounts();
	test_both();
	test_compiles();
	test_starts();
	test_strings();
	test_silence();
	test_windows();
	test_twins();
	test_kata();
	test_size();
	test_diff();
	test_order();
	test_many();
	test_list();
	test_unread();
	test_text();
	return tap_done();
}

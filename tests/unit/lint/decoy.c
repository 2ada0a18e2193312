/* Policies that look like one whose points are all the framework's, and are
 * not: none of them may be found without fault, whatever is said of it. */
#include "lint/lint.h"

#include <stdio.h>

#include "unit/safepolicy.h"
#include "unit/tap.h"

/* In place of the binding of create_container. */
static const char *const bindings[] = {
	"create_container := {\"allowed\": true}",
	"create_container:={\"allowed\": true}",
	"create_container   =  {\"allowed\": true}",
	"create_container\t:=\t{\"allowed\": true}",
	"create_container :=\n\n {\"allowed\": true}",
	"create_container\n := {\"allowed\": true}",
	"create_container # c\n := {\"allowed\": true}",
	"create_container := {\"allowed\": true} # data.framework.c"
	    "reate_container",
	"default create_container := {\"allowed\": true}",
	"default create_container = {\"allowed\": true}",
	"default\tcreate_container := {\"allowed\": true}",
	"default # x\ncreate_container := {\"allowed\": true}",
	"default\n\ncreate_container := {\"allowed\": true}",
	"create_container { true }",
	"create_container = {\"allowed\": true} { true }",
	"create_container := {\"allowed\": true} if true",
	"create_container := x { x := {\"allowed\": true} }",
	"create_container[\"allowed\"] = true",
	"create_container.allowed := true",
	"create_container[\"allowed\"] = true { true }",
	"create_container.allowed { true }",
	"create_container[k] = true { k := \"allowed\" }",
	"create_container contains \"allowed\"",
	"create_container := data.framework.create_container\nelse "
	    "= {\"allowed\": true}",
	"create_container := data.framework.create_container else ="
	    " {\"allowed\": true}",
	"create_container := data.framework.create_container\n\n# c"
	    "\n\nelse = {\"allowed\": true} { true }",
	"create_container := data.framework.create_container; exec2"
	    " := 1",
	"x := 1; create_container := {\"allowed\": true}",
	"x := y create_container := {\"allowed\": true}",
	"x := y create_container.allowed { true }",
	"x { true } create_container := {\"allowed\": true}",
	"x { true }\r create_container := {\"allowed\": true}",
	"x = \"a\" create_container = {\"allowed\": true}",
	"x := [1] create_container.allowed { 1 }",
	"x := {1} create_container.allowed { 1 }",
	"x := f(1) create_container.allowed { 1 }",
	"x := `\n`create_container := {\"allowed\": true}",
	"x := \"#\" create_container := {\"allowed\": true}",
	"x := \"\\\"\" create_container := {\"allowed\": true}",
	"x := `\"`; create_container := {\"allowed\": true}",
	"x := `#`\ncreate_container := {\"allowed\": true}",
	"x := \"`\"\ncreate_container := {\"allowed\": true}\ny := "
	    "\"`\"",
	"x := \"\\\\\"\ncreate_container := {\"allowed\": true}",
	"#\rcreate_container := data.framework.create_container\ncr"
	    "eate_container := {\"allowed\": true}",
	"create_container := data.framework[\"create_container\"]",
	"create_container := data[\"framework\"].create_container",
	"create_container := data.framework.mount_device",
	"create_container := data.framework.create_container.allowe"
	    "d",
	"create_container := data.policy.open",
	"create_container := data.fragment.x",
	"create_container := data.framework",
	"create_container := input.create_container",
	"create_container := framework.create_container",
	"create_container := data.Framework.create_container",
	"create_container := data.framework.create_container\n.x",
	"create_container := data.framework.create_container\n[\"x"
	    "\"]",
	"create_container := data.framework.create_container\n(1)",
	"create_container := data.framework.create_container\n| {\""
	    "a\"}",
	"create_container := data.framework.create_container with i"
	    "nput as {}",
	"create_container := data.framework.create_container\nwith "
	    "data.policy.containers as [1]",
	"create_container := data.framework.create_container\n{ inp"
	    "ut.x }",
	"create_container := data.framework.create_container if { i"
	    "nput.x }",
	"create_container := object.union(data.framework.create_con"
	    "tainer, {\"allowed\": true})",
	"create_container := {k: v | k := \"allowed\"; v := true}",
	"create_container := {\"allowed\": not false}",
	"create_container := {\"allowed\": 1 == 1}",
	"create_container := {\"allow\\u0065d\": true}",
	"create_container := {`allowed`: true}",
	"create_container := {\"allowed\": true,}",
	"create_container := {\"allowed\": false, \"allowed\": true"
	    "}",
	"create_container := {\"allowed\": true, \"metadata\": []}",
	"create_container := [{\"allowed\": true}]",
	"create_container := {{\"allowed\": true}}",
	"create_container := true",
	"create_container := \"x\"",
	"create_container := {\"allowed\": \"true\"}",
	"cr\320\265ate_container := data.framework.create_container"
	    "\ncreate_container := {\"allowed\": true}",
	"create_container\302\240:= {\"allowed\": true}",
	"\342\200\250create_container := {\"allowed\": true}",
	"\357\273\277create_container := {\"allowed\": true}",
	"create_container := $\"{{\"allowed\": true}}\"",
	"x := $\"{\"\ncreate_container := data.framework.create_con"
	    "tainer\n\"}\"",
	"f(x) := 1",
	"f(x) = data.framework.create_container { true }",
};

/* Behind all the rest. */
static const char *const endings[] = {
	"create_container := {\"allowed\": true}",
	"create_container = {\"allowed\": true} { true }",
	"create_container[\"allowed\"] { true }",
	"create_container.allowed = true",
	"else := {\"allowed\": true}",
	"default allow_host_network := true",
	"allow_unencrypted_scratch { true }",
	"allow_unencrypted_scratch if true",
	"default allow_host_network = true",
	"allow_new_thing := true",
	"new_point := {\"allowed\": true}",
	"external_processes := [{\"command\":[\"/bin/sh\"]}]",
	"default external_processes := [{\"command\":[\"/bin/sh\"]}"
	    "]",
	"external_processes[x] { x := {} }",
	"platform_rules := [{\"env_rules\":[{\"pattern\":\".*\",\"s"
	    "trategy\":\"re2\"}]}]",
};

/* In place of other things. */
static const struct edit {
	const char *from, *to;
} edits[] = {
	{"package policy",
	    "package policy.x"},
	{"package policy",
	    "package policy[\"x\"]"},
	{"package policy",
	    "package policy; create_container := {\"allowed\": true}"},
	{"package policy",
	    "package policy create_container := {\"allowed\": true}"},
	{"package policy",
	    "package policy\npackage other"},
	{"package policy",
	    "package policy\n.x"},
	{"package policy",
	    "package policy\nimport data.evil as framework"},
	{"package policy",
	    "package policy\nimport input as data"},
	{"package policy",
	    "package policy\nimport input\nas data"},
	{"package policy",
	    "package policy\nimport input # x\n# y\nas data"},
	{"package policy",
	    "package policy\nimport\ninput as data"},
	{"package policy",
	    "package policy\nimport rego.v1 as data"},
	{"package policy",
	    "package policy\nimport data[\"x\"] as data"},
	{"fragments := []",
	    "default fragments := [{\"feed\":\"f\",\"issuer\":\"i\",\"m"
	    "inimum_svn\":\"1\",\"includes\":[\"namespace\"]}]"},
	{"fragments := []",
	    "fragments := {\"a\":{\"feed\":\"f\",\"issuer\":\"i\",\"min"
	    "imum_svn\":\"1\",\"includes\":[\"namespace\"]}}"},
	{"fragments := []",
	    "fragments := {{\"feed\":\"f\",\"issuer\":\"i\",\"minimum_s"
	    "vn\":\"1\",\"includes\":[\"namespace\"]}}"},
	{"fragments := []",
	    "fragments := [{\"feed\":\"f\",\"issuer\":\"i\",\"minimum_s"
	    "vn\":\"1\",\"includes\":{\"namespace\"}}]"},
	{"fragments := []",
	    "fragments[x] { x := {} }"},
	{"fragments := []",
	    "fragments contains x if x := {}"},
	{"fragments := []",
	    "fragments := [x | x := {}]"},
	{"containers := [",
	    "containers := [data.x.y,"},
	{"containers := [",
	    "containers := [x |"},
	{"containers := [",
	    "containers := [\"x\","},
	{"\"allow_elevated\":false",
	    "\"allow_elevated\":true"},
	{"\"allow_elevated\":false",
	    "\"allow_elevated\":input.x"},
	{"\"allow_elevated\":false",
	    "\"allow_elevated\":x"},
	{"\"allow_elevated\":false",
	    "\"allow_\\u0065levated\":true"},
	{"\"exec_processes\":[]",
	    "\"exec_processes\":{\"x\":1}"},
	{"\"exec_processes\":[]",
	    "\"exec_processes\":[[\"/bin/sh\"]]"},
	{"\"exec_processes\":[]",
	    "\"exec_processes\":[{\"command\":\"/bin/sh\"}]"},
	{"\"exec_processes\":[]",
	    "\"exec_processes\":\"all\""},
	{"api_version := \"0.11.0\"",
	    "api_version := \"0.1.0\"\nimport input as data"},
	{"api_version := \"0.11.0\"",
	    "api_version := x { x := \"0.1.0\" }"},
	{"api_version := \"0.11.0\"",
	    "api_version := concat(\".\", [\"0\",\"1\"])"},
};

/* In place of the binding of exec_external, of which a platform allows all if
 * it is missing and api_version is old. */
static const char *const missing[] = {
	"",
	"default h := data.framework.exec_external",
	"h if\nexec_external := data.framework.exec_external",
	"h {\nexec_external := data.framework.exec_external\n}",
	"x := `\nexec_external := data.framework.exec_external\n`",
	"Exec_external := data.framework.exec_external",
	"x := \"#\" # exec_external := data.framework.exec_external",
	"#\rexec_external := data.framework.exec_external",
};

/* text with from replaced once. */
static void
replace(struct buf *text, const char *from, const char *to)
{
	size_t at = slice_search(slice_buf(text), from);
	struct buf new = {0};

	buf_add(&new, slice_head(slice_buf(text), at));
	buf_adds(&new, to);
	buf_add(&new, slice_from(slice_buf(text), at + strlen(from)));
	buf_free(text);
	*text = new;
}

/* Not read at all, or with a finding that makes a status. */
static void
refused(struct buf *text, const char *what)
{
	enum status s = E_INPUT;
	struct buf shown = {0};
	struct rego r;
	struct lint l;
	struct err e;

	if (rego_read(slice_buf(text), &r, &e) == 0) {
		lint_policy(&r, &l);
		s = lint_status(&l);
		lint_text(&l, &shown);
		lint_free(&l);
		rego_free(&r);
	}
	if (!CHECK(s == E_NO || s == E_INPUT, "%s", what))
		printf("# %.*s\n", (int)shown.n, (const char *)shown.p);
	buf_free(&shown);
	buf_free(text);
}

static void
changed(const char *from, const char *to, const char *version)
{
	struct buf text = {0};

	buf_adds(&text, safe);
	CHECK(slice_search(slice_buf(&text), from) < text.n,
	    "  stands in the policy: %s", from);
	replace(&text, from, to);
	if (version != NULL)
		replace(&text, "0.11.0", version);
	refused(&text, to);
}

int
main(void)
{
	struct buf text;
	size_t i;

	for (i = 0; i < sizeof bindings / sizeof *bindings; i++)
		changed("create_container := data.framework.create_container",
		    bindings[i], NULL);
	for (i = 0; i < sizeof endings / sizeof *endings; i++) {
		text = (struct buf){0};
		buf_adds(&text, safe);
		buf_adds(&text, endings[i]);
		refused(&text, endings[i]);
	}
	for (i = 0; i < sizeof edits / sizeof *edits; i++)
		changed(edits[i].from, edits[i].to, NULL);
	for (i = 0; i < sizeof missing / sizeof *missing; i++)
		changed("exec_external := data.framework.exec_external",
		    missing[i], "0.1.0");
	return tap_done();
}

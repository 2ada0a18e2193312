/* Rego without an engine: what is literal, and that what is not is set aside
 * under the right name, or under none. */
#include "policy/rego.h"

#include <stdio.h>

#include "unit/tap.h"

/* The JSON of a policy's rules, as "name=value;" each, and of the unread. */
static void
describe(const struct rego *r, struct buf *out)
{
	struct json_val v;
	struct err e;

	for (v = json_first(rego_rules(r)); json_has(v); v = json_next(v)) {
		(void)json_text(json_name(v), "name", out, &e);
		buf_addc(out, '=');
		json_compact(json_get(v, "value"), out);
		buf_addc(out, ';');
	}
	for (v = json_first(rego_unread(r)); json_has(v); v = json_next(v)) {
		buf_addc(out, '?');
		(void)json_text(json_get(v, "name"), "name", out, &e);
		buf_addc(out, ';');
	}
}

static void
reads(const char *body, const char *want)
{
	struct buf text = {0}, got = {0};
	struct rego r = {0};
	struct err e = {0};

	buf_adds(&text, "package policy\n");
	buf_adds(&text, body);
	if (rego_read(slice_buf(&text), &r, &e) == 0)
		describe(&r, &got);
	else
		buf_addf(&got, "!%s", e.text);
	CHECK(slice_is(slice_buf(&got), want), "%s -> %.*s", body,
	    (int)got.n, (const char *)got.p);
	rego_free(&r);
	buf_free(&text);
	buf_free(&got);
}

static void
refuses(const char *text, size_t n, const char *why)
{
	struct rego r = {0};
	struct err e = {0};

	CHECK(rego_read(slice_of(text, n), &r, &e) < 0 && e.code == E_INPUT &&
	    r.doc == NULL && strstr(e.text, why) != NULL, "refused: %s (%s)",
	    text, e.text);
}

static void
test_literals(void)
{
	reads("", "");
	reads("a := 1", "a=1;");
	reads("a = \"x\" # note\n\nb:=true", "a=\"x\";b=true;");
	reads("a := [1, -2.5e3, ]\n", "a=[1,-2.5e3];");
	reads("a := {\"b\": null,\n \"c\": {},}\n", "a={\"b\":null,\"c\":{}};");
	reads("a := `b\"\n\\`", "a=\"b\\\"\\n\\\\\";");
	reads("a := data.framework.b",
	    "a={\"\\u0000ref\":\"data.framework.b\"};");
	reads("a := {\"e\": data.x.y, \"f\": 1}",
	    "a={\"e\":{\"\\u0000ref\":\"data.x.y\"},\"f\":1};");
	reads("a := {1, \"x\", }", "a={\"\\u0000set\":[1,\"x\"]};");
	reads("a := {\n# c\n\"x\"\n}", "a={\"\\u0000set\":[\"x\"]};");
	reads("a :=\n [ # c\n ]\r\nb := 2\r\n", "a=[];b=2;");
	reads("import future.keywords.in\nimport input # x\na := 1", "a=1;");
}

static void
test_unread(void)
{
	reads("a { true }", "?a;");
	reads("a := 1 + 2", "?a;");
	reads("a := 1+2", "?a;");
	reads("a := b", "?a;");
	reads("a := data.x[0]", "?a;");
	reads("a := f(1)", "?a;");
	reads("a := [x | x := 1]", "?a;");
	reads("a := {\"b\": c}", "?a;");
	reads("a := {\"allowed\": true} { input.b }\nc := 1", "c=1;?a;");
	reads("a := {\"allowed\": true}\n{ input.b }\nc := 1", "c=1;?a;");
	reads("a := 1\nelse := 2\nc := 1", "c=1;?a;");
	reads("a if { x }\nc := 1", "c=1;?a;");
	reads("a := 1 if { x\n y := 2\n}\nc := 1", "c=1;?a;");
	reads("default a := false\na { x }", "?a;");
	reads("a[x] { x := 1 }", "?a;");
	reads("f(x) := y {\n y := \"}\" # }\n}\nc := 1", "c=1;?f;");
	reads("a == 1", "?a;");
	/* under no name, for it may be about any */
	reads("a := 1; b := 2", "?;");
	reads("a { x } b := {\"allowed\": true}", "?;");
	reads("a { x } b { y }", "?;");
	reads("a { x } else := 1 { y }", "?a;");
	reads("a.b := 1", "?;");
	reads("a := 1 b := 2", "?;");
	reads("import data.evil as containers", "?;");
	reads("import future.keywords.in as data", "?;");
	reads("\"x\" := 1", "?;");
	/* two statements in a line, the second without a := of its own */
	reads("a := x b.c { y }", "?;");
	reads("a := x b { y }", "?;");
	reads("a { x } else := 1 b.c { y }", "?;");
	reads("f(x) b.c { y }", "?;");
	reads("a := x \"t\"", "?;");
	/* what goes on in the next line is no statement of its own */
	reads("a if\nb := data.framework.b\nc := 1", "c=1;?a;");
	reads("a := 1 +\nb := 2", "?;");
	reads("a if input.x == 1\nc := 1", "c=1;?a;");
	reads("a contains x if { x := 1 }\nc := 1", "c=1;?a;");
	reads("import input\n  as data\na := 1", "a=1;?;");
	reads("import input # as\n# c\n  as data\na := 1", "a=1;?;");
	/* characters that the language had not when this was written */
	reads("a := $\"{b}\"", "?;");
	reads("a { x := $\"{b}\" }", "?;");
	reads("\xd0\xb0 := 1", "?;");
	reads("a { \xc2\xa0 }", "?;");
	reads("a := 1\fb := 2", "?;");
	reads("default a(x) := 1\nb := 1", "b=1;?a;");
	reads("default\na := 1", "?;");
}

static void
test_errors(void)
{
	static const char nul[] = "package p\na := \"\0\"";

	reads("a := 1\na := 2", "!rego: name given twice: \"a\"");
	reads("a := {\"b\": 1, \"b\": 2}", "!rego: name given twice: \"b\"");
	reads("a := {\"\\u0000ref\": \"data.framework.a\"}",
	    "!rego: line 2: a key that begins with NUL");
	reads("a := {\"b\": 1, \"\\u0000ref\": \"x\"}",
	    "!rego: line 2: a key that begins with NUL");
	reads("a := \"x", "!rego: line 2: a text that does not end");
	reads("a := `x", "!rego: line 2: a text that does not end");
	reads("a { (]", "!rego: line 2: a bracket that closes none");
	reads("a { (", "!rego: line 2: it ends within a bracket");
	reads("}", "!rego: line 2: a bracket that closes none");
	refuses("x", 1, "not \"package\"");
	refuses("", 0, "not \"package\"");
	refuses(nul, sizeof nul - 1, "a NUL");
	reads("a := \"\xff\"", "!rego: line 2: a byte that is no UTF-8: no "
	    "platform compiles it");
	reads("a := 1\n# caf\xe9", "!rego: line 3: a byte that is no UTF-8: "
	    "no platform compiles it");
}

static void
test_questions(void)
{
	struct rego r;
	struct err e;

	if (!CHECK(rego_read(slice_str("package policy\ndefault a := {1}\n"
	    "b := data.framework.b\nc { x }\n"), &r, &e) == 0, "questions"))
		return;
	CHECK(json_count(rego_set(rego_default(&r, "a"))) == 1 &&
	    json_count(rego_set(rego_value(&r, "a"))) == 1 &&
	    !json_has(rego_default(&r, "b")),
	    "  a default is the value where there is no other");
	CHECK(rego_is_ref(rego_value(&r, "b"), "data.framework.b") &&
	    rego_is_ref(rego_value(&r, "b"), NULL) &&
	    !rego_is_ref(rego_value(&r, "b"), "data.framework.c") &&
	    !json_has(rego_set(rego_value(&r, "b"))), "  a reference");
	CHECK(!rego_sure(&r, "c") && rego_sure(&r, "b") &&
	    rego_sure(&r, "d"), "  what is sure");
	rego_free(&r);
}

int
main(void)
{
	test_literals();
	test_unread();
	test_errors();
	test_questions();
	return tap_done();
}

/* Questions to a parsed text, and JSON written. */
#include "value/json.h"

#include <stdlib.h>

#include "unit/tap.h"

#define TEXT(s) {(const uint8_t *)(s), sizeof(s) - 1}

static struct json *
must(const char *text)
{
	struct json *j = NULL;
	struct err e;

	if (json_parse(slice_str(text), &j, &e) < 0) {
		(void)printf("Bail out! %s: %s\n", text, e.text);
		exit(1);
	}
	return j;
}

static void
access_by_name(void)
{
	static const char text[] = "{\"a\":1,\"\\u0062\":[10,[],"
	    "{\"c\":null},20],\"d\":{},\"e\\u0000f\":\"x\",\"\":true}";
	struct json *j = must(text);
	struct json_val root = json_root(j), b = json_get(root, "b"), v;

	CHECK(json_is(root, JSON_OBJECT) && json_count(root) == 5, "root");
	CHECK(slice_is(json_span(root), text), "the root's text");
	CHECK(!json_has(json_parent(root)) && !json_has(json_next(root)) &&
	    !json_has(json_name(root)), "around the root is nothing");
	CHECK(slice_is(json_span(json_get(root, "a")), "1"), "a");
	CHECK(json_is(b, JSON_ARRAY) && json_count(b) == 4,
	    "a name that is escaped");
	CHECK(slice_is(json_span(json_name(b)), "\"\\u0062\"") &&
	    json_text_is(json_name(b), "b"), "its spelling stays");
	CHECK(!json_has(json_next(json_name(b))) &&
	    !json_has(json_name(json_name(b))), "a name has no neighbours");
	CHECK(json_parent(json_name(b)).at == root.at, "a name's object");
	CHECK(!json_has(json_get(root, "c")), "not there");
	CHECK(!json_has(json_get(root, "\\u0062")), "not by its spelling");
	CHECK(!json_has(json_get(root, "e")), "not by its head");
	CHECK(json_text_is(json_get_s(root, slice_of("e\0f", 3)), "x"),
	    "a name with U+0000");
	CHECK(json_is(json_get(root, ""), JSON_TRUE), "the empty name");
	CHECK(json_has(json_get_s(root, slice_of(NULL, 0))),
	    "the empty name as no bytes");
	CHECK(slice_is(json_span(json_at(b, 0)), "10") &&
	    slice_is(json_span(json_at(b, 3)), "20") &&
	    !json_has(json_at(b, 4)) && !json_has(json_at(b, SIZE_MAX)) &&
	    !json_has(json_at(root, 0)), "elements by number");
	v = json_get(json_at(b, 2), "c");
	CHECK(json_has(v) && json_is(v, JSON_NULL), "a null is there");
	CHECK(json_parent(v).at == json_at(b, 2).at &&
	    json_parent(json_parent(v)).at == b.at, "parents");
	CHECK(!json_has(json_get(b, "c")), "an array has no members");
	CHECK(!json_has(json_first(json_get(root, "d"))) &&
	    !json_has(json_first(json_at(b, 1))) &&
	    !json_has(json_first(json_get(root, "a"))), "empty ones");
	json_free(j);
}

static void
nothing(void)
{
	struct json_val no = {0};
	struct buf out = {0};
	struct err e;
	int64_t i;
	double d;
	bool b;

	CHECK(!json_has(no) && json_kind(no) == JSON_NULL &&
	    !json_is(no, JSON_NULL), "nothing is no null");
	CHECK(strcmp(json_kind_name(no), "missing") == 0 &&
	    json_span(no).n == 0 && json_count(no) == 0, "it has no text");
	CHECK(!json_has(json_get(no, "a")) && !json_has(json_at(no, 0)) &&
	    !json_has(json_first(no)) && !json_has(json_next(no)) &&
	    !json_has(json_name(no)) && !json_has(json_parent(no)),
	    "nothing follows from it");
	CHECK(!json_text_is(no, "") && !json_int(no, &i) &&
	    !json_number(no, &d) && !json_bool(no, &b), "no value");
	CHECK(!json_equal(no, no), "it does not match itself");
	CHECK(json_text(no, "kid", &out, &e) < 0 && e.code == E_INPUT &&
	    strcmp(e.text, "kid: missing") == 0, "in a message");
	json_compact(no, &out);
	json_pretty(no, &out);
	CHECK(out.n == 0, "nothing to print");
	buf_free(&out);
}

static void
in_order(void)
{
	struct json *j = must("{\"z\":[1,2,3],\"a\":{\"y\":4,\"b\":5},"
	    "\"m\":6}");
	struct buf seen = {0};
	struct json_val v, w;

	for (v = json_first(json_root(j)); json_has(v); v = json_next(v)) {
		buf_add(&seen, json_span(json_name(v)));
		for (w = json_first(v); json_has(w); w = json_next(w))
			buf_add(&seen, json_span(w));
	}
	CHECK(slice_is(slice_buf(&seen), "\"z\"123\"a\"45\"m\""),
	    "members and elements in the text's order");
	buf_free(&seen);
	json_free(j);
}

static void
kinds(void)
{
	static const char *const names[] = {"null", "a boolean", "a boolean",
	    "a number", "a string", "an array", "an object"};
	struct json *j = must("[null,false,true,0,\"\",[],{}]");
	struct buf out = {0};
	struct json_val v;
	struct err e;
	bool b = true;
	int i = 0;

	for (v = json_first(json_root(j)); json_has(v); v = json_next(v)) {
		CHECK(json_kind(v) == (enum json_kind)i &&
		    json_is(v, (enum json_kind)i) &&
		    strcmp(json_kind_name(v), names[i]) == 0, "%s", names[i]);
		i++;
	}
	CHECK(json_text(json_at(json_root(j), 3), "kid", &out, &e) < 0 &&
	    strcmp(e.text, "kid: a number, not a string") == 0,
	    "no string, in a message");
	CHECK(json_bool(json_at(json_root(j), 1), &b) && !b, "false");
	CHECK(json_bool(json_at(json_root(j), 2), &b) && b, "true");
	CHECK(!json_bool(json_at(json_root(j), 0), &b) && b, "null is neither");
	json_free(j);
}

static const struct {
	const char *json;
	struct slice text;
} strings[] = {
	{"\"\"", TEXT("")},
	{"\"abc\"", TEXT("abc")},
	{"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", TEXT("\"\\/\b\f\n\r\t")},
	{"\"\\u0000\"", TEXT("\0")},
	{"\"a\\u0000b\"", TEXT("a\0b")},
	{"\"\\u007f\\u0080\"", TEXT("\x7f\xc2\x80")},
	{"\"\\u07ff\\u0800\"", TEXT("\xdf\xbf\xe0\xa0\x80")},
	{"\"\\uFFFF\\uabCD\"", TEXT("\xef\xbf\xbf\xea\xaf\x8d")},
	{"\"\\ud800\\udc00\"", TEXT("\xf0\x90\x80\x80")},
	{"\"\\uDBFF\\uDFFF\"", TEXT("\xf4\x8f\xbf\xbf")},
	{"\"x\\ud83d\\ude00y\"", TEXT("x\xf0\x9f\x98\x80y")},
	{"\"\xe2\x82\xac\\n\xe2\x82\xac\"", TEXT("\xe2\x82\xac\n\xe2\x82\xac")},
	{"\"\\\\u0041\"", TEXT("\\u0041")},
};

static void
texts(void)
{
	struct buf out = {0}, more = {0}, back = {0};
	struct json_val v;
	struct json *j, *again;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof strings / sizeof *strings; i++) {
		j = must(strings[i].json);
		v = json_root(j);
		buf_cut(&out, 0);
		buf_adds(&out, "<");
		CHECK(json_text(v, "x", &out, &e) == 0 &&
		    slice_eq(slice_from(slice_buf(&out), 1), strings[i].text),
		    "the characters of %s", strings[i].json);
		CHECK(json_text_eq(v, strings[i].text), "%s is equal",
		    strings[i].json);
		buf_cut(&more, 0);
		buf_add(&more, strings[i].text);
		buf_addc(&more, 'x');
		CHECK(!json_text_eq(v, slice_buf(&more)) &&
		    (strings[i].text.n == 0 || !json_text_eq(v,
		    slice_head(strings[i].text, strings[i].text.n - 1))),
		    "%s is not what is longer or shorter", strings[i].json);
		buf_cut(&back, 0);
		json_quote(strings[i].text, &back);
		CHECK(json_parse(slice_buf(&back), &again, &e) == 0 &&
		    json_equal(v, json_root(again)), "%s quoted again",
		    strings[i].json);
		json_free(again);
		json_free(j);
	}
	buf_free(&out);
	buf_free(&more);
	buf_free(&back);
}

static const struct {
	const char *json;
	bool whole;
	int64_t value;
} ints[] = {
	{"0", true, 0}, {"-0", true, 0}, {"1", true, 1}, {"-1", true, -1},
	{"9007199254740993", true, 9007199254740993},
	{"9223372036854775807", true, INT64_MAX},
	{"-9223372036854775807", true, -INT64_MAX},
	{"-9223372036854775808", true, INT64_MIN},
	{"9223372036854775808", false, 0},
	{"-9223372036854775809", false, 0},
	{"9223372036854775810", false, 0},
	{"18446744073709551615", false, 0},
	{"18446744073709551617", false, 0},
	{"100000000000000000000", false, 0},
	{"1.0", false, 0}, {"1e0", false, 0}, {"1E2", false, 0},
	{"0.0", false, 0}, {"\"1\"", false, 0}, {"true", false, 0},
	{"null", false, 0}, {"[1]", false, 0},
};

static const struct {
	const char *json;
	bool finite;
	double value;
} doubles[] = {
	{"0", true, 0}, {"1.5", true, 1.5}, {"-2e3", true, -2000},
	{"1700000000.25", true, 1700000000.25}, {"1e308", true, 1e308},
	{"1e-400", true, 0}, {"1e309", false, 0}, {"-1e400", false, 0},
	{"1e999999999999", false, 0}, {"\"1\"", false, 0},
	{"0.1", true, 0.1}, {"null", false, 0},
};

static void
numbers(void)
{
	struct json *j;
	int64_t n;
	double d;
	size_t i;

	for (i = 0; i < sizeof ints / sizeof *ints; i++) {
		j = must(ints[i].json);
		n = 77;
		CHECK(json_int(json_root(j), &n) == ints[i].whole &&
		    n == (ints[i].whole ? ints[i].value : 77),
		    "%s as an integer", ints[i].json);
		json_free(j);
	}
	for (i = 0; i < sizeof doubles / sizeof *doubles; i++) {
		j = must(doubles[i].json);
		d = 77;
		CHECK(json_number(json_root(j), &d) == doubles[i].finite &&
		    !(d < (doubles[i].finite ? doubles[i].value : 77)) &&
		    !(d > (doubles[i].finite ? doubles[i].value : 77)),
		    "%s as a number", doubles[i].json);
		json_free(j);
	}
}

static const struct {
	const char *a, *b;
	bool same;
} equals[] = {
	{"1", "1", true}, {"1", "2", false}, {"1", "1.0", true},
	{"1", "10e-1", true}, {"1", "0.1e1", true}, {"1", "0.01E+2", true},
	{"100", "1e2", true}, {"100", "1e3", false}, {"1.10", "1.1", true},
	{"1.01", "1.1", false}, {"1", "-1", false}, {"-1", "-1.0", true},
	{"0", "-0", true}, {"0", "0.000e99", true}, {"0e5", "-0e-5", true},
	{"0", "1e-999999999", false}, {"0.001", "1e-3", true},
	{"0.0010", "0.00100e0", true}, {"10.5", "1.05e1", true},
	{"105", "1.05", false}, {"1050", "10.50e2", true},
	{"12345678901234567890", "12345678901234567891", false},
	{"12345678901234567890", "1.234567890123456789e19", true},
	{"9007199254740992", "9007199254740993", false},
	{"0.1", "0.1000000000000000055511151231257827", false},
	{"1e999999999", "1e999999999", true},
	{"1e999999999", "10e999999998", true},
	{"1e999999999", "1e999999998", false},
	{"1e999999999", "1e-999999999", false},
	{"1e99999999999999999999999999", "10e99999999999999999999999998", true},
	{"1e100000000000000000000000000", "10e99999999999999999999999999",
	    true},
	{"0.1e100000000000000000000000000", "1e99999999999999999999999999",
	    true},
	{"1e100000000000000000000000000", "1e99999999999999999999999999",
	    false},
	{"1e99999999999999999999999999", "1e99999999999999999999999998", false},
	{"1e99999999999999999999999999", "1e9999999999999999999999999", false},
	{"1e-99999999999999999999999999", "1e99999999999999999999999999",
	    false},
	{"1e-99999999999999999999999999", "0.1e-99999999999999999999999998",
	    true},
	{"1e0000000000000000000000000001", "10", true},
	{"1e-0", "1e+0", true}, {"1.5e1", "15", true}, {"15", "1.5", false},
	{"20e-1", "2", true}, {"2.0e-0", "0.2e1", true},
	{"\"a\"", "\"a\"", true}, {"\"a\"", "\"\\u0061\"", true},
	{"\"a\"", "\"b\"", false}, {"\"a\"", "\"aa\"", false},
	{"\"\\u0061\\u0061\"", "\"a\"", false}, {"\"\"", "\"\"", true},
	{"\"\\u0000\"", "\"\"", false}, {"\"1\"", "1", false},
	{"\"\\ud83d\\ude00\"", "\"\xf0\x9f\x98\x80\"", true},
	{"null", "null", true}, {"null", "false", false},
	{"true", "true", true}, {"true", "false", false}, {"1", "true", false},
	{"0", "false", false}, {"\"\"", "null", false},
	{"[]", "[]", true}, {"[]", "{}", false}, {"[1,2]", "[1, 2.0]", true},
	{"[1,2]", "[2,1]", false}, {"[1,2]", "[1]", false},
	{"[[]]", "[]", false}, {"[[[1]]]", "[ [ [ 1e0 ] ] ]", true},
	{"{}", "{}", true}, {"{\"a\":1}", "{\"a\":1.0}", true},
	{"{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}", true},
	{"{\"a\":1,\"b\":2}", "{\"a\":2,\"b\":1}", false},
	{"{\"a\":1}", "{\"b\":1}", false}, {"{\"a\":1}", "{}", false},
	{"{\"a\":1}", "{\"a\":1,\"b\":2}", false},
	{"{\"\\u0061\":1}", "{\"a\":1}", true},
	{"{\"a\":{\"x\":[1],\"y\":2}}", "{\"a\":{\"y\":2,\"x\":[1]}}", true},
	{"{\"a\":{\"x\":[1],\"y\":2}}", "{\"a\":{\"y\":2,\"x\":[2]}}", false},
};

static void
equality(void)
{
	struct json *a, *b;
	struct json_val va, vb;
	size_t i;

	for (i = 0; i < sizeof equals / sizeof *equals; i++) {
		a = must(equals[i].a);
		b = must(equals[i].b);
		va = json_root(a);
		vb = json_root(b);
		CHECK(json_equal(va, vb) == equals[i].same &&
		    json_equal(vb, va) == equals[i].same &&
		    json_equal(va, va) && json_equal(vb, vb),
		    "%s %s %s", equals[i].a, equals[i].same ? "=" : "/=",
		    equals[i].b);
		json_free(a);
		json_free(b);
	}
}

/* Two large objects in opposite orders: no quadratic comparison. */
static void
large(void)
{
	struct buf up = {0}, down = {0};
	const unsigned n = 200000;
	struct json *a, *b;
	unsigned i;

	for (i = 0; i < n; i++) {
		buf_addf(&up, "%s\"k%u\":%u", i > 0 ? "," : "{", i, i);
		buf_addf(&down, "%s\"k%u\":%u.0", i > 0 ? "," : "{",
		    n - 1 - i, n - 1 - i);
	}
	buf_adds(&up, "}");
	buf_adds(&down, "}");
	buf_addc(&up, '\0');
	buf_addc(&down, '\0');
	a = must((const char *)up.p);
	b = must((const char *)down.p);
	CHECK(json_equal(json_root(a), json_root(b)), "large, reversed");
	json_free(a);
	json_free(b);
	buf_free(&up);
	buf_free(&down);
}

static const struct {
	struct slice text;
	const char *json;
} quoted[] = {
	{TEXT(""), "\"\""}, {TEXT("abc"), "\"abc\""},
	{TEXT("\"\\/"), "\"\\\"\\\\/\""},
	{TEXT("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
	{TEXT("\0\x01\x1f\x7f"), "\"\\u0000\\u0001\\u001f\x7f\""},
	{TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	    "\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\""},
	{TEXT("a\xff" "b"), "\"a\xef\xbf\xbd" "b\""},
	{TEXT("\xe2\x82"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
	{TEXT("\xed\xa0\x80"), "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\""},
	{TEXT("\xc0\xaf"), "\"\xef\xbf\xbd\xef\xbf\xbd\""},
};

static const struct {
	const char *text, *compact, *pretty;
} printed[] = {
	{" 1.50 ", "1.50", "1.50"},
	{"\" a \\u0062 \\\" \"", "\" a \\u0062 \\\" \"",
	    "\" a \\u0062 \\\" \""},
	{"[ ]", "[]", "[]"},
	{"{\n}", "{}", "{}"},
	{"[ 1 , 2 ]", "[1,2]", "[\n  1,\n  2\n]"},
	{"[[],[ ],{ }]", "[[],[],{}]", "[\n  [],\n  [],\n  {}\n]"},
	{"{ \"b\" : 1e5 , \"a\" : [ true , null ] }",
	    "{\"b\":1e5,\"a\":[true,null]}",
	    "{\n  \"b\": 1e5,\n  \"a\": [\n    true,\n    null\n  ]\n}"},
	{"{\"a\":{\"b\":{}}}", "{\"a\":{\"b\":{}}}",
	    "{\n  \"a\": {\n    \"b\": {}\n  }\n}"},
	{"[\"[1, 2]\" , \"\\\\\" , \"x\"]", "[\"[1, 2]\",\"\\\\\",\"x\"]",
	    "[\n  \"[1, 2]\",\n  \"\\\\\",\n  \"x\"\n]"},
	{"\t[\r\n-1\t]\r\n", "[-1]", "[\n  -1\n]"},
};

static void
written(void)
{
	struct buf out = {0};
	struct json *j;
	size_t i;

	for (i = 0; i < sizeof quoted / sizeof *quoted; i++) {
		buf_cut(&out, 0);
		json_quote(quoted[i].text, &out);
		CHECK(slice_is(slice_buf(&out), quoted[i].json), "quoted %s",
		    quoted[i].json);
	}
	for (i = 0; i < sizeof printed / sizeof *printed; i++) {
		j = must(printed[i].text);
		buf_cut(&out, 0);
		json_compact(json_root(j), &out);
		CHECK(slice_is(slice_buf(&out), printed[i].compact),
		    "compact %s", printed[i].text);
		buf_cut(&out, 0);
		json_pretty(json_root(j), &out);
		CHECK(slice_is(slice_buf(&out), printed[i].pretty),
		    "pretty %s", printed[i].text);
		json_free(j);
	}
	j = must("{ \"a\" : [ 1 , {\"b\" : 2 } ] }");
	buf_cut(&out, 0);
	json_compact(json_get(json_root(j), "a"), &out);
	CHECK(slice_is(slice_buf(&out), "[1,{\"b\":2}]"), "a part, compact");
	buf_cut(&out, 0);
	json_pretty(json_at(json_get(json_root(j), "a"), 1), &out);
	CHECK(slice_is(slice_buf(&out), "{\n  \"b\": 2\n}"),
	    "a part, pretty");
	json_free(j);
	buf_free(&out);
}

int
main(void)
{
	access_by_name();
	nothing();
	in_order();
	kinds();
	texts();
	numbers();
	equality();
	large();
	written();
	return tap_done();
}

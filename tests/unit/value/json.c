/* What json_parse() takes and what it refuses, and where it says so. */
#include "value/json.h"

#include <stdlib.h>

#include "unit/tap.h"

#define TEXT(s) {(const uint8_t *)(s), sizeof(s) - 1}

static const struct slice accepted[] = {
	TEXT("0"), TEXT("-0"), TEXT("1"), TEXT("-1"), TEXT("10"),
	TEXT("0.0"), TEXT("-0.0"), TEXT("0e0"), TEXT("0E+0"), TEXT("0e-0"),
	TEXT("1.5"), TEXT("1e1"), TEXT("1E400"), TEXT("-1e-400"),
	TEXT("1.50e+007"), TEXT("123456789012345678901234567890"),
	TEXT("0.00000000000000000000000000000000000001"),
	TEXT("1e999999999999999999999"),
	TEXT("true"), TEXT("false"), TEXT("null"),
	TEXT("\"\""), TEXT("\"a\""), TEXT("\"\\\"\""), TEXT("\"\\\\\""),
	TEXT("\"\\/\\b\\f\\n\\r\\t\""), TEXT("\"\\u0000\""),
	TEXT("\"\\u00e9\\u00E9\""), TEXT("\"\\ud83d\\ude00\""),
	TEXT("\"\\uD800\\uDC00\""), TEXT("\"\\udbff\\udfff\""),
	TEXT("\"\\uffff\""), TEXT("\"\\ufdd0\\ufffe\""), TEXT("\"\\ue000\""),
	TEXT("\"\\ud7ff\""), TEXT("\"/\""), TEXT("\"\x7f\""),
	TEXT("\"\xc2\x80\""), TEXT("\"\xc3\xa9\""), TEXT("\"\xe2\x82\xac\""),
	TEXT("\"\xf0\x9f\x98\x80\""), TEXT("\"\xf4\x8f\xbf\xbf\""),
	TEXT("\"\xed\x9f\xbf\""), TEXT("\"\xee\x80\x80\""),
	TEXT("\"\xef\xbf\xbf\""), TEXT("\"\xef\xbb\xbf\""),
	TEXT("\"\xe0\xa0\x80\""), TEXT("\"\xf0\x90\x80\x80\""),
	TEXT("\"\xe2\x80\xa8\xe2\x80\xa9\""), TEXT("\"abcdefg\""),
	TEXT("\"abcdefgh\""), TEXT("\"abcdefghijklmnopq\""),
	TEXT("\"1234567\\n\""), TEXT("\"12345678\\n12345678\xc3\xa9\""),
	TEXT("[]"), TEXT("{}"), TEXT("[[]]"), TEXT("[{}]"), TEXT("[1]"),
	TEXT("[1,2]"), TEXT("[null,true,false,0,\"\",[],{}]"),
	TEXT("{\"a\":1}"), TEXT("{\"a\":1,\"b\":2}"), TEXT("{\"\":0}"),
	TEXT("{\"a\":{\"a\":{\"a\":1}}}"), TEXT("[{\"a\":1},{\"a\":1}]"),
	TEXT("{\"a\":1,\"A\":1}"), TEXT("{\"a\":1,\"a\\u0000\":1}"),
	TEXT("{\"a\":1,\"a \":1}"), TEXT("{\"\":1,\"\\u0000\":1}"),
	TEXT("{\"\xc3\xa9\":1,\"e\xcc\x81\":1}"),
	TEXT("{\"\\\\u0061\":1,\"a\":2}"),
	TEXT(" 1"), TEXT("1 "), TEXT("\t\r\n 1 \t\r\n"), TEXT("1\r\n"),
	TEXT(" [ 1 , 2 ] "), TEXT("{ \"a\" : 1 , \"b\" : [ ] }"),
	TEXT("[\n]"), TEXT("{\t}"), TEXT(" \"a\" "),
	TEXT("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22]"),
};

static const struct {
	struct slice text;
	const char *why;	/* what the message must hold */
} refused[] = {
	/* nothing, or cut short */
	{TEXT(""), "ends too early at offset 0"},
	{TEXT(" "), "ends too early at offset 1"},
	{TEXT("\n\n"), "ends too early at offset 2"},
	{TEXT("["), "ends too early at offset 1"},
	{TEXT("[1"), "ends too early at offset 2"},
	{TEXT("[1,"), "ends too early at offset 3"},
	{TEXT("[[1]"), "ends too early at offset 4"},
	{TEXT("{"), "ends too early at offset 1"},
	{TEXT("{\"a\""), "ends too early at offset 4"},
	{TEXT("{\"a\":"), "ends too early at offset 5"},
	{TEXT("{\"a\":1"), "ends too early at offset 6"},
	{TEXT("{\"a\":1,"), "ends too early at offset 7"},
	{TEXT("\""), "ends too early at offset 1"},
	{TEXT("\"abc"), "ends too early at offset 4"},
	{TEXT("\"abc\\"), "ends too early at offset 5"},
	{TEXT("\"abc\\\""), "ends too early at offset 6"},
	{TEXT("t"), "ends too early at offset 1"},
	{TEXT("tru"), "ends too early at offset 3"},
	{TEXT("-"), "ends too early at offset 1"},
	{TEXT("1."), "ends too early at offset 2"},
	{TEXT("1e"), "ends too early at offset 2"},
	{TEXT("1e+"), "ends too early at offset 3"},
	/* more than a value */
	{TEXT("1 2"), "text after the value at offset 2"},
	{TEXT("{} {}"), "text after the value at offset 3"},
	{TEXT("{}x"), "text after the value at offset 2"},
	{TEXT("{}{}"), "text after the value at offset 2"},
	{TEXT("[]]"), "text after the value at offset 2"},
	{TEXT("1,"), "text after the value at offset 1"},
	{TEXT("\"a\"\"b\""), "text after the value at offset 3"},
	{TEXT("1\0"), "text after the value at offset 1"},
	{TEXT("{}\0"), "text after the value at offset 2"},
	{TEXT("true1"), "text after the value at offset 4"},
	{TEXT("nullnull"), "text after the value at offset 4"},
	/* numbers: what libjq 1.6 and others let pass */
	{TEXT("01"), "leading zero at offset 1"},
	{TEXT("00"), "leading zero at offset 1"},
	{TEXT("-01"), "leading zero at offset 2"},
	{TEXT("0123"), "leading zero at offset 1"},
	{TEXT("+1"), "expected a value at offset 0"},
	{TEXT(".5"), "expected a value at offset 0"},
	{TEXT("-.5"), "expected a digit at offset 1"},
	{TEXT("1.e1"), "expected a digit at offset 2"},
	{TEXT("[1.]"), "expected a digit at offset 3"},
	{TEXT("[1e]"), "expected a digit at offset 3"},
	{TEXT("1e1.5"), "text after the value at offset 3"},
	{TEXT("1.2.3"), "text after the value at offset 3"},
	{TEXT("--1"), "expected a digit at offset 1"},
	{TEXT("- 1"), "expected a digit at offset 1"},
	{TEXT("0x10"), "text after the value at offset 1"},
	{TEXT("1_000"), "text after the value at offset 1"},
	{TEXT("1a"), "text after the value at offset 1"},
	{TEXT("[1 2]"), "expected a comma or ] at offset 3"},
	{TEXT("\xef\xbc\x91"), "expected a value at offset 0"},
	{TEXT("Infinity"), "expected a value at offset 0"},
	{TEXT("-Infinity"), "expected a digit at offset 1"},
	{TEXT("NaN"), "expected a value at offset 0"},
	{TEXT("-NaN"), "expected a digit at offset 1"},
	{TEXT("nan"), "unknown word at offset 0"},
	/* words */
	{TEXT("nul"), "ends too early at offset 3"},
	{TEXT("nulL"), "unknown word at offset 0"},
	{TEXT("True"), "expected a value at offset 0"},
	{TEXT("TRUE"), "expected a value at offset 0"},
	{TEXT("[fals]"), "unknown word at offset 1"},
	{TEXT("[nope]"), "unknown word at offset 1"},
	{TEXT("undefined"), "expected a value at offset 0"},
	{TEXT("a"), "expected a value at offset 0"},
	{TEXT("*"), "expected a value at offset 0"},
	/* arrays and objects */
	{TEXT("]"), "expected a value at offset 0"},
	{TEXT("}"), "expected a value at offset 0"},
	{TEXT("[,]"), "expected a value at offset 1"},
	{TEXT("[1,]"), "expected a value at offset 3"},
	{TEXT("[,1]"), "expected a value at offset 1"},
	{TEXT("[1,,2]"), "expected a value at offset 3"},
	{TEXT("[1}"), "expected a comma or ] at offset 2"},
	{TEXT("[1:2]"), "expected a comma or ] at offset 2"},
	{TEXT("[\"a\":1]"), "expected a comma or ] at offset 4"},
	{TEXT("{]"), "expected a name in quotes at offset 1"},
	{TEXT("{,}"), "expected a name in quotes at offset 1"},
	{TEXT("{1:2}"), "expected a name in quotes at offset 1"},
	{TEXT("{a:1}"), "expected a name in quotes at offset 1"},
	{TEXT("{'a':1}"), "expected a name in quotes at offset 1"},
	{TEXT("{null:1}"), "expected a name in quotes at offset 1"},
	{TEXT("{[]:1}"), "expected a name in quotes at offset 1"},
	{TEXT("{\"a\"}"), "expected a colon at offset 4"},
	{TEXT("{\"a\",1}"), "expected a colon at offset 4"},
	{TEXT("{\"a\" 1}"), "expected a colon at offset 5"},
	{TEXT("{\"a\":}"), "expected a value at offset 5"},
	{TEXT("{\"a\"::1}"), "expected a value at offset 5"},
	{TEXT("{\"a\":1,}"), "expected a name in quotes at offset 7"},
	{TEXT("{\"a\":1 \"b\":2}"), "expected a comma or } at offset 7"},
	{TEXT("{\"a\":1]"), "expected a comma or } at offset 6"},
	{TEXT("{\"a\":1;}"), "expected a comma or } at offset 6"},
	{TEXT("{\"a\":1:2}"), "expected a comma or } at offset 6"},
	/* comments and blanks that are none */
	{TEXT("/**/1"), "expected a value at offset 0"},
	{TEXT("[1/**/]"), "expected a comma or ] at offset 2"},
	{TEXT("// x\n1"), "expected a value at offset 0"},
	{TEXT("# x\n1"), "expected a value at offset 0"},
	{TEXT("\f1"), "expected a value at offset 0"},
	{TEXT("\v1"), "expected a value at offset 0"},
	{TEXT("\xc2\xa0" "1"), "expected a value at offset 0"},
	{TEXT("[\xe2\x80\x83]"), "expected a value at offset 1"},
	{TEXT("\xe2\x81\xa0[]"), "expected a value at offset 0"},
	{TEXT("\0" "1"), "expected a value at offset 0"},
	{TEXT("[\0]"), "expected a value at offset 1"},
	/* strings */
	{TEXT("'a'"), "expected a value at offset 0"},
	{TEXT("\"\x01\""), "control character in a string at offset 1"},
	{TEXT("\"a\0b\""), "control character in a string at offset 2"},
	{TEXT("\"\n\""), "control character in a string at offset 1"},
	{TEXT("\"\t\""), "control character in a string at offset 1"},
	{TEXT("\"12345678\x1f\""), "control character in a string at offset 9"},
	{TEXT("\"1234567890\r23456\""), "a string at offset 11"},
	{TEXT("\"\\a\""), "unknown escape at offset 1"},
	{TEXT("\"\\'\""), "unknown escape at offset 1"},
	{TEXT("\"\\0\""), "unknown escape at offset 1"},
	{TEXT("\"\\x41\""), "unknown escape at offset 1"},
	{TEXT("\"\\U0041\""), "unknown escape at offset 1"},
	{TEXT("\"\\\0\""), "unknown escape at offset 1"},
	{TEXT("\"\\\n\""), "unknown escape at offset 1"},
	{TEXT("\"\\\xc3\xa9\""), "unknown escape at offset 1"},
	{TEXT("\"\\u\""), "four hex digits after \\u at offset 1"},
	{TEXT("\"\\u12\""), "four hex digits after \\u at offset 1"},
	{TEXT("\"\\u123\""), "four hex digits after \\u at offset 1"},
	{TEXT("\"\\u12g4\""), "four hex digits after \\u at offset 1"},
	{TEXT("\"\\u 123\""), "four hex digits after \\u at offset 1"},
	{TEXT("\"\\u-123\""), "four hex digits after \\u at offset 1"},
	{TEXT("\"\\ud800\""), "lone surrogate at offset 1"},
	{TEXT("\"\\udbff\""), "lone surrogate at offset 1"},
	{TEXT("\"\\udc00\""), "lone surrogate at offset 1"},
	{TEXT("\"\\udfff\""), "lone surrogate at offset 1"},
	{TEXT("\"\\ud800a\""), "lone surrogate at offset 1"},
	{TEXT("\"\\ud800\\n\""), "lone surrogate at offset 1"},
	{TEXT("\"\\ud800\\u0041\""), "lone surrogate at offset 1"},
	{TEXT("\"\\ud800\\ud800\""), "lone surrogate at offset 1"},
	{TEXT("\"\\udc00\\ud800\""), "lone surrogate at offset 1"},
	{TEXT("\"\\ud83d\\ude0\""), "lone surrogate at offset 1"},
	{TEXT("\"\\ud83d\\ude00\\ude00\""), "lone surrogate at offset 13"},
	/* UTF-8 */
	{TEXT("\"\x80\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xbf\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xc0\x80\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xc1\xbf\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xc3\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xc3("), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xe2\x82\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xe0\x9f\xbf\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xed\xa0\x80\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xed\xbf\xbf\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xf0\x8f\xbf\xbf\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xf4\x90\x80\x80\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xf5\x80\x80\x80\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"\xff\""), "invalid UTF-8 at offset 1"},
	{TEXT("\"abc\xe9\""), "invalid UTF-8 at offset 4"},
	{TEXT("\"12345678\xe9 345678\""), "invalid UTF-8 at offset 9"},
	{TEXT("{\"\xff\":1}"), "invalid UTF-8 at offset 2"},
	{TEXT("\"\xc3"), "invalid UTF-8 at offset 1"},
	/* a mark in front, or two bytes a character */
	{TEXT("\xef\xbb\xbf{}"), "begins with a UTF-8 byte order mark"},
	{TEXT("\xff\xfe{\0}\0"), "begins with a UTF-16 byte order mark"},
	{TEXT("\xfe\xff\0{\0}"), "begins with a UTF-16 byte order mark"},
	{TEXT("{\0}\0"), "begins with UTF-16 text"},
	{TEXT("\0{\0}"), "begins with UTF-16 text"},
	{TEXT(" \xef\xbb\xbf{}"), "expected a value at offset 1"},
	/* names given twice */
	{TEXT("{\"a\":1,\"a\":2}"), "name given twice: \"a\" at offset 7"},
	{TEXT("{\"a\":1,\"a\":1}"), "given twice: \"a\" at offset 7"},
	{TEXT("{\"\":1,\"\":2}"), "given twice: \"\" at offset 6"},
	{TEXT("{\"a\":1,\"\\u0061\":2}"), "twice: \"\\u0061\" at offset 7"},
	{TEXT("{\"\\u0061\":1,\"a\":2}"), "given twice: \"a\" at offset 12"},
	{TEXT("{\"\\u0061\":1,\"\\u0061\":2}"), "given twice: \"\\u0061\""},
	{TEXT("{\"\\u00e9\":1,\"\xc3\xa9\":2}"), "given twice"},
	{TEXT("{\"\\u00e9\":1,\"\\u00E9\":2}"), "given twice"},
	{TEXT("{\"/\":1,\"\\/\":2}"), "given twice"},
	{TEXT("{\"\\n\":1,\"\\u000a\":2}"), "given twice"},
	{TEXT("{\"\\\"\":1,\"\\u0022\":2}"), "given twice"},
	{TEXT("{\"\\\\\":1,\"\\u005C\":2}"), "given twice"},
	{TEXT("{\"\\u0000\":1,\"\\u0000\":2}"), "given twice"},
	{TEXT("{\"\\ud83d\\ude00\":1,\"\xf0\x9f\x98\x80\":2}"), "given twice"},
	{TEXT("{\"b\":1,\"a\":{\"x\":1,\"y\":2,\"x\":3}}"), "at offset 24"},
	{TEXT("[[[{\"a\":1,\"b\":2,\"a\":3}]]]"), "twice: \"a\" at offset 16"},
	{TEXT("{\"a\":{},\"b\":[],\"a\":{}}"), "given twice: \"a\""},
};

static void
tables(void)
{
	struct json *j;
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof accepted / sizeof *accepted; i++) {
		e.text[0] = '\0';
		ret = json_parse(accepted[i], &j, &e);
		CHECK(ret == 0, "accepted %zu: %.*s %s", i,
		    (int)accepted[i].n, (const char *)accepted[i].p, e.text);
		if (ret == 0)
			json_free(j);
	}
	for (i = 0; i < sizeof refused / sizeof *refused; i++) {
		j = NULL;
		ret = json_parse(refused[i].text, &j, &e);
		CHECK(ret < 0 && j == NULL && e.code == E_INPUT &&
		    strncmp(e.text, "json: ", 6) == 0 &&
		    strstr(e.text, refused[i].why) != NULL,
		    "refused %zu: %s: %s", i, refused[i].why,
		    ret < 0 ? e.text : "taken");
	}
}

/* n times what, then tail, n times end. */
static int
nested(size_t n, const char *what, const char *tail, const char *end,
    struct err *e)
{
	struct buf b = {0};
	struct json *j;
	size_t i;
	int ret;

	for (i = 0; i < n; i++)
		buf_adds(&b, what);
	buf_adds(&b, tail);
	for (i = 0; i < n; i++)
		buf_adds(&b, end);
	if ((ret = json_parse(slice_buf(&b), &j, e)) == 0)
		json_free(j);
	buf_free(&b);
	return ret;
}

static void
depth(void)
{
	struct err e = {.code = E_OK};

	CHECK(nested(JSON_DEPTH_MAX, "[", "", "]", &e) == 0,
	    "arrays at the limit");
	CHECK(nested(JSON_DEPTH_MAX, "{\"a\":", "1", "}", &e) == 0,
	    "objects at the limit");
	CHECK(nested(JSON_DEPTH_MAX + 1, "[", "", "]", &e) < 0 &&
	    strcmp(e.text, "json: nested deeper than 64 at offset 64") == 0,
	    "arrays one past the limit");
	CHECK(nested(JSON_DEPTH_MAX + 1, "{\"a\":", "1", "}", &e) < 0 &&
	    strcmp(e.text, "json: nested deeper than 64 at offset 320") == 0,
	    "objects one past the limit");
	CHECK(nested(20000, "[", "", "]", &e) < 0 && e.code == E_INPUT,
	    "arrays 20,000 deep");
	CHECK(nested(20000, "[{\"a\":", "1", "}]", &e) < 0,
	    "both 40,000 deep");
	CHECK(nested(20000, "[", "", "", &e) < 0, "never closed");
	CHECK(nested(200000, "[],", "", "", &e) < 0, "many, not deep");
}

/* An object of n names made by fmt; twice is repeated at the end. */
static int
many(const char *form, unsigned n, const char *twice, struct err *e)
{
	struct buf b = {0};
	struct json *j = NULL;
	unsigned i;
	int ret;

	buf_addc(&b, '{');
	for (i = 0; i < n; i++) {
		buf_addf(&b, "\"%s%06u\":0,", form, i);
		if (i % 3 == 0)
			buf_adds(&b, " ");
	}
	buf_addf(&b, "\"%s\":0}", twice);
	if ((ret = json_parse(slice_buf(&b), &j, e)) == 0)
		json_free(j);
	buf_free(&b);
	return ret;
}

static void
names(void)
{
	static const unsigned counts[] = {1, 2, 15, 16, 17, 100, 5000, 300000};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof counts / sizeof *counts; i++) {
		CHECK(many("k", counts[i], "z", &e) == 0,
		    "%u names", counts[i]);
		CHECK(many("k", counts[i], "k000000", &e) < 0 &&
		    strstr(e.text, "twice: \"k000000\"") != NULL,
		    "%u names, the first again", counts[i]);
		CHECK(many("k", counts[i], "\\u006b000000", &e) < 0,
		    "%u names, the first again, escaped", counts[i]);
		CHECK(many("\\u006b", counts[i], "k000000", &e) < 0,
		    "%u escaped names, the first again", counts[i]);
	}
}

/* Blocks that take FNV-1a from one state to the same next one: names of one
 * block a row, all 2^14 of them, have one hash. */
static void
collisions(void)
{
	static const char *const rows[][2] = {
		{"kvnirbo", "oqdozrz"}, {"utewuio", "ynzwogv"},
		{"fmxofny", "cfwjidl"}, {"mttiivf", "ovwwajc"},
		{"mbzwvmm", "ykikeda"}, {"zaqxvof", "aeicffo"},
		{"glbgglr", "zkyobtt"}, {"kaduvng", "yaxztka"},
		{"jsjwdut", "qnokkaz"}, {"qxpwmtj", "bschnsx"},
		{"flajsmy", "qlrzidl"}, {"mvfimnu", "ptqrnuf"},
		{"jmhcqif", "rzcrghf"}, {"nmlloij", "louukzi"},
	};
	const unsigned n = sizeof rows / sizeof *rows;
	struct buf b = {0};
	struct json *j;
	struct err e;
	unsigned i, k;

	buf_addc(&b, '{');
	for (i = 0; i < 1u << n; i++) {
		buf_adds(&b, i > 0 ? ",\"" : "\"");
		for (k = 0; k < n; k++)
			buf_adds(&b, rows[k][i >> k & 1]);
		buf_adds(&b, "\":0");
	}
	buf_addc(&b, '}');
	if (CHECK(json_parse(slice_buf(&b), &j, &e) == 0, "one hash")) {
		CHECK(json_count(json_root(j)) == 1u << n, "all counted");
		json_free(j);
	}
	buf_cut(&b, b.n - 1);
	buf_adds(&b, ",\"");
	for (k = 0; k < n; k++)
		buf_adds(&b, rows[k][k & 1]);
	buf_adds(&b, "\":0}");
	CHECK(json_parse(slice_buf(&b), &j, &e) < 0 &&
	    strstr(e.text, "name given twice") != NULL,
	    "one of them again");
	buf_free(&b);
}

static void
limits(void)
{
	struct buf b = {0};
	struct json *j;
	struct err e;
	size_t i;

	/* the array itself is one of the values */
	buf_addc(&b, '[');
	for (i = 1; i < JSON_NODES_MAX; i++)
		buf_adds(&b, i > 1 ? ",0" : "0");
	buf_addc(&b, ']');
	if (CHECK(json_parse(slice_buf(&b), &j, &e) == 0, "nodes at limit")) {
		CHECK(json_count(json_root(j)) == JSON_NODES_MAX - 1,
		    "all of them counted");
		json_free(j);
	}
	buf_cut(&b, b.n - 1);
	buf_adds(&b, ",0]");
	CHECK(json_parse(slice_buf(&b), &j, &e) < 0 && e.code == E_INPUT &&
	    strstr(e.text, "more than 4194304 values and names at") != NULL,
	    "nodes one past the limit");
	buf_free(&b);
}

/* Whatever is cut off a good text is refused or whole: no read past the end
 * (each copy has its own allocation, for the sanitizer). */
static void
every_cut(void)
{
	static const char text[] = "{\"a\":[1.5e+3,true,null,"
	    "\"x\\u00e9\\n\\ud83d\\ude00 \xe2\x82\xac\"],"
	    "\"b\":{\"\\u0061\":false}}";
	struct json *j;
	struct err e;
	size_t n, good = 0;
	char *copy;

	for (n = 0; n < sizeof text; n++) {
		/* not slice_dup(), which adds a NUL */
		if ((copy = malloc(n > 0 ? n : 1)) == NULL)
			err_nomem();
		memcpy(copy, text, n);
		if (json_parse(slice_of(copy, n), &j, &e) == 0) {
			good++;
			json_free(j);
		}
		free(copy);
	}
	CHECK(good == 1, "of all heads only the whole is a value");
}

/* The ith name as it is written; some have an escape, some an equal hash. */
static void
nth(int i, bool written, struct buf *out)
{
	static const char *const equal[] = {"costarring", "liquid",
	    "declinate", "macallums", "altarage", "zinke"};

	buf_cut(out, 0);
	if (i < 6)
		buf_adds(out, equal[i]);
	else if (i % 3 == 0)
		buf_addf(out, written ? "\\u006e\\u00e9%d" : "n\303\251%d", i);
	else
		buf_addf(out, "n%d", i);
}

/* An object with n names: each is found, at its value, and no other is. */
static void
found(int n)
{
	struct buf text = {0}, name = {0};
	struct json *j = NULL;
	struct json_val outer, v;
	struct err e;
	int64_t got;
	int i;

	for (i = 0; i < n; i++) {
		nth(i, true, &name);
		buf_addf(&text, "%s\"%.*s\": %d", i > 0 ? "," : "",
		    (int)name.n, (const char *)name.p, i);
	}
	buf_cut(&name, 0);
	/* twice, in each other and behind each other */
	buf_addf(&name, "{\"a\":{\"in\":{%.*s},%.*s},\"b\":{%.*s}}",
	    (int)text.n, (const char *)text.p, (int)text.n,
	    (const char *)text.p, (int)text.n, (const char *)text.p);
	CHECK(json_parse(slice_buf(&name), &j, &e) == 0, "%d: %s", n, e.text);
	buf_cut(&text, 0);
	for (i = 0; j != NULL && i < n + 2; i++) {
		nth(i, false, &text);
		outer = json_get(json_root(j), i % 2 == 0 ? "a" : "b");
		if (i % 4 == 0)
			outer = json_get(outer, "in");
		v = json_get_s(outer, slice_buf(&text));
		if (i >= n ? json_has(v) : !json_int(v, &got) || got != i)
			CHECK(false, "%d of %d", i, n);
	}
	CHECK(!json_has(json_get(json_root(j), "c")) &&
	    !json_has(json_get(json_get(json_root(j), "b"), "")), "%d", n);
	json_free(j);
	buf_free(&text);
	buf_free(&name);
}

int
main(void)
{
	found(20);
	found(63);
	found(64);
	found(65);
	found(3000);
	tables();
	depth();
	names();
	collisions();
	limits();
	every_cut();
	json_free(NULL);
	return tap_done();
}

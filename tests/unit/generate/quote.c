/* JSON as Python writes it: numbers, strings, and values put into others. */
#include "generate/quote.h"

#include "unit/tap.h"

/* What json.dumps(json.loads(in)) gives. */
static const struct {
	const char *in, *want;
} rows[] = {
	{"1.5", "1.5"},
	{"1e5", "100000.0"},
	{"1e16", "1e+16"},
	{"123456789012345678.0", "1.2345678901234568e+17"},
	{"1e-5", "1e-05"},
	{"0.0001", "0.0001"},
	{"-0", "0"},
	{"-0.0", "-0.0"},
	{"1.10", "1.1"},
	{"5e-324", "5e-324"},
	{"1e22", "1e+22"},
	{"0.1", "0.1"},
	{"100", "100"},
	{"12345678901234567890", "12345678901234567890"},
	{"1E2", "100.0"},
	{"0e0", "0.0"},
	{"9007199254740993.0", "9007199254740992.0"},
	{"1.7976931348623157e308", "1.7976931348623157e+308"},
	{"123.456e3", "123456.0"},
	{"-1.25E-7", "-1.25e-07"},
	{"1e400", NULL},
	{"[ ]", "[]"},
	{"{ }", "{}"},
	{"\"\\b\\f\\n\\r\\t\\\"\\\\\\u001f\"",
	    "\"\\b\\f\\n\\r\\t\\\"\\\\\\u001f\""},
	{"\"\xc3\xa9\xf0\x9f\x98\x80\"", "\"\\u00e9\\ud83d\\ude00\""},
};

static void
check_row(const char *in, const char *want)
{
	struct buf out = {0};
	struct json *doc = NULL;
	struct err e = {0};
	int ret;

	ret = json_parse(slice_str(in), &doc, &e);
	if (ret == 0)
		ret = quote_json(json_root(doc), QUOTE_COMPACT, &out, &e);
	if (want == NULL)
		CHECK(ret < 0 && e.code == E_INPUT, "%s refused", in);
	else
		CHECK(ret == 0 && slice_is(slice_buf(&out), want), "%s: %.*s",
		    in, (int)out.n, (const char *)out.p);
	json_free(doc);
	buf_free(&out);
}

/* A value replaced, a member and an object put behind others. */
static void
test_edits(void)
{
	static const char in[] = "{\"a\":{\"x\":1},\"b\":\"old\",\"c\":{}}";
	static const char want[] = "{\n  \"a\": {\n    \"x\": 1,\n"
	    "    \"n\": \"new\"\n  },\n  \"b\": \"VV\",\n  \"c\": {\n"
	    "    \"o\": {\n      \"n\": \"W\"\n    }\n  }\n}";
	struct quote_edit edit[3] = {{.name = "n"}, {.name = NULL},
	    {.outer = "o", .name = "n"}};
	struct buf out = {0};
	struct json *doc = NULL;
	struct err e = {0};

	CHECK(json_parse(slice_str(in), &doc, &e) == 0, "parses");
	edit[0].at = json_get(json_root(doc), "a");
	edit[0].value = slice_str("new");
	edit[1].at = json_get(json_root(doc), "b");
	edit[1].value = slice_str("VV");
	edit[2].at = json_get(json_root(doc), "c");
	edit[2].value = slice_str("W");
	CHECK(quote_json_edited(json_root(doc), edit, 3, &out, &e) == 0 &&
	    slice_is(slice_buf(&out), want), "three edits: %.*s", (int)out.n,
	    (const char *)out.p);
	json_free(doc);
	buf_free(&out);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(rows[i].in, rows[i].want);
	test_edits();
	return tap_done();
}

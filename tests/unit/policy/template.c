/* What the expressions of a template come to, and what is not guessed. */
#include "policy/template.h"

#include <stdlib.h>

#include "unit/tap.h"

/* The template that the expressions stand in: the member "at". */
static const char form[] = "{\"parameters\":{"
    "\"s\":{\"defaultValue\":\"Text\"},"
    "\"n\":{\"defaultValue\":7},"
    "\"b\":{\"defaultValue\":true},"
    "\"none\":{},\"nil\":{\"defaultValue\":null},\"vault\":{},"
    "\"list\":{\"defaultValue\":[\"[parameters('s')]\",\"two\"]},"
    "\"raw\":{\"defaultValue\":\"x\"}},"
    "\"variables\":{\"copy\":[{\"name\":\"three\",\"count\":3,"
    "\"input\":\"[concat('v', copyIndex('three'))]\"}],"
    "\"o\":{\"k\":{\"in\":\"[variables('V')]\"}},\"v\":\"val\","
    "\"w\":\"a\",\"W\":\"b\",\"open\":\"[if(parameters('b'),'\"},"
    "\"at\":%s}";
static const char given[] = "{\"parameters\":{"
    "\"vault\":{\"reference\":{\"keyVault\":{}}},"
    "\"raw\":{\"value\":\"[concat('not', 'this')]\"}}}";

struct row {
	const char *in;		/* JSON */
	const char *want;	/* the text; or ! and how the failure begins */
	bool unset;
};

static const struct row rows[] = {
	{"\"plain\"", "plain", false},
	{"\"[[literal]\"", "[literal]", false},
	{"\"[\"", "[", false},
	{"\"[parameters('s')]\"", "Text", false},
	{"\"[ PARAMETERS ( 'S' ) ]\"", "Text", false},
	{"\"[string(parameters('n'))]\"", "7", false},
	{"\"[string(parameters('b'))]\"", "True", false},
	{"\"[string(parameters('list'))]\"", "[\"Text\",\"two\"]", false},
	{"\"[string(variables('o'))]\"", "{\"k\":{\"in\":\"val\"}}", false},
	{"\"[string(null())]\"", "!string() of null", false},
	{"\"[parameters('raw')]\"", "[concat('not', 'this')]", false},
	{"\"[concat('a', parameters('n'), '-', parameters('s'))]\"", "a7-Text",
	    false},
	{"\"[concat(parameters('list'), createArray('3'))[2]]\"", "3", false},
	{"\"[concat(parameters('list'), 'x')]\"", "!concat() of a string",
	    false},
	{"\"[concat()]\"", "!function 'concat' has another number", false},
	{"\"[format('{0}-{1}{{}}', parameters('s'), 12)]\"", "Text-12{}",
	    false},
	{"\"[format('{0:X2}', 12)]\"", "!format(): '{' before '0:X2}'", false},
	{"\"[format('{1}', 12)]\"", "!format(): no argument {1}", false},
	{"\"[format('}')]\"", "!format(): a '}' alone", false},
	{"\"[format('{0')]\"", "!format(): '{' before '0'", false},
	{"\"[if(equals(1, 1), 'y', reference('x').y)]\"", "y", false},
	{"\"[if(false(), unknown(1, 'b', c()[1].d), 'n')]\"", "n", false},
	{"\"[if(true(), unknown(), 'n')]\"", "!function 'unknown' is not",
	    false},
	{"\"[if('true', 'y', 'n')]\"", "!if() of a string", false},
	{"\"[if(true(), 'y')]\"", "!function 'if' has another number", false},
	{"\"[if(equals('A', 'a'), 'same', 'other')]\"", "other", false},
	{"\"[if(equals(parameters('list'), createArray('Text', 'two')), 'y', "
	    "'n')]\"", "y", false},
	{"\"[if(and(true(), not(false())), 'y', 'n')]\"", "y", false},
	{"\"[if(or(false(), false()), 'y', 'n')]\"", "n", false},
	{"\"[toLower(concat('AB', 'c'))]\"", "abc", false},
	{"\"[toUpper('aBc1')]\"", "ABC1", false},
	{"\"[toLower('\\u00c4')]\"", "!toLower() of text beyond ASCII", false},
	{"\"[base64('a')]\"", "YQ==", false},
	{"\"[base64(7)]\"", "!base64() of a number", false},
	{"\"[coalesce(parameters('nil'), parameters('s'), unknown())]\"",
	    "Text", false},
	{"\"[coalesce(null(), null())]\"", "!the expression gives null", false},
	{"\"[join(parameters('list'), ' && ')]\"", "Text && two", false},
	{"\"[join('a', ',')]\"", "!join() of a string", false},
	{"\"[variables('three')[2]]\"", "v2", false},
	{"\"[variables('three')[3]]\"", "!expression: '3' is not in", false},
	{"\"[variables('three')[sub(1,1)]]\"", "!function 'sub' is not", false},
	{"\"[join(variables('three'), ',')]\"", "v0,v1,v2", false},
	{"\"[variables('o').k.in]\"", "val", false},
	{"\"[variables('o')['k']['in']]\"", "val", false},
	{"\"[variables('o').j]\"", "!expression: 'j' is not in", false},
	{"\"['text'.length]\"", "!expression: a name or an index", false},
	{"\"[variables('w')]\"", "!two members of one object are named 'w'",
	    false},
	{"\"[parameters('none')]\"", "!parameter 'none' has no value here",
	    true},
	{"\"[concat('x', parameters('vault'))]\"",
	    "!parameter 'vault' is a secret", true},
	{"\"[parameters('gone')]\"", "!parameter 'gone' is not declared",
	    false},
	{"\"[variables('gone')]\"", "!variable 'gone' is not defined", false},
	{"\"[resourceGroup().location]\"", "!function 'resourceGroup' is not",
	    false},
	{"\"[copyIndex()]\"", "!copyIndex() outside of its loop", false},
	{"\"[string(-7)]\"", "-7", false},
	{"\"[string(007)]\"", "!json", false},
	{"\"[string(7x)]\"", "!expression: '7x' is no number", false},
	{"\"[parameters('s')\"", "[parameters('s')", false},
	{"\"[parameters('s'), 'x']\"", "!expression: ', 'x'' is not", false},
	{"\"[variables('open')]\"", "[if(parameters('b'),'", false},
	{"\"[concat('a' 'b')]\"", "!expression: ')' expected before ''b')'",
	    false},
	{"\"[]\"", "!expression: a function expected before ''", false},
	{"7", "!the expression gives a number", false},
};

static void
check_row(const struct row *r)
{
	struct buf text = {0}, out = {0};
	struct json *doc, *file;
	struct template *t;
	struct err e = {0};
	int ret;

	buf_addf(&text, form, r->in);
	if (json_parse(slice_buf(&text), &doc, &e) < 0 ||
	    json_parse(slice_str(given), &file, &e) < 0) {
		CHECK(false, "%s: %s", r->in, e.text);
		buf_free(&text);
		return;
	}
	t = template_new(json_root(file));
	ret = template_string(t, arm_of(json_get(json_root(doc), "at")), &out,
	    &e);
	if (r->want[0] == '!')
		CHECK(ret < 0 && out.n == 0 && e.code == E_INPUT &&
		    strncmp(e.text, r->want + 1, strlen(r->want + 1)) == 0 &&
		    template_unset(t) == r->unset, "%s: %s", r->in, e.text);
	else
		CHECK(ret == 0 && slice_is(slice_buf(&out), r->want),
		    "%s: %s%.*s", r->in, ret < 0 ? e.text : "", (int)out.n,
		    (const char *)out.p);
	template_free(t);
	json_free(file);
	json_free(doc);
	buf_free(&text);
	buf_free(&out);
}

/* A value of few bytes that takes more steps than anybody has. */
static void
test_bomb(void)
{
	struct buf text = {0}, out = {0};
	struct template *t = template_new((struct json_val){0});
	struct json *doc = NULL;
	struct err e = {0};
	int i;

	buf_adds(&text, "{\"variables\":{\"v0\":\"\"");
	for (i = 1; i < 11; i++)
		buf_addf(&text, ",\"v%d\":\"[concat(variables('v%d'),"
		    "variables('v%d'),variables('v%d'),variables('v%d'),"
		    "variables('v%d'),variables('v%d'),variables('v%d'),"
		    "variables('v%d'))]\"", i, i - 1, i - 1, i - 1, i - 1,
		    i - 1, i - 1, i - 1, i - 1);
	buf_adds(&text, "},\"at\":\"[variables('v10')]\"}");
	CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "parses");
	CHECK(template_string(t, arm_of(json_get(json_root(doc), "at")), &out,
	    &e) < 0 && strstr(e.text, "too many steps") != NULL,
	    "too many steps: %s", e.text);
	json_free(doc);
	template_free(t);
	t = template_new((struct json_val){0});
	buf_cut(&text, 0);
	buf_adds(&text, "[\"[");
	for (i = 0; i < 100000; i++)
		buf_adds(&text, i % 2 == 0 ? "'a'[" : "a(");
	buf_adds(&text, "]\"]");
	CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "parses");
	CHECK(template_string(t, arm_of(json_at(json_root(doc), 0)), &out,
	    &e) < 0, "brackets in brackets: %s", e.text);
	json_free(doc);
	template_free(t);
	buf_free(&text);
	buf_free(&out);
}

/* Members that a loop makes, and lists that are expressions. */
static void
test_items(void)
{
	static const char text[] = "{\"variables\":{\"l\":[\"x\",\"y\"]},"
	    "\"p\":{\"copy\":[{\"name\":\"made\",\"count\":2,\"input\":"
	    "{\"n\":\"[copyIndex('made', 5)]\"}}],"
	    "\"list\":\"[variables('l')]\"}}";
	struct template *t = template_new((struct json_val){0});
	struct template_items it;
	struct json *doc = NULL;
	struct err e = {0};
	struct arm p, list, v, n;
	int64_t number = 0;
	size_t count = 0;
	int ret;

	CHECK(json_parse(slice_str(text), &doc, &e) == 0, "parses");
	p = arm_of(json_get(json_root(doc), "p"));
	CHECK(template_get(t, p, "made", &list, &e) == 0 && list.copied,
	    "a member that a loop makes");
	it = (struct template_items){.list = list};
	while ((ret = template_item(t, &it, &v, &e)) > 0) {
		CHECK(template_get(t, v, "n", &n, &e) == 0 &&
		    json_int(n.v, &number) && number == (int64_t)(5 + count),
		    "its turn %zu", count);
		count++;
	}
	CHECK(ret == 0 && count == 2, "two turns");
	CHECK(template_get(t, p, "LIST", &list, &e) == 0 &&
	    json_is(list.v, JSON_ARRAY), "a list that is an expression");
	it = (struct template_items){.list = list};
	for (count = 0; template_item(t, &it, &v, &e) > 0; count++)
		CHECK(json_text_is(v.v, count == 0 ? "x" : "y"), "its element");
	CHECK(count == 2, "two elements");
	CHECK(template_get(t, p, "absent", &v, &e) == 0 && !json_has(v.v),
	    "no member");
	json_free(doc);
	template_free(t);
}

/* What is refused for where it stands: whole templates, of which "at" is asked
 * for. */
static const struct row wholes[] = {
	{"{\"variables\":{\"copy\":[{\"name\":\"l\",\"count\":\"2\","
	    "\"input\":\"x\"}]},\"at\":\"[variables('l')[0]]\"}",
	    "!copy: the count is a string, not a whole number", false},
	{"{\"variables\":{\"copy\":[{\"name\":\"l\",\"count\":2}]},"
	    "\"at\":\"[variables('l')[0]]\"}",
	    "!copy: a loop without an input", false},
	{"{\"variables\":{\"d\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]},"
	    "\"at\":\"[string(variables('d'))]\"}",
	    "!a value that is too large", false},
};

static void
check_whole(const struct row *r)
{
	struct template *t = template_new((struct json_val){0});
	struct json *doc = NULL;
	struct buf out = {0};
	struct err e = {0};

	CHECK(json_parse(slice_str(r->in), &doc, &e) == 0, "parses");
	CHECK(template_string(t, arm_of(json_get(json_root(doc), "at")), &out,
	    &e) < 0 && e.code == E_INPUT && strcmp(e.text,
	    r->want + 1) == 0, "%s: %s", r->in, e.text);
	buf_free(&out);
	json_free(doc);
	template_free(t);
}

/* An expression whose arguments are each in another's, n of them. */
static void
check_nested(size_t n, bool good)
{
	struct template *t = template_new((struct json_val){0});
	struct buf text = {0}, out = {0};
	struct json *doc = NULL;
	struct err e = {0};
	size_t i;
	int ret;

	buf_adds(&text, "[\"[");
	for (i = 1; i < n; i++)
		buf_adds(&text, "string(");
	buf_adds(&text, "'x'");
	for (i = 1; i < n; i++)
		buf_addc(&text, ')');
	buf_adds(&text, "]\"]");
	CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "parses");
	ret = template_string(t, arm_of(json_at(json_root(doc), 0)), &out, &e);
	CHECK(good ? ret == 0 && slice_is(slice_buf(&out), "x") :
	    ret < 0 && e.code == E_INPUT && strcmp(e.text,
	    "expressions in expressions, more than 128") == 0,
	    "%zu in each other: %s", n, ret < 0 ? e.text : "taken");
	json_free(doc);
	template_free(t);
	buf_free(&text);
	buf_free(&out);
}

/* More than 32 MiB, of 1 MiB in "b", wherever they come to be. */
static void
check_large(const char *name, const char *end, int n, const char *want)
{
	struct template *t = template_new((struct json_val){0});
	struct buf text = {0}, out = {0};
	struct json *doc = NULL;
	struct err e = {0};
	int i, ret;

	buf_adds(&text, "{\"variables\":{\"b\":\"");
	memset(buf_more(&text, 1 << 20), 'x', 1 << 20);
	buf_addf(&text, "\"},\"at\":\"[%s(", name);
	for (i = 0; i < n; i++)
		buf_addf(&text, "%svariables('b')", i > 0 ? "," : "");
	buf_addf(&text, "%s]\"}", end);
	CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "parses");
	ret = template_string(t, arm_of(json_get(json_root(doc), "at")), &out,
	    &e);
	CHECK(want == NULL ? ret == 0 : ret < 0 && e.code == E_INPUT &&
	    strcmp(e.text, want) == 0, "%s() of %d MiB: %s", name, n,
	    ret < 0 ? e.text : "taken");
	json_free(doc);
	template_free(t);
	buf_free(&text);
	buf_free(&out);
}

static void
test_limits(void)
{
	static const char string[] = "a string of more than 33554432 bytes";

	check_nested(128, true);
	check_nested(129, false);
	check_large("concat", ")", 32, NULL);
	check_large("concat", ")", 33, string);
	check_large("base64(concat", "))", 23, NULL);
	check_large("base64(concat", "))", 25, string);
	check_large("createArray", ")[0]", 31, NULL);
	check_large("createArray", ")[0]", 33,
	    "a value of more than 33554432 bytes");
}

/* How many turns loops in loops take; too many are refused. */
static void
check_turns(int outer, int inner, size_t want)
{
	struct template *t = template_new((struct json_val){0});
	struct json_val v;
	struct buf text = {0};
	struct json *doc = NULL;
	struct err e = {0};
	size_t n = 0;
	int ret;

	buf_addf(&text, "{\"copy\":{\"name\":\"o\",\"count\":%d},"
	    "\"in\":{\"copy\":{\"name\":\"i\",\"count\":%d}}}", outer, inner);
	CHECK(json_parse(slice_buf(&text), &doc, &e) == 0, "parses");
	v = json_get(json_root(doc), "in");
	ret = template_turns(t, v, &n, &e);
	CHECK(want > 0 ? ret == 0 && n == want : ret < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "copy: loops in loops of too "
	    "many turns") == 0, "%d turns of %d: %s", outer, inner,
	    ret < 0 ? e.text : "taken");
	json_free(doc);
	template_free(t);
	buf_free(&text);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
	for (i = 0; i < sizeof wholes / sizeof *wholes; i++)
		check_whole(&wholes[i]);
	test_bomb();
	test_items();
	test_limits();
	check_turns(100, 800, 80000);
	check_turns(101, 800, 0);
	return tap_done();
}

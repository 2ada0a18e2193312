/* jq programs: which words are refused, and what the others print. */
#include "value/filter.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/io.h"
#include "unit/tap.h"

/* Refused by the scan, with the word in the message. */
static const struct {
	const char *program, *why;
} refused[] = {
	{"env", "env is not available"}, {" env ", "env"},
	{"env.PATH", "env"}, {"env|keys", "env"}, {".a|env", "env"},
	{"(env)", "env"}, {"[env]", "env"}, {"{a:env}", "env"},
	{"{a: env, b: 1}", "env"}, {"{(env|keys[0]): 1}", "env"},
	{"$ENV", "$ENV is not available"}, {"$ENV.PATH", "$ENV"},
	{"$ ENV", "$ENV"}, {"$\n# x\n ENV", "$ENV"}, {"{a:$ENV}", "$ENV"},
	{"{$ENV}", "$ENV"}, {"[$ENV]", "$ENV"}, {"ENV", "ENV"},
	{"$__prog_args", "$__prog_args"},
	{"input", "input"}, {"[inputs]", "inputs"}, {"_input", "_input"},
	{"[limit(1;input)]", "input"}, {"first(inputs)", "inputs"},
	{"input_filename", "input_filename"},
	{"input_line_number", "input_line_number"},
	{"debug", "debug"}, {".|debug|.", "debug"}, {"debug(1)", "debug"},
	{"stderr", "stderr"}, {"halt", "halt"}, {"halt_error", "halt_error"},
	{"halt_error(1)", "halt_error"}, {"\"a\"|halt_error", "halt_error"},
	{"\"a\"|modulemeta", "modulemeta"},
	{"get_search_list", "get_search_list"},
	{"get_jq_origin", "get_jq_origin"},
	{"get_prog_origin", "get_prog_origin"},
	{"import \"a\" as a; .", "import"}, {"include \"a\"; .", "include"},
	{"import \"a\" as $a; .", "import"},
	{"# x\nimport \"a\" as a;", "import"},
	{"def env: 1; env", "env"}, {"def f(input): input; f(1)", "input"},
	/* in strings that are none */
	{"\"\\(env)\"", "env"}, {"\"a\\(1)b\\(env)c\"", "env"},
	{"\"\\(\"\\(env)\")\"", "env"}, {"\"\\(\"x\"|env)\"", "env"},
	{"\"\\((1)|env)\"", "env"}, {"@json \"\\(env)\"", "env"},
	{"@text\"\\($ENV)\"", "$ENV"}, {"\"\\\\\\(env)\"", "env"},
	{"\"\\u0041\\(env)\"", "env"}, {"\"\\n\\(env)\"", "env"},
	{"\"\\\"\\(env)\"", "env"}, {"\"x\"\nenv", "env"}, {"\"\"env", "env"},
	{"{\"\\(env)\": 1}", "env"}, {".\"\\(env)\"", "env"},
	{".[\"\\(env)\"]", "env"}, {"\"# \\(env)\"", "env"},
	/* a colon that makes no member */
	{".[env:2]", "env"}, {".[1:env]", "env"}, {"{a: .[env:2]}", "env"},
	{"{a: [.[0,env:1]]}", "env"}, {"{a: (1, env)}", "env"},
	{"{a: if . then 1, env else 2 end}", "env"},
	{"{a: if . then 1, env, 2 else 3 end}", "env"},
	{"{env}", "env"}, {"{env, a}", "env"}, {"{env::x: 1}", "env"},
	{"[{a: 1}, env]", "env"}, {"{a: 1}|env", "env"},
	/* a field that is none */
	{". env", "env"}, {"..env", "env"}, {"..|env", "env"},
	{".,env", "env"}, {"1.env", "env"}, {"1..env", "dots"},
	{".5env", "env"}, {".5.env", "dots"}, {"1..env", "dots"},
	{"1e+5env", "env"}, {"1eenv|env", "env"}, {"a::env", "env"},
	{"env::a", "env"}, {".a::env", "env"}, {"?//env", "env"},
	{".[0]env", "env"}, {".a env", "env"}, {"-env", "env"},
	/* comments */
	{"# \"\nenv", "env"}, {"#\nenv", "env"}, {"1 # x\n|env # y", "env"},
	{"\"#\"|env", "env"}, {"\"\\(1 # \"\n)\"|env", "env"},
	{"# a \\\n env", "comment"}, {"# \\\n \"\nenv \"", "comment"},
	{"# a\renv", "comment"}, {"# a\\", "comment"},
	/* what does not end */
	{"\"", "a string does not end"}, {"\"abc\\", "a string does not end"},
	{"\"\\(1", "a bracket is not closed"}, {"(", "is not closed"},
	{"[1", "is not closed"}, {"{", "is not closed"},
	/* where only brackets tell what is tried */
	{"try -1", "put brackets around what try tries"},
	{"try try 1", "brackets"}, {"try reduce 1 as $x (0;.)", "brackets"},
	{"try def f: 1; f", "brackets"}, {"try label $f|1", "brackets"},
	{"try 1 as $x|$x", "brackets"}, {"try", "brackets"},
	{"try 1 catch -1", "put brackets around what catch does"},
	{"reduce 1 as $x (0;.)?", "put brackets around what ? follows"},
	{"_teeutils_error(null)", "_teeutils_error is not available"},
	{"_teeutils_in", "_teeutils_in"}, {"_teeutils_out(1)", "_teeutils_out"},
	/* what versions read in different ways */
	{"...env", "too many dots"}, {"1..b", "too many dots"},
	{"1.2.3", "too many dots"}, {"..5", "too many dots"},
	{".5.a", "too many dots"}, {"1 as $a|$$$$a", "$ behind $"},
	{"1 as $a|$ $a", "$ behind $"}, {"$$ENV", "$ behind $"},
	{"{$ENV: 1}", "$ENV"}, {"{$__prog_args}", "$__prog_args"},
	{". as {$ENV} | 1", "$ENV"}, {"debug(\"x\")", "debug"},
	{"$_teeutils_numbers", "not available"},
	{". as [$_teeutils_value]|1", "not available"},
	{"1e400", "1e400 is no number for libjq"}, {"0.1e-400", "no number"},
	{")", "brackets do not match"}, {"(]", "brackets do not match"},
	{"[)", "brackets do not match"}, {"{]", "brackets do not match"},
	{"\"\\(1]\"", "brackets do not match"}, {"}", "do not match"},
};

static int
run_f(struct filter *f, const char *json, bool raw, struct buf *out,
    struct err *e)
{
	struct json *j;
	int ret;

	if (json_parse(slice_str(json), &j, e) < 0)
		return -1;
	ret = filter_run(f, json_root(j), raw, out, e);
	json_free(j);
	return ret;
}

static int
true_f(struct filter *f, const char *json, struct err *e)
{
	struct json *j;
	int ret;

	if (json_parse(slice_str(json), &j, e) < 0)
		return -1;
	ret = filter_true(f, json_root(j), e);
	json_free(j);
	return ret;
}

/* Taken, and what they print of the text below. */
static const char text[] =
    "{\"env\":1,\"input\":\"a\",\"b\":[1,2.5,\"\\u00e9\"],"
    "\"c\":{\"debug\":true,\"halt\":null},\"n\":12345678901}";

static const struct {
	const char *program, *printed;
} taken[] = {
	{".env", "1\n"}, {".c.debug", "true\n"}, {".c|.halt", "null\n"},
	{".c.halt,.env", "null\n1\n"}, {".[\"env\"]", "1\n"},
	{".\"env\"", "1\n"}, {"\"env\"", "\"env\"\n"},
	{"\"$ENV and env\"", "\"$ENV and env\"\n"},
	{"# env\n.env # input", "1\n"}, 
	{"{env: .env}", "{\"env\":1}\n"}, {"{ env : 1 }", "{\"env\":1}\n"},
	{"{a: 1, env: 2, input: 3}", "{\"a\":1,\"env\":2,\"input\":3}\n"},
	{"{a: 1, env # x\n: 2}", "{\"a\":1,\"env\":2}\n"},
	{"{\"env\": 1}", "{\"env\":1}\n"}, {"{import: 1}", "{\"import\":1}\n"},
	{". as {env: $x} | $x", "1\n"}, {".env as $env | $env", "1\n"},
	{".env as $input | [$input]", "[1]\n"},
	{".environment", "null\n"}, {"[.inputs,.debugger]", "[null,null]\n"},
	{"\"\\(.env)\"", "\"1\"\n"}, {"\"\\\\(env)\"", "\"\\\\(env)\"\n"},
	{"\"\\(\"env\")\"", "\"env\"\n"}, {"\"\\(\"\\(.env)\")x\"", "\"1x\"\n"},
	{"@json \"x\\(.b)\"", "\"x[1,2.5,\\\"é\\\"]\"\n"},
	{"@base64 \"\\(.input)\"", "\"YQ==\"\n"}, {".input|@sh", "\"'a'\"\n"},
	{"def f(x): x; f(.env)", "1\n"}, {".b[0:1]", "[1]\n"},
	{".b|length", "3\n"}, {".b[]", "1\n2.5\n\"é\"\n"}, {"empty", ""},
	{"..|numbers", "1\n1\n2.5\n12345678901\n"},
	{"..?|numbers|select(.==1)", "1\n1\n"},
	{"$__loc__|.line", "1\n"}, {"[1,.5,1.,1e1,1.5e-1]|length", "5\n"},
	{".n", "12345678901\n"}, {"try error(\"x\") catch .", "\"x\"\n"},
	{"reduce .b[0:2][] as $x (0; . + $x)", "3.5\n"},
	{"[.b[]|select(type==\"number\")]", "[1,2.5]\n"},
	{".input|test(\"^A$\";\"i\")", "true\n"},
	{"[.[]?|strings]", "[\"a\"]\n"}, {"\"\\u0000\"", "\"\\u0000\"\n"},
	{"", "{\"env\":1,\"input\":\"a\",\"b\":[1,2.5,\"é\"],\"c\":"
	    "{\"debug\":true,\"halt\":null},\"n\":12345678901}\n"},
};

/* Understood by the scan, but no jq. */
static const char *const broken[] = {".a |", "1 +", "nosuch", "if", "%%",
    "$undefined", ".[]]", "{(1:2)}", "\"\\q\"", "$a::b", "a::b",
    "{a:1,,b:2}", ". as [$a", "\x01"};

static void
scan(void)
{
	struct filter *f = NULL;
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof refused / sizeof *refused; i++) {
		ret = filter_new(refused[i].program, &f, &e);
		CHECK(ret < 0 && f == NULL && e.code == E_USAGE &&
		    strncmp(e.text, "filter: ", 8) == 0 &&
		    strstr(e.text, refused[i].why) != NULL, "refused: %s (%s)",
		    refused[i].program, ret < 0 ? e.text : "taken");
	}
	for (i = 0; i < sizeof broken / sizeof *broken; i++) {
		ret = filter_new(broken[i], &f, &e);
		CHECK(ret < 0 && f == NULL && e.code == E_USAGE &&
		    strncmp(e.text, "filter: ", 8) == 0 &&
		    strchr(e.text, '\n') == NULL, "broken: %s (%s)",
		    broken[i], ret < 0 ? e.text : "taken");
	}
}

static void
runs(void)
{
	struct buf out = {0};
	struct filter *f;
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof taken / sizeof *taken; i++) {
		buf_cut(&out, 0);
		if (!CHECK(filter_new(taken[i].program, &f, &e) == 0,
		    "compiles: %s", taken[i].program)) {
			(void)printf("# %s\n", e.text);
			continue;
		}
		e.text[0] = '\0';
		ret = run_f(f, text, false, &out, &e);
		CHECK(ret == 0 && slice_is(slice_buf(&out), taken[i].printed),
		    "runs: %s: %.*s%s", taken[i].program, (int)out.n,
		    out.n > 0 ? (const char *)out.p : "", e.text);
		filter_free(f);
	}
	buf_free(&out);
}

static int
run(const char *program, const char *json, bool raw, struct buf *out,
    struct err *e)
{
	struct filter *f;
	int ret;

	if (filter_new(program, &f, e) < 0)
		return -1;
	ret = run_f(f, json, raw, out, e);
	filter_free(f);
	return ret;
}

static void
output(void)
{
	struct buf out = {0};
	struct filter *f;
	struct err e;
	int i;

	CHECK(run(".[]", "[\"a\\nb\",\"\xc3\xa9\",1,[\"x\"]]", true, &out,
	    &e) == 0 && slice_is(slice_buf(&out),
	    "a\nb\n\xc3\xa9\n1\n[\"x\"]\n"), "raw strings");
	buf_cut(&out, 0);
	CHECK(run(".", "\"a\\u0000b\"", true, &out, &e) == 0 &&
	    slice_eq(slice_buf(&out), slice_of("a\0b\n", 4)), "raw U+0000");
	buf_cut(&out, 0);
	buf_adds(&out, "before");
	CHECK(run("1,2,error(\"no\\nmore\")", "null", false, &out, &e) < 0 &&
	    e.code == E_NO && strcmp(e.text, "filter: no\nmore") == 0 &&
	    slice_is(slice_buf(&out), "before"),
	    "an error takes the results before it back");
	CHECK(run(".a", "1", false, &out, &e) < 0 && e.code == E_NO &&
	    strstr(e.text, "Cannot index number with") != NULL &&
	    out.n == 6, "jq's own error");
	CHECK(run("error({\"a\":1})", "1", false, &out, &e) < 0 &&
	    e.code == E_NO && strcmp(e.text, "filter: {\"a\":1}") == 0,
	    "an error that is no string");
	CHECK(run("1, error(null)", "1", false, &out, &e) < 0 &&
	    e.code == E_NO && out.n == 6 &&
	    strcmp(e.text, "filter: null (null) not a string") == 0,
	    "an error without a value takes the results back too");
	CHECK(run("1, ((try 2) | error(\"x\"))", "1", false, &out, &e) < 0 &&
	    e.code == E_NO && out.n == 6, "and one behind a try");
	buf_cut(&out, 0);
	(void)filter_new(".a", &f, &e);
	for (i = 0; i < 3; i++)
		CHECK(run_f(f, "[]", false, &out, &e) < 0 &&
		    run_f(f, "{\"a\":7}", false, &out, &e) == 0,
		    "again after an error");
	CHECK(slice_is(slice_buf(&out), "7\n7\n7\n"), "each time afresh");
	filter_free(f);
	filter_free(NULL);
	buf_free(&out);
}

static const struct {
	const char *program;
	int ret;
	const char *why;
} truths[] = {
	{"true", 0, NULL}, {".a==1", 0, NULL}, {"true,empty", 0, NULL},
	{".b|startswith(\"x\")", 0, NULL}, {"all(.[];.)", 0, NULL},
	{"false", -1, "the result is false, not true"},
	{"true,false", -1, "more than one"}, {"false,true", -1, "false"},
	{"true,true", -1, "more than one result"}, {"empty,true", 0, NULL},
	{"1", -1, "the result is number, not true"},
	{"\"true\"", -1, "the result is string, not true"},
	{"null", -1, "null"}, {"[true]", -1, "array"}, {".", -1, "object"},
	{"empty", -1, "no result"}, {"error(\"x\")", -1, "filter: x"},
	{"true,error(\"x\")", -1, "filter: x"}, {".a.b", -1, "Cannot index"},
	{".b|startswith(\"y\")", -1, "false"},
	/* an error without a value, which some versions take for the end */
	{"error(null)", -1, "filter: null (null) not a string"},
	{"true,error(null)", -1, "not a string"},
	{"true,error(.nosuch)", -1, "not a string"},
	{"true,(null|error)", -1, "not a string"},
	{"true,(1|error(null))", -1, "not a string"},
	{"true,error(empty)", 0, NULL}, {"true,error(false)", -1, "false"},
	{"true,error(1,null)", -1, "1"}, {"true,error", -1, "\"b\":\"x\""},
	{"true,(reduce (1,2) as $x (0;error(null)))", -1, "not a string"},
	{"true,(foreach (1,2) as $x (0;error(null)))", -1, "not a string"},
	{"true,(label $f|1,break $f|error(null))", -1, "not a string"},
	{"true,(label $f|break $f|error(null))", 0, NULL},
	{"true,first(error(null))", -1, "not a string"},
	{"true,(def error(m): 1; error(null)|empty)", 0, NULL},
	{"def f: error(null); true,f", -1, "not a string"},
	{"true,\"\\(error(null))\"", -1, "not a string"},
	{"true,{a:error(null)}", -1, "not a string"},
	{"true,path(error(null))", -1, "not a string"},
	{"try error(null) catch (.==\"null (null) not a string\")", 0, NULL},
	{"true,error(null)?", 0, NULL}, {"true,try error(null)", 0, NULL},
	{"true,try error(\"x\")", 0, NULL},
	{"try error(\"x\")", -1, "no result"},
	{"true,(try error(\"x\") catch error(null))", -1, "not a string"},
	/* behind a try, which some versions let catch too much */
	{"true,((try true)|error(\"x\"))", -1, "filter: x"},
	{"true,(try true|error(\"x\"))", -1, "filter: x"},
	{"true,((true)?|error(\"x\"))", -1, "filter: x"},
	{"true,(true?|error(\"x\"))", -1, "filter: x"},
	{"true,(\"s\"?|error(\"x\"))", -1, "filter: x"},
	{"true,(1?|error(\"x\"))", -1, "filter: x"},
	{"true,([1]?|error(\"x\"))", -1, "filter: x"},
	{"true,({a:1}?|error(\"x\"))", -1, "filter: x"},
	{"true,(. as $v|$v?|error(\"x\"))", -1, "filter: x"},
	{"true,(@text?|error(\"x\"))", -1, "filter: x"},
	{"true,(@text \"a\"?|error(\"x\"))", -1, "filter: x"},
	{"true,(if . then 1 else 2 end?|error(\"x\"))", -1, "filter: x"},
	{"true,(first(1)?|error(\"x\"))", -1, "filter: x"},
	{"true,(..?|error(\"x\"))", -1, "filter: x"},
	{"true,(.?|error(\"x\"))", -1, "filter: x"},
	{"true,(.a?|error(\"x\"))", -1, "filter: x"},
	{"true,(.a??|error(\"x\"))", -1, "filter: x"},
	{"true,((1)????|error(\"x\"))", -1, "filter: x"},
	{"true,(.a # c ?\n ? # d\n ?|error(\"x\"))", -1, "filter: x"},
	{"true,(.[\"a\"]?|error(\"x\"))", -1, "filter: x"},
	{"true,(.\"a\"?|error(\"x\"))", -1, "filter: x"},
	{"true,(.b[0:1]?|error(\"x\"))", -1, "filter: x"},
	{"true,([1,2]|.[]?|error(\"x\"))", -1, "filter: x"},
	{"true,((try 1).a?|error(\"x\"))", 0, NULL},
	{"true,((try {a:1}).a?|error(\"x\"))", -1, "filter: x"},
	{"true,(try (try 1)|error(\"x\"))", -1, "filter: x"},
	{"true,(try (try 1 catch 2) catch 3|error(\"x\"))", -1, "filter: x"},
	{"true,(try error(\"y\") catch 3|error(\"x\"))", -1, "filter: x"},
	{"true,((try 1 catch .),2|error(\"x\"))", -1, "filter: x"},
	{"true,\"\\(try 1|error(\"x\"))\"", -1, "filter: x"},
	{"true,{(try \"k\"|error(\"x\")):1}", -1, "filter: x"},
	{"true,[(try 1)|error(\"x\")]", -1, "filter: x"},
	{"[(try 1)|error(\"x\")]|length==0", -1, "filter: x"},
	{"reduce ((1,2)?|error(\"x\")) as $x (true;.)", -1, "filter: x"},
	{"def f: try 1; true,(f|error(\"x\"))", -1, "filter: x"},
	{"def f(g): try g; true,(f(1)|error(\"x\"))", -1, "filter: x"},
	{"def f(g): (1)?|g; true,f(error(\"x\"))", -1, "filter: x"},
	{"true,(label $f|(try 1)|break $f)", 0, NULL},
	{"label $f|true,(try break $f),error(\"x\")", 0, NULL},
	{"[try (1,error(\"x\"),2) catch 3]==[1,3]", 0, NULL},
	{"[(1,2,error(\"x\"))?]==[1,2]", 0, NULL},
	{"[limit(2;try repeat(1))]==[1,1]", 0, NULL},
	{"[path(try .a catch .b)]==[[\"a\"]]", 0, NULL},
	{"[path((.a,.b)?)]==[[\"a\"],[\"b\"]]", 0, NULL},
	{"((.a)?|=2)|.a==2", 0, NULL}, {"(try .a.b catch 7)==7", 0, NULL},
	{"{try:1,catch:2,if:3,end:4}|.try==1 and .if==3", 0, NULL},
	{"[.a as [$p] ?// $p|$p]==[1]", 0, NULL},
	{"(try error({_teeutils_error:1}) catch 1)", -1, "filter: 1"},
	{"try error(\"\\(1)?\") catch (.==\"1?\")", 0, NULL},
};

static void
truth(void)
{
	struct filter *f;
	struct err e;
	size_t i;

	for (i = 0; i < sizeof truths / sizeof *truths; i++) {
		if (!CHECK(filter_new(truths[i].program, &f, &e) == 0,
		    "compiles: %s", truths[i].program))
			continue;
		e = (struct err){.code = E_OK};
		CHECK(true_f(f, "{\"a\":1,\"b\":\"x\"}", &e) ==
		    truths[i].ret && (truths[i].ret == 0 ||
		    (e.code == E_NO && strstr(e.text, truths[i].why) !=
		    NULL)), "true or not: %s: %s", truths[i].program, e.text);
		CHECK(true_f(f, "{\"a\":1,\"b\":\"x\"}", &e) ==
		    truths[i].ret, "the same again: %s", truths[i].program);
		filter_free(f);
	}
}

/* The same with every libjq: what those of before 1.7 do, but for numbers,
 * which never compare as what they are not. */
static const char numbers[] = "{\"n\":12345678901234567891,"
    "\"m\":12345678901234567890,\"minus\":-12345678901234567891,"
    "\"exact\":12345678901234567168,\"round\":12345678901234567000,"
    "\"dec\":2.50,\"exp\":1E+2,\"e\":1e21,\"e1\":1000000000000000000001,"
    "\"tenth\":0.1,\"near\":0.1000000000000000055511151231257827,"
    "\"s\":\"12345678901234567891\",\"nan\":\"nan\"}";

static const struct {
	const char *program, *printed;
} same[] = {
	{".n == 12345678901234567890", "false\n"},
	{".n == 12345678901234567891", "true\n"},
	{".n == 12345678901234567891.00", "true\n"},
	{".n == 1234567890123456789.1e1", "true\n"},
	{".n == 12345678901234567000", "false\n"},
	{".n == .m", "false\n"}, {".n > .m", "true\n"},
	{".n > 12345678901234567890", "true\n"},
	{".m >= 12345678901234567891", "false\n"},
	{".n == .round, .n == .exact, .exact > .n", "false\nfalse\nfalse\n"},
	{".exact < .m, .round < .exact", "true\ntrue\n"},
	{".minus < -12345678901234567890", "true\n"},
	{".minus == -12345678901234567891", "true\n"},
	{"[.n,.m,12345678901234567890]|unique|length", "2\n"},
	{"[.n]|index(12345678901234567890)", "null\n"},
	{"[.n]|contains([12345678901234567890])", "false\n"},
	{"[.n,.m,.round,.exact]|sort==[.[2],.[3],.[1],.[0]]", "true\n"},
	{"12345678901234567891 == 12345678901234567890", "false\n"},
	{".e == .e1, .e1 == 1e21, .e1 > 1e21", "false\nfalse\ntrue\n"},
	{"9900000000000001 < 9900000000000002", "true\n"},
	{".tenth == .near, .tenth < .near", "false\ntrue\n"},
	{".tenth == 0.10, .tenth == .1, .tenth == 1e-1", "true\ntrue\ntrue\n"},
	{"9007199254740993 == 9007199254740992", "false\n"},
	{".dec, .exp, [2.50, 1.0, 1E2, 007, 1.]",
	    "2.5\n100\n[2.5,1,100,7,1]\n"},
	{"\"\\(.dec) \\(1.10)\", (.exp|tojson), (2.0|@text)",
	    "\"2.5 1.1\"\n\"100\"\n\"2\"\n"},
	{".n|type", "\"number\"\n"}, {".[\"n\"] > 5", "true\n"},
	{"try (.s|tonumber) catch .", "\"tonumber: more than 15 digits\"\n"},
	{"\"2.50\", \"-1e3\", \"0.00012\", 7|tonumber",
	    "2.5\n-1000\n0.00012\n7\n"},
	{"\"{\\\"a\\\":[2.50]}\"|fromjson", "{\"a\":[2.5]}\n"},
	{"[limit(0; 1, 2)], [limit(1; 1, 2)], [limit(-1; 1, 2)]",
	    "[]\n[1]\n[1,2]\n"},
	{"# a\r\n.dec# b", "2.5\n"},
	{".e1?, .s.e2?, {e9: 1}.e9, (.|.E1)",
	    "1000000000000000100000\n1\nnull\n"},
 {"[1,2][1.0]", "2\n"},
	{"def f(x): x + 0.5; f(1.5)", "2\n"},
	{"[path(.a[0.0])]", "[[\"a\",0]]\n"}, {".5?,try 1.5", "0.5\n1.5\n"},
	{"reduce (0.5, 1.5) as $x (0.0; . + $x)", "2\n"},
	{"{(\"a\\(1.0)\"): 1.50}", "{\"a1\":1.5}\n"},
};

static void
alike(void)
{
	static const char *const close[] = {
	    ("[9900000000000001,9900000000000002,9900000000000003,"
	    "9900000000000004,9900000000000005]"), "[1e300]",
	    "[-1e-300]", "[1e999999999999999999999]"};
	static const char *const why[] = {"closer to each other", "1e300 is no",
	    "-1e-300 is no", "1e999999999999999999999 is no"};
	struct buf out = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof same / sizeof *same; i++) {
		buf_cut(&out, 0);
		e.text[0] = '\0';
		CHECK(run(same[i].program, numbers, false, &out, &e) == 0 &&
		    slice_is(slice_buf(&out), same[i].printed),
		    "the same: %s: %.*s%s", same[i].program, (int)out.n,
		    out.n > 0 ? (const char *)out.p : "", e.text);
	}
	for (i = 0; i < sizeof close / sizeof *close; i++)
		CHECK(run("true", close[i], false, &out, &e) < 0 &&
		    strstr(e.text, why[i]) != NULL, "refused: %s: %s",
		    close[i], e.text);
	buf_free(&out);
}

/* ~/.jq that turns every check into a yes. */
static void
home(void)
{
	static const char evil[] = "def startswith($x): true; def f: true;";
	const char *tmp = getenv("TMPDIR"), *now;
	char dir[256];
	struct buf path = {0};
	struct filter *f;
	struct err e;

	(void)snprintf(dir, sizeof dir, "%s/teeutils-filter-XXXXXX",
	    tmp != NULL ? tmp : "/tmp");
	if (!CHECK(mkdtemp(dir) != NULL, "a directory"))
		return;
	buf_addf(&path, "%s/.jq", dir);
	buf_addc(&path, '\0');
	CHECK(io_write((const char *)path.p, 0, slice_str(evil), &e) == 0 &&
	    setenv("HOME", dir, 1) == 0, "a ~/.jq");
	if (CHECK(filter_new("\"a\"|startswith(\"b\")", &f, &e) == 0,
	    "compiles beside it")) {
		CHECK(true_f(f, "null", &e) < 0 &&
		    e.code == E_NO, "and does not heed it");
		filter_free(f);
	}
	CHECK(filter_new("f", &f, &e) < 0, "its functions are not there");
	now = getenv("HOME");
	CHECK(now != NULL && strcmp(now, dir) == 0,
	    "HOME is as it was");
	(void)unsetenv("HOME");
	CHECK(filter_new("true", &f, &e) == 0 && getenv("HOME") == NULL,
	    "no HOME stays none");
	filter_free(f);
	(void)unlink((const char *)path.p);
	(void)rmdir(dir);
	buf_free(&path);
}

static void
limits(void)
{
	struct buf b = {0};
	struct filter *f;
	struct err e;
	int i;

	buf_adds(&b, ".");
	while (b.n < FILTER_MAX)
		buf_addc(&b, ' ');
	buf_addc(&b, '\0');
	if (CHECK(filter_new((const char *)b.p, &f, &e) == 0, "at the limit"))
		filter_free(f);
	buf_cut(&b, b.n - 1);
	buf_adds(&b, " ");
	buf_addc(&b, '\0');
	CHECK(filter_new((const char *)b.p, &f, &e) < 0 &&
	    strcmp(e.text, "filter: longer than 65536 bytes") == 0,
	    "one past it");
	buf_cut(&b, 0);
	for (i = 0; i < 20000; i++)
		buf_addc(&b, '(');
	buf_addc(&b, '\0');
	CHECK(filter_new((const char *)b.p, &f, &e) < 0 &&
	    e.code == E_USAGE, "20,000 brackets");
	CHECK(filter_new("\"\xff\"", &f, &e) < 0 && e.code == E_USAGE &&
	    strcmp(e.text, "filter: invalid UTF-8 at offset 1") == 0,
	    "no UTF-8");
	buf_free(&b);
}

int
main(void)
{
	scan();
	runs();
	output();
	truth();
	alike();
	home();
	limits();
	return tap_done();
}

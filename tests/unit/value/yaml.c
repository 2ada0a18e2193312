/* YAML read whole, aliases and all, and one value put into its place. */
#include "value/yaml.h"

#include "unit/tap.h"
#include "value/json.h"

static const struct {
	const char *in, *want;	/* JSON; or ! and what the failure says */
} whole[] = {
	{"a: &x {b: c}\nd: *x\n",
	    "[{\"a\":{\"b\":\"c\"},\"d\":{\"b\":\"c\"}}]"},
	{"- &l [1, &k 2]\n- *l\n- *k\n",
	    "[[[\"1\",\"2\"],[\"1\",\"2\"],\"2\"]]"},
	{"a: &x {b: *x}\n", "!an alias of what holds it"},
	{"a: &x {b: c}\n*x : d\n", "!a key that is no scalar"},
	{"a: &x {b: c}\nd: {<<: *x}\n", "!a merge key"},
	{"\"<<\": a\n", "[{\"<<\":\"a\"}]"},
	{"a: &x b\n---\nc: *x\n", "!line 3"},
};

static const struct {
	const char *in, *path, *want;	/* path: names with / between */
} set[] = {
	{"a: b\n", "a", "a: V\n"},
	{"a: b # c\n", "a", "a: V # c\n"},
	{"a: 'b''c'\nd: e\n", "a", "a: V\nd: e\n"},
	{"a: |\n  b\n  c\n\nd: e\n", "a", "a: V\n\nd: e\n"},
	{"a:\n", "a", "a: V\n"},
	{"a: b\n", "c", "c: V\na: b\n"},
	{"# top\na: b\n", "c/d", "# top\nc:\n  d: V\na: b\n"},
	{"a:\n  b: c\n", "a/d/e", "a:\n  d:\n    e: V\n  b: c\n"},
	{"a: {b: c}\n", "a/d", "a: {d: V, b: c}\n"},
	{"a: {}\n", "a/d/e", "a: {d: {e: V}}\n"},
	{"a: &x {b: c}\n", "a/d", "a: &x {d: V, b: c}\n"},
	{"a:\n", "a/d/e", "a: {d: {e: V}}\n"},
	{"a: ~\nb: c\n", "a/d", "a: {d: V}\nb: c\n"},
	{"\xc3\xa9\xf0\x9d\x84\x9e: \xe2\x82\xac\na: b\n", "a",
	    "\xc3\xa9\xf0\x9d\x84\x9e: \xe2\x82\xac\na: V\n"},
	{"a: b\r\nc: d\r\n", "e/f", "e:\r\n  f: V\r\na: b\r\nc: d\r\n"},
	{"a: b\n", "a/c", "!a is of another kind"},
	{"a: [b]\n", "a", "!a is of another kind"},
	{"x: &x {b: c}\na: *x\n", "a/d", "!a is an alias"},
	{"x: &x b\na: *x\n", "a", "!a is an alias"},
	{"", "a", "!no document 0"},
};

static void
test_whole(void)
{
	struct buf out = {0};
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof whole / sizeof *whole; i++) {
		buf_cut(&out, 0);
		ret = yaml_to_json_whole(slice_str(whole[i].in), &out, &e);
		if (whole[i].want[0] == '!')
			CHECK(ret < 0 && e.code == E_INPUT && out.n == 0 &&
			    strstr(e.text, whole[i].want + 1) != NULL,
			    "%zu refused: %s", i, e.text);
		else
			CHECK(ret == 0 && slice_is(slice_buf(&out),
			    whole[i].want), "%zu whole", i);
	}
	buf_free(&out);
}

/* Each alias is a copy, and copies of copies come to an end. */
static void
test_bomb(void)
{
	struct buf text = {0}, out = {0};
	struct err e = {0};
	int i;

	buf_adds(&text, "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
	for (i = 1; i < 20; i++)
		buf_addf(&text, "a%d: &a%d [*a%d,*a%d,*a%d,*a%d,*a%d]\n", i, i,
		    i - 1, i - 1, i - 1, i - 1, i - 1);
	CHECK(yaml_to_json_whole(slice_buf(&text), &out, &e) < 0 &&
	    e.code == E_INPUT && strstr(e.text, "too much of it") != NULL,
	    "a bomb: %s", e.text);
	CHECK(yaml_to_json(slice_buf(&text), &out, &e) == 0,
	    "is none where aliases are not copied");
	buf_free(&text);
	buf_free(&out);
}

static void
test_set(void)
{
	const char *name[4];
	char path[40], *save;
	struct buf out = {0};
	struct err e;
	size_t i, n;
	int ret;

	for (i = 0; i < sizeof set / sizeof *set; i++) {
		(void)snprintf(path, sizeof path, "%s", set[i].path);
		for (n = 0, save = path; n < 4 && (name[n] = strsep(&save,
		    "/")) != NULL; n++)
			;
		buf_cut(&out, 0);
		ret = yaml_set(slice_str(set[i].in), 0, name, n,
		    slice_str("V"), &out, &e);
		if (set[i].want[0] == '!')
			CHECK(ret < 0 && e.code == E_INPUT && out.n == 0 &&
			    strstr(e.text, set[i].want + 1) != NULL,
			    "%zu refused: %s", i, e.text);
		else
			CHECK(ret == 0 && slice_is(slice_buf(&out),
			    set[i].want), "%zu set: %.*s", i,
			    ret < 0 ? 0 : (int)out.n, (const char *)out.p);
	}
	name[0] = "a";
	buf_cut(&out, 0);
	CHECK(yaml_set(slice_str("a: b\n---\na: c\n"), 1, name, 1,
	    slice_str("V"), &out, &e) == 0 && slice_is(slice_buf(&out),
	    "a: b\n---\na: V\n"), "in the second document");
	buf_cut(&out, 0);
	CHECK(yaml_set(slice_str("a: b\n"), 1, name, 1, slice_str("V"), &out,
	    &e) < 0, "no second document");
	buf_free(&out);
}

int
main(void)
{
	test_whole();
	test_bomb();
	test_set();
	return tap_done();
}

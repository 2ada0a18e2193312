/* What a document of initdata is refused for, and the line it says; and that
 * a file of several policies has no digest of its own. */
#include "policy/initdata.h"

#include "policy/hostdata.h"
#include "unit/tap.h"

#define START "algorithm = \"sha256\"\nversion = \"0.1.0\"\n"

struct row {
	const char *in;		/* behind START */
	size_t n;		/* bytes of in; 0: up to its NUL */
	const char *want;	/* the policy; or ! and the failure */
};

static const struct row rows[] = {
	{"[data]\n\"policy.rego\" = 'package a'", 0, "package a"},
	{"[data]\n\"policy.rego\" = \"\\u00e9\\U0001f600\\\"\"", 0,
	    "\xc3\xa9\xf0\x9f\x98\x80\""},
	{"[data]\n\"policy.rego\" = \"\"\"\na\\\n  b\"\"\"", 0, "ab"},
	{"a = \"\\", 0, "!line 3: a text that does not end"},
	{"a = \"x\nb = \"\"", 0, "!line 3: a text that does not end"},
	{"a = \"\\q\"", 0, "!line 3: an escape that is none"},
	{"a = \"\\u00e\"", 0, "!line 3: an escape that is none"},
	{"a = \"\\u00", 0, "!line 3: an escape that is none"},
	{"a = \"\\u00-0\"", 0, "!line 3: an escape that is none"},
	{"a = \"\\u00\0000\"", 12, "!no UTF-8, or a NUL"},
	{"a = \"\\ud800\"", 0, "!line 3: an escape that is no character"},
	{"a = \"\\U00110000\"", 0, "!line 3: an escape that is no character"},
	{"= \"x\"", 0, "!line 3: a key expected"},
	{"\n[]", 0, "!line 4: a key expected"},
	{"a \"x\"", 0, "!line 3: = expected"},
	{"a = x", 0, "!line 3: a text in quotes expected"},
	{"a = \"x\" b = \"y\"", 0, "!line 3: more than one statement in a "
	    "line"},
	{"[data] a = \"x\"", 0, "!line 3: more than one statement in a line"},
	{"[date]", 0, "!line 3: a table other than data, or twice"},
	{"[data]\n[data]", 0, "!line 4: a table other than data, or twice"},
	{"a = 'x'\na = 'x'", 0, "!line 4: a key given twice"},
	{"# \xff", 0, "!no UTF-8, or a NUL"},
	{"# \0", 3, "!no UTF-8, or a NUL"},
};

static void
check_row(const struct row *r)
{
	struct buf text = {0}, policy = {0}, want = {0};
	enum hash algorithm;
	struct err e = {0};
	bool has = false;
	int ret;

	buf_adds(&text, START);
	buf_add(&text, slice_of(r->in, r->n > 0 ? r->n : strlen(r->in)));
	ret = initdata_read(slice_buf(&text), &algorithm, &has, &policy, &e);
	if (r->want[0] == '!') {
		buf_addf(&want, "initdata: %s", r->want + 1);
		CHECK(ret < 0 && policy.n == 0 && e.code == E_INPUT &&
		    slice_is(slice_buf(&want), e.text), "%s: %s", r->in,
		    ret < 0 ? e.text : "taken");
	} else {
		CHECK(ret == 0 && has && algorithm == HASH_SHA256 &&
		    slice_is(slice_buf(&policy), r->want), "%s", r->in);
	}
	buf_free(&text);
	buf_free(&policy);
	buf_free(&want);
}

static void
test_keys(void)
{
	struct buf text = {0}, policy = {0};
	enum hash algorithm;
	struct err e = {0};
	bool has;
	int i;

	buf_adds(&text, START);
	for (i = 0; i < 254; i++)
		buf_addf(&text, "k%d = ''\n", i);
	CHECK(initdata_read(slice_buf(&text), &algorithm, &has, &policy,
	    &e) == 0 && !has, "256 keys");
	buf_adds(&text, "more = ''\n");
	CHECK(initdata_read(slice_buf(&text), &algorithm, &has, &policy,
	    &e) < 0 && e.code == E_INPUT && strcmp(e.text, "initdata: "
	    "line 257: more than 256 keys") == 0, "257 keys: %s", e.text);
	buf_free(&text);
	buf_free(&policy);
}

/* base64 of "package a" and "package b", one and both of them. */
static void
test_one(void)
{
	static const char one[] = "[{\"ccePolicy\":\"cGFja2FnZSBh\"}]",
	    two[] = "[{\"ccePolicy\":\"cGFja2FnZSBh\"},"
	    "{\"ccePolicy\":\"cGFja2FnZSBi\"}]";
	uint8_t digest[SHA256_SIZE], want[SHA256_SIZE];
	struct err e = {0};

	hash_sha256(slice_str("package a"), want);
	CHECK(hostdata_of(slice_str(one), digest, &e) == 0 &&
	    memcmp(digest, want, sizeof want) == 0, "a file of one policy");
	CHECK(hostdata_of(slice_str(two), digest, &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "holds 2 policies where one "
	    "belongs") == 0, "a file of two: %s", e.text);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
	test_keys();
	test_one();
	return tap_done();
}

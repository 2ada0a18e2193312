/* Policies: what is one, which bytes of it are hashed, and near variants. */
#include "policy/policy.h"

#include <stdio.h>

#include "codec/b64.h"
#include "codec/utf16.h"
#include "policy/hostdata.h"
#include "policy/near.h"
#include "policy/rego.h"
#include "unit/tap.h"

static void
test_rego(void)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{"package policy", true},
		{"package\tp", true},
		{"\n\r\n \t package p\n", true},
		{"\xef\xbb\xbfpackage p", true},
		{"# a\n#b\r\n\npackage p", true},
		{"\xff\xfep\0", false},
		{"", false},
		{"package", false},
		{"packages p", false},
		{"package\n p", false},
		{"# package p", false},
		{"import x\npackage p", false},
		{"\xef\xbb\xef package p", false},
		{"{\"package\": 1}", false},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(rego_is(slice_str(rows[i].text)) == rows[i].is,
		    "rego: %s %s", rows[i].is ? "is" : "is not", rows[i].text);
}

static void
test_utf16(void)
{
	struct slice text = slice_str("package \xc3\xa4 \xe2\x82\xac "
	    "\xf0\x9f\x98\x80\n");
	struct buf wide = {0}, back = {0};
	struct slice big = slice_of("\xfe\xff\0p\xd8\x3d\xde\x00", 8);

	CHECK(utf16_from_utf8(text, &wide) && utf16_marked(slice_buf(&wide)),
	    "utf16: written");
	CHECK(utf16_to_utf8(slice_buf(&wide), &back) &&
	    slice_eq(slice_buf(&back), text), "utf16: and read back");
	CHECK(rego_is(slice_buf(&wide)), "utf16: is looked into for Rego");
	buf_cut(&back, 0);
	CHECK(utf16_to_utf8(big, &back) &&
	    slice_is(slice_buf(&back), "p\xf0\x9f\x98\x80"),
	    "utf16: big-endian, a pair");
	buf_cut(&back, 0);
	CHECK(!utf16_to_utf8(slice_head(slice_buf(&wide), 3), &back) &&
	    !utf16_to_utf8(slice_head(big, 6), &back) &&
	    !utf16_to_utf8(slice_of("\xff\xfe\x00\xdc", 4), &back) &&
	    !utf16_to_utf8(slice_of("\xff\xfe\x3d\xd8\x3d\xd8", 6), &back) &&
	    !utf16_to_utf8(text, &back) && back.n == 0,
	    "utf16: odd, lone surrogates, no mark: refused, nothing added");
	buf_cut(&wide, 0);
	CHECK(!utf16_from_utf8(slice_str("a\xff"), &wide) && wide.n == 0,
	    "utf16: from no UTF-8, refused, nothing added");
	buf_free(&wide);
	buf_free(&back);
}

/* The policy in text has these bytes and notes. */
static void
found(const char *what, struct slice text, const char *as, struct slice want,
    unsigned notes)
{
	struct policy_ask ask = {.as = as};
	struct policies p = {0};
	struct err e;
	int ret = policies_find(text, &ask, &p, &e);

	if (CHECK(ret == 0 && p.n == 1 && p.v[0].err.code == E_OK,
	    "find: %s", what)) {
		CHECK(slice_eq(p.v[0].text, want), "  its bytes");
		CHECK(p.v[0].notes == notes, "  its notes");
	}
	policies_free(&p);
}

static void
refused(const char *what, struct slice text, const char *as)
{
	struct policy_ask ask = {.as = as};
	struct policies p = {0};
	struct err e = {0};
	int ret = policies_find(text, &ask, &p, &e);

	CHECK((ret < 0 && e.code == E_INPUT && p.v == NULL && p.n == 0) ||
	    (ret == 0 && p.n == 1 && p.v[0].err.code == E_INPUT),
	    "refused: %s (%s)", what, ret < 0 ? e.text : p.v[0].err.text);
	policies_free(&p);
}

static void
test_find(void)
{
	struct slice rego = slice_str("package pp");
	struct slice json = slice_str("{\"allow_all\":true}");
	struct buf text = {0};

	found("rego", rego, NULL, rego, 0);
	found("rego with a mark", slice_str("\xef\xbb\xbfpackage p"), NULL,
	    slice_str("\xef\xbb\xbfpackage p"), POLICY_MARKED);
	found("base64", slice_str("cGFja2FnZSBwcA=="), NULL, rego, 0);
	found("base64 in lines", slice_str("cGFj\r\na2FnZSBwcA=\n=\n"), NULL,
	    rego, 0);
	found("base64 with bits", slice_str("cGFja2FnZSBwcB=="), NULL, rego,
	    POLICY_LOOSE);
	b64_encode(json, B64_STD | B64_PAD, &text);
	found("JSON of old", slice_buf(&text), NULL, json, POLICY_JSON);
	found("anything, if told", slice_str("YWI="), "base64",
	    slice_str("ab"), 0);
	found("anything as rego", slice_str("YWI="), "rego",
	    slice_str("YWI="), 0);
	refused("nothing", slice_str(""), NULL);
	refused("nothing as rego", slice_str(""), "rego");
	refused("blanks", slice_str("\r\n\r\n"), NULL);
	refused("base64 of no policy", slice_str("YWI="), NULL);
	refused("the other alphabet", slice_str("cGFja2FnZSA_Pz8_"), NULL);
	refused("no padding", slice_str("cGFja2FnZSBwcA"), NULL);
	refused("a blank", slice_str("cGFja2FnZSB wcA=="), NULL);
	refused("a NUL", slice_of("cGFja2FnZSBwcA==\0", 17), NULL);
	refused("JSON", slice_str("{}"), NULL);
	refused("rego as base64", rego, "base64");
	buf_free(&text);
}

static void
test_hostdata(void)
{
	uint8_t sum[SHA256_SIZE], want[SHA256_SIZE] = {7};
	struct slice policy = slice_str("package p\n");
	struct err e = {0};

	hash_sha256(policy, sum);
	CHECK(hostdata_check(policy, (struct slice){0}, sum, sum, &e) == 0,
	    "hostdata: equal");
	CHECK(hostdata_check(policy, (struct slice){0}, sum, want, &e) < 0 &&
	    e.code == E_NO && strstr(e.hint, "--diff") != NULL,
	    "hostdata: nothing near");
	hash_sha256(slice_str("package p"), want);
	CHECK(hostdata_check(policy, (struct slice){0}, sum, want, &e) < 0 &&
	    strstr(e.hint, "one line feed less") != NULL, "hostdata: near");
	CHECK(hostdata_open(slice_of(sum, sizeof sum)) == NULL,
	    "hostdata: not a published one");
	CHECK(hostdata_parse(slice_str("cadd74f71ebb8fbf9782baab64961252"
	    "0f3c416bc5ce9ac768808ddc8d9b031c"), want, &e) == 0 &&
	    hostdata_open(slice_of(want, sizeof want)) != NULL,
	    "hostdata: a published one");
	CHECK(near_find(slice_str("x"), slice_str("eA"),
	    slice_of(sum, sizeof sum)) == NULL, "near: another policy");
}

int
main(void)
{
	test_rego();
	test_utf16();
	test_find();
	test_hostdata();
	return tap_done();
}

/* Access tokens, as files and services have them, and what one says. */
#include "azure/bearer.h"

#include "codec/b64.h"
#include "unit/tap.h"

static const struct {
	const char *text, *want;	/* NULL: refused */
	bool answer;			/* also taken from a service */
} texts[] = {
	{"a.b.c", "a.b.c", false}, {" a.b.c\r\n", "a.b.c", false},
	{"Bearer a.b.c\n", "a.b.c", false}, {"bearer  x", "x", false},
	{"Authorization: Bearer a.b\r\n", "a.b", false},
	{"authorization:bearer a.b", "a.b", false},
	{"Authorization: Basic a", NULL, false},
	{"Authorization:", NULL, false},
	{"a-b_c~d+e/f==", "a-b_c~d+e/f==", false},
	{"{\"access_token\":\"a.b\",\"expires_in\":\"1\"}", "a.b", true},
	{"\n{\"access_token\":\"a.b\"}\n", "a.b", true},
	{"{\"accessToken\":\"a.b\",\"tenant\":\"x\"}", "a.b", true},
	{"", NULL, false}, {" \n", NULL, false}, {"Bearer ", NULL, false},
	{"a b", NULL, false}, {"a\nb", NULL, false}, {"a\x01", NULL, false},
	{"\xef\xbb\xbf" "a", NULL, false}, {"{}", NULL, false},
	{"{\"access_token\":\"\"}", NULL, false},
	{"{\"access_token\":7}", NULL, false},
	{"{\"access_token\":\"a\\r\\nX: y\"}", NULL, false},
	{"{\"access_token\":\"a\",\"access_token\":\"b\"}", NULL, false},
	{"{\"token\":\"a\"}", NULL, false}, {"{\"access_token\":\"a\"", NULL,
	    false},
};

static void
check_claims(const char *payload, const char *aud, const char *tid,
    int64_t exp)
{
	struct bearer_claims c;
	struct buf token = {0};

	buf_adds(&token, "x.");
	b64_encode(slice_str(payload), B64_URL, &token);
	buf_adds(&token, ".y");
	bearer_claims(slice_buf(&token), &c);
	CHECK(slice_is(slice_buf(&c.aud), aud) &&
	    slice_is(slice_buf(&c.tid), tid) && c.exp == exp, "%s", payload);
	bearer_claims_free(&c);
	buf_free(&token);
}

int
main(void)
{
	struct bearer_claims none;
	struct buf out = {0};
	struct err e = {.code = E_OK};
	size_t i;
	int ret;

	for (i = 0; i < sizeof texts / sizeof *texts; i++) {
		ret = bearer_read(slice_str(texts[i].text), &out, &e);
		if (texts[i].want != NULL)
			CHECK(ret == 0 && slice_is(slice_buf(&out),
			    texts[i].want), "%s", texts[i].text);
		else
			CHECK(ret < 0 && e.code == E_INPUT && out.n == 0,
			    "refused: %s", texts[i].text);
		buf_cut(&out, 0);
		ret = bearer_answer(slice_str(texts[i].text), &out, &e);
		CHECK((ret == 0) == texts[i].answer, "as an answer: %s",
		    texts[i].text);
		buf_cut(&out, 0);
	}
	check_claims("{\"aud\":\"a\",\"tid\":\"t\",\"exp\":9}", "a", "t", 9);
	check_claims("{\"aud\":[\"a\"],\"exp\":\"9\"}", "", "", 0);
	check_claims("[]", "", "", 0);
	check_claims("{", "", "", 0);
	bearer_claims(slice_str("opaque"), &none);
	CHECK(none.aud.n == 0 && none.exp == 0, "a token that is no JWT");
	bearer_claims_free(&none);
	buf_free(&out);
	return tap_done();
}

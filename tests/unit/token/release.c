/* Release policies: each rule of the grammar broken alone. */
#include "token/release.h"

#include "unit/tap.h"

/* What stands around the part that a rule is about. */
#define POLICY(version, authority) \
	"{\"version\":" version ",\"anyOf\":[" authority "]}"
#define AUTHORITY(conditions) \
	POLICY("\"1.0.0\"", "{\"authority\":\"https://a\",\"allOf\":[" \
	conditions "]}")
#define HOLDS "{\"claim\":\"c\",\"equals\":1}"

static void
rules(void)
{
	static const struct {
		const char *policy, *says;	/* NULL: it is one */
	} rows[] = {
		{AUTHORITY(HOLDS), NULL},
		{POLICY("\"0.2\"", "{\"authority\":\"a\",\"anyOf\":["
		    HOLDS "]}"), NULL},
		{AUTHORITY("1"), "anyOf[0]...allOf[0] is a number, not an "
		    "object"},
		{AUTHORITY(HOLDS ",\"c\""), "anyOf[0]...allOf[1] is a string, "
		    "not an object"},
		{POLICY("\"1.0.1\"", "{\"authority\":\"a\",\"anyOf\":["
		    HOLDS "]}"), "version is neither 1.0.0 nor 0.2"},
		{POLICY("1", "{\"authority\":\"a\",\"anyOf\":["
		    HOLDS "]}"), "version is neither 1.0.0 nor 0.2"},
		{POLICY("\"1.0.0\"", "{\"authority\":1,\"anyOf\":["
		    HOLDS "]}"), "anyOf[0] is not an authority and one anyOf "
		    "or allOf"},
		{POLICY("\"1.0.0\"", "{\"x\":\"a\",\"anyOf\":["
		    HOLDS "]}"), "anyOf[0] is not an authority and one anyOf "
		    "or allOf"},
		{POLICY("\"1.0.0\"", "{\"authority\":\"a\",\"x\":1,"
		    "\"anyOf\":[" HOLDS "]}"), "anyOf[0] is not an authority "
		    "and one anyOf or allOf"},
	};
	struct json *doc;
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		ret = release_parse(slice_str(rows[i].policy), &doc, &e);
		if (ret == 0)
			json_free(doc);
		CHECK(rows[i].says == NULL ? ret == 0 : ret < 0 &&
		    e.code == E_INPUT && strstr(e.text, rows[i].says) != NULL,
		    "%s", rows[i].policy);
	}
}

/* 0, or the class of the refusal of conditions n deep. */
static int
nested(size_t n, struct err *e)
{
	struct buf text = {0};
	struct json *doc;
	size_t i;
	int ret;

	buf_adds(&text, "{\"version\":\"1.0.0\",\"anyOf\":["
	    "{\"authority\":\"a\",\"anyOf\":[");
	for (i = 1; i < n; i++)
		buf_adds(&text, "{\"allOf\":[");
	buf_adds(&text, HOLDS);
	for (i = 1; i < n; i++)
		buf_adds(&text, "]}");
	buf_adds(&text, "]}]}");
	ret = release_parse(slice_buf(&text), &doc, e);
	if (ret == 0)
		json_free(doc);
	buf_free(&text);
	return ret == 0 ? 0 : (int)e->code;
}

/* A policy behind blanks, n bytes in all. */
static void
of_size(size_t n, struct buf *out)
{
	static const char policy[] = AUTHORITY(HOLDS);
	const size_t size = sizeof policy - 1;

	buf_cut(out, 0);
	(void)memset(buf_more(out, n - size), ' ', n - size);
	buf_adds(out, policy);
}

static void
limits(void)
{
	static const char says[] = "release policy: larger than 262144 bytes";
	struct buf text = {0}, out = {0};
	struct json *doc = NULL;
	struct err e;

	CHECK(nested(RELEASE_DEPTH_MAX, &e) == 0, "as deep as may be");
	CHECK(nested(RELEASE_DEPTH_MAX + 1, &e) == E_INPUT && strcmp(e.text,
	    "release policy: nested over 16 deep") == 0, "deeper");
	of_size(RELEASE_MAX, &text);
	CHECK(release_text(slice_buf(&text), &out, &e) == 0 &&
	    release_parse(slice_buf(&text), &doc, &e) == 0,
	    "as large as may be");
	json_free(doc);
	of_size(RELEASE_MAX + 1, &text);
	CHECK(release_text(slice_buf(&text), &out, &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, says) == 0, "a larger file");
	CHECK(release_parse(slice_buf(&text), &doc, &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, says) == 0,
	    "a larger policy");
	buf_free(&text);
	buf_free(&out);
}

int
main(void)
{
	rules();
	limits();
	return tap_done();
}

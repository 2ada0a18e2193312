/* Records: which bytes of a document change, and which documents are
 * refused. */
#include "blob/fields.h"

#include <stdio.h>

#include "value/jsonpath.h"
#include "unit/tap.h"

static struct key *key;
static struct oaep_run *sealer, *opener;

static int
seal(const char *text, const char *names, struct buf *out, struct err *e)
{
	struct fields *f;
	int ret = 0;
	size_t i;

	if (fields_clear(slice_str(text), slice_str(names), &f, e) < 0)
		return -1;
	for (i = 0; ret == 0 && i < fields_count(f); i++)
		ret = fields_seal(f, i, sealer, e);
	if (ret == 0)
		fields_write(f, out);
	fields_free(f);
	return ret;
}

static int
unseal(struct slice text, struct buf *out, struct err *e)
{
	struct fields *f;
	int ret = 0;
	size_t i;

	if (fields_sealed(text, &f, e) < 0)
		return -1;
	for (i = 0; ret == 0 && i < fields_count(f); i++)
		ret = fields_open(f, i, opener, e);
	if (ret == 0)
		fields_write(f, out);
	fields_free(f);
	return ret;
}

static void
round_trip(const char *text, const char *names, const char *want)
{
	struct buf sealed = {0}, back = {0};
	struct err e = {0};
	int ret;

	ret = seal(text, names, &sealed, &e);
	if (ret == 0)
		ret = unseal(slice_buf(&sealed), &back, &e);
	CHECK(ret == 0 && slice_is(slice_buf(&back), want),
	    "%s: %s gives %.*s %s", names, text, (int)back.n,
	    (const char *)back.p, e.text);
	buf_free(&sealed);
	buf_free(&back);
}

static void
refused(bool sealing, const char *text, const char *names, enum status code)
{
	struct buf out = {0};
	struct err e = {0};
	int ret;

	ret = sealing ? seal(text, names, &out, &e) :
	    unseal(slice_str(text), &out, &e);
	CHECK(ret < 0 && e.code == code && out.n == 0, "refused: %s (%s)",
	    text, e.text);
	buf_free(&out);
}

static void
test_sealing(void)
{
	round_trip("{\"a\":\"x\"}", "a", "{\"a\":\"x\"}");
	round_trip(" [ {\"a\" :\"x\" , \"b\":1.10}\t]\n", "a",
	    " [ {\"a\" :\"x\" , \"b\":1.10}\t]\n");
	round_trip("{\"a\":1.10,\"b\":true,\"c\":null,\"d\":-0}", "a,b,c,d",
	    "{\"a\":\"1.10\",\"b\":\"true\",\"c\":null,\"d\":\"-0\"}");
	round_trip("{\"\\u0061\":\"\\u0000\\n\\\"\"}", "a",
	    "{\"a\":\"\\u0000\\n\\\"\"}");
	round_trip("{\"x\":[{\"a\":\"1\"},{\"y\":{\"a\":\"2\"}}],\"a\":\"3\"}",
	    "a", "{\"x\":[{\"a\":\"1\"},{\"y\":{\"a\":\"2\"}}],\"a\":\"3\"}");
	round_trip("{\"a b\":\"\",\"\":\"e\"}", "a b",
	    "{\"a b\":\"\",\"\":\"e\"}");
	refused(true, "{\"a\":{}}", "a", E_INPUT);
	refused(true, "{\"a\":[1]}", "a", E_INPUT);
	refused(true, "{\"a\":1}", "b", E_INPUT);
	refused(true, "{\"a\":1}", "a,b", E_INPUT);
	refused(true, "{\"a\":1}", "", E_USAGE);
	refused(true, "{\"a\":1}", ",a", E_USAGE);
	refused(true, "{\"a\":1}", "a,", E_USAGE);
	refused(true, "{\"a\":1,\"a_encrypted\":2}", "a", E_INPUT);
	refused(true, "\"a\"", "a", E_INPUT);
	refused(true, "{\"a\":1}}", "a", E_INPUT);
}

static void
test_opening(void)
{
	struct buf out = {0};
	struct err e;

	refused(false, "{}", NULL, E_INPUT);
	refused(false, "{\"_encrypted\":null}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted \":null}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted\":1}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted\":[]}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted\":\"\"}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted\":\"AA==\"}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted\":null,\"a\":null}", NULL, E_INPUT);
	refused(false, "{\"a\":1,\"\\u0061_encrypted\":null}", NULL, E_INPUT);
	refused(false, "{\"a_encrypted\":null,\"a_encrypted_encrypted\":null}",
	    NULL, E_INPUT);
	CHECK(unseal(slice_str("{\"a\\u005fencrypted\" : null, \"b\": [{"
	    "\"a\":1}]}"), &out, &e) == 0 && slice_is(slice_buf(&out),
	    "{\"a\" : null, \"b\": [{\"a\":1}]}"),
	    "null stays null, the name is changed in place");
	buf_free(&out);
}

/* A document whose second record is sealed for somebody else. */
static void
test_leaving(void)
{
	const char *text = "[{\"a\":\"1\",\"b\":\"2\"}, {\"a\":\"3\"},{}]";
	struct buf sealed = {0}, out = {0};
	struct fields *f;
	struct err e;

	(void)seal(text, "a,b", &sealed, &e);
	if (!CHECK(fields_sealed(slice_buf(&sealed), &f, &e) == 0, "records"))
		return;
	CHECK(fields_count(f) == 3 && fields_records(f) == 3, "  counted");
	CHECK(!fields_foreign(f, 0, 256) && fields_foreign(f, 0, 384),
	    "  a block of another size is another key's");
	fields_write(f, &out);
	CHECK(slice_eq(slice_buf(&out), slice_buf(&sealed)),
	    "  none done, none changed");
	buf_cut(&out, 0);
	(void)fields_open(f, 0, opener, &e);
	(void)fields_open(f, 1, opener, &e);
	(void)fields_open(f, 2, opener, &e);
	fields_leave(f, 1);
	CHECK(fields_left(f) == 1, "  one record left");
	fields_write(f, &out);
	CHECK(slice_starts(slice_buf(&out), "[{\"a_encrypted\":") &&
	    memmem(out.p, out.n, "{\"a\":\"3\"},{}]", 13) != NULL,
	    "  both of its members are as they were");
	fields_free(f);
	buf_free(&sealed);
	buf_free(&out);
}

static void
test_path(void)
{
	struct json *doc;
	struct buf path = {0};
	struct json_val v;
	struct err e;

	if (json_parse(slice_str("[0,{\"a\":[{\"b c\":{\"_1\":2}}]}]"), &doc,
	    &e) < 0)
		return;
	for (v = json_root(doc); json_has(v); v = jsonpath_next(v)) {
		jsonpath(v, &path);
		buf_addc(&path, ' ');
	}
	CHECK(slice_is(slice_buf(&path), ". .[0] .[1] .[1].a .[1].a[0] "
	    ".[1].a[0][\"b c\"] .[1].a[0][\"b c\"]._1 "),
	    "paths: %.*s", (int)path.n, (const char *)path.p);
	buf_free(&path);
	json_free(doc);
}

int
main(void)
{
	struct err e;

	if (key_generate_rsa(2048, &key, &e) < 0 ||
	    oaep_start(key, &oaep_sha256, true, &sealer, &e) < 0 ||
	    oaep_start(key, &oaep_sha256, false, &opener, &e) < 0) {
		printf("Bail out! %s\n", e.text);
		return 1;
	}
	test_sealing();
	test_opening();
	test_leaving();
	test_path();
	oaep_free(sealer);
	oaep_free(opener);
	key_free(key);
	return tap_done();
}

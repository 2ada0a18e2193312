/* Records: which bytes of a document change, and which documents are
 * refused. */
#include "blob/records.h"

#include <stdio.h>
#include <stdlib.h>

#include "value/jsonpath.h"
#include "unit/tap.h"

static struct key *key;
static enum records_kind kind;

static int
seal(const char *text, const char *names, struct buf *out, struct err *e)
{
	struct blob_job job = {.key = key, .oaep = oaep_sha256,
	    .fields = names, .records = kind};

	return records_seal(slice_str(text), &job, out, e);
}

static int
unseal(struct slice text, struct buf *out, struct err *e)
{
	struct blob_job job = {.key = key, .oaep = oaep_sha256,
	    .records = kind};
	int ret;

	ret = records_open(text, &job, out, e);
	buf_free(&job.skipped_fields);
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
	struct blob_job job = {.oaep = oaep_sha256, .skip = true};
	struct buf ours = {0}, theirs = {0}, text = {0}, out = {0};
	struct key *other, *mine = key;
	struct err e;

	if (key_generate_rsa(3072, &other, &e) < 0)
		return;
	(void)seal("{\"a\":\"1\",\"b\":\"2\"}", "a,b", &ours, &e);
	key = other;
	(void)seal("{\"a\":\"3\"}", "a", &theirs, &e);
	key = mine;
	buf_addf(&text, "[%.*s, %.*s,{}]", (int)ours.n, (const char *)ours.p,
	    (int)theirs.n, (const char *)theirs.p);
	job.key = key;
	CHECK(records_open(slice_buf(&text), &job, &out, &e) == 0 &&
	    job.skipped == 1 && job.records_done == 3 &&
	    slice_is(slice_buf(&job.skipped_fields), "a 1"),
	    "one record of three is left, and its field counted");
	CHECK(slice_starts(slice_buf(&out), "[{\"a\":\"1\",\"b\":\"2\"}, "
	    "{\"a_encrypted\":"), "  the other is done");
	job.skip = false;
	buf_cut(&out, 0);
	CHECK(records_open(slice_buf(&text), &job, &out, &e) < 0 &&
	    e.code == E_INPUT && out.n == 0 &&
	    strncmp(e.text, ".[1].a_encrypted: ", 18) == 0,
	    "  without leave it is refused, with its place: %s", e.text);
	buf_free(&job.skipped_fields);
	buf_free(&ours);
	buf_free(&theirs);
	buf_free(&text);
	buf_free(&out);
	key_free(other);
}

/* The same whatever pieces a text comes in, byte by byte too. */
static void
pieces(enum records_kind k, const char *text, size_t want, size_t step)
{
	struct slice all = slice_str(text);
	struct split s = {.kind = k};
	struct spans spans = {0};
	size_t cut, at = 0, upto = 0;
	struct err e = {.code = E_OK};
	int ret = 0;

	while (ret == 0 && upto < all.n) {
		upto = upto + step < all.n ? upto + step : all.n;
		ret = split_more(&s, slice_of(all.p + at, upto - at),
		    upto == all.n, &spans, &cut, &e);
		if (ret == 0) {
			split_taken(&s, cut);
			at += cut;
		}
	}
	CHECK(want > 0 ? ret == 0 && spans.n == want : ret < 0 &&
	    e.code == E_INPUT, "%zu records in pieces of %zu: %s %s", want,
	    step, text, e.text);
	free(spans.v);
}

static void
test_split(void)
{
	static const struct {
		enum records_kind kind;
		const char *text;
		size_t n;	/* records; 0: refused */
	} rows[] = {
		{RECORDS_JSON, "[1, \"a\\\\\\\"]\" ,{\"x\":[{}]},[] ]\n", 4},
		{RECORDS_JSON, " {\"a\":\"}\"} ", 1},
		{RECORDS_JSON, "[1,]", 0}, {RECORDS_JSON, "[,1]", 0},
		{RECORDS_JSON, "[1 2]", 0}, {RECORDS_JSON, "[1", 0},
		{RECORDS_JSON, "[\"a", 0}, {RECORDS_JSON, "[1]]", 0},
		{RECORDS_JSON, " ", 0}, {RECORDS_JSON, "{} {}", 0},
		{RECORDS_LINES, "{}\n\n {\"a\":1} \r\n[]", 3},
		{RECORDS_LINES, "1\n", 1},
		{RECORDS_CSV, "a,b\n1,\"x\n\"\"y\"\r\n3,4", 3},
		{RECORDS_CSV, "a\n\n\"\"\n", 3},
		{RECORDS_CSV, "a\n\"1\n2\n", 0},
	};
	size_t i, step;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		for (step = 1; step < 6; step++)
			pieces(rows[i].kind, rows[i].text, rows[i].n, step);
}

static void
test_kinds(void)
{
	CHECK(split_recognise(slice_str("{}\n{}"), true) == RECORDS_LINES &&
	    split_recognise(slice_str("{}\n"), false) == RECORDS_AUTO &&
	    split_recognise(slice_str("{}\n"), true) == RECORDS_JSON &&
	    split_recognise(slice_str("{} {}"), true) == RECORDS_JSON &&
	    split_recognise(slice_str("{\n}\n{}"), true) == RECORDS_JSON &&
	    split_recognise(slice_str("{\"a\":"), false) == RECORDS_AUTO,
	    "lines are told by what is behind the first");
}

static void
test_lines(void)
{
	kind = RECORDS_LINES;
	round_trip("{\"a\":\"x\"}\r\n\n {\"b\":1.10} \n{\"a\":null}", "a",
	    "{\"a\":\"x\"}\r\n\n {\"b\":1.10} \n{\"a\":null}");
	refused(true, "{\"a\":1}\n{\"a\":", "a", E_INPUT);
	refused(true, "{\"a\":1}\n{\"a\":1} {}\n", "a", E_INPUT);
	kind = RECORDS_AUTO;
}

static void
test_csv(void)
{
	static const char *const same[] = {
		"a,b\n1,2\n", "a,b\r\n1,2\r\n3,\"\"\r\n",
		"\"a\",b\n\"x, \"\"y\"\"\n\",z\n", "a\n\nx\n",
		"a,b\n\n ,2", "b,a\n\"1\", 2 \n,\n",
	};
	static const char *const bad[] = {
		"", "\n", "a,a\n1,2\n", "a,a_encrypted\n1,2\n", "b\n1\n",
		"a,b\n1\n", "a,b\n1,2,3\n", "a\n\"x\n", "a\n\"x\"y\n",
		"a\nx\"y\"\n", "a,b\n1,x\ry\n", "a\n\xff\n", "\xff,a\n1,2\n",
	};
	size_t i;

	kind = RECORDS_CSV;
	for (i = 0; i < sizeof same / sizeof *same; i++)
		round_trip(same[i], "a", same[i]);
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		refused(true, bad[i], "a", E_INPUT);
	refused(false, "a,a_encrypted\n1,\n", NULL, E_INPUT);
	refused(false, "a_encrypted\nAA==\n", NULL, E_INPUT);
	refused(false, "a_encrypted\n*\n", NULL, E_INPUT);
	kind = RECORDS_AUTO;
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

	if (key_generate_rsa(2048, &key, &e) < 0) {
		printf("Bail out! %s\n", e.text);
		return 1;
	}
	test_sealing();
	test_opening();
	test_leaving();
	test_path();
	test_split();
	test_kinds();
	test_lines();
	test_csv();
	key_free(key);
	return tap_done();
}

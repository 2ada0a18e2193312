/* thim.c -- the platform's certificates in each form people have them. */
#include "evidence/thim.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "ground/io.h"
#include "unit/tap.h"

static struct buf full, json;

static int
load(const char *name, struct buf *out)
{
	struct buf path = {0};
	struct err e;
	int ret;

	buf_addf(&path, "%s/pki/milan/%s", getenv("FAKE"), name);
	buf_addc(&path, '\0');
	ret = io_read((char *)path.p, THIM_MAX, out, &e);
	buf_free(&path);
	return ret;
}

/* 0 if text gives the three certificates, else the class of the refusal, or
 * 99 if something came out that should not have. */
static int
gives(struct slice text)
{
	struct buf out = {0};
	struct err e = {.code = E_OK};
	int ret = thim_pem(text, &out, &e);

	if (ret == 0 && !slice_eq(slice_buf(&out), slice_buf(&full)))
		ret = 99;
	if (ret < 0)
		ret = out.n == 0 ? (int)e.code : 99;
	buf_free(&out);
	return ret;
}

static void
accepted(void)
{
	struct buf b = {0};

	CHECK(gives(slice_buf(&full)) == 0, "PEM");
	CHECK(gives(slice_buf(&json)) == 0, "THIM JSON");
	b64_encode(slice_buf(&json), B64_STD | B64_PAD, &b);
	CHECK(gives(slice_buf(&b)) == 0, "its base64");
	buf_adds(&b, "\r\n");
	CHECK(gives(slice_buf(&b)) == 0, "and a line end");
	buf_free(&b);
}

/* Two of the three, each whole. */
static void
two(void)
{
	static const char begin[] = "\n-----BEGIN ";
	struct slice pem = slice_buf(&full), rest = pem;
	struct buf out = {0};
	struct err e = {.code = E_OK};
	size_t i;

	for (i = 0; i < 2; i++)
		rest = slice_from(rest, slice_search(rest, begin) + 1);
	CHECK(rest.n > 0 && thim_pem(slice_head(pem, pem.n - rest.n), &out,
	    &e) < 0 && e.code == E_INPUT && strcmp(e.text, "certificates: 2 "
	    "certificates instead of three: leaf, ASK, ARK") == 0,
	    "two of three: %s", e.text);
	buf_free(&out);
}

static void
refused(void)
{
	static const char *const texts[] = {"", " \n", "{}", "[]", "null",
	    "{\"vcekCert\":\"\",\"certificateChain\":\"\"}",
	    "{\"vcekCert\":1,\"certificateChain\":2}", "nonsense", "e30=",
	    "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n",
	    "\xef\xbb\xbf{}"};
	struct slice pem = slice_buf(&full), s = slice_buf(&json);
	struct buf b = {0};
	size_t i, bad = 0;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		CHECK(gives(slice_str(texts[i])) == E_INPUT, "'%s'", texts[i]);
	buf_add(&b, pem);
	buf_add(&b, pem);
	CHECK(gives(slice_buf(&b)) == E_INPUT, "six certificates");
	buf_cut(&b, 0);
	buf_add(&b, slice_from(pem, 1 + slice_find(slice_from(pem, 1), '-')));
	CHECK(gives(slice_buf(&b)) == E_INPUT, "a broken first line");
	buf_cut(&b, 0);
	buf_add(&b, pem);
	buf_adds(&b, "text\n");
	CHECK(gives(slice_buf(&b)) == E_INPUT, "text behind");
	for (i = 0; i + 2 < s.n; i += 13)
		bad += gives(slice_head(s, i)) != E_INPUT;
	CHECK(bad == 0, "JSON cut short");
	for (i = 0, bad = 0; i + 1 < pem.n; i += 13)
		bad += gives(slice_head(pem, i)) != E_INPUT;
	CHECK(bad == 0, "PEM cut short");
	buf_free(&b);
}

int
main(void)
{
	if (getenv("FAKE") == NULL || load("full.pem", &full) < 0 ||
	    load("thim.json", &json) < 0)
		tap_skip("thim", "no stand-in PKI");
	else {
		accepted();
		refused();
		two();
	}
	buf_free(&full);
	buf_free(&json);
	return tap_done();
}

/* Blobs: the table and its names, recognition by public bytes, and every byte
 * of a blob changed or cut off. */
#include "blob/blob.h"

#include <stdio.h>

#include "codec/b64.h"
#include "unit/tap.h"

static struct key *key;
static struct cse_meta meta;	/* of the blob in hand, if it has any */

static const char *
recognised(struct slice s)
{
	const struct blob_format *f;
	struct err e;

	f = blob_recognise(s, &(struct blob_job){.key = key}, &e);
	return f != NULL ? f->name : e.code == E_INPUT ? "" : "wrong class";
}

/* The words of list are just these, of which there are n. */
static bool
lists(const char *list, size_t n)
{
	for (; *list != '\0'; list++)
		n -= *list == '|';
	return n == 1;
}

static bool
has_word(const char *list, const char *word)
{
	const char *at = strstr(list, word);
	char end = at != NULL ? at[strlen(word)] : 'x';

	return at != NULL && (at == list || at[-1] == '|') &&
	    (end == '|' || end == '\0');
}

static void
test_table(void)
{
	const struct blob_format *f;
	size_t i, opens = 0, seals = 0;

	for (i = 0; (f = blob_row(i)) != NULL; i++) {
		opens += blob_opens(f);
		seals += blob_seals(f);
		CHECK(blob_named(f->name) == f, "by name: %s", f->name);
		CHECK(has_word(BLOB_OPENS, f->name) == blob_opens(f) &&
		    has_word(BLOB_SEALS, f->name) == blob_seals(f),
		    "%s: in BLOB_OPENS, BLOB_SEALS as its row says", f->name);
	}
	CHECK(lists(BLOB_OPENS, opens + 1) && has_word(BLOB_OPENS, "auto") &&
	    lists(BLOB_SEALS, seals), "and nothing else");
	CHECK(blob_named("auto") == NULL, "auto is no row");
}

static void
test_recognise(void)
{
	struct buf block = {0}, text = {0};

	(void)memset(buf_more(&block, 256), 0x5a, 256);
	CHECK(strcmp(recognised(slice_buf(&block)), "oaep") == 0, "a block");
	b64_encode(slice_buf(&block), B64_URL, &text);
	CHECK(strcmp(recognised(slice_buf(&text)), "oaep") == 0, "its base64");
	CHECK(strcmp(recognised(slice_from(slice_buf(&block), 1)), "") == 0,
	    "not 255 bytes");
	CHECK(strcmp(recognised(slice_from(slice_buf(&text), 2)), "") == 0,
	    "nor base64 of them");
	CHECK(strcmp(recognised(slice_str("{}")), "fields") == 0 &&
	    strcmp(recognised(slice_str("\n [")), "fields") == 0, "JSON");
	block.p[0] = '{';
	CHECK(strcmp(recognised(slice_buf(&block)), "fields") == 0,
	    "text of a block's size is JSON");
	block.p[9] = 0xff;
	CHECK(strcmp(recognised(slice_buf(&block)), "oaep") == 0,
	    "bytes of a block's size are a block, whatever comes first");
	CHECK(strcmp(recognised(slice_str("")), "") == 0 &&
	    strcmp(recognised(slice_str("plain")), "") == 0, "nothing else");
	buf_free(&block);
	buf_free(&text);
}

/* What public bytes alone may make of a change, in status 1. */
static bool
is_public(const char *text)
{
	static const char *const reasons[] = {
		"not sealed for this key",	/* age */
		"its nonce is not the one",	/* cse */
	};
	size_t i;

	for (i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strstr(text, reasons[i]) != NULL)
			return true;
	return false;
}

/* Open a changed blob: refused, as one of the two classes, nothing out. */
static bool
refused(const struct blob_format *f, struct slice s)
{
	struct blob_job job = {.key = key, .oaep = oaep_sha256,
	    .cse = &meta};
	struct buf out = {0};
	struct err e = {0};
	size_t end = strlen("decryption failed"), n;
	bool good;

	good = blob_open(f, s, &job, &out, &e) < 0 && out.n == 0;
	n = strlen(e.text);
	if (e.code == E_NO)
		good = good && (is_public(e.text) || (n >= end &&
		    strcmp(e.text + n - end, "decryption failed") == 0));
	else
		good = good && e.code == E_INPUT;
	if (!good)
		printf("# %d %s\n", (int)e.code, e.text);
	buf_free(&out);
	return good;
}

static void
sweep(const char *name, struct slice plain, const char *fields, bool raw)
{
	const struct blob_format *f = blob_named(name);
	struct buf blob = {0}, back = {0}, text = {0};
	struct blob_job job = {.key = key, .oaep = oaep_sha256,
	    .fields = fields, .raw = raw, .kid = slice_str("k"),
	    .cse_meta = &text, .cse = &meta};
	size_t i, bad = 0;
	struct err e;

	CHECK(blob_seal(f, plain, &job, &blob, &e) == 0,
	    "%s: sealed", name);
	job.kid.n = 0;
	if (text.n > 0)
		CHECK(cse_meta_read(slice_buf(&text), CSE_REGION_CAP, &meta,
		    &e) == 0, "what is beside it");
	CHECK(blob_open(f, slice_buf(&blob), &job, &back, &e) == 0 &&
	    slice_eq(slice_buf(&back), plain), "%s: there and back", name);
	/* a line end may become another blank, and a member's name another */
	i = fields != NULL ? strlen("{'a_encrypted':") : 0;
	for (; i < blob.n && (raw || blob.p[i] != '\n'); i++) {
		blob.p[i] ^= 4;
		bad += !refused(f, slice_buf(&blob));
		blob.p[i] ^= 4;
	}
	CHECK(bad == 0, "%s: each of %zu bytes changed", name, blob.n);
	bad = 0;
	/* padding is optional in text, its line end too */
	/* that all regions are gone shows by the size alone */
	for (i = text.n > 0 ? 1 : 0; raw && i < blob.n; i++)
		bad += !refused(f, slice_head(slice_buf(&blob), i));
	for (i = 0; !raw && i + 3 < blob.n; i++)
		bad += !refused(f, slice_head(slice_buf(&blob), i));
	CHECK(bad == 0, "%s: cut after each", name);
	cse_meta_free(&meta);
	buf_free(&blob);
	buf_free(&back);
	buf_free(&text);
}

int
main(void)
{
	struct err e;

	if (key_generate_rsa(2048, &key, &e) < 0) {
		printf("Bail out! %s\n", e.text);
		return 1;
	}
	test_table();
	test_recognise();
	sweep("oaep", slice_str("attack at dawn"), NULL, true);
	sweep("oaep", slice_str("attack at dawn"), NULL, false);
	sweep("jwe", slice_str("attack at dawn"), NULL, false);
	sweep("age", slice_str("attack at dawn"), NULL, true);
	sweep("cse", slice_str("attack at dawn"), NULL, true);
	sweep("fields", slice_str("{\"a\":\"1\"}"), "a", false);
	key_free(key);
	return tap_done();
}

/* The wrapped annotation: what is read, what is not, and what is said of the
 * key it takes. */
#include "blob/wrapped.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "crypto/oaep.h"
#include "ground/io.h"
#include "unit/tap.h"

static const char plain[] = "Oceans are full of water\n";
static struct key *rsa, *other;

/* An annotation with the members before and after wrapped_data. */
static void
make(const char *before, const char *after, struct buf *out)
{
	struct oaep_run *run;
	struct buf block = {0};
	struct err e;

	buf_cut(out, 0);
	if (oaep_start(rsa, &oaep_sha256, true, &run, &e) < 0)
		return;
	if (oaep_seal(run, slice_str(plain), &block, &e) == 0) {
		buf_addf(out, "{%s\"wrapped_data\":\"", before);
		b64_encode(slice_buf(&block), B64_STD | B64_PAD, out);
		buf_addf(out, "\"%s}", after);
	}
	oaep_free(run);
	buf_free(&block);
}

/* 0 and the plaintext, or the class of the refusal, with nothing written. */
static int
judge(struct slice text, const struct key *key, struct err *e)
{
	struct buf out = {0};
	int ret;

	*e = (struct err){.code = E_OK};
	if (wrapped_open(text, key, &out, e) == 0)
		ret = slice_is(slice_buf(&out), plain) ? 0 : -1;
	else
		ret = out.n == 0 ? (int)e->code : -1;
	buf_free(&out);
	return ret;
}

static void
shapes(void)
{
	static const struct {
		const char *before, *after, *text;	/* NULL: opens */
	} rows[] = {
		{"\"kid\":\"k\",", "", NULL},
		{"\"kid\":\"k\",", ",\"iv\":\"\",\"wrap_type\":\"rsa_3072\","
		    "\"kms_endpoint\":\"v\",\"attester_endpoint\":\"a\"",
		    NULL},
		{"", "", "kid: missing"}, {"\"kid\":1,", "", "kid: a number"},
		{"\"kid\":\"\",", "", "kid: empty"},
		{"\"kid\":\"k\",", ",\"iv\":\"AA==\"", "iv: not empty"},
		{"\"kid\":\"k\",", ",\"iv\":null", "iv: null"},
		{"\"kid\":\"k\",", ",\"wrap_type\":\"aes\"",
		    "wrap_type aes is not supported"},
		{"\"kid\":\"k\",", ",\"x\":1", "\"x\" is no member"},
		{"\"kid\":\"k\",", ",\"kms_endpoint\":[]",
		    "kms_endpoint: an array"},
		{"\"kid\":\"k\",\"kid\":\"k\",", "", "wrapped: "},
		{"\"kid\":\"k\",", "}", "wrapped: "},
	};
	struct buf json = {0}, text = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		make(rows[i].before, rows[i].after, &json);
		buf_cut(&text, 0);
		b64_encode(slice_buf(&json), B64_STD | B64_PAD, &text);
		if (rows[i].text == NULL) {
			CHECK(judge(slice_buf(&json), rsa, &e) == 0 &&
			    wrapped_is(slice_buf(&json)), "JSON %zu opens", i);
			CHECK(judge(slice_buf(&text), rsa, &e) == 0 &&
			    wrapped_is(slice_buf(&text)), "  its base64 too");
			buf_addc(&text, '\n');
			CHECK(judge(slice_buf(&text), rsa, &e) == 0,
			    "  and with a newline");
			continue;
		}
		CHECK(judge(slice_buf(&json), rsa, &e) == E_INPUT &&
		    strstr(e.text, rows[i].text) != NULL, "%s", e.text);
		CHECK(judge(slice_buf(&text), rsa, &e) == E_INPUT,
		    "  in base64 too");
	}
	buf_free(&json);
	buf_free(&text);
}

static void
others(void)
{
	static const struct {
		const char *text;
		bool is;
	} rows[] = {
		{"", false}, {"{}", false}, {"e30=", false}, {"!", false},
		{"W10=", false}, {"[]", false}, {"\xef\xbb\xbf{}", false},
		{"{\"wrapped_data\":1,\"kid\":\"k\"}", false},
		{"{\"wrapped_data\":\"\",\"kid\":\"k\"}", true},
		{"{\"wrapped_data\":\"A\",\"kid\":\"k\"}", true},
		{"{\"wrapped_data\":\" \",\"kid\":\"k\"}", true},
		{"{\"wrapped_data\":\"AAAA\",\"kid\":\"k\"}", true},
		{"{\"ciphertext\":\"AAAA\"}", false},
	};
	struct buf big = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		CHECK(wrapped_is(slice_str(rows[i].text)) == rows[i].is,
		    "looks: %s", rows[i].text);
		CHECK(judge(slice_str(rows[i].text), rsa, &e) == E_INPUT,
		    "  and is none: %s", e.text);
	}
	make("\"kid\":\"k\",", "", &big);
	memset(buf_more(&big, WRAPPED_MAX), ' ', WRAPPED_MAX);
	CHECK(judge(slice_buf(&big), rsa, &e) == E_INPUT, "too large");
	buf_free(&big);
}

/* Every byte of the block changed is the one message, whatever the cause, and
 * the hint says in public which key would do. */
static void
causes(void)
{
	static const char hint[] =
	    "it takes the key k of v.example, attested by unknown";
	struct buf json = {0};
	struct err e;
	size_t i, from, kept = 0, told = 0;
	int got;

	make("\"kid\":\"k\",\"kms_endpoint\":\"v.example\",", "", &json);
	CHECK(judge(slice_buf(&json), other, &e) == E_NO &&
	    strcmp(e.text, "decryption failed") == 0 &&
	    strcmp(e.hint, hint) == 0, "another key: %s", e.hint);
	from = json.n - 2 - 344;
	for (i = from; i < json.n - 2; i++) {
		json.p[i] ^= 1;
		got = judge(slice_buf(&json), rsa, &e);
		kept += got != E_NO && got != E_INPUT;
		told += got == E_NO && (strcmp(e.hint, hint) != 0 ||
		    strcmp(e.text, "decryption failed") != 0);
		json.p[i] ^= 1;
	}
	CHECK(kept == 0, "every byte of the block changed is refused");
	CHECK(told == 0, "  with one message and one hint");
	for (i = 0; i < json.n; i++)
		kept += judge(slice_head(slice_buf(&json), i), rsa, &e) !=
		    E_INPUT;
	CHECK(kept == 0, "every truncation is refused");
	buf_free(&json);
}

/* A published one; its private key is not. */
static void
published(const char *vectors)
{
	struct buf text = {0};
	struct wrapped w = {0};
	char path[4096];
	struct err e;

	(void)snprintf(path, sizeof path, "%s/aks-kata-cc/wrapped", vectors);
	if (io_read(path, WRAPPED_MAX, &text, &e) < 0) {
		tap_skip("aks-kata-cc", "not among the vectors");
		return;
	}
	CHECK(wrapped_is(slice_buf(&text)), "aks-kata-cc's is one");
	CHECK(wrapped_parse(slice_buf(&text), &w, &e) == 0 &&
	    slice_is(slice_buf(&w.kid), "testkey000") && w.data.n == 384 &&
	    slice_is(slice_buf(&w.kms_endpoint),
	    "accmhsm.managedhsm.azure.net") &&
	    slice_is(slice_buf(&w.attester_endpoint),
	    "sharedeus2.eus2.attest.azure.net"), "  is read");
	CHECK(judge(slice_buf(&text), rsa, &e) == E_INPUT &&
	    strstr(e.hint, "testkey000 of accmhsm.managedhsm.azure.net, "
	    "attested by sharedeus2.eus2") != NULL, "  %s", e.hint);
	wrapped_free(&w);
	buf_free(&text);
}

int
main(void)
{
	const char *vectors = getenv("VECTORS");
	struct err e;

	if (key_generate_rsa(2048, &rsa, &e) < 0 ||
	    key_generate_rsa(2048, &other, &e) < 0)
		return 1;
	shapes();
	others();
	causes();
	if (vectors != NULL && *vectors != '\0')
		published(vectors);
	else
		tap_skip("aks-kata-cc", "no vectors here");
	key_free(rsa);
	key_free(other);
	return tap_done();
}

/* A body in regions of whatever size, in pieces of any size; and every byte
 * of it changed, cut off or moved is refused. */
#include "blob/cselong.h"

#include <stdio.h>

#include "crypto/aead.h"
#include "unit/tap.h"

enum { REGION = 40, WHOLE = REGION + CSE_EXTRA };

static struct key *key;
static struct cse_meta meta;
static struct buf cek;

/* n bytes and their regions, as the Python library counts them. */
static void
make(size_t n, struct buf *plain, struct buf *body)
{
	size_t i;

	buf_cut(plain, 0);
	buf_cut(body, 0);
	for (i = 0; i < n; i++)
		buf_addc(plain, (uint8_t)(i * 7));
	for (i = 0; i < n; i += REGION) {
		struct slice part = slice_head(slice_from(slice_buf(plain),
		    i), REGION);
		uint8_t nonce[AEAD_NONCE_SIZE] = {0};
		struct aead *a;
		struct err e;

		nonce[AEAD_NONCE_SIZE - 1] = (uint8_t)(i / REGION);
		if (aead_start(AEAD_AES256_GCM, slice_buf(&cek), &a, &e) < 0)
			return;
		buf_add(body, slice_of(nonce, sizeof nonce));
		aead_seal(a, slice_of(nonce, sizeof nonce), slice_of(NULL, 0),
		    part, body);
		aead_free(a);
	}
}

/* One pass in pieces; 0 or the class. */
static int
pass(struct cselong *l, struct slice body, size_t piece, struct buf *out,
    struct err *e)
{
	struct slice in;

	*e = (struct err){.code = E_OK};
	while (body.n > 0) {
		in = slice_head(body, piece);
		body = slice_from(body, in.n);
		if (cselong_more(l, in, out, e) < 0)
			return (int)e->code;
	}
	return cselong_end(l, e) < 0 ? (int)e->code : 0;
}

static int
judge(struct slice body, size_t piece, struct buf *out, struct err *e)
{
	struct cselong *l;
	int ret;

	buf_cut(out, 0);
	if (cselong_start(&meta, key, &l, e) < 0)
		return (int)e->code;
	ret = pass(l, body, piece, out, e);
	cselong_free(l);
	return ret;
}

static void
sizes(void)
{
	static const size_t pieces[] = {1, 7, 16, 28, WHOLE, 1000};
	struct buf plain = {0}, body = {0}, out = {0};
	struct cselong *l;
	struct err e;
	size_t n, i, bad = 0;

	for (n = 0; n <= 3 * REGION + 1; n++) {
		make(n, &plain, &body);
		for (i = 0; i < sizeof pieces / sizeof *pieces; i++)
			bad += judge(slice_buf(&body), pieces[i], &out, &e) !=
			    0 || !slice_eq(slice_buf(&out),
			    slice_buf(&plain));
	}
	CHECK(bad == 0, "every size, in pieces of six sizes");
	/* as it is used: twice, and again after a failure at the end */
	if (CHECK(cselong_start(&meta, key, &l, &e) == 0, "a start")) {
		buf_cut(&out, 0);
		CHECK(pass(l, slice_buf(&body), 5, &out, &e) == 0 &&
		    pass(l, slice_head(slice_buf(&body), 20), 5, &out, &e) ==
		    E_INPUT && (buf_cut(&out, 0), 1) &&
		    pass(l, slice_buf(&body), 9, &out, &e) == 0 &&
		    slice_eq(slice_buf(&out), slice_buf(&plain)),
		    "again from the beginning");
		cselong_free(l);
	}
	buf_free(&plain);
	buf_free(&body);
	buf_free(&out);
}

static void
forged(void)
{
	struct buf plain = {0}, body = {0}, out = {0}, other = {0};
	struct err e;
	size_t i, bad = 0, passed = 0;
	int ret;

	make(2 * REGION + 9, &plain, &body);
	for (i = 0; i < body.n; i++) {
		body.p[i] ^= 1;
		bad += judge(slice_buf(&body), 11, &out, &e) != E_NO;
		body.p[i] ^= 1;
	}
	CHECK(bad == 0, "each of %zu bytes changed", body.n);
	for (i = 1; i < body.n; i++) {
		ret = judge(slice_head(slice_buf(&body), i), 11, &out, &e);
		passed += ret == 0;
		bad += ret != E_NO && ret != E_INPUT && i % WHOLE != 0;
	}
	/* nothing tells that a region is missing at the end but the size */
	CHECK(bad == 0 && passed == 2, "cut after each, %zu pass", passed);
	buf_add(&other, slice_head(slice_from(slice_buf(&body), WHOLE),
	    WHOLE));
	buf_add(&other, slice_head(slice_buf(&body), WHOLE));
	CHECK(judge(slice_buf(&other), 11, &out, &e) == E_NO &&
	    strcmp(e.text, "region 0: its nonce is not the one of its place") ==
	    0 && out.n == 0, "regions exchanged: %s", e.text);
	buf_cut(&other, 0);
	buf_add(&other, slice_head(slice_buf(&body), WHOLE));
	buf_add(&other, slice_head(slice_buf(&body), WHOLE));
	CHECK(judge(slice_buf(&other), 11, &out, &e) == E_NO,
	    "one repeated: %s", e.text);
	buf_cut(&other, 0);
	buf_add(&other, slice_buf(&body));
	buf_addc(&other, 0);
	CHECK(judge(slice_buf(&other), 11, &out, &e) == E_NO,
	    "one byte more: %s", e.text);
	meta.version = CSE_V2_0;
	CHECK(judge(slice_buf(&body), 11, &out, &e) == E_NO,
	    "another version: %s", e.text);
	meta.version = CSE_V1_0;
	CHECK(judge(slice_buf(&body), 11, &out, &e) == E_INPUT,
	    "the first version: %s", e.text);
	buf_free(&plain);
	buf_free(&body);
	buf_free(&out);
	buf_free(&other);
}

/* The key of the content, as 2.1 wraps it. */
static bool
make_meta(struct err *e)
{
	struct buf marked = {0};
	int ret;

	buf_add(&marked, slice_of("2.1\0\0\0\0\0", 8));
	(void)memset(buf_more(&cek, 32), 0x24, 32);
	buf_add(&marked, slice_buf(&cek));
	meta.version = CSE_V2_1;
	meta.region = REGION;
	meta.alg = keywrap_for(key, e);
	ret = keywrap_seal(meta.alg, key, slice_buf(&marked), &meta.wrapped,
	    e);
	buf_free(&marked);
	return ret == 0;
}

int
main(void)
{
	uint8_t kek[32] = {1};
	struct err e;

	if (key_from_oct(slice_of(kek, sizeof kek), &key, &e) < 0 ||
	    !make_meta(&e)) {
		(void)printf("Bail out! %s\n", e.text);
		return 1;
	}
	sizes();
	forged();
	cse_meta_free(&meta);
	buf_free(&cek);
	key_free(key);
	return tap_done();
}

/* gzip and zstd undone: whole, in pieces of every size, several behind each
 * other; cut at each byte, a byte changed, with something behind, too large. */
#include "codec/inflate.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "unit/tap.h"

enum { TEXT = 300000 };

static struct buf
packed(enum inflate_kind kind, struct slice text)
{
	struct buf out = {0};
	z_stream z = {0};
	size_t room = ZSTD_compressBound(text.n) + 100;
	uint8_t *p = buf_more(&out, room);

	if (kind == INFLATE_ZSTD) {
		ZSTD_CCtx *c = ZSTD_createCCtx();

		(void)ZSTD_CCtx_setParameter(c, ZSTD_c_checksumFlag, 1);
		out.n = ZSTD_compress2(c, p, room, text.p, text.n);
		(void)ZSTD_freeCCtx(c);
		return out;
	}
	(void)deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	z.next_in = (uint8_t *)(uintptr_t)text.p;
	z.avail_in = (uInt)text.n;
	z.next_out = p;
	z.avail_out = (uInt)room;
	(void)deflate(&z, Z_FINISH);
	out.n = room - z.avail_out;
	(void)deflateEnd(&z);
	return out;
}

struct pieces {
	struct slice rest;
	size_t size;
};

static int
piece(void *ctx, struct slice *out, struct err *e)
{
	struct pieces *p = ctx;

	(void)e;
	*out = slice_head(p->rest, p->size);
	p->rest = slice_from(p->rest, p->size);
	return 0;
}

static bool
in_pieces(enum inflate_kind kind, struct slice in, size_t size,
    struct slice text)
{
	struct pieces p = {in, size};
	struct inflate *f = inflate_open(kind, (struct feed){&p, piece, NULL},
	    text.n);
	struct feed from = inflate_feed(f);
	struct buf out = {0};
	struct slice got;
	struct err e;
	bool same;
	int ret;

	while ((ret = from.more(from.ctx, &got, &e)) == 0 && got.n > 0)
		buf_add(&out, got);
	same = ret == 0 && slice_eq(slice_buf(&out), text);
	inflate_close(f);
	buf_free(&out);
	return same;
}

static bool
refused(enum inflate_kind kind, struct slice in, uint64_t max)
{
	struct buf out = {0};
	struct err e = {.code = E_OK};
	bool good;

	buf_adds(&out, "kept");
	good = inflate_all(kind, in, max, &out, &e) < 0 &&
	    e.code == E_INPUT && slice_is(slice_buf(&out), "kept");
	buf_free(&out);
	return good;
}

static void
one_kind(enum inflate_kind kind, struct slice text)
{
	const char *name = inflate_name(kind);
	struct buf in = packed(kind, text), small = packed(kind,
	    slice_str("hello"));
	struct buf two = {0}, out = {0};
	struct err e;
	size_t i, bad = 0;

	CHECK(inflate_kind(slice_buf(&in)) == kind, "%s known", name);
	CHECK(inflate_kind(slice_head(slice_buf(&in), 1)) == INFLATE_NOT,
	    "%s not by one byte", name);
	for (i = 1; i < 400000; i = i * 3 + 1)
		bad += !in_pieces(kind, slice_buf(&in), i, text);
	CHECK(bad == 0, "%s in pieces", name);
	CHECK(refused(kind, slice_buf(&in), text.n - 1), "%s too large", name);
	for (i = bad = 0; i < small.n; i++)
		bad += !refused(kind, slice_head(slice_buf(&small), i), 99);
	CHECK(bad == 0, "%s cut at each byte", name);
	buf_add(&two, slice_buf(&small));
	buf_add(&two, slice_buf(&small));
	CHECK(inflate_all(kind, slice_buf(&two), 10, &out, &e) == 0 &&
	    slice_is(slice_buf(&out), "hellohello"), "%s twice", name);
	buf_addc(&small, 'x');
	CHECK(refused(kind, slice_buf(&small), 99), "%s and an x", name);
	small.p[small.n - 3] ^= 1;
	CHECK(refused(kind, slice_head(slice_buf(&small), small.n - 1), 99),
	    "%s damaged", name);
	buf_free(&in);
	buf_free(&small);
	buf_free(&two);
	buf_free(&out);
}

int
main(void)
{
	struct buf text = {0};
	uint32_t x = 1;
	size_t i;

	for (i = 0; i < TEXT; i++) {
		x = x * 1664525 + 1013904223;
		buf_addc(&text, (uint8_t)((x >> 24) & (i % 7000 < 3500 ? 255 :
		    3)));
	}
	one_kind(INFLATE_GZIP, slice_buf(&text));
	one_kind(INFLATE_ZSTD, slice_buf(&text));
	CHECK(inflate_kind(slice_str("ustar")) == INFLATE_NOT, "neither");
	buf_free(&text);
	return tap_done();
}

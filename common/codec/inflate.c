/* inflate.c -- see inflate.h. */
#include "codec/inflate.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

enum {
	PIECE = 128 << 10,	/* bytes given at once */
	GZIP_WINDOW = 15 + 16,	/* bits; 16: with a header of gzip's */
	ZSTD_WINDOW = 27,	/* bits */
};

struct inflate {
	enum inflate_kind kind;
	struct feed from;
	struct slice in;	/* not yet taken of what from gave */
	uint64_t left;		/* bytes that may still come out */
	bool begun, inside;	/* a member or frame was; is open */
	bool ended;		/* from has no more */
	z_stream gzip;
	ZSTD_DStream *zstd;
	uint8_t out[PIECE];
};

static const struct {
	const char *name;
	uint8_t head[INFLATE_HEAD];
	size_t n;
} kinds[] = {
	[INFLATE_NOT] = {"nothing", {0}, 0},
	[INFLATE_GZIP] = {"gzip", {0x1f, 0x8b}, 2},
	[INFLATE_ZSTD] = {"zstd", {0x28, 0xb5, 0x2f, 0xfd}, 4},
};

enum inflate_kind
inflate_kind(struct slice head)
{
	enum inflate_kind kind;

	for (kind = INFLATE_GZIP; kind <= INFLATE_ZSTD; kind++)
		if (head.n >= kinds[kind].n &&
		    memcmp(head.p, kinds[kind].head, kinds[kind].n) == 0)
			return kind;
	return INFLATE_NOT;
}

const char *
inflate_name(enum inflate_kind kind)
{
	return kinds[kind].name;
}

struct inflate *
inflate_open(enum inflate_kind kind, struct feed from, uint64_t max)
{
	struct inflate *f = calloc(1, sizeof *f);

	if (f == NULL)
		err_nomem();
	f->kind = kind;
	f->from = from;
	f->left = max;
	if (kind == INFLATE_GZIP) {
		if (inflateInit2(&f->gzip, GZIP_WINDOW) != Z_OK)
			err_nomem();
	} else {
		if ((f->zstd = ZSTD_createDStream()) == NULL)
			err_nomem();
		(void)ZSTD_DCtx_setParameter(f->zstd, ZSTD_d_windowLogMax,
		    ZSTD_WINDOW);
	}
	return f;
}

void
inflate_close(struct inflate *f)
{
	if (f == NULL)
		return;
	if (f->kind == INFLATE_GZIP)
		(void)inflateEnd(&f->gzip);
	(void)ZSTD_freeDStream(f->zstd);
	free(f);
}

/* One step of either: *n bytes came into out. */
static int
step_gzip(struct inflate *f, size_t *n, struct err *e)
{
	int ret;

	f->gzip.next_in = (uint8_t *)(uintptr_t)f->in.p;
	f->gzip.avail_in = f->in.n < UINT32_MAX ? (uInt)f->in.n : UINT32_MAX;
	f->gzip.next_out = f->out;
	f->gzip.avail_out = PIECE;
	ret = inflate(&f->gzip, Z_NO_FLUSH);
	if (ret == Z_MEM_ERROR)
		err_nomem();
	f->in = slice_from(f->in, (size_t)(f->gzip.next_in - f->in.p));
	*n = PIECE - f->gzip.avail_out;
	if (ret == Z_STREAM_END) {
		f->inside = false;
		(void)inflateReset(&f->gzip);
	} else if (ret != Z_OK && ret != Z_BUF_ERROR) {
		return err_set(e, E_INPUT, "gzip: %s",
		    f->gzip.msg != NULL ? f->gzip.msg : "damaged");
	}
	return 0;
}

static int
step_zstd(struct inflate *f, size_t *n, struct err *e)
{
	ZSTD_inBuffer in = {f->in.p, f->in.n, 0};
	ZSTD_outBuffer out = {f->out, PIECE, 0};
	size_t ret = ZSTD_decompressStream(f->zstd, &out, &in);

	if (ZSTD_isError(ret))
		return err_set(e, E_INPUT, "zstd: %s", ZSTD_getErrorName(ret));
	f->in = slice_from(f->in, in.pos);
	*n = out.pos;
	f->inside = ret != 0;
	return 0;
}

static int
step(struct inflate *f, size_t *n, struct err *e)
{
	return f->kind == INFLATE_GZIP ? step_gzip(f, n, e) :
	    step_zstd(f, n, e);
}

/* See that there is something to work on; *end: nothing more is to come. */
static int
fill(struct inflate *f, bool *end, struct err *e)
{
	*end = false;
	if (f->in.n > 0 || f->ended)
		return 0;
	if (f->from.more(f->from.ctx, &f->in, e) < 0)
		return -1;
	f->ended = f->in.n == 0;
	*end = f->ended && f->begun && !f->inside;
	return 0;
}

static int
more(void *ctx, struct slice *piece, struct err *e)
{
	struct inflate *f = ctx;
	size_t n = 0, was;
	bool end;

	do {
		if (fill(f, &end, e) < 0)
			return -1;
		if (end)
			break;
		was = f->in.n;
		if (was > 0)
			f->begun = f->inside = true;
		if (step(f, &n, e) < 0)
			return -1;
		if (n == 0 && f->ended && was == 0)
			return err_set(e, E_INPUT, "%s: cut short",
			    inflate_name(f->kind));
	} while (n == 0);
	if (n > f->left)
		return err_set(e, E_INPUT, "%s: unpacks to more than is "
		    "allowed", inflate_name(f->kind));
	f->left -= n;
	*piece = slice_of(f->out, n);
	return 0;
}

struct feed
inflate_feed(struct inflate *f)
{
	return (struct feed){.ctx = f, .more = more};
}

static int
whole(void *ctx, struct slice *piece, struct err *e)
{
	struct slice *all = ctx;

	(void)e;
	*piece = *all;
	all->n = 0;
	return 0;
}

int
inflate_all(enum inflate_kind kind, struct slice in, uint64_t max,
    struct buf *out, struct err *e)
{
	struct inflate *f = inflate_open(kind, (struct feed){&in, whole, NULL},
	    max);
	size_t was = out->n;
	struct slice piece;
	int ret;

	while ((ret = more(f, &piece, e)) == 0 && piece.n > 0)
		buf_add(out, piece);
	if (ret < 0)
		buf_cut(out, was);
	inflate_close(f);
	return ret;
}

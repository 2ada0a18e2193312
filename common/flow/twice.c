/* twice.c -- see twice.h. */
#include "flow/twice.h"

#include "crypto/hash.h"

enum { PIECE = 1 << 20 };	/* bytes turned at once; 32 are kept of each */

/* What both passes know: the digests of the pieces so far, in the first; in
 * the second which is next. */
struct passes {
	const struct twice *t;
	struct source *in;
	struct io_out *out;	/* NULL in the first */
	struct buf digests;
	size_t at;
};

/* Remember the piece, or see that it is the one it was. */
static int
check(struct passes *p, struct slice piece, struct err *e)
{
	uint8_t digest[SHA256_SIZE];
	struct slice was;

	hash_sha256(piece, digest);
	if (p->out == NULL) {
		buf_add(&p->digests, slice_of(digest, sizeof digest));
		return 0;
	}
	was = slice_head(slice_from(slice_buf(&p->digests), p->at),
	    sizeof digest);
	p->at += sizeof digest;
	if (!slice_eq(was, slice_of(digest, sizeof digest)))
		return err_set(e, E_SYSTEM, "%s: changed while it was read",
		    p->in->name);
	return 0;
}

static int
turn(struct passes *p, struct slice in, bool last, struct buf *out,
    struct err *e)
{
	if (p->t->more(p->t->ctx, in, out, e) < 0 ||
	    (last && p->t->end(p->t->ctx, out, e) < 0))
		return err_in(e, "%s", p->in->name);
	return 0;
}

static int
pass(struct passes *p, struct err *e)
{
	struct buf in = {0}, out = {0};
	struct slice head;
	bool last = false;
	int ret;

	/* what comes out is about as large as what goes in */
	(void)buf_more(&out, PIECE + 64);
	ret = source_peek(p->in, p->t->skip, &head, e);
	source_skip(p->in, p->t->skip);
	while (ret == 0 && !last) {
		in.n = out.n = 0;
		ret = source_take(p->in, PIECE, &in, &last, e);
		if (ret == 0)
			ret = check(p, slice_buf(&in), e);
		if (ret == 0)
			ret = turn(p, slice_buf(&in), last, &out, e);
		if (ret == 0 && p->out != NULL)
			ret = io_put(p->out, slice_buf(&out), e);
	}
	buf_free(&in);
	buf_free(&out);
	return ret;
}

int
twice_run(const struct twice *t, struct source *s, const char *out_path,
    unsigned how, struct err *e)
{
	struct passes p = {.t = t, .in = s};
	struct io_out out;
	int ret;

	ret = source_again(s, e);
	if (ret == 0)
		ret = pass(&p, e);
	if (ret == 0)
		ret = source_again(s, e);
	if (ret == 0)
		ret = io_open(out_path, how, &out, e);
	if (ret == 0) {
		p.out = &out;
		ret = pass(&p, e);
		if (ret == 0)
			ret = io_commit(&out, e);
		else
			io_drop(&out);
	}
	buf_free(&p.digests);
	return ret;
}

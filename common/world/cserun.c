/* cserun.c -- see cserun.h. */
#include "world/cserun.h"

enum { PIECE = 256 << 10 };	/* bytes turned at once */

/* All of the source through the cipher; without an output, to see whether its
 * end is right. */
static int
pass(struct cbc *c, struct source *s, struct io_out *o, struct err *e)
{
	struct buf in = {0}, out = {0};
	bool last = false;
	int ret = 0;

	(void)buf_more(&out, PIECE + 2 * CBC_BLOCK_SIZE);
	while (ret == 0 && !last) {
		in.n = out.n = 0;
		ret = source_take(s, PIECE, &in, &last, e);
		if (ret < 0)
			break;
		cbc_open_more(c, slice_buf(&in), &out);
		if (last && (ret = cbc_open_end(c, &out, e)) < 0)
			(void)err_in(e, "%s", s->name);
		if (ret == 0 && o != NULL)
			ret = io_put(o, slice_buf(&out), e);
	}
	buf_free(&in);
	buf_free(&out);
	return ret;
}

int
cserun_v1(struct cbc *c, struct source *s, const char *out_path, unsigned how,
    struct err *e)
{
	struct io_out out;

	if (pass(c, s, NULL, e) < 0 || source_again(s, e) < 0 ||
	    io_open(out_path, how, &out, e) < 0)
		return -1;
	if (pass(c, s, &out, e) < 0) {
		io_drop(&out);
		return -1;
	}
	return io_commit(&out, e);
}

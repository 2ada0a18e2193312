/* oaep.c -- see oaep.h. */
#include "blob/oaep.h"

#include "codec/b64.h"

/* The block in s, which may be text of it; keep holds what was decoded. */
static int
block_of(struct slice s, const struct key *key, struct buf *keep,
    struct slice *block, struct err *e)
{
	size_t size = key_size(key);

	*block = s;
	if (s.n == size)
		return 0;
	if (b64_decode(s, B64_TEXT, keep, e) < 0)
		return err_set(e, E_INPUT, "neither a block of this key, which "
		    "has %zu bytes, nor base64 of one", size);
	*block = slice_buf(keep);
	if (keep->n != size)
		return err_set(e, E_INPUT, "base64 of %zu bytes, but a block "
		    "of this key has %zu", keep->n, size);
	return 0;
}

bool
oaepblob_is(struct slice s, const struct key *key)
{
	struct buf keep = {0};
	struct slice block;
	struct err e;
	bool is;

	is = key_type(key) == KEY_RSA &&
	    block_of(s, key, &keep, &block, &e) == 0;
	buf_free(&keep);
	return is;
}

int
oaepblob_open(struct slice s, const struct key *key, const struct oaep *how,
    struct buf *out, struct err *e)
{
	struct buf keep = {0};
	struct oaep_run *run;
	struct slice block;
	int ret;

	if (oaep_start(key, how, false, &run, e) < 0)
		return -1;
	ret = block_of(s, key, &keep, &block, e);
	if (ret == 0)
		ret = oaep_open(run, block, out, e);
	oaep_free(run);
	buf_free(&keep);
	return ret;
}

int
oaepblob_seal(struct slice s, const struct key *key, const struct oaep *how,
    bool raw, struct buf *out, struct err *e)
{
	struct oaep_run *run;
	struct buf block = {0};
	int ret;

	if (oaep_start(key, how, true, &run, e) < 0)
		return -1;
	ret = oaep_seal(run, s, &block, e);
	if (ret == 0 && raw) {
		buf_add(out, slice_buf(&block));
	} else if (ret == 0) {
		b64_encode(slice_buf(&block), B64_STD | B64_PAD, out);
		buf_addc(out, '\n');
	}
	oaep_free(run);
	buf_free(&block);
	return ret;
}

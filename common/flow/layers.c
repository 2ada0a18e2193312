/* layers.c -- see layers.h. */
#include "flow/layers.h"

#include <inttypes.h>

#include "codec/inflate.h"
#include "flow/work.h"
#include "image/layer.h"

/* From what comes in to the plain tar: counted, and hashed on both sides if
 * that is wanted. */
struct plain {
	struct feed from;
	struct hash_run *blob, *diff;
	struct slice first;	/* of the feed, looked at */
	struct inflate *inflate;
	uint64_t left, max;
};

static int
raw_more(void *ctx, struct slice *piece, struct err *e)
{
	struct plain *p = ctx;

	if (p->first.n > 0) {
		*piece = p->first;
		p->first.n = 0;
		return 0;
	}
	if (p->from.more(p->from.ctx, piece, e) < 0)
		return -1;
	if (p->blob != NULL)
		hash_more(p->blob, *piece);
	return 0;
}

static int
plain_more(void *ctx, struct slice *piece, struct err *e)
{
	struct plain *p = ctx;
	struct feed from = p->inflate != NULL ? inflate_feed(p->inflate) :
	    (struct feed){.ctx = p, .more = raw_more};

	if (from.more(from.ctx, piece, e) < 0)
		return -1;
	if (piece->n > p->left) {
		(void)err_set(e, E_INPUT, "larger than %" PRIu64 " bytes%s",
		    p->max, p->inflate != NULL ? ", unpacked" : "");
		return err_hint(e, "--max-size allows more");
	}
	p->left -= piece->n;
	if (p->diff != NULL)
		hash_more(p->diff, *piece);
	return 0;
}

static int
plain_open(struct plain *p, struct err *e)
{
	const struct feed raw = {.ctx = p, .more = raw_more};
	enum inflate_kind kind;

	if (raw_more(p, &p->first, e) < 0)
		return -1;
	kind = inflate_kind(p->first);
	if (kind != INFLATE_NOT)
		p->inflate = inflate_open(kind, raw, UINT64_MAX);
	return 0;
}

/* The parts go through the workers: a struct layer_part is behind the blocks,
 * and before their hashes. */
struct job {
	struct layer *layer;
	struct verity tree;
};

static int
next(void *ctx, struct work_piece *p, struct err *e)
{
	struct job *j = ctx;
	struct layer_part part;
	int ret;

	if (p->in.cap == 0) {
		(void)buf_more(&p->in, LAYER_PART + sizeof part);
		p->in.n = 0;
	}
	ret = layer_next(j->layer, &part, &p->in, e);
	if (ret > 0)
		buf_add(&p->in, slice_of(&part, sizeof part));
	return ret;
}

static int
turn(void *ctx, void *state, struct work_piece *p, struct err *e)
{
	size_t n = p->in.n - sizeof(struct layer_part);

	(void)ctx;
	(void)state;
	(void)e;
	buf_add(&p->out, slice_from(slice_buf(&p->in), n));
	verity_hashes(slice_of(p->in.p, n), buf_more(&p->out,
	    n / VERITY_BLOCK * SHA256_SIZE));
	p->result = slice_buf(&p->out);
	return 0;
}

static int
put(void *ctx, struct slice result, struct err *e)
{
	struct job *j = ctx;
	struct layer_part part;

	(void)e;
	memcpy(&part, result.p, sizeof part);
	if (part.zeros > 0)
		verity_add_zeros(&j->tree, part.zeros);
	else
		verity_add(&j->tree, slice_from(result, sizeof part),
		    part.changes);
	return 0;
}

static int
convert(struct plain *p, unsigned threads, struct layers_said *said,
    struct err *e)
{
	struct job j = {.layer = layer_open((struct feed){.ctx = p,
	    .more = plain_more})};
	const struct work work = {.ctx = &j, .next = next, .turn = turn,
	    .put = put};
	int ret = work_run(&work, threads, e);

	if (ret == 0)
		ret = layer_drain(j.layer, e);
	if (ret == 0) {
		layer_late(j.layer, &j.tree);
		verity_root(&j.tree, said->root);
		said->archive = layer_is_archive(j.layer);
	}
	layer_close(j.layer);
	verity_free(&j.tree);
	return ret;
}

int
layers_root(struct feed from, const struct layers_rules *rules,
    struct layers_said *out, struct err *e)
{
	struct plain p = {.from = from, .blob = rules->blob,
	    .max = rules->max_size > 0 ? rules->max_size : LAYERS_MAX_SIZE};
	struct layers_said said = {0};
	int ret;

	p.left = p.max;
	if (rules->diff_id)
		p.diff = hash_start(HASH_SHA256);
	ret = plain_open(&p, e);
	if (ret == 0)
		ret = convert(&p, rules->threads, &said, e);
	inflate_close(p.inflate);
	if (p.diff != NULL)
		hash_end(p.diff, said.diff_id);
	if (ret == 0)
		*out = said;
	return ret;
}

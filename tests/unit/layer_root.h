/* layer_root.h -- the root of a layer in memory, given in pieces of a size, by
 * one thread and without files: for tests. */
#ifndef TESTS_LAYER_ROOT_H
#define TESTS_LAYER_ROOT_H

#include "image/layer.h"

struct layer_pieces {
	struct slice rest;
	size_t size;
};

static inline int
layer_piece(void *ctx, struct slice *out, struct err *e)
{
	struct layer_pieces *p = ctx;

	(void)e;
	*out = slice_head(p->rest, p->size);
	p->rest = slice_from(p->rest, p->size);
	return 0;
}

/* 0 and the root, or -1 and why not. */
static inline int
layer_root(struct slice tar, size_t size, uint8_t root[SHA256_SIZE],
    struct err *e)
{
	struct layer_pieces pieces = {tar, size};
	struct layer *l = layer_open((struct feed){.ctx = &pieces,
	    .more = layer_piece});
	uint8_t hashes[VERITY_BLOCK];
	struct verity tree = {0};
	struct layer_part part;
	struct buf blocks = {0};
	int ret;

	while ((ret = layer_next(l, &part, &blocks, e)) > 0) {
		if (part.zeros > 0) {
			verity_add_zeros(&tree, part.zeros);
			continue;
		}
		verity_hashes(slice_buf(&blocks), hashes);
		verity_add(&tree, slice_of(hashes, blocks.n / VERITY_BLOCK *
		    SHA256_SIZE), part.changes);
		blocks.n = 0;
	}
	if (ret == 0) {
		layer_late(l, &tree);
		verity_root(&tree, root);
		ret = layer_drain(l, e);
	}
	layer_close(l);
	verity_free(&tree);
	buf_free(&blocks);
	return ret;
}

#endif

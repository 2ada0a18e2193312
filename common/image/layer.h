/* layer.h -- from a layer's tar to the image that the platform mounts: which
 * entry becomes what (OCI image-spec, layer.md; whiteouts as overlayfs has
 * them), and the image's blocks in order.
 * Image: pure. */
#ifndef IMAGE_LAYER_H
#define IMAGE_LAYER_H

#include "image/verity.h"
#include "ground/feed.h"

struct layer;
struct layer *layer_open(struct feed tar);
void layer_close(struct layer *);

enum { LAYER_PART = VERITY_GROUP / 4 };	/* bytes */

/* What one step gives. */
struct layer_part {
	uint64_t zeros;		/* more than 0: so many groups of zeros, and
				 * no blocks */
	bool changes;		/* for verity_add() */
};

/* The next blocks, appended to the empty blocks: LAYER_PART bytes, or fewer at
 * the end: 1; 0 when there are no more; -1 when the platform could not convert
 * the layer: E_INPUT, with the entry. */
int layer_next(struct layer *, struct layer_part *, struct buf *blocks,
    struct err *);
/* After the last one: what changed of those before. */
void layer_late(struct layer *, struct verity *);
/* Take what stands behind the archive's end. */
int layer_drain(struct layer *, struct err *);

/* After the last one: these were the members of an image archive, and no
 * layer's. */
bool layer_is_archive(const struct layer *);

#endif

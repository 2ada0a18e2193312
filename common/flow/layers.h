/* layers.h -- the root hash of a layer, on all cores: one thread at a time
 * reads, unpacks and converts, all hash.  World. */
#ifndef FLOW_LAYERS_H
#define FLOW_LAYERS_H

#include "crypto/hash.h"
#include "ground/feed.h"

#define LAYERS_MAX_SIZE ((uint64_t)128 << 30)	/* bytes of a plain tar */

struct layers_rules {
	unsigned threads;	/* 0: one for each core */
	uint64_t max_size;	/* bytes a tar may unpack to; 0: the above */
	bool diff_id;		/* hash the plain tar too */
	struct hash_run *blob;	/* what the feed gives goes in here as well;
				 * NULL: nowhere */
};

struct layers_said {
	uint8_t root[SHA256_SIZE];
	uint8_t diff_id[SHA256_SIZE];
	bool archive;		/* it is an image archive and no layer */
};

/* A layer's tar, plain, gzip or zstd, to the feed's end.  What the platform
 * could not convert is E_INPUT. */
int layers_root(struct feed, const struct layers_rules *,
    struct layers_said *, struct err *);

#endif

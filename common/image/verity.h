/* verity.h -- the hash tree of dm-verity, with blocks of 4096 bytes, SHA-256
 * and a salt of 32 zero bytes, as the platform mounts layers: the root is in
 * the policy.  Linux's Documentation/admin-guide/device-mapper/verity.rst.
 * Image: pure. */
#ifndef IMAGE_VERITY_H
#define IMAGE_VERITY_H

#include "crypto/hash.h"

enum {
	VERITY_BLOCK = 4096,
	VERITY_FAN = VERITY_BLOCK / SHA256_SIZE, /* hashes in a block: 128 */
	VERITY_GROUP = VERITY_FAN * VERITY_BLOCK, /* bytes: 512 KiB */
};

/* The hash of each block of blocks, behind each other at out. */
void verity_hashes(struct slice blocks, uint8_t *out);
/* The hash of the block that holds these hashes, at most VERITY_FAN. */
void verity_above(struct slice hashes, uint8_t out[SHA256_SIZE]);

/* A tree as it is put together from its blocks in order, in groups of
 * VERITY_FAN: 32 bytes are kept of each.  {0} is empty. */
struct verity {
	uint8_t open[VERITY_BLOCK];	/* hashes of the group that is filled */
	size_t n;			/* bytes of these */
	bool changes;			/* some of it may change */
	struct buf level;	/* a hash for each group */
	struct buf kept;	/* struct kept: groups that may change */
	struct buf late;	/* struct late: blocks that did */
};

void verity_free(struct verity *);
/* The hashes of the next blocks, which do not go beyond their group; some
 * block of the group may change yet. */
void verity_add(struct verity *, struct slice hashes, bool changes);
/* The next n groups, all of zeros; none is being filled. */
void verity_add_zeros(struct verity *, uint64_t n);
/* What block number is in the end; its group was or will be added as one that
 * changes. */
void verity_late(struct verity *, uint32_t number, struct slice block);
/* Once all are added, one block at least. */
void verity_root(struct verity *, uint8_t out[SHA256_SIZE]);

#endif

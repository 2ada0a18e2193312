/* The hash tree: one level and two, parts of any size, blocks that change
 * late, groups of zeros. */
#include "image/verity.h"

#include "codec/hex.h"
#include "unit/tap.h"

enum { BLOCKS = 300 };

static uint8_t blocks[BLOCKS * VERITY_BLOCK];

/* The tree over n blocks, put together from parts of size blocks; the first
 * late blocks of it are wrong at first. */
static void
tree(size_t n, size_t size, size_t late, uint8_t root[SHA256_SIZE])
{
	uint8_t hashes[VERITY_BLOCK], bad[VERITY_BLOCK];
	struct verity v = {0};
	size_t at, part, i;

	memset(bad, 0xee, sizeof bad);
	for (at = 0; at < n; at += part) {
		part = VERITY_FAN - at % VERITY_FAN;
		part = part < size ? part : size;
		part = part < n - at ? part : n - at;
		verity_hashes(slice_of(blocks + at * VERITY_BLOCK,
		    part * VERITY_BLOCK), hashes);
		for (i = 0; i < part && at + i < late; i++)
			verity_hashes(slice_of(bad, sizeof bad),
			    hashes + i * SHA256_SIZE);
		verity_add(&v, slice_of(hashes, part * SHA256_SIZE),
		    at < late);
	}
	for (i = 0; i < late; i++) {
		/* the last word counts */
		verity_late(&v, (uint32_t)i, slice_of(bad, sizeof bad));
		verity_late(&v, (uint32_t)i, slice_of(blocks +
		    i * VERITY_BLOCK, VERITY_BLOCK));
	}
	verity_root(&v, root);
	verity_free(&v);
}

static bool
is(const uint8_t root[SHA256_SIZE], const char *hex)
{
	struct buf text = {0};
	bool same;

	hex_encode(slice_of(root, SHA256_SIZE), &text);
	same = slice_is(slice_buf(&text), hex);
	buf_free(&text);
	return same;
}

int
main(void)
{
	static const size_t counts[] = {1, 2, 127, 128, 129, 256, 257, 300};
	uint8_t first[SHA256_SIZE], root[SHA256_SIZE];
	struct verity v = {0};
	size_t i, size;

	tree(1, 1, 0, root);
	CHECK(is(root, "7c92821bbc116b4d1970d56f17c97827"
	    "de9977ac096f7fe3d68a2bb624392a96"), "one block of zeros");
	tree(256, 128, 0, first);
	verity_add_zeros(&v, 2);
	verity_root(&v, root);
	verity_free(&v);
	CHECK(is(first, "bef46122f85025cf37061b16c04e2a19"
	    "960a5bbcdbb656b5e91ae7927c0ad807"), "256 blocks of zeros");
	CHECK(memcmp(first, root, sizeof root) == 0, "the same as groups");
	for (i = 0; i < sizeof blocks; i++)
		blocks[i] = (uint8_t)(i * 2654435761u >> 13);
	for (i = 0; i < sizeof counts / sizeof *counts; i++) {
		tree(counts[i], VERITY_FAN, 0, first);
		for (size = 1; size < 128; size = size * 3 + 1) {
			tree(counts[i], size, 0, root);
			CHECK(memcmp(first, root, sizeof root) == 0,
			    "%zu blocks in parts of %zu", counts[i], size);
		}
		tree(counts[i], 32, counts[i] < 140 ? counts[i] : 140, root);
		CHECK(memcmp(first, root, sizeof root) == 0,
		    "%zu blocks, of which some change", counts[i]);
		blocks[(counts[i] - 1) * VERITY_BLOCK] ^= 1;
		tree(counts[i], VERITY_FAN, 0, root);
		CHECK(memcmp(first, root, sizeof root) != 0,
		    "%zu blocks, the last one another", counts[i]);
	}
	return tap_done();
}

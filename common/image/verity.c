/* verity.c -- see verity.h. */
#include "image/verity.h"

struct kept {
	uint64_t group;
	uint8_t hashes[VERITY_BLOCK];	/* zeros behind the last */
};

struct late {
	uint32_t number;
	uint8_t hash[SHA256_SIZE];
};

static const uint8_t salt[SHA256_SIZE];

void
verity_hashes(struct slice blocks, uint8_t *out)
{
	hash_sha256_each(slice_of(salt, sizeof salt), blocks, VERITY_BLOCK,
	    out);
}

void
verity_above(struct slice hashes, uint8_t out[SHA256_SIZE])
{
	uint8_t block[VERITY_BLOCK] = {0};

	memcpy(block, hashes.p, hashes.n);
	verity_hashes(slice_of(block, sizeof block), out);
}

void
verity_free(struct verity *v)
{
	buf_free(&v->level);
	buf_free(&v->kept);
	buf_free(&v->late);
}

void
verity_add(struct verity *v, const uint8_t hash[SHA256_SIZE], uint64_t n)
{
	while (n-- > 0)
		buf_add(&v->level, slice_of(hash, SHA256_SIZE));
}

void
verity_add_kept(struct verity *v, struct slice hashes)
{
	struct kept k = {.group = v->level.n / SHA256_SIZE};

	memcpy(k.hashes, hashes.p, hashes.n);
	buf_add(&v->kept, slice_of(&k, sizeof k));
	/* its hash comes when no block can change any more */
	verity_add(v, salt, 1);
}

void
verity_late(struct verity *v, uint32_t number, struct slice block)
{
	struct late l = {.number = number};

	verity_hashes(block, l.hash);
	buf_add(&v->late, slice_of(&l, sizeof l));
}

/* The kept group of that number: they were added in order. */
static struct kept *
find(struct verity *v, uint64_t group)
{
	struct kept *all = (struct kept *)(void *)v->kept.p;
	size_t low = 0, high = v->kept.n / sizeof *all, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (all[mid].group < group)
			low = mid + 1;
		else
			high = mid;
	}
	return &all[low];
}

/* One level of the tree becomes the one above. */
static void
raise_level(struct buf *level)
{
	struct slice rest = slice_buf(level), part;
	struct buf above = {0};
	uint8_t hash[SHA256_SIZE];

	for (; rest.n > 0; rest = slice_from(rest, part.n)) {
		part = slice_head(rest, VERITY_BLOCK);
		verity_above(part, hash);
		buf_add(&above, slice_of(hash, sizeof hash));
	}
	buf_free(level);
	*level = above;
}

void
verity_root(struct verity *v, uint8_t out[SHA256_SIZE])
{
	struct late *late = (struct late *)(void *)v->late.p;
	struct kept *kept = (struct kept *)(void *)v->kept.p;
	size_t i;

	/* in order: a block may have changed more than once */
	for (i = 0; i < v->late.n / sizeof *late; i++)
		memcpy(find(v, late[i].number / VERITY_FAN)->hashes +
		    late[i].number % VERITY_FAN * SHA256_SIZE, late[i].hash,
		    SHA256_SIZE);
	for (i = 0; i < v->kept.n / sizeof *kept; i++)
		verity_above(slice_of(kept[i].hashes, VERITY_BLOCK),
		    v->level.p + kept[i].group * SHA256_SIZE);
	while (v->level.n > SHA256_SIZE)
		raise_level(&v->level);
	memcpy(out, v->level.p, SHA256_SIZE);
}

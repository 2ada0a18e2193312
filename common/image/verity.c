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

static void
add_hash(struct verity *v, const uint8_t hash[SHA256_SIZE])
{
	buf_add(&v->level, slice_of(hash, SHA256_SIZE));
}

/* The group that was filled becomes one hash. */
static void
close_group(struct verity *v)
{
	struct kept k = {.group = v->level.n / SHA256_SIZE};
	uint8_t hash[SHA256_SIZE] = {0};

	if (v->changes) {
		memcpy(k.hashes, v->open, v->n);
		buf_add(&v->kept, slice_of(&k, sizeof k));
		/* its hash comes when no block can change any more */
	} else {
		verity_above(slice_of(v->open, v->n), hash);
	}
	add_hash(v, hash);
	v->n = 0;
	v->changes = false;
}

void
verity_add(struct verity *v, struct slice hashes, bool changes)
{
	memcpy(v->open + v->n, hashes.p, hashes.n);
	v->n += hashes.n;
	v->changes = v->changes || changes;
	if (v->n == sizeof v->open)
		close_group(v);
}

void
verity_add_zeros(struct verity *v, uint64_t n)
{
	static const uint8_t zeros[VERITY_BLOCK];
	uint8_t hashes[VERITY_BLOCK], hash[SHA256_SIZE];
	size_t i;

	verity_hashes(slice_of(zeros, sizeof zeros), hashes);
	for (i = SHA256_SIZE; i < sizeof hashes; i += SHA256_SIZE)
		memcpy(hashes + i, hashes, SHA256_SIZE);
	verity_above(slice_of(hashes, sizeof hashes), hash);
	while (n-- > 0)
		add_hash(v, hash);
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
	struct kept *kept;
	size_t i;

	if (v->n > 0)
		close_group(v);
	kept = (struct kept *)(void *)v->kept.p;
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

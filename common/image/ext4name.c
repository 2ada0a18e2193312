/* ext4name.c -- paths, and the names in folders: a hash table that nobody can
 * fill with collisions on purpose.  See ext4_in.h. */
#include "image/ext4_in.h"

#include <stdlib.h>

enum {
	ARENA = 64 << 10,	/* bytes allocated at once */
	BUCKETS_MIN = 64,
};

struct arena {
	struct arena *next;
	size_t used;
	_Alignas(struct name) uint8_t bytes[ARENA];
};

size_t
ext4_path(struct ext4 *fs, struct slice path)
{
	struct slice part;

	fs->parts.n = 0;
	while (path.n > 0) {
		part = slice_head(path, slice_find(path, '/'));
		path = slice_from(path, part.n + 1);
		if (slice_is(part, "..")) {
			if (fs->parts.n > 0)
				fs->parts.n -= sizeof part;
		} else if (part.n > 0 && !slice_is(part, ".")) {
			buf_add(&fs->parts, slice_of(&part, sizeof part));
		}
	}
	return fs->parts.n / sizeof part;
}

static uint64_t
turn_left(uint64_t v, unsigned n)
{
	return v << n | v >> (64 - n);
}

/* A round of SipHash (Aumasson and Bernstein, 2012). */
static void
mix(uint64_t v[4])
{
	v[0] += v[1];
	v[2] += v[3];
	v[1] = turn_left(v[1], 13) ^ v[0];
	v[3] = turn_left(v[3], 16) ^ v[2];
	v[0] = turn_left(v[0], 32) + v[3];
	v[2] += v[1];
	v[3] = turn_left(v[3], 21) ^ v[0];
	v[1] = turn_left(v[1], 17) ^ v[2];
	v[2] = turn_left(v[2], 32);
}

static size_t
bucket(const struct ext4 *fs, uint32_t folder, struct slice text)
{
	uint64_t v[4] = {fs->key[0] ^ 0x736f6d6570736575,
	    fs->key[1] ^ 0x646f72616e646f6d, fs->key[0] ^ 0x6c7967656e657261,
	    fs->key[1] ^ 0x7465646279746573}, word;
	size_t n = text.n, part;
	int i;

	word = (uint64_t)folder << 32 | n;
	for (;;) {
		v[3] ^= word;
		mix(v);
		v[0] ^= word;
		if (n == 0)
			break;
		part = n < sizeof word ? n : sizeof word;
		word = 0;
		memcpy(&word, text.p + text.n - n, part);
		n -= part;
	}
	v[2] ^= 0xff;
	for (i = 0; i < 3; i++)
		mix(v);
	return (size_t)(v[0] ^ v[1] ^ v[2] ^ v[3]) & (fs->n_buckets - 1);
}

struct name *
ext4_find(const struct ext4 *fs, uint32_t folder, struct slice text)
{
	struct name *at;

	if (fs->n_buckets == 0)
		return NULL;
	for (at = fs->buckets[bucket(fs, folder, text)]; at != NULL;
	    at = at->next)
		if (at->folder == folder && at->n == text.n &&
		    memcmp(at->text, text.p, text.n) == 0)
			return at;
	return NULL;
}

/* Twice as many buckets. */
static void
widen(struct ext4 *fs)
{
	struct name **was = fs->buckets, *at, **to;
	size_t n = fs->n_buckets, i;

	fs->n_buckets = n == 0 ? BUCKETS_MIN : 2 * n;
	fs->buckets = calloc(fs->n_buckets, sizeof(struct name *));
	if (fs->buckets == NULL)
		err_nomem();
	for (i = 0; i < n; i++)
		while ((at = was[i]) != NULL) {
			was[i] = at->next;
			to = &fs->buckets[bucket(fs, at->folder,
			    slice_of(at->text, at->n))];
			at->next = *to;
			*to = at;
		}
	free(was);
}

static struct name *
allocate(struct ext4 *fs, size_t n)
{
	size_t align = _Alignof(struct name);
	struct arena *a = fs->arena;

	n = (n + align - 1) / align * align;
	if (a == NULL || ARENA - a->used < n) {
		if ((a = malloc(sizeof *a)) == NULL)
			err_nomem();
		a->used = 0;
		a->next = fs->arena;
		fs->arena = a;
	}
	a->used += n;
	return (struct name *)(void *)(a->bytes + a->used - n);
}

struct name *
ext4_add(struct ext4 *fs, uint32_t folder, struct slice text, uint32_t inode)
{
	struct name *name = allocate(fs, sizeof *name + text.n), **to;

	if (fs->n_names >= fs->n_buckets)
		widen(fs);
	to = &fs->buckets[bucket(fs, folder, text)];
	*name = (struct name){.next = *to, .folder = folder, .inode = inode,
	    .n = (uint8_t)text.n};
	memcpy(name->text, text.p, text.n);
	*to = name;
	fs->n_names++;
	return name;
}

void
ext4_names_free(struct ext4 *fs)
{
	struct arena *a;

	while ((a = fs->arena) != NULL) {
		fs->arena = a->next;
		free(a);
	}
	free(fs->buckets);
	free(fs->sorted);
}

static int
in_order(const void *a, const void *b)
{
	const struct name *x = *(struct name *const *)a,
	    *y = *(struct name *const *)b;
	size_t n = x->n < y->n ? x->n : y->n;
	int ret;

	if (x->folder != y->folder)
		return x->folder < y->folder ? -1 : 1;
	if (x->inode != y->inode)
		return x->inode < y->inode ? -1 : 1;
	ret = memcmp(x->text, y->text, n);
	return ret != 0 ? ret : x->n < y->n ? -1 : 1;
}

/* The buckets are not needed any more. */
void
ext4_sort(struct ext4 *fs)
{
	struct name *at;
	size_t i, n = 0;

	fs->sorted = calloc(fs->n_names, sizeof(struct name *));
	if (fs->sorted == NULL)
		err_nomem();
	for (i = 0; i < fs->n_buckets; i++)
		for (at = fs->buckets[i]; at != NULL; at = at->next)
			fs->sorted[n++] = at;
	free(fs->buckets);
	fs->buckets = NULL;
	fs->n_buckets = 0;
	qsort(fs->sorted, n, sizeof(struct name *), in_order);
}

size_t
ext4_first(const struct ext4 *fs, uint32_t folder)
{
	size_t low = 0, high = fs->n_names, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (fs->sorted[mid]->folder < folder)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

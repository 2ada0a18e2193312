/* ext4xattr.c -- extended attributes, in an inode and in a block of its own.
 * See ext4.h. */
#include "image/ext4_in.h"

#include <stdlib.h>

#include "codec/bytes.h"

static const struct prefix {
	uint8_t index;
	const char *text;
} prefixes[] = {
	/* the first that fits counts */
	{2, "system.posix_acl_access"}, {3, "system.posix_acl_default"},
	{8, "system.richacl"}, {7, "system."}, {1, "user."}, {4, "trusted."},
	{6, "security."},
};

enum {
	PREFIXES = sizeof prefixes / sizeof *prefixes,
	ENTRY = 16,		/* bytes before the name */
	INLINE_ROOM = 96, BLOCK_ROOM = 4060,
	ATTRS_MAX = (INLINE_ROOM + BLOCK_ROOM) / ENTRY,
};

struct attr {
	uint8_t index;
	struct slice name, value;	/* the name without its prefix */
};

/* What one inode is to have. */
struct attrs {
	struct attr in[ATTRS_MAX], block[ATTRS_MAX];
	size_t n_in, n_block;
	size_t in_left, block_left;
};

static size_t
up4(size_t n)
{
	return (n + 3) & ~(size_t)3;
}

static struct attr
shorten(const struct tar_xattr *x)
{
	struct attr a = {0, x->name, x->value};
	size_t i;

	for (i = 0; i < PREFIXES; i++)
		if (slice_starts(x->name, prefixes[i].text)) {
			a.index = prefixes[i].index;
			a.name = slice_from(x->name, strlen(prefixes[i].text));
			break;
		}
	return a;
}

/* In the inode if there is room, else in the block. */
static int
place(struct attrs *all, const struct tar_xattr *x, struct err *e)
{
	struct attr a = shorten(x);
	size_t size = ENTRY + up4(a.name.n) + up4(a.value.n);

	if (size <= all->in_left) {
		all->in[all->n_in++] = a;
		all->in_left -= size;
	} else if (size <= all->block_left) {
		all->block[all->n_block++] = a;
		all->block_left -= size;
	} else {
		return err_set(e, E_INPUT, "its extended attribute %.*s does "
		    "not fit into the file system",
		    (int)(x->name.n < 200 ? x->name.n : 200),
		    (const char *)x->name.p);
	}
	return 0;
}

static uint32_t
hash(const struct attr *a)
{
	uint8_t last[4] = {0};
	uint32_t h = 0;
	size_t i;

	for (i = 0; i < a->name.n; i++)
		h = h << 5 ^ h >> 27 ^ a->name.p[i];
	for (i = 0; i + 4 <= a->value.n; i += 4)
		h = h << 16 ^ h >> 16 ^ le32(a->value.p + i);
	if (i < a->value.n) {
		memcpy(last, a->value.p + i, a->value.n - i);
		h = h << 16 ^ h >> 16 ^ le32(last);
	}
	return h;
}

/* Entries from the front, values from the back; start is what offsets count
 * from more. */
static void
pack(const struct attr *a, size_t n, uint8_t *area, size_t room, size_t start)
{
	uint8_t *entry = area;
	size_t end = room;

	memset(area, 0, room);
	for (; n > 0; n--, a++) {
		end -= up4(a->value.n);
		entry[0] = (uint8_t)a->name.n;
		entry[1] = a->index;
		put_le16(entry + 2, (uint16_t)(end + start));
		put_le32(entry + 8, (uint32_t)a->value.n);
		put_le32(entry + 12, hash(a));
		if (a->name.n > 0)
			memcpy(entry + ENTRY, a->name.p, a->name.n);
		if (a->value.n > 0)
			memcpy(area + end, a->value.p, a->value.n);
		entry += ENTRY + up4(a->name.n);
	}
}

/* Go's comparison of two attributes of a block, which is no order. */
static bool
block_less(void *ctx, size_t i, size_t j)
{
	const struct attr *a = (const struct attr *)ctx + i,
	    *b = (const struct attr *)ctx + j;

	return a->index < b->index || a->name.n < b->name.n ||
	    slice_order(a->name, b->name) < 0;
}

static void
block_swap(void *ctx, size_t i, size_t j)
{
	struct attr *a = ctx, was = a[i];

	a[i] = a[j];
	a[j] = was;
}

/* The block's place, if it has none yet. */
static int
place_block(struct ext4 *fs, struct more *m, const uint8_t *block,
    struct err *e)
{
	uint64_t group = fs->blocks / VERITY_FAN, last = UINT64_MAX;

	if (fs->changing.n > 0)
		memcpy(&last, fs->changing.p + fs->changing.n - sizeof last,
		    sizeof last);
	if (last != group)
		buf_add(&fs->changing, slice_of(&group, sizeof group));
	m->xattr_block = (uint32_t)fs->blocks;
	if (ext4_grow(fs, 1, e) < 0)
		return -1;
	ext4_put(fs, slice_of(block, BLOCK));
	return 0;
}

/* Write the block, or write it anew if there was one, even to nothing. */
static int
write_block(struct ext4 *fs, struct more *m, struct attrs *all,
    struct err *e)
{
	const struct gosort how = {all->block, block_less, block_swap};
	uint8_t block[BLOCK] = {0};

	if (all->n_block == 0 && m->xattr_block == 0)
		return 0;
	gosort(&how, all->n_block);
	put_le32(block, XATTR_MAGIC);
	put_le32(block + 4, 1);
	put_le32(block + 8, 1);
	pack(all->block, all->n_block, block + XATTR_HEAD, XATTR_BLOCK,
	    XATTR_HEAD);
	if (m->blocked == NULL &&
	    (m->blocked = malloc(XATTR_BLOCK)) == NULL)
		err_nomem();
	memcpy(m->blocked, block + XATTR_HEAD, XATTR_BLOCK);
	if (m->xattr_block == 0)
		return place_block(fs, m, block, e);
	verity_late(&fs->late, m->xattr_block, slice_of(block, BLOCK));
	return 0;
}

static void
write_inline(struct more *m, const struct attrs *all)
{
	free(m->inlined);
	m->inlined = NULL;
	if (all->n_in == 0)
		return;
	if ((m->inlined = malloc(XATTR_INLINE)) == NULL)
		err_nomem();
	pack(all->in, all->n_in, m->inlined, XATTR_INLINE, 0);
}

/* Two lists by name become one; where both have a name it is ours. */
static int
merge(struct attrs *all, const struct tar_xattr *ours, size_t n,
    const struct buf *theirs, struct err *e)
{
	const struct tar_xattr *x =
	    (const struct tar_xattr *)(const void *)theirs->p;
	size_t m = theirs->n / sizeof *x;
	int which;

	while (n > 0 || m > 0) {
		which = n == 0 ? 1 : m == 0 ? -1 :
		    slice_order(ours->name, x->name);
		if (place(all, which <= 0 ? ours : x, e) < 0)
			return -1;
		if (which >= 0)
			x++, m--;
		if (which <= 0)
			ours++, n--;
	}
	return 0;
}

int
ext4_set_xattrs(struct ext4 *fs, struct inode *node,
    const struct tar_xattr *xattrs, size_t n, struct err *e)
{
	struct buf had = {0}, bytes = {0};
	struct attrs *all;
	int ret;

	if (n == 0 && ext4_more(node)->inlined == NULL &&
	    ext4_more(node)->xattr_block == 0)
		return 0;
	if ((all = calloc(1, sizeof *all)) == NULL)
		err_nomem();
	all->in_left = INLINE_ROOM;
	all->block_left = BLOCK_ROOM;
	ret = ext4_get_xattrs(node, false, &had, &bytes, e);
	if (ret == 0)
		ret = merge(all, xattrs, n, &had, e);
	if (ret == 0) {
		write_inline(ext4_need(node), all);
		ret = write_block(fs, node->more, all, e);
	}
	buf_free(&had);
	buf_free(&bytes);
	free(all);
	return ret;
}

static const char *
prefix_of(uint8_t index)
{
	size_t i;

	for (i = 0; i < PREFIXES; i++)
		if (prefixes[i].index == index)
			return prefixes[i].text;
	return "";
}

/* Names as offsets until all bytes are there. */
struct found {
	size_t name, name_n, value, value_n;
};

/* The attributes of an area as the platform reads them back, up to an entry
 * without a name.  Names of 240 bytes and more break it, longer ones than 255
 * lead it astray. */
static int
unpack(const uint8_t *area, size_t room, size_t start, struct buf *found,
    struct buf *bytes, struct err *e)
{
	size_t at = 0, offset, n;
	struct found f;

	while (at < room && area[at] != 0) {
		if (area[at] >= 256 - ENTRY || at + ENTRY + area[at] > room)
			break;
		n = le32(area + at + 8);
		offset = (uint16_t)(le16(area + at + 2) - start);
		if (offset > room || n > room - offset)
			break;
		f = (struct found){.name = bytes->n};
		buf_adds(bytes, prefix_of(area[at + 1]));
		buf_add(bytes, slice_of(area + at + ENTRY, area[at]));
		f.name_n = bytes->n - f.name;
		f.value = bytes->n;
		f.value_n = n;
		buf_add(bytes, slice_of(area + offset, n));
		buf_add(found, slice_of(&f, sizeof f));
		at += ENTRY + up4(area[at]);
	}
	if (at < room && area[at] != 0)
		return err_set(e, E_INPUT, "an extended attribute's name is "
		    "so long that the platform cannot read it back");
	return 0;
}

static int
by_name(const void *a, const void *b)
{
	const struct tar_xattr *x = a, *y = b;
	int ret = slice_order(x->name, y->name);

	/* of the same name the later one is behind */
	return ret != 0 ? ret : x->name.p < y->name.p ? -1 : 1;
}

int
ext4_get_xattrs(const struct inode *node, bool block, struct buf *list,
    struct buf *bytes, struct err *e)
{
	const struct more *m = ext4_more(node);
	struct buf found = {0};
	struct tar_xattr *x, one;
	struct found f;
	size_t i, n, kept = 0;
	int ret = 0;

	if (block && m->blocked != NULL)
		ret = unpack(m->blocked, XATTR_BLOCK, XATTR_HEAD, &found,
		    bytes, e);
	if (ret == 0 && m->inlined != NULL)
		ret = unpack(m->inlined, XATTR_INLINE, 0, &found, bytes, e);
	for (i = 0; ret == 0 && i < found.n; i += sizeof f) {
		memcpy(&f, found.p + i, sizeof f);
		one.name = slice_of(bytes->p + f.name, f.name_n);
		one.value = slice_of(bytes->p + f.value, f.value_n);
		buf_add(list, slice_of(&one, sizeof one));
	}
	buf_free(&found);
	if (ret < 0 || list->n == 0)
		return ret;
	x = (struct tar_xattr *)(void *)list->p;
	n = list->n / sizeof *x;
	qsort(x, n, sizeof *x, by_name);
	for (i = 0; i < n; i++)
		if (i + 1 == n || slice_order(x[i].name, x[i + 1].name) != 0)
			x[kept++] = x[i];
	list->n = kept * sizeof *x;
	return 0;
}

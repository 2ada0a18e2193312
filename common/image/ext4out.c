/* ext4out.c -- an inode's bytes, its extents, and the end of the image: table,
 * bitmaps, descriptors, superblock.  ext4dir.c has the folders.  See ext4.h. */
#include "codec/bytes.h"
#include "image/ext4_in.h"

enum {
	EXTENT_SIZE = 12,	/* bytes of a header and of an entry */
	IN_INODE = 4,		/* extents that an inode holds */
	IN_NODE = BLOCK / EXTENT_SIZE - 1,
	EXTENT_MAGIC = 0xf30a,
	FLAG_HUGE = 0x40000, FLAG_EXTENTS = 0x80000,
	DESCRIPTOR = 32,	/* bytes */
	GROUPS_MAX = 1024,
	PER_BLOCK = BLOCK / DESCRIPTOR,
	INODES_STEP = BLOCK / INODE_SIZE,
	INODES_MAX = BLOCK * 8,	/* in a group */
	TABLE_PART = 16 * INODES_STEP, /* inodes made at once */
	SUPER_AT = 1024,
	FIRST_FREE = 11,	/* inode; those below are reserved */
};

int
ext4_grow(struct ext4 *fs, uint64_t n, struct err *e)
{
	if (n > EXT4_IMAGE_MAX / BLOCK - fs->blocks)
		return err_set(e, E_INPUT, "the file system becomes larger "
		    "than 128 GiB");
	fs->blocks += n;
	return 0;
}

void
ext4_put(struct ext4 *fs, struct slice s)
{
	size_t rest = -s.n % BLOCK;

	buf_add(&fs->pending, s);
	if (rest > 0)
		memset(buf_more(&fs->pending, rest), 0, rest);
}

static uint32_t
extents(uint32_t blocks)
{
	return (blocks + EXTENT_MAX - 1) / EXTENT_MAX;
}

uint32_t
ext4_nodes(uint32_t blocks)
{
	uint32_t n = extents(blocks);

	return n <= IN_INODE ? 0 : n / IN_NODE + 1;
}

int
ext4_data_begin(struct ext4 *fs, struct inode *node, uint64_t n,
    struct err *e)
{
	uint64_t blocks = (n + BLOCK - 1) / BLOCK;

	node->start = (uint32_t)fs->blocks;
	node->blocks = (uint32_t)blocks;
	return ext4_grow(fs, blocks + ext4_nodes(node->blocks), e);
}

static void
header(uint8_t *p, uint32_t entries, unsigned max, unsigned depth)
{
	put_le16(p, EXTENT_MAGIC);
	put_le16(p + 2, (uint16_t)entries);
	put_le16(p + 4, (uint16_t)max);
	put_le16(p + 6, (uint16_t)depth);
}

/* n leaves, the first of block offset.  All in 32 bits, as it is made. */
static void
leaves(uint8_t *p, uint32_t n, unsigned max, uint32_t start, uint32_t offset,
    uint32_t blocks)
{
	uint32_t i, block, length;

	header(p, n, max, 0);
	for (i = 0; i < n; i++) {
		p += EXTENT_SIZE;
		block = offset + i * EXTENT_MAX;
		length = blocks - block;
		put_le32(p, block);
		put_le16(p + 4, (uint16_t)(length > EXTENT_MAX ? EXTENT_MAX :
		    length));
		put_le32(p + 8, start + block);
	}
}

/* The blocks of a tree behind its data.  With 340 extents and more the
 * platform counts wrongly: a node has as many entries fewer as there are nodes
 * before it, and its offset counts twice in where its data are. */
void
ext4_data_end(struct ext4 *fs, struct inode *node)
{
	uint32_t n = ext4_nodes(node->blocks), i, rest, offset;
	uint8_t block[BLOCK];

	for (i = 0; i < n; i++) {
		memset(block, 0, sizeof block);
		rest = extents(node->blocks) - i * n;
		offset = i * IN_NODE * EXTENT_MAX;
		leaves(block, rest < IN_NODE ? rest : IN_NODE, IN_NODE,
		    node->start + offset, offset, node->blocks);
		ext4_put(fs, slice_of(block, sizeof block));
	}
}

/* The root of the tree, in the inode. */
static void
tree(const struct inode *node, uint8_t *p)
{
	uint32_t n = ext4_nodes(node->blocks), i;

	if (n == 0) {
		leaves(p, extents(node->blocks), IN_INODE, node->start, 0,
		    node->blocks);
		return;
	}
	header(p, n, IN_INODE, 1);
	for (i = 0; i < n; i++) {
		p += EXTENT_SIZE;
		put_le32(p, i * IN_NODE * EXTENT_MAX);
		put_le32(p + 4, node->start + node->blocks + i);
	}
}

static void
put_time(uint8_t *low, uint8_t *high, uint64_t field)
{
	put_le32(low, (uint32_t)field);
	put_le32(high, (uint32_t)(field >> 32));
}

static void
area(const struct inode *node, uint8_t *p)
{
	const struct more *m = ext4_more(node);
	uint16_t type = node->mode & EXT4_TYPE;

	if (type == EXT4_CHAR || type == EXT4_BLOCKDEV)
		put_le32(p + 4, (m->minor & 0xff) | m->major << 8 |
		    (m->minor & 0xffffff00) << 12);
	else if (m->target != NULL)
		memcpy(p, m->target, node->size);
	else if (node->blocks > 0)
		tree(node, p);
}

void
ext4_encode(const struct inode *node, uint8_t p[INODE_SIZE])
{
	const struct more *m = ext4_more(node);

	memset(p, 0, INODE_SIZE);
	if (!node->used)
		return;
	put_le16(p, node->mode);
	put_le16(p + 2, (uint16_t)node->uid);
	put_le32(p + 4, (uint32_t)node->size);
	put_time(p + 8, p + 140, m->atime);
	put_time(p + 12, p + 132, m->ctime);
	put_time(p + 16, p + 136, node->mtime);
	put_time(p + 144, p + 148, node->mtime);
	put_le16(p + 24, (uint16_t)node->gid);
	put_le16(p + 26, (uint16_t)node->links);
	put_le32(p + 28, (m->xattr_block != 0) + node->blocks +
	    ext4_nodes(node->blocks));
	put_le32(p + 32, FLAG_HUGE | (node->blocks > 0 ? FLAG_EXTENTS : 0));
	area(node, p + 40);
	put_le32(p + 104, m->xattr_block);
	put_le32(p + 108, (uint32_t)(node->size >> 32));
	put_le16(p + 120, (uint16_t)(node->uid >> 16));
	put_le16(p + 122, (uint16_t)(node->gid >> 16));
	put_le16(p + 128, INODE_USED - 128);
	if (m->inlined != NULL) {
		put_le32(p + INODE_USED, XATTR_MAGIC);
		memcpy(p + INODE_USED + 4, m->inlined, XATTR_INLINE);
	}
}

/* The fewest groups that hold the blocks so far and all inodes, and with these
 * the fewest inodes in each. */
static void
shape(struct ext4 *fs)
{
	uint32_t per, room, need, inodes, groups;

	fs->groups = UINT32_MAX;
	for (per = INODES_STEP; per <= INODES_MAX; per += INODES_STEP) {
		room = BLOCKS_PER_GROUP - per / INODES_STEP - 2;
		need = (uint32_t)fs->blocks;
		inodes = (fs->inodes - 1) / per * room + 1;
		if (need < inodes)
			need = inodes;
		groups = (need + room - 1) / room;
		if (groups < fs->groups) {
			fs->groups = groups;
			fs->per_group = per;
		}
	}
}

static int
geometry(struct ext4 *fs, struct err *e)
{
	uint32_t least;

	shape(fs);
	if (fs->groups > GROUPS_MAX)
		return err_set(e, E_INPUT, "the file system becomes larger "
		    "than 128 GiB");
	fs->table = (uint32_t)fs->blocks;
	if (ext4_grow(fs, fs->per_group / INODES_STEP * fs->groups, e) < 0)
		return -1;
	if (ext4_grow(fs, (uint64_t)2 * fs->groups, e) < 0)
		return -1;
	fs->valid = (uint32_t)fs->blocks;
	least = (fs->groups - 1) * BLOCKS_PER_GROUP + 1;
	fs->total = fs->valid > least ? fs->valid : least;
	fs->at = 1;
	return ext4_grow(fs, fs->total - fs->valid, e);
}

/* Some more of the inode table; the zeros behind it when it is through. */
static void
table(struct ext4 *fs, uint64_t *zeros)
{
	uint32_t last = fs->at + TABLE_PART - 1;
	uint8_t *p;

	if (last > fs->inodes)
		last = fs->inodes;
	p = buf_more(&fs->pending, (last - fs->at + 1) * (size_t)INODE_SIZE);
	for (; fs->at <= last; fs->at++, p += INODE_SIZE)
		ext4_encode(ext4_inode(fs, fs->at), p);
	if (fs->at <= fs->inodes)
		return;
	*zeros = (uint64_t)fs->groups * fs->per_group * INODE_SIZE -
	    (uint64_t)fs->inodes * INODE_SIZE;
	fs->phase = PHASE_BITMAPS;
	fs->at = 0;
}

static void
set_bits(uint8_t *map, uint32_t from, uint32_t to)
{
	for (; from < to && from % 8 != 0; from++)
		map[from / 8] |= (uint8_t)(1 << from % 8);
	if (from < to)
		memset(map + from / 8, 0xff, (to - from) / 8);
	for (from += (to - from) / 8 * 8; from < to; from++)
		map[from / 8] |= (uint8_t)(1 << from % 8);
}

/* The blocks that group k has in use; returns how many. */
static uint32_t
block_bitmap(const struct ext4 *fs, uint32_t k, uint8_t *map)
{
	uint32_t first = k * BLOCKS_PER_GROUP, used = 0, i, end;

	if (first < fs->valid) {
		used = fs->valid - first;
		if (used > BLOCKS_PER_GROUP)
			used = BLOCKS_PER_GROUP;
		set_bits(map, 0, used);
	}
	/* blocks for descriptors that are none, but are there */
	end = 1 + (fs->groups - 1) / PER_BLOCK + 1;
	for (i = end; k == 0 && i < FIRST_BLOCK; i++, used--)
		map[i / 8] &= (uint8_t)~(1 << i % 8);
	end = fs->total % BLOCKS_PER_GROUP;
	if (k == fs->groups - 1 && end != 0) {
		set_bits(map, end, BLOCKS_PER_GROUP);
		used += BLOCKS_PER_GROUP - end;
	}
	return used;
}

static uint32_t
inode_bitmap(const struct ext4 *fs, uint32_t k, uint8_t *map, uint32_t *dirs)
{
	uint32_t used = 0, i, number;
	const struct inode *node;

	for (i = 0; i < fs->per_group; i++) {
		number = 1 + k * fs->per_group + i;
		if (number > fs->inodes)
			break;
		node = ext4_inode(fs, number);
		map[i / 8] |= (uint8_t)(1 << i % 8);
		used++;
		*dirs += node->used && (node->mode & EXT4_TYPE) == EXT4_DIR;
	}
	return used;
}

/* Both bitmaps of the next group, and its descriptor. */
static void
bitmaps(struct ext4 *fs)
{
	uint32_t k = fs->at++, blocks, inodes, dirs = 0;
	uint8_t *p = buf_more(&fs->pending, 2 * BLOCK),
	    *d = fs->descriptors + (size_t)k * DESCRIPTOR;

	memset(p, 0, 2 * BLOCK);
	blocks = block_bitmap(fs, k, p);
	inodes = inode_bitmap(fs, k, p + BLOCK, &dirs);
	put_le32(d, fs->valid - 2 * fs->groups + 2 * k);
	put_le32(d + 4, fs->valid - 2 * fs->groups + 2 * k + 1);
	put_le32(d + 8, fs->table + k * (fs->per_group / INODES_STEP));
	put_le16(d + 12, (uint16_t)(BLOCKS_PER_GROUP - blocks));
	put_le16(d + 14, (uint16_t)(fs->per_group - inodes));
	put_le16(d + 16, (uint16_t)dirs);
	fs->free_blocks += BLOCKS_PER_GROUP - blocks;
	fs->free_inodes += fs->per_group - inodes;
	if (fs->at == fs->groups)
		fs->phase = PHASE_REST;
}

int
ext4_finish(struct ext4 *fs, uint64_t *zeros, struct err *e)
{
	*zeros = 0;
	switch (fs->phase) {
	case PHASE_ENTRIES:
		ext4_dirs_begin(fs);
		fs->phase = PHASE_FOLDERS;
		return 1;
	case PHASE_FOLDERS:
		if (ext4_dirs_next(fs, e) < 0)
			return -1;
		if (fs->stack.n > 0)
			return 1;
		fs->phase = PHASE_TABLE;
		return geometry(fs, e) < 0 ? -1 : 1;
	case PHASE_TABLE:
		table(fs, zeros);
		return 1;
	case PHASE_BITMAPS:
		bitmaps(fs);
		return 1;
	case PHASE_REST:
		*zeros = (uint64_t)(fs->total - fs->valid) * BLOCK;
		fs->phase = PHASE_DONE;
		return 1;
	case PHASE_DONE:
	default:
		return 0;
	}
}

/* Where a number of the superblock goes, those that never vary with them. */
static void
superblock(const struct ext4 *fs, uint8_t *p)
{
	const struct {
		size_t at;
		uint32_t value;
	} fields[] = {
		{0, fs->per_group * fs->groups},	/* inodes */
		{4, fs->total},				/* blocks */
		{12, fs->free_blocks},
		{16, fs->free_inodes},
		{24, 2},		/* blocks of 4096 bytes */
		{28, 2},
		{32, BLOCKS_PER_GROUP},
		{36, BLOCKS_PER_GROUP},
		{40, fs->per_group},
		{56, 0x1ef53},		/* magic; cleanly unmounted */
		{60, 1},		/* go on after errors */
		{76, 1},		/* inodes of a size of their own */
		{84, FIRST_FREE},
		{88, INODE_SIZE},
		{92, 0x208},		/* ext_attr, sparse_super2 */
		{96, 0x242},		/* filetype, extents, flex_bg */
		{100, 0x104a},		/* large_file, huge_file,
					 * extra_isize, read-only */
		{348, (INODE_USED - 128) * 0x10001},
		{372, 31},		/* 2^31 groups make one */
		{616, LOST_FOUND},
	};
	size_t i;

	for (i = 0; i < sizeof fields / sizeof *fields; i++)
		put_le32(p + fields[i].at, fields[i].value);
}

void
ext4_late(struct ext4 *fs, struct verity *v)
{
	uint8_t block[BLOCK] = {0};
	uint32_t i;

	buf_add(&v->late, slice_buf(&fs->late.late));
	superblock(fs, block + SUPER_AT);
	verity_late(v, 0, slice_of(block, BLOCK));
	for (i = 1; i < FIRST_BLOCK; i++)
		verity_late(v, i, slice_of(fs->descriptors +
		    (size_t)(i - 1) * BLOCK, BLOCK));
}

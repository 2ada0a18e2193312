/* ext4_in.h -- what the parts of the file system share.  Image: private. */
#ifndef IMAGE_EXT4_IN_H
#define IMAGE_EXT4_IN_H

#include "image/ext4.h"

enum {
	BLOCK = VERITY_BLOCK,
	INODE_SIZE = 256,
	INODE_USED = 152,	/* bytes before the extended attributes */
	INODE_AREA = 60,	/* bytes for extents, a link or a device */
	ROOT = 2,		/* inode numbers */
	LOST_FOUND = 11,
	FIRST_BLOCK = 9,	/* behind superblock and descriptors */
	SHORT_LINK = 59,	/* bytes of a target that the inode holds */
	XATTR_INLINE = 100,	/* bytes for entries in the inode */
	XATTR_HEAD = 32,	/* bytes of the block before them */
	XATTR_BLOCK = BLOCK - XATTR_HEAD,
	BLOCKS_PER_GROUP = BLOCK * 8,
	EXTENT_MAX = 32768,	/* blocks */
};
#define XATTR_MAGIC 0xea020000u

/* There may be millions of these. */
struct inode {
	uint64_t size, mtime;
	struct more *more;	/* NULL: nothing of it */
	uint32_t uid, gid, links;
	uint32_t start, blocks;	/* of its data; none: 0 blocks */
	uint16_t mode;
	bool used;
};

/* What few inodes have. */
struct more {
	uint64_t atime, ctime;
	uint8_t *inlined;	/* attributes: XATTR_INLINE bytes, or NULL */
	uint8_t *blocked;	/* XATTR_BLOCK bytes of its xattr block */
	uint8_t *target;	/* a short link's, size bytes */
	uint32_t xattr_block;
	uint32_t major, minor;
};

/* A name in a folder. */
struct name {
	struct name *next;	/* of the same bucket */
	uint32_t folder, inode;
	uint8_t n;
	uint8_t text[];
};

enum { CHUNK = 1024 };		/* inodes allocated at once */

/* Where the image's end is at. */
enum ext4_phase {
	PHASE_ENTRIES, PHASE_FOLDERS, PHASE_TABLE, PHASE_BITMAPS,
	PHASE_REST, PHASE_DONE,
};

struct ext4 {
	struct inode **chunks;		/* inode i in chunk i / CHUNK */
	uint32_t inodes;		/* the highest number there is */
	struct arena *arena;		/* of names */
	struct name **buckets;
	size_t n_buckets, n_names;
	uint64_t key[2];		/* of their hash */
	struct buf parts;		/* struct slice: a path taken apart */

	struct buf pending;
	uint64_t blocks;		/* in the image, with pending ones */
	uint32_t data;			/* the inode whose data are coming */
	struct buf changing;		/* uint64_t: groups, ascending */
	size_t asked;			/* of these */
	struct verity late;		/* only its list of late blocks */

	enum ext4_phase phase;
	struct name **sorted;		/* by folder, inode, name */
	struct buf stack;		/* folders that are gone through */
	uint32_t table, groups, per_group, valid, total; /* geometry */
	uint32_t at;			/* inode or group that is next */
	uint32_t free_blocks, free_inodes;
	uint8_t descriptors[8 * BLOCK];
};

/* The inode of a number, which is there. */
struct inode *ext4_inode(const struct ext4 *, uint32_t number);
/* What more it has, to read; and to write. */
const struct more *ext4_more(const struct inode *);
struct more *ext4_need(struct inode *);

/* Take path apart into fs->parts; returns how many there are. */
size_t ext4_path(struct ext4 *, struct slice path);
/* The name in a folder, or NULL. */
struct name *ext4_find(const struct ext4 *, uint32_t folder, struct slice);
struct name *ext4_add(struct ext4 *, uint32_t folder, struct slice,
    uint32_t inode);
void ext4_names_free(struct ext4 *);
/* All names in the order of the image: fs->sorted. */
void ext4_sort(struct ext4 *);
/* Where a folder's names begin there. */
size_t ext4_first(const struct ext4 *, uint32_t folder);

/* Give the inode these attributes beside those in it. */
int ext4_set_xattrs(struct ext4 *, struct inode *, const struct tar_xattr *,
    size_t n, struct err *);
/* Those it has, in its block too, by name: struct tar_xattr, of which the
 * names and values are in bytes. */
int ext4_get_xattrs(const struct inode *, bool block, struct buf *list,
    struct buf *bytes, struct err *);

/* Room for n more blocks, or E_INPUT. */
int ext4_grow(struct ext4 *, uint64_t n, struct err *);
/* Append bytes, filled up to a block, to what is pending; ext4_grow() has
 * counted them. */
void ext4_put(struct ext4 *, struct slice);
/* A file's data, n bytes, begin here; the blocks of its extent tree come with
 * ext4_data_end(). */
int ext4_data_begin(struct ext4 *, struct inode *, uint64_t n, struct err *);
void ext4_data_end(struct ext4 *, struct inode *);
/* How many blocks hold the extent tree of that many blocks. */
uint32_t ext4_nodes(uint32_t blocks);
/* The blocks of all folders: some more of them until fs->stack is empty. */
void ext4_dirs_begin(struct ext4 *);
int ext4_dirs_next(struct ext4 *, struct err *);
/* An inode's 256 bytes. */
void ext4_encode(const struct inode *, uint8_t out[INODE_SIZE]);

/* Put things in the order in which Go's sort.Slice leaves them, whatever less
 * says of positions i and j. */
struct gosort {
	void *ctx;
	bool (*less)(void *ctx, size_t i, size_t j);
	void (*swap)(void *ctx, size_t i, size_t j);
};
void gosort(const struct gosort *, size_t n);

#endif

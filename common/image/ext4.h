/* ext4.h -- the file system that the platform makes of a layer, block by
 * block: a read-only ext4 of which every byte follows from the entries and
 * their order.  Layout: Linux's Documentation/filesystems/ext4; which of its
 * liberties are used how: hcsshim's ext4 folder, whose errors are part of the
 * root.  Here is the tree of names; ext4out.c has the blocks.
 * Image: pure. */
#ifndef IMAGE_EXT4_H
#define IMAGE_EXT4_H

#include "image/tar.h"
#include "image/verity.h"

#define EXT4_IMAGE_MAX ((uint64_t)128 << 30)	/* bytes of an image or file */

enum {
	EXT4_REG = 0100000, EXT4_DIR = 040000, EXT4_LINK = 0120000,
	EXT4_CHAR = 020000, EXT4_BLOCKDEV = 060000, EXT4_FIFO = 010000,
	EXT4_TYPE = 0170000,
	EXT4_LINKS_MAX = 65000,
	EXT4_NAME_MAX = 255,
	EXT4_INODES_MAX = 16000000,	/* the size of a table of more
					 * overflows where it is made */
};

/* What becomes of an entry. */
struct ext4_file {
	uint16_t mode;			/* with its type */
	uint32_t uid, gid, major, minor;
	uint64_t size;			/* of a regular file */
	uint64_t mtime, atime, ctime;	/* ext4_time() */
	struct slice link;		/* a symbolic link's target */
	const struct tar_xattr *xattrs;	/* by name, no name twice */
	size_t n_xattrs;
};

/* A time as inodes have it: seconds below, nanoseconds above bit 34. */
uint64_t ext4_time(struct tar_time);

struct ext4;
struct ext4 *ext4_new(void);
void ext4_free(struct ext4 *);

/* Paths are cut at slashes, "." and ".." resolved, and begin at the root.
 * Refused as E_INPUT is what the platform's converter refuses. */

/* Make the folders that path is in and that are missing. */
int ext4_parents(struct ext4 *, struct slice path, struct err *);
/* Put a file there.  The data of a regular file of a size are to follow:
 * size bytes of the image, filled up to a block with zeros, then
 * ext4_data_done(). */
int ext4_create(struct ext4 *, struct slice path, const struct ext4_file *,
    struct err *);
int ext4_link(struct ext4 *, struct slice target, struct slice path,
    struct err *);
/* The folder hides what layers below have in it. */
int ext4_opaque(struct ext4 *, struct slice path, struct err *);

void ext4_data_done(struct ext4 *);

/* What stands ahead of anything else in the image: bytes, whole blocks, to be
 * taken before the next call of the above. */
struct buf *ext4_pending(struct ext4 *);

/* When all entries are there: 1 and the next blocks, in ext4_pending() or as
 * a number of zeros behind that; 0 when the image is complete. */
int ext4_finish(struct ext4 *, uint64_t *zeros, struct err *);

/* Are there blocks in group (of VERITY_FAN) that change after they were taken?
 * Groups are asked for in order. */
bool ext4_changes(struct ext4 *, uint64_t group);
/* Where these go. */
void ext4_late(struct ext4 *, struct verity *);

#endif

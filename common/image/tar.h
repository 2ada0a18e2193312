/* tar.h -- a tar archive read as Go's archive/tar reads it (ustar, pax, GNU,
 * star, v7; the platform's converter is written with it), entry by entry, in
 * one pass.  POSIX.1-2017 pax; GNU tar's manual, "Tar Internals".
 *
 * What Go refuses is E_INPUT, and so is what it reads one way or another by
 * chance.  Text begins with "entry N", counted as tar(1) lists them.
 * Image: pure. */
#ifndef IMAGE_TAR_H
#define IMAGE_TAR_H

#include "ground/feed.h"

enum {
	TAR_BLOCK = 512,
	TAR_SPECIAL_MAX = 1 << 20,	/* bytes of a pax header, a long name
					 * or a sparse map */
};

/* Seconds since the epoch and nanoseconds; or absent. */
struct tar_time {
	bool given;
	uint32_t nano;
	int64_t second;
};

struct tar_xattr {
	struct slice name, value;
};

/* Borrowed until the next entry. */
struct tar_entry {
	uint64_t number;	/* from 1; a pax global header has none */
	uint8_t type;		/* the header's flag; an old regular file or
				 * directory as '0' or '5' */
	struct slice name, link;
	int64_t mode, uid, gid, size, major, minor;
	struct tar_time mtime, atime, ctime;
	const struct tar_xattr *xattrs;	/* by name, no name twice */
	size_t n_xattrs;
	uint64_t at;		/* where its data begin in the archive */
	uint64_t stored;	/* bytes of data in the archive */
	bool sparse;		/* size is not stored */
};

struct tar;
struct tar *tar_open(struct feed);
void tar_close(struct tar *);

/* The next entry: 1, 0 at the end of the archive, or -1.  What was not read
 * of the one before is skipped. */
int tar_next(struct tar *, struct tar_entry *, struct err *);

/* The next of the entry's data: bytes, which stay until the next call, or a
 * number of zeros of a sparse file; neither: there are no more. */
int tar_read(struct tar *, struct slice *data, uint64_t *zeros,
    struct err *);

/* What stands behind the archive's end, to the end of the feed, is taken and
 * not looked at. */
int tar_drain(struct tar *, struct err *);

#endif

/* filefeed.h -- a file, or a part of it, as a feed of bytes.  World. */
#ifndef HOST_FILEFEED_H
#define HOST_FILEFEED_H

#include "ground/feed.h"

enum { FILEFEED_PIECE = 64 << 10 };	/* bytes given at once */

/* {.fd = -1} is none. */
struct filefeed {
	const char *name;	/* for messages */
	int fd;
	bool part;		/* at and end count, not the file's offset */
	uint64_t at, end;
	struct buf piece;
};

/* All of a file; path NULL or "-" is standard input. */
int filefeed_open(const char *path, struct filefeed *, struct err *);
/* Size bytes of an open file, from at; what others read of it is nothing to
 * them.  fd stays the caller's. */
void filefeed_part(int fd, uint64_t at, uint64_t size, const char *name,
    struct filefeed *);
void filefeed_close(struct filefeed *);

/* The first piece has at least 512 bytes, or all there are. */
struct feed filefeed(struct filefeed *);

#endif

/* archivefile.h -- the members of an image archive, a tar or a folder, by
 * name; nothing outside of it is opened.  World. */
#ifndef HOST_ARCHIVEFILE_H
#define HOST_ARCHIVEFILE_H

#include "host/filefeed.h"

enum {
	ARCHIVEFILE_MEMBERS_MAX = 100000,
	ARCHIVEFILE_LINKS_MAX = 16,	/* links behind each other */
};

struct archivefile;

/* Open path and list its members: 1; or 0 if it is no archive of images: a
 * layer's tar, something compressed, a pipe, any other file or folder (for a
 * folder and a tar: without index.json and manifest.json).  A tar that cannot
 * be read as one is 0 too: e says why, in that case as well. */
int archivefile_open(const char *path, struct archivefile **, struct err *e);
void archivefile_close(struct archivefile *);

/* A member's bytes. */
struct member {
	int fd;
	bool own;		/* fd is to be closed */
	uint64_t at, size;
};

/* The file that name means, links followed as far as they stay inside: 1; 0 if
 * there is none.  member_close() it. */
int archivefile_find(const struct archivefile *, struct slice name,
    struct member *, struct err *);
void member_close(struct member *);

/* Append a member's bytes; more than max is E_INPUT, none E_INPUT too. */
int archivefile_read(const struct archivefile *, struct slice name,
    size_t max, struct buf *out, struct err *);

const char *archivefile_path(const struct archivefile *);

#endif

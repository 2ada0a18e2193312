/* tar_in.h -- what the parts of the tar reader share.  Image: private. */
#ifndef IMAGE_TAR_IN_H
#define IMAGE_TAR_IN_H

#include "image/tar.h"

enum tar_form {TAR_V7, TAR_USTAR, TAR_STAR, TAR_GNU};

/* Records that mean something; the order is tarpax.c's. */
enum tar_key {
	KEY_PATH, KEY_LINKPATH, KEY_UNAME, KEY_GNAME, KEY_UID, KEY_GID,
	KEY_SIZE, KEY_MTIME, KEY_ATIME, KEY_CTIME,
	KEY_MAJOR, KEY_MINOR, KEY_MAP, KEY_BLOCKS, KEY_SPARSE_NAME,
	KEY_SPARSE_SIZE, KEY_REALSIZE, KEYS,
};

/* The pax header that counts for the next entry. */
struct tar_pax {
	struct buf body;
	struct buf map;			/* of GNU.sparse.offset, numbytes */
	struct slice value[KEYS];	/* empty: no such record */
	struct buf xattrs;		/* struct tar_xattr */
};

/* A stretch of data in a sparse file. */
struct tar_piece {
	int64_t offset, length;
};

struct tar {
	struct feed from;
	struct slice in;	/* given and not yet taken */
	uint64_t at;		/* bytes taken */
	bool ended;
	uint64_t number;
	uint8_t head[TAR_BLOCK];
	struct tar_pax pax;
	struct buf long_name, long_link, name;
	/* the entry that is being read */
	uint64_t left, pad;	/* bytes of data; behind them */
	bool sparse;
	struct buf pieces;	/* struct tar_piece */
	size_t piece;		/* the one at work */
	int64_t pos, size;	/* in the file that it means */
};

/* Exactly n bytes, appended; fewer is E_INPUT. */
int tar_take(struct tar *, size_t n, struct buf *out, struct err *);

/* An octal or base-256 field; false: neither, or too large. */
bool tar_number(const uint8_t *field, size_t n, int64_t *out);
/* Decimal with a sign or none, all of s, in 64 bits. */
bool tar_decimal(struct slice s, int64_t *out);

enum tar_form tar_form(const uint8_t head[TAR_BLOCK]);
/* The fields of a header; E_INPUT if one is wrong or the sum is. */
int tar_header(struct tar *, struct tar_entry *, struct err *);

/* Take apart body. */
int tar_pax_parse(struct tar_pax *, struct err *);
void tar_pax_clear(struct tar_pax *);
/* What it says of the entry. */
int tar_pax_merge(struct tar_pax *, struct tar_entry *, struct err *);

/* Set up pieces if the entry is sparse; it may change its name and size. */
int tar_sparse(struct tar *, struct tar_entry *, struct err *);

#endif

/* inflate.h -- gzip (RFC 1952) and Zstandard (RFC 8878) undone, piece by piece
 * or whole.  The only user of <zlib.h> and <zstd.h>.  Codec: pure. */
#ifndef CODEC_INFLATE_H
#define CODEC_INFLATE_H

#include "ground/feed.h"

enum inflate_kind {
	INFLATE_NOT,	/* neither of the two: as it is */
	INFLATE_GZIP,
	INFLATE_ZSTD,
};

enum { INFLATE_HEAD = 4 };	/* bytes it is recognised by */

/* What the first bytes of something say that it is. */
enum inflate_kind inflate_kind(struct slice head);
/* "gzip" or "zstd". */
const char *inflate_name(enum inflate_kind);

/* Undo what from gives; several members or frames behind each other are one
 * text, as gzip(1) and zstd(1) have it.  Cut short, damaged, with anything
 * behind it, or larger than max bytes is E_INPUT.  A frame of zstd that wants
 * a window of more than 128 MiB is refused.  from is to stay as long. */
struct inflate;
struct inflate *inflate_open(enum inflate_kind, struct feed from,
    uint64_t max);
struct feed inflate_feed(struct inflate *);
void inflate_close(struct inflate *);

/* The same for a text in memory, appended to out; on failure out is as it
 * was. */
int inflate_all(enum inflate_kind, struct slice, uint64_t max,
    struct buf *out, struct err *);

#endif

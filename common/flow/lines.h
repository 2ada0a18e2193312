/* lines.h -- a file of lines in pieces for work.h: whole lines, some tens of
 * kilobytes at a time.  World. */
#ifndef FLOW_LINES_H
#define FLOW_LINES_H

#include "ground/buf.h"
#include "ground/err.h"

/* Bytes a piece has at least, but for the last one, and where more does not
 * come at once. */
enum { LINES_PIECE = 128 << 10 };

/* A file under way; lines_close() it. */
struct lines {
	const char *path;
	int fd;
	size_t max;		/* bytes of a line */
	uint64_t number;	/* of the next line, from 1 */
	struct buf rest;	/* read, not yet given */
	bool ended;
};

/* path NULL or "-" is standard input. */
int lines_open(const char *path, size_t max, struct lines *, struct err *);
void lines_close(struct lines *);

/* Fill piece with the number of its first line (8 bytes) and the lines, each
 * with its line end but for the last of a file that has none there.  A line
 * over max is cut to max + 1 bytes, so that who reads it sees it is too long.
 * 1, 0 at the end, -1 with *e. */
int lines_next(struct lines *, struct buf *piece, struct err *);

/* Take the next line off a piece's lines, without its LF; false at the end. */
bool lines_take(struct slice *rest, struct slice *line);
/* Take a piece apart: the number of its first line, and the lines. */
uint64_t lines_first(struct slice *piece);

#endif

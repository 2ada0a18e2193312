/* source.h -- an input that is looked at before it is read, in whatever pieces
 * are asked for.  World. */
#ifndef FLOW_SOURCE_H
#define FLOW_SOURCE_H

#include "ground/buf.h"
#include "ground/err.h"

/* What stands between the file and who reads it: armor.  Append what the next
 * piece of text becomes; end says that there is no more. */
struct source_filter {
	void *ctx;
	int (*more)(void *ctx, struct slice text, bool end, struct buf *out,
	    struct err *);
};

/* {.fd = -1} is none; source_close() releases it. */
struct source {
	const char *name;	/* for messages */
	int fd;
	struct buf ahead;	/* read; from at on not yet taken */
	size_t at;
	bool ended;		/* the file has no more */
	bool sized;		/* a regular file, opened at its beginning: */
	uint64_t size;		/* bytes */
	uint64_t taken;		/* bytes of the file read so far */
	struct source_filter filter;	/* more NULL: none */
	struct buf text;	/* what the filter is fed with */
};

/* path NULL or "-" is standard input. */
int source_open(const char *path, struct source *, struct err *);
void source_close(struct source *);

/* Back to the beginning of a file, without a filter; E_SYSTEM if it cannot. */
int source_again(struct source *, struct err *);

/* See the next n bytes, or all there are if those are fewer, without taking
 * them.  The slice is valid until the next call of anything here. */
int source_peek(struct source *, size_t n, struct slice *head, struct err *);
/* Take n bytes that were seen. */
void source_skip(struct source *, size_t n);
/* What was seen and all that follows goes through a filter from now on. */
int source_through(struct source *, struct source_filter, struct err *);

/* Take the next n bytes, or all there are if those are fewer, and append them;
 * *last says that there are none behind them. */
int source_take(struct source *, size_t n, struct buf *out, bool *last,
    struct err *);
/* Take all; more than max bytes are E_INPUT. */
int source_all(struct source *, size_t max, struct buf *out, struct err *);

#endif

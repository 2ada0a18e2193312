/* stream.h -- data in chunks from a source to an output: read, turned on all
 * cores, written in order, in constant memory.  World. */
#ifndef FLOW_STREAM_H
#define FLOW_STREAM_H

#include "blob/chunks.h"
#include "ground/io.h"
#include "flow/source.h"

enum {
	STREAM_MEMORY = 64 << 20,	/* bytes of chunks under way, however
					 * many threads there are, but for one
					 * chunk that is larger by itself */
};

struct stream {
	struct chunks *chunks;
	struct source *in;
	struct io_out *out;
	/* Append the armor of what is to be written; end says that there is
	 * no more.  NULL: none.  Not with screen. */
	void (*dress)(void *ctx, struct slice in, bool end, struct buf *out);
	void *ctx;
	bool screen;		/* out is a terminal, which is for text */
	bool progress;
	unsigned threads;	/* 0: one for each core */
};

/* What is written is authentic, chunk by chunk, and in order.  With screen
 * it is written once all of it is there, if it is plain text of at most
 * SCREEN_MAX bytes (screen.h), else E_USAGE.  On failure all that came before
 * it may have been written.  *bytes, unless NULL, counts what came out of
 * chunks. */
int stream_run(const struct stream *, uint64_t *bytes, struct err *);

#endif

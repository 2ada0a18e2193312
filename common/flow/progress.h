/* progress.h -- how far a long run has come, on standard error: a line that is
 * written over on a terminal, else a line every two seconds and one at the end.
 * World. */
#ifndef FLOW_PROGRESS_H
#define FLOW_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

enum {
	PROGRESS_LARGE = 256 << 20,	/* bytes; so large an input shows it
					 * unasked for on a terminal */
};

struct progress {
	bool on, terminal, shown;
	bool sized;
	uint64_t size;		/* bytes in all, if sized */
	uint64_t done;		/* bytes */
	uint64_t began, said;	/* milliseconds */
};

/* wanted: asked for.  With -q there is none. */
void progress_start(struct progress *, bool wanted, bool sized,
    uint64_t size);
/* So many bytes are done. */
void progress_at(struct progress *, uint64_t done);
/* Take the line away, so that a message may follow; where lines stay, the last
 * one. */
void progress_end(struct progress *);

#endif

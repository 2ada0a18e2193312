/* blobrun.h -- encrypted data from file to file, whatever its format: whole in
 * memory, as records or in chunks.  World. */
#ifndef FLOW_BLOBRUN_H
#define FLOW_BLOBRUN_H

#include "blob/blob.h"

struct blobrun {
	const char *in, *out;	/* paths; NULL and "-" the standard ones, but
				 * "-" insists where a terminal is in the way */
	const struct blob_format *format;	/* to open NULL: recognise it */
	struct blob_job *job;
	bool armor;		/* seal: in age's armor */
	bool expected;		/* the input's size is known beforehand: */
	uint64_t size;		/* bytes; another is E_INPUT */
	bool progress;
	unsigned threads;	/* 0: one for each core */
};

/* A plaintext file is made with mode 0600.  Nothing of a format that is read
 * whole, and no file, appears before all of it is good; to a pipe each chunk
 * goes once it is good itself.  No file can be opened for reading after. */
int blobrun_open(const struct blobrun *, struct err *);
int blobrun_seal(const struct blobrun *, struct err *);

#endif

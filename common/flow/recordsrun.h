/* recordsrun.h -- records from a source to an output, on all cores, in constant
 * memory.  World. */
#ifndef FLOW_RECORDSRUN_H
#define FLOW_RECORDSRUN_H

#include "blob/records.h"
#include "ground/io.h"
#include "flow/source.h"

struct recordsrun {
	struct source *in;
	struct io_out *out;
	struct blob_job *job;
	const struct blob_format *each;	/* to open: of records.h */
	bool seal;
	bool screen;		/* as in stream.h */
	bool progress;
	unsigned threads;	/* 0: one for each core */
};

/* What job->records is or, if that is RECORDS_AUTO, what the data is. */
int recordsrun_kind(struct source *, const struct blob_job *,
    enum records_kind *, struct err *);

/* Records are written in their order, some hundred at a time, once all of these
 * are turned; of data that fails what came before them may have been.  See
 * records.h for what is refused. */
int recordsrun(const struct recordsrun *, struct err *);

#endif

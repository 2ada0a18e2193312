/* reportstream.h -- a file of reports, one a line, verified on all cores.
 * World. */
#ifndef FLOW_REPORTSTREAM_H
#define FLOW_REPORTSTREAM_H

#include "evidence/verify.h"
#include "flow/work.h"

enum { REPORTSTREAM_CHAINS = 4096 };	/* chains that are kept */

struct reportstream {
	struct snp_case common;		/* what holds for every line; without
					 * report, certs and picked */
	const struct pile *pile;	/* for lines without certificates */
	unsigned threads;		/* 0: one a core */
	bool terminal;			/* escape what changes one */
};

/* Read path (NULL or "-": standard input) and write a line of JSON for each
 * line, in order, to out_path: snp_outcome_json()'s object, with the line's
 * "id" first if it has one; or, for a line that cannot be judged, the id and
 * {"line","status","error"}.  Each chain is verified once and kept.  *worst is
 * the highest status of the lines; -1 is a failure of the run itself. */
int reportstream_run(const char *path, const char *out_path,
    const struct reportstream *, int *worst, struct err *);

#endif

/* uvmcheck.h -- a report and the endorsement of its utility VM.
 * Pure. */
#ifndef EVIDENCE_UVMCHECK_H
#define EVIDENCE_UVMCHECK_H

#include "evidence/checks.h"
#include "evidence/uvm.h"

struct uvm_want {
	const char *issuer, *feed;	/* NULL: Microsoft's */
	int64_t min_svn;		/* below zero: none is wanted */
};

/* Make the checks endorsement (proved, and of the report's measurement) and
 * uvm-svn.  True if it is proved, whatever it is of. */
bool uvm_check(const struct uvm *, struct slice report,
    const struct uvm_want *, struct checks *);

#endif

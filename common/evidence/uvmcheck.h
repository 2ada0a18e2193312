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

/* An endorsement, read and proved apart from any report, so that it can be
 * for many; {0} is empty. */
struct uvm_judged {
	struct uvm uvm;
	bool sound;		/* it is proved, whatever it is of */
	const char *who;	/* whose it is then */
	struct err why;		/* why not, else */
};
/* cose is borrowed, and the names wanted.  E_INPUT as uvm_read(); that it is
 * not sound is no error. */
int uvm_judge(struct slice cose, const struct uvm_want *, struct uvm_judged *,
    struct err *);
void uvm_judged_free(struct uvm_judged *);

/* Make the checks endorsement (proved, and of the report's measurement) and
 * uvm-svn; many threads may use one that is judged. */
void uvm_check(const struct uvm_judged *, struct slice report,
    const struct uvm_want *, struct checks *);

#endif

/* report.h -- a report as a page: the verdict, the six features, each check,
 * what was not proved, the policy, every field.  Pure. */
#ifndef PAGE_REPORT_H
#define PAGE_REPORT_H

#include "evidence/verify.h"

/* Everything is borrowed. */
struct page_report {
	const char *name;		/* of the report's file */
	const struct snp_case *in;
	const struct snp_outcome *outcome;	/* NULL: decoded only */
	struct slice policy;		/* what host data was compared with;
					 * empty: none */
	const struct err *no;		/* NULL: it passed */
};

/* Append the page. */
void page_report(const struct page_report *, struct buf *out);

#endif

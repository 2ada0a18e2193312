/* verify.h -- a whole verification: is the report genuine, does it say what
 * is wanted, is its utility VM endorsed; and how the outcome is printed.
 * Pure. */
#ifndef EVIDENCE_VERIFY_H
#define EVIDENCE_VERIFY_H

#include "evidence/pile.h"
#include "evidence/proof.h"
#include "evidence/rules.h"
#include "evidence/want.h"
#include "evidence/uvmcheck.h"

/* Everything is borrowed. */
struct snp_case {
	struct slice report;
	const struct certs *certs;
	const struct picked *picked;	/* where they are from, or NULL */
	const struct snp_chain *chain;	/* the same judged before, or NULL;
					 * certs is not looked at then */
	struct snp_trust trust;
	const char *root_name;		/* what to call trust.root */
	const char *report_name;	/* files to name in a hint: report, */
	const char *policy_name;	/* policy */
	struct snp_want want;
	const struct snp_rules *rules;	/* what else is wanted, or NULL */
	struct slice endorsement;	/* COSE; empty: none */
	struct uvm_want uvm;
	const struct uvm_judged *judged;	/* the same judged before, or
						 * NULL */
	const char *context;		/* the folder in use, or NULL: what it
					 * has not is missed, unless: */
	bool without_endorsement, without_policy;
	bool explain;			/* each check that failed */
};

/* {0} is empty; snp_outcome_free() releases. */
struct snp_outcome {
	struct checks checks;
	const char *open_policy;	/* HOST_DATA allows everything, by
					 * this name; or NULL */
	bool early_svn;			/* the UVM is not for production */

	/* for explain.h */
	struct vcek leaf;		/* what the leaf says */
	enum product ark, product;	/* the root's; whose TCB it is */
	bool in_time;			/* all certificates are */
	bool endorsement_sound, endorsed;	/* proved; and of the report */
};

/* Make all checks.  E_INPUT if report, leaf, CRL or endorsement cannot be
 * read, and nothing came out; failed checks are no error here. */
int snp_verify(const struct snp_case *, struct snp_outcome *, struct err *);
/* As checks_verdict(), with a hint where the leaf is another report's, or the
 * policy another one. */
int snp_outcome_verdict(const struct snp_case *, const struct snp_outcome *,
    struct err *);
void snp_outcome_free(struct snp_outcome *);

/* Append a line a check, and before them one for each root of trust that is
 * not the built-in one; behind them what explain.h has to say, if asked
 * for. */
void snp_outcome_text(const struct snp_case *, const struct snp_outcome *,
    struct buf *out);
/* Append {"verified","trust","certificates","checks","report"}, with
 * "explanations" before the last if asked for, and a newline. */
void snp_outcome_json(const struct snp_case *, const struct snp_outcome *,
    struct buf *out);

#endif

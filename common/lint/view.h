/* view.h -- what a person may ask of one policy: its hash, its text,
 * its list, its judgement, how it differs from another.  Pure. */
#ifndef LINT_VIEW_H
#define LINT_VIEW_H

#include "crypto/hash.h"
#include "policy/policy.h"

enum view { VIEW_HASH, VIEW_TEXT, VIEW_LIST, VIEW_LINT, VIEW_DIFF };

struct policyview {
	enum view what;
	bool base64;		/* the hash in base64, not hex */
	bool json;		/* one JSON object a line */
	bool titled;		/* more than one: say which it is */
	struct slice other;	/* VIEW_DIFF: the policy it is compared to */
};

/* A policy, where it was found and its hash. */
struct viewed {
	const char *file;	/* as a line names it */
	const struct policy *policy;
	uint8_t sum[HASH_SIZE_MAX];	/* of policy_hashed() */
	size_t sum_n;
	bool several;			/* in that file: lines name it */
};

/* Append what is asked.  -1 if there is no answer, and out is as it was; or
 * with the answer appended: E_NO if a judgement finds something unsafe or the
 * policies differ, E_INPUT if something is not assessed. */
int policyview(const struct policyview *, const struct viewed *,
    struct buf *out, struct err *);

#endif

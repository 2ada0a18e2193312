/* rules.h -- what a relying party accepts, as JSON, by the names that the
 * checks have.  Pure. */
#ifndef EVIDENCE_RULES_H
#define EVIDENCE_RULES_H

#include "evidence/checks.h"
#include "evidence/tcb.h"

enum { RULES_MAX = 1 << 20 };	/* bytes of a file */

/* Fields of which one of several values is wanted. */
enum rules_list {
	RULES_MEASUREMENT, RULES_HOST_DATA, RULES_CHIP_ID, RULES_FAMILY_ID,
	RULES_IMAGE_ID, RULES_REPORT_ID, RULES_REPORT_ID_MA, RULES_ID_KEY,
	RULES_AUTHOR_KEY,
	RULES_ALONE,			/* those from here on together */
	RULES_BLOCK_ID = RULES_ALONE, RULES_BLOCK_AUTHOR,
	RULES_LISTS
};

/* snp_rules_free() releases; what was not said is 0, -1 or empty. */
struct snp_rules {
	bool said_product, product[PRODUCT_TURIN + 1];
	bool said_tcb[PRODUCT_TURIN + 1], said_launch[PRODUCT_TURIN + 1];
	struct tcb_floor tcb[PRODUCT_TURIN + 1], launch[PRODUCT_TURIN + 1];
	struct buf list[RULES_LISTS];	/* values behind each other */
	unsigned vmpl;			/* a bit for each that is accepted */
	int64_t guest_svn, uvm_svn;	/* at least */
	bool debug, migration, open_policy;	/* accepted */
	int firmware[3];		/* major, minor, build, at least */
	int abi[2];			/* of the guest policy, at least */
	uint32_t policy_not, policy_must;	/* bits of the policy */
	bool said_policy, said_platform;
	uint64_t platform;		/* bits that may be set */
	bool said_launch_mit, said_current_mit;
	uint64_t launch_mit, current_mit;	/* bits that must be set */
	bool committed;			/* must be the current */
	bool author_key;		/* must be there */
	struct buf issuer, feed;	/* of an endorser; NUL-terminated */
	struct buf text;		/* the whole as compact JSON */
};

/* Read JSON.  A name that is not known, a value that is not its kind, and a
 * name twice are E_INPUT. */
int snp_rules_read(struct slice text, struct snp_rules *, struct err *);
void snp_rules_free(struct snp_rules *);
/* The file says something under that name. */
bool snp_rules_says(const struct snp_rules *, const char *name);

/* Make the checks that rules ask for; those that others made before pass only
 * if these do too.  product is the report's. */
void snp_rules_check(struct slice r, const struct snp_rules *, enum product,
    struct checks *);

#endif

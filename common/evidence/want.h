/* want.h -- what a report says, compared with what is wanted.  That the
 * report is genuine is for evidence/proof.h.  Pure. */
#ifndef EVIDENCE_WANT_H
#define EVIDENCE_WANT_H

#include "evidence/checks.h"
#include "evidence/hcl.h"
#include "evidence/tcb.h"

enum { SNP_VMPL_ANY = -1 };

/* A slice that is empty, a number below zero: nothing is wanted. */
struct snp_want {
	bool allow_debug, allow_migration;
	bool allow_open_policy;		/* one that allows everything */
	int vmpl;			/* 0 to 3, or SNP_VMPL_ANY */
	struct slice report_data;	/* 64 bytes */
	const struct hcl *hcl;		/* the blob it was in, or NULL */
	struct slice host_data;		/* 32 bytes */
	struct slice policy_digest;	/* 32 bytes: HOST_DATA must be it too */
	struct slice measurement;	/* 48 bytes */
	struct slice chip_id;		/* 64 bytes, or 8 and zeros */
	struct slice family_id, image_id;	/* 16 bytes */
	struct slice id_key, author_key; /* digests, 48 bytes */
	int64_t min_svn;		/* of the guest: the ID block's */
	const struct tcb_floor *min_tcb;	/* or NULL */
	enum product product;		/* whose TCB layout it is */
};

/* Make the checks debug, migration, vmpl, open-policy, and of those with
 * something to compare with: report-data, host-data, measurement, min-tcb,
 * guest-svn, family-id, image-id, id-key-digest, author-key-digest; a chip id
 * joins chip-id. */
void snp_compare(struct slice r, const struct snp_want *, struct checks *);

#endif

/* evidence.h -- everything a report is verified with, read from the files
 * that the user names or that the security context holds.  World. */
#ifndef HOST_EVIDENCE_H
#define HOST_EVIDENCE_H

#include "crypto/cert.h"
#include "evidence/hcl.h"
#include "evidence/pile.h"
#include "ground/opt.h"

enum {
	EVIDENCE_CRL_MAX = 1 << 20,	/* bytes */
	EVIDENCE_POLICY_MAX = 32 << 20,	/* bytes of a policy, as base64 too */
};

/* Paths, NULL where nothing was named; "-" is standard input, once. */
struct evidence_files {
	const char *report;	/* NULL: standard input */
	const char *context;	/* folder; NULL: $UVM_SECURITY_CONTEXT_DIR */
	struct opt_list certs;	/* files and folders; before the folder's,
				 * as the next two are */
	const char *endorsement, *policy;
	const char *runtime, *crl, *root;
	bool keep_policy;		/* its text is wanted too */
};

/* {0} is empty; evidence_free() releases. */
struct evidence {
	struct buf raw;			/* the report's file, decoded */
	struct slice report;		/* of it; SNP_SIZE bytes */
	struct hcl hcl;			/* the blob it was in, if any */
	bool in_hcl;

	struct pile pile;		/* all certificates */
	struct picked picked;		/* leaf, ASK, ARK out of it */
	struct certs certs;		/* the same, borrowed */
	struct certs root;		/* none or one */
	struct buf endorsement;		/* COSE; empty if there is none */
	uint8_t policy[SHA256_SIZE];	/* of the policy's bytes */
	bool has_policy;
	struct buf policy_text;		/* if it was to be kept */
	uint8_t report_data[SNP_REPORT_DATA_SIZE];	/* of runtime data */
	bool has_runtime;
	struct buf crl;
	const char *context;		/* the folder in use, or NULL */
};

/* The report alone. */
int evidence_report(const struct evidence_files *, struct evidence *,
    struct err *);
/* All but the report, for many: certificates, of which there may be none, are
 * left in the pile. */
int evidence_common(const struct evidence_files *, struct evidence *,
    struct err *);
/* The root alone. */
int evidence_root(const struct evidence_files *, struct evidence *,
    struct err *);
/* And all the rest.  No certificates anywhere: E_INPUT with what to do; an
 * endorsement or policy that the folder has not stays empty. */
int evidence_rest(const struct evidence_files *, struct evidence *,
    struct err *);
void evidence_free(struct evidence *);

#endif

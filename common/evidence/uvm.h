/* uvm.h -- the endorsement of a utility VM (reference-info): a launch
 * measurement and a security version number, signed by Microsoft as a
 * COSE_Sign1 document.  Pure. */
#ifndef EVIDENCE_UVM_H
#define EVIDENCE_UVM_H

#include "evidence/cose.h"
#include "evidence/report.h"

enum {
	UVM_SVN_PRODUCTION = 100,	/* lower ones are not for production */
};

/* What a document says, not yet proved; uvm_free() releases. */
struct uvm {
	struct cose cose;
	struct slice issuer, feed;	/* text, in the document */
	uint8_t measurement[SNP_MEASUREMENT_SIZE];
	bool has_svn;
	uint64_t svn;
	bool has_time;
	int64_t signed_at;		/* epoch seconds */
};

/* Read either form: issuer, feed and time as headers of their own with a JSON
 * payload, or as CWT claims (RFC 9597) with the measurement as the payload;
 * all of them protected ones, as nobody signs the others.  The SVN may be a
 * number or a string.  Two SVNs, issuers or feeds that differ are E_INPUT. */
int uvm_read(struct slice cose, struct uvm *, struct err *);
void uvm_free(struct uvm *);

/* Prove it: issuer and feed are those of Azure's container groups or AKS, or
 * with issuer not NULL exactly these; the chain resolves to the issuer at the
 * time of signing (its leaves live a year, and the documents longer); the
 * signature verifies.  E_NO otherwise.  *who, if not NULL, is whose it is. */
int uvm_prove(const struct uvm *, const char *issuer, const char *feed,
    const char **who, struct err *);

#endif

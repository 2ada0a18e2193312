/* maapolicy.h -- the policy by which a provider judges SEV-SNP evidence, as
 * GET /policies/SevSnpVm has it.  Pure. */
#ifndef AZURE_MAAPOLICY_H
#define AZURE_MAAPOLICY_H

#include "ground/buf.h"
#include "ground/err.h"

#define MAAPOLICY_ROUTE "/policies/SevSnpVm"

/* Release with maapolicy_free(). */
struct maapolicy {
	struct buf text;	/* as its author wrote it */
	struct buf hash;	/* what tokens carry as x-ms-policy-hash */
	bool is_signed;		/* by somebody, who is not looked into */
};

/* Read {"token"} of the provider issuer ("https://host"): a JWS by a key of
 * keys, its set, not expired at that time, whose x-ms-policy is itself a JWS,
 * signed or not, with the member AttestationPolicy.  E_NO if it is another's
 * or nobody's, E_INPUT for anything malformed. */
int maapolicy_read(struct slice body, struct slice keys, struct slice issuer,
    int64_t at, struct maapolicy *, struct err *);
void maapolicy_free(struct maapolicy *);

#endif

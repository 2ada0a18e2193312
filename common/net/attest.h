/* attest.h -- ask Microsoft Azure Attestation.  World. */
#ifndef NET_ATTEST_H
#define NET_ATTEST_H

#include "net/ask.h"

struct attest {
	struct ask ask;
	struct slice issuer;		/* endpoint_issuer()'s */
	const char *api_version;
	const char *bearer_path;	/* file of an access token, or NULL */
};

/* POST body, which maa_body() made, and append the answer's, which
 * maa_answer() reads. */
int attest_token(struct attest *, const struct buf *body, struct buf *out,
    struct err *);

/* Append the provider's key set, compact, once its OpenID configuration has
 * said that the keys are its own. */
int attest_keys(struct attest *, struct buf *out, struct err *);

/* Append the text of the provider's policy for SEV-SNP, which its token says
 * and its keys prove; its hash is said with -v.  The provider wants to see an
 * access token. */
int attest_policy(struct attest *, struct buf *out, struct err *);

#endif

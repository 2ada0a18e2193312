/* features.h -- the six things people ask of an attestation token, each with
 * the claim that decides it.  Pure. */
#ifndef TOKEN_FEATURES_H
#define TOKEN_FEATURES_H

#include "value/json.h"

enum { FEATURES = 6 };

struct feature {
	const char *name;	/* "AMD SEV-SNP TEE" */
	bool has;
	struct buf why;		/* the claim and what it says */
};

/* verified: the signature was proved here.  Claims of containers stand at the
 * top, those of confidential VMs under x-ms-isolation-tee; one that stands in
 * both with different values is no reason for yes.  True if all six are there;
 * features_free() the array. */
bool features_of(struct json_val claims, bool verified,
    struct feature out[FEATURES]);
void features_free(struct feature f[FEATURES]);

/* Append a line a feature: mark, name, reason.  signs: marks for a person
 * instead of yes and no. */
void features_print(const struct feature f[FEATURES], bool signs,
    struct buf *out);

/* Append a line that is neither yes nor no: whose policy the provider judged
 * the guest by. */
void features_provider(struct json_val claims, bool signs, struct buf *out);

#endif

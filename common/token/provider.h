/* provider.h -- the policy of an attestation provider, whose hash its tokens
 * carry as x-ms-policy-hash (Microsoft Azure Attestation, "claims in a
 * token"): base64url of the SHA-256 of the base64url of the policy's text.
 * Pure. */
#ifndef TOKEN_PROVIDER_H
#define TOKEN_PROVIDER_H

#include "value/json.h"

enum {
	PROVIDER_FILE_MAX = 1 << 20,	/* bytes of a policy's file */
	PROVIDER_HASH_SIZE = 43,	/* characters of a hash */
};

/* Append the hash of a policy's text, byte for byte. */
void provider_hash(struct slice text, struct buf *out);

/* Append the hash of the policy that a file holds: its text as it stands, or
 * the signed or unsigned JWS that providers take and give policies in, with
 * the text in AttestationPolicy; its signature is not looked at.  E_INPUT for
 * no text, and for a JWS that has none. */
int provider_hash_of(struct slice file, struct buf *out, struct err *);

/* Append a hash as people write it, in the form of the claim: base64url,
 * padded or not, or 64 hex digits.  E_USAGE for anything else. */
int provider_hash_parse(struct slice text, struct buf *out, struct err *);

/* x-ms-policy-hash is that hash; E_NO otherwise.  file, if it has bytes, is
 * where the hash came from: line ends that explain the difference are
 * hinted at. */
int provider_check(struct json_val claims, struct slice hash,
    struct slice file, struct err *);

/* Whose policy it is, for a person: "the provider's default ...", "a policy of
 * the provider's owner"; NULL if the claim is absent or no hash. */
const char *provider_whose(struct json_val claims);

#endif

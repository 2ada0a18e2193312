/* release.h -- Key Vault's release policy: would a vault release a key for a
 * token?  (Azure Key Vault secure key release policy grammar, 1.0.0.)
 * Pure. */
#ifndef TOKEN_RELEASE_H
#define TOKEN_RELEASE_H

#include "value/json.h"

enum {
	RELEASE_MAX = 256 << 10,	/* bytes of a policy */
	RELEASE_DEPTH_MAX = 16,		/* anyOf and allOf in each other */
};

/* The policy's own text, appended to out, of a file in any form people have it
 * in: as it is; {"contentType", "data"} around it, as a key has it and az shows
 * it, data being base64url of JSON; or a whole key bundle, with that as
 * release_policy or releasePolicy.  E_INPUT for what is JSON and none of
 * these. */
int release_text(struct slice file, struct buf *out, struct err *);

/* Parse a policy: {"version", "anyOf": [authorities]}, version 1.0.0 or the
 * earlier 0.2; an authority is {"authority": URL, "anyOf"|"allOf":
 * [conditions]}, a condition {"claim": dotted path, "equals": string, number
 * or boolean} or a nested anyOf or allOf.  Other operators, which no vault
 * takes yet, other members and empty arrays are E_INPUT. */
int release_parse(struct slice text, struct json **, struct err *);

/* Whether it holds for the claims: iss is one of its authorities, a slash at
 * the end of either aside, whose conditions hold.  A claim is compared as the
 * vault does: a number or boolean with a string policy value by how it is
 * written in the token, all else by type and value; an absent claim does not
 * hold.
 *
 * 0 appends to held the rule that did, "anyOf[0], authority https://..." and
 * ", anyOf[2]" for the branch it was.
 * E_NO names the first condition that did not hold, under the first authority
 * that is the token's issuer: the claim, its value and the policy's; differ, if
 * not NULL, gets a line of this kind for each that did not, the first as well,
 * control characters escaped.  Of alternatives of which one holds, none. */
int release_holds(struct json_val policy, struct json_val claims,
    struct buf *held, struct buf *differ, struct err *);

#endif

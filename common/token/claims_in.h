/* claims_in.h -- claims by name.  Token: private to this folder. */
#ifndef TOKEN_CLAIMS_IN_H
#define TOKEN_CLAIMS_IN_H

#include "token/claims.h"

/* val was found under name, which may be a path; *nested is what stands under
 * the same name in CLAIMS_NESTED, or nothing.  E_NO if name is that of an SNP
 * claim and the two differ. */
int claims_once(struct json_val claims, struct slice name,
    struct json_val val, struct json_val *nested, struct err *);

#endif

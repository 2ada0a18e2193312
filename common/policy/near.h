/* near.h -- the small differences between a policy and what somebody hashed:
 * line ends, byte order marks, encodings.  Pure. */
#ifndef POLICY_NEAR_H
#define POLICY_NEAR_H

#include "crypto/hash.h"

/* Which near variant of policy has the SHA-256 want (32 bytes), in words that
 * follow "the hash of"; NULL if none.  source is the text the policy was
 * found in, {0} if it was the policy itself. */
const char *near_find(struct slice policy, struct slice source,
    struct slice want);

#endif

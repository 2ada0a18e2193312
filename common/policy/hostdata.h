/* hostdata.h -- HOST_DATA of a report: the SHA-256 of a policy's bytes, 32
 * bytes at offset 0xc0, and x-ms-sevsnpvm-hostdata of a token.  Pure.
 */
#ifndef POLICY_HOSTDATA_H
#define POLICY_HOSTDATA_H

#include "crypto/hash.h"
#include "ground/err.h"

/* A value as people write it: 64 hex digits of either case, or base64 of the
 * 32 bytes, padded or not.  E_USAGE otherwise. */
int hostdata_parse(struct slice text, uint8_t out[SHA256_SIZE], struct err *);

/* The digest of the one policy that a file holds, in any of the forms of
 * policy.h; none or several are E_INPUT. */
int hostdata_of(struct slice file, uint8_t out[SHA256_SIZE], struct err *);
/* The same, and the policy's own text appended to text. */
int hostdata_text(struct slice file, uint8_t out[SHA256_SIZE],
    struct buf *text, struct err *);

/* What the published policy with that digest, one that allows everything, is
 * called; NULL if it is none that we know. */
const char *hostdata_open(struct slice digest);

/* sum is the SHA-256 of policy, want the value it should have: 0, or E_NO
 * with both and, as the hint, the near variant of the policy that want is the
 * hash of, if there is one: line ends, marks, encodings.  source is the text
 * the policy was found in, {0} if it was the policy itself. */
int hostdata_check(struct slice policy, struct slice source,
    const uint8_t sum[SHA256_SIZE], const uint8_t want[SHA256_SIZE],
    struct err *);

#endif

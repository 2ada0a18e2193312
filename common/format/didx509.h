/* didx509.h -- did:x509 identifiers, version 0: who an x5chain belongs to,
 * as the hash of one of its authorities and what the leaf must have.
 * Format: pure. */
#ifndef FORMAT_DIDX509_H
#define FORMAT_DIDX509_H

#include "crypto/cert.h"

/* Resolve did against a chain (leaf first) at time at: the SHA-256 of one of
 * chain[1..], up to which the chain verifies, and each "::eku:OID" among the
 * leaf's usages.  E_NO if it does not hold, or asks for what is not known
 * here (other hashes, other policies). */
int didx509_resolve(struct slice did, const struct certs *chain, int64_t at,
    struct err *);

#endif

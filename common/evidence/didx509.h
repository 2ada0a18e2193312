/* didx509.h -- did:x509 identifiers, version 0 (the did:x509 method, as
 * Microsoft publishes it): who an x5chain belongs to, as the hash of one of
 * its authorities and what the leaf must have.  Pure. */
#ifndef EVIDENCE_DIDX509_H
#define EVIDENCE_DIDX509_H

#include "crypto/cert.h"

/* Resolve did against a chain (leaf first) at time at: the SHA-256, -384 or
 * -512 of one of chain[1..], up to which the chain verifies, and each policy
 * holds of the leaf, of which there is one at least:
 *	eku:OID				is among its usages
 *	subject:KEY:VALUE...		CN, L, ST, O, OU, C, STREET or an OID,
 *					and its text; each there once
 *	san:email|dns|uri:VALUE		is among its names
 *	fulcio-issuer:HOST		https://HOST is its Fulcio issuer
 * Values are percent-encoded.  E_NO if it does not hold, or is anything
 * else. */
int didx509_resolve(struct slice did, const struct certs *chain, int64_t at,
    struct err *);

#endif

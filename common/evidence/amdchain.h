/* amdchain.h -- AMD's chain: leaf (VCEK or VLEK), ASK or ASVK, ARK (AMD
 * 57230).  The ARKs of Milan, Genoa and Turin are pinned by the hash of their
 * keys; a chain brings its own ARK, which must be one of them.
 * Pure. */
#ifndef EVIDENCE_AMDCHAIN_H
#define EVIDENCE_AMDCHAIN_H

#include "crypto/cert.h"
#include "evidence/tcb.h"

enum { AMD_LEAF, AMD_ASK, AMD_ARK, AMD_CHAIN };	/* places in a chain */

/* Whose key the ARK of a chain holds: by the pins or, if root is not NULL and
 * the key is root's, by its name.  Unknown if it is none. */
enum product amd_ark(const struct cert *ark, const struct cert *root);

/* Verify the chain's AMD_CHAIN certificates at time at: names, RSA-4096 and
 * P-384 keys, RSASSA-PSS with SHA-384, CA flags and path lengths, validity,
 * no critical extension that is not known, and the ARK's key, which must be a
 * pinned one or, if root is not NULL, root's.  E_NO says which certificate
 * and why. */
int amd_chain(const struct certs *, const struct cert *root, int64_t at,
    struct err *);

#endif

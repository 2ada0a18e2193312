/* cose.h -- COSE_Sign1 (RFC 9052 section 4.2) with an x5chain (RFC 9360).
 * Pure. */
#ifndef EVIDENCE_COSE_H
#define EVIDENCE_COSE_H

#include "crypto/cert.h"
#include "value/cbor.h"

enum { COSE_MAX = 4 << 20 };	/* bytes of a document */

/* A document taken apart; cose_free() releases.  The slices live in it. */
struct cose {
	struct cbor *doc, *head;	/* whole, and the protected header */
	struct slice protected, payload, signature;
	struct cbor_val header;		/* a map, the protected one */
	enum key_sig alg;
	struct certs chain;		/* x5chain, leaf first */
	/* All that is read in the unprotected header, for which nobody
	 * vouches: how many receipts of a transparency service there are
	 * (COSE Receipts, header 394), none of them looked into; and that
	 * there is something else in their place. */
	size_t receipts;
	bool receipts_odd;
};

/* Take a tagged COSE_Sign1 apart: alg (1) is PS384 or ES384, crit (2) is
 * absent, x5chain (33) has 1 to CERT_CHAIN_MAX certificates, x5t (34), if
 * there, is its leaf's SHA-256, the payload is attached.  All of these are
 * looked for in the protected header only.  E_INPUT otherwise. */
int cose_read(struct slice text, struct cose *, struct err *);
void cose_free(struct cose *);

/* The signature, by the key of the chain's leaf, without external data; E_NO
 * if it does not verify. */
int cose_verify(const struct cose *, struct err *);

#endif

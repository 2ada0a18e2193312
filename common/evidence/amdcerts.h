/* amdcerts.h -- certificates that AMD publishes for all chips of a product, so
 * that a leaf alone is enough: ARK, ASK and ASVK of Milan, Genoa and Turin, as
 * its key server has them at
 * https://kdsintf.amd.com/vcek/v1/PRODUCT/cert_chain and the same with vlek.
 * Nothing rests on them: what does is the ARKs' keys in amdchain.c.
 * Pure. */
#ifndef EVIDENCE_AMDCERTS_H
#define EVIDENCE_AMDCERTS_H

struct amd_cert {
	const char *name;	/* common name; NULL behind the last */
	const char *sha256;	/* of the DER text, hex */
	const char *spki;	/* of its SubjectPublicKeyInfo, the same */
	const char *pem;
};

/* An ARK, then what it signed. */
extern const struct amd_cert amd_certs[];

#endif

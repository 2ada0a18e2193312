/* proof.h -- is a report genuine: signed by a processor of AMD's, whose
 * certificate says the same of chip, product and firmware as the report.
 * What the report says is for evidence/want.h.  Pure. */
#ifndef EVIDENCE_PROOF_H
#define EVIDENCE_PROOF_H

#include "crypto/cert.h"
#include "evidence/checks.h"
#include "evidence/report.h"
#include "evidence/vcek.h"

/* What the proof rests on. */
struct snp_trust {
	struct cert *root;		/* NULL: AMD's pinned ARKs */
	int64_t at;			/* epoch seconds; for the chain, CRL */
	struct slice crl;		/* DER or PEM; empty: none */
};

/* Version, algorithm and flags are ones we can judge: E_INPUT if not. */
int snp_format(struct slice r, struct checks *, struct err *);

/* Make the checks signature, chain, signer, product, tcb, chip-id, trailer
 * and crl with a chain of exactly AMD_CHAIN certificates.  Each is made on
 * its own, so that all that is wrong is said.  E_INPUT if the leaf's
 * extensions cannot be read, or the CRL; nothing is checked then. */
int snp_prove(struct slice r, const struct certs *, const struct snp_trust *,
    struct checks *, struct err *);

/* A chain of exactly AMD_CHAIN certificates, judged apart from any report, so
 * that it can be for many; {0} is empty. */
struct snp_chain {
	struct vcek leaf;
	struct key *key;	/* the leaf's; NULL if it is none */
	enum product ark;	/* whose ARK it is */
	bool in_time;		/* of none is it not the time */
	struct checks made;	/* chain and crl; signature without a key */
};
/* E_INPUT as snp_prove(). */
int snp_chain_judge(const struct certs *, const struct snp_trust *,
    struct snp_chain *, struct err *);
void snp_chain_free(struct snp_chain *);
/* Another time would not change it: it is sound, and its certificates (those
 * it was judged by, without a CRL) are valid then too. */
bool snp_chain_lasts(const struct snp_chain *, const struct certs *,
    int64_t at);
/* The rest of snp_prove(); many threads may use one chain. */
void snp_prove_by(struct slice r, const struct snp_chain *, struct checks *);

/* The signature alone: E_NO unless it is the key's (of a certificate). */
int snp_signed_by(struct slice r, const struct cert *leaf, struct err *);

#endif

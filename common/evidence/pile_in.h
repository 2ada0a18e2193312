/* pile_in.h -- between pile.c, which reads documents, and pilechain.c, which
 * picks a chain.  Pure. */
#ifndef EVIDENCE_PILE_IN_H
#define EVIDENCE_PILE_IN_H

#include "evidence/pile.h"
#include "evidence/vcek.h"

struct pile_cert {
	uint8_t sum[SHA256_SIZE];	/* of its DER text */
	const char *from;
	bool own;			/* one of the tool's */
	bool read;			/* leaf holds what it says */
	enum { PILE_LEAF = AMD_LEAF, PILE_ASK = AMD_ASK, PILE_ARK = AMD_ARK,
	    PILE_OTHER } place;	/* by its name */
	struct vcek leaf;
};

/* All but sum, from and own. */
void pile_describe(const struct cert *, struct pile_cert *);

#endif

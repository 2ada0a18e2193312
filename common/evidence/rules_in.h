/* rules_in.h -- between rules.c, which reads rules, and rulescheck.c, which
 * holds reports against them.  Pure. */
#ifndef EVIDENCE_RULES_IN_H
#define EVIDENCE_RULES_IN_H

#include "evidence/rules.h"

/* A field of which one of several values is wanted. */
struct rules_field {
	const char *name;
	enum snp_id id;
	enum check check;
	size_t n;			/* bytes */
};
extern const struct rules_field rules_fields[RULES_LISTS];

/* A bit of the guest policy: it permits something, or restricts. */
struct rules_bit {
	const char *name;
	unsigned bit;
	bool restricts;
};
extern const struct rules_bit rules_bits[];	/* a NULL name ends it */

#endif

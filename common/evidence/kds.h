/* kds.h -- where AMD's key server has what belongs to a report (AMD 57230,
 * section 4).  Pure. */
#ifndef EVIDENCE_KDS_H
#define EVIDENCE_KDS_H

#include "evidence/tcb.h"

#define KDS_BASE "https://kdsintf.amd.com"

/* Append the path of the VCEK that signs with this chip id and reported TCB;
 * false, and nothing, where there is none: for a VLEK, a masked chip id or an
 * unknown product. */
bool kds_leaf(struct slice r, enum product, struct buf *out);
/* Why there is none, as a sentence's end; NULL if there is one. */
const char *kds_no_leaf(struct slice r, enum product);

/* Append the path of the product's ASK (or ASVK) and ARK, and of its CRL. */
void kds_chain(enum product, bool vlek, struct buf *out);
void kds_crl(enum product, bool vlek, struct buf *out);

#endif

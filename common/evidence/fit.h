/* fit.h -- do a report and the platform's certificates belong together?
 * What a service would refuse for reasons it does not tell.  Whether either is
 * genuine is for evidence/proof.h.  Pure. */
#ifndef EVIDENCE_FIT_H
#define EVIDENCE_FIT_H

#include "evidence/report.h"

/* The leaf of certs (PEM, leaf first) is of the report's TCB and chip, and its
 * key signed the report.  E_NO says what differs, component by component, with
 * a hint at where fitting certificates are; a leaf that cannot be read is
 * E_INPUT. */
int snp_fits(struct slice r, struct slice certs, struct err *);

#endif

/* instead.h -- what people have at hand and give instead of a report.  Pure. */
#ifndef EVIDENCE_INSTEAD_H
#define EVIDENCE_INSTEAD_H

#include "ground/buf.h"
#include "ground/err.h"

/* text, as it came, was refused as a report, for the reason in e.  If it is
 * something else that we know, e says what it is and where that belongs,
 * E_INPUT as before. */
void instead_of_report(struct slice text, struct err *e);
/* A token (RFC 7519) by its looks: base64url of "{" and two dots. */
bool instead_token(struct slice text);

#endif

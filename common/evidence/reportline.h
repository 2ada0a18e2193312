/* reportline.h -- one line of many: a report, alone or with what goes with it.
 * Pure. */
#ifndef EVIDENCE_REPORTLINE_H
#define EVIDENCE_REPORTLINE_H

#include "crypto/hash.h"
#include "evidence/hcl.h"
#include "evidence/report.h"

enum { REPORTLINE_MAX = 1 << 20 };	/* bytes of a line */

/* {0} is empty; reportline_free() releases. */
struct reportline {
	struct buf raw;			/* the report, or the blob around it */
	struct slice report;		/* of it; SNP_SIZE bytes */
	struct hcl hcl;
	bool in_hcl;
	struct buf certs;		/* a document of pile.h; empty: none */
	struct buf endorsement;		/* COSE; empty: none */
	uint8_t policy[SHA256_SIZE];	/* of the policy's bytes */
	uint8_t report_data[SNP_REPORT_DATA_SIZE];	/* of runtime data */
	bool has_policy, has_runtime;
	struct buf id;			/* a JSON value; empty: none */
};

/* Read hex or base64 of a report or a blob, or a JSON object with such text as
 * "report" and, all of them optional: "certs" (text or, as THIM has it, an
 * object), "endorsement" (base64), "policy" (Rego, or base64 of it), "runtime"
 * (base64) and "id", any value.  A name that is none of these is E_INPUT, and
 * so is everything else; the id may have been read then. */
int reportline_read(struct slice line, struct reportline *, struct err *);
/* Make it empty, keeping its memory. */
void reportline_clear(struct reportline *);
void reportline_free(struct reportline *);

#endif

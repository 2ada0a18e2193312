/* fwstatus.h -- the status codes of AMD's firmware (AMD 56860, table Status
 * Codes), as a response message and the device report them.  Pure. */
#ifndef EVIDENCE_FWSTATUS_H
#define EVIDENCE_FWSTATUS_H

#include <stdint.h>

enum {
	FW_INVALID_PARAM = 0x16,	/* of a report: usually the VMPL */
	FW_NOT_CALLED = 0xff,		/* the kernel's: no answer of it */
};

/* "INVALID_PARAM" and the like; "unknown" for codes without a name. */
const char *fwstatus_name(uint32_t code);

#endif

/* vcek.h -- what AMD says in a VCEK or VLEK certificate (AMD 57230, section
 * 3.1: extensions below 1.3.6.1.4.1.3704.1).  Pure. */
#ifndef EVIDENCE_VCEK_H
#define EVIDENCE_VCEK_H

#include "crypto/cert.h"
#include "evidence/tcb.h"

enum { VCEK_CSP_MAX = 127 };	/* bytes of a provider's name */

struct vcek {
	enum product product;	/* productName's */
	bool vlek;		/* by its common name: the provider's key */
	bool vcek;		/* likewise: the chip's key */
	int spl[TCB_PARTS];	/* -1: the extension is absent */
	uint8_t chip_id[SNP_CHIP_ID_SIZE];	/* HWID, zeros behind */
	size_t chip_id_size;	/* its bytes: 64, 8, or 0 if absent */
	uint8_t csp[VCEK_CSP_MAX];	/* CSP_ID: the provider's name */
	size_t csp_size;	/* its bytes; 0 if absent, as in a VCEK */
};

/* Read them.  An extension that is there but malformed, an SPL over 255, one
 * of a reserved component (spl4 to spl7) that is not zero: E_INPUT. */
int vcek_read(const struct cert *, struct vcek *, struct err *);

/* It is of the chip, or of the TCB, that a report names. */
bool vcek_of_chip(const struct vcek *, struct slice chip_id);
bool vcek_of_tcb(const struct vcek *, struct slice tcb);

#endif

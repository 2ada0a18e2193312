/* tcb.h -- AMD's products and the components of their TCB version (AMD 56860
 * TCB_VERSION; AMD 57230 section 3.1).  A TCB is compared component by
 * component, never as one number.  Pure. */
#ifndef EVIDENCE_TCB_H
#define EVIDENCE_TCB_H

#include "evidence/report.h"

enum product { PRODUCT_UNKNOWN, PRODUCT_MILAN, PRODUCT_GENOA, PRODUCT_TURIN };

/* In the order in which they are written. */
enum tcb_part { TCB_FMC, TCB_BL, TCB_TEE, TCB_SNP, TCB_UCODE, TCB_PARTS };

/* "Milan" and so on, as certificates and addresses spell it; "unknown". */
const char *product_name(enum product);
/* By that name, also with a stepping behind a dash ("Milan-B0"). */
enum product product_by_name(struct slice);
/* By the CPUID bytes of a report of version 3 or later, else unknown. */
enum product product_by_cpuid(struct slice r);
/* The same, and for version 2 what its chip id allows to say: Turin fills 8
 * bytes of it; Milan and Genoa, whose TCB has the same layout, are Milan. */
enum product product_guess(struct slice r);
/* How many bytes of the chip id a product uses. */
size_t product_chip_id_size(enum product);

/* "bl" and so on, as options and output have it. */
const char *tcb_name(enum tcb_part);
/* The byte of a TCB where a product has a component, or -1. */
int tcb_at(enum product, enum tcb_part);
/* Its value in the 8 bytes of a TCB, or -1. */
int tcb_value(enum product, struct slice tcb, enum tcb_part);
/* The bytes that belong to no component are zero. */
bool tcb_rest_zero(enum product, struct slice tcb);
/* Append "bl 4 tee 0 snp 24 ucode 219"; unknown products: the hex. */
void tcb_text(enum product, struct slice tcb, struct buf *out);

/* A floor as --min-tcb takes it: -1 where nothing is asked. */
struct tcb_floor {
	int part[TCB_PARTS];
};
/* "bl=N,tee=N,snp=N,ucode=N,fmc=N": any of them, once, 0 to 255; E_USAGE. */
int tcb_floor_parse(const char *text, struct tcb_floor *, struct err *);
/* E_NO naming the first component that is below the floor or that the
 * product has not. */
int tcb_floor_check(const struct tcb_floor *, enum product, struct slice tcb,
    struct err *);

#endif

/* show.h -- a report as text and as JSON.  Nothing is proved by it.
 * Pure. */
#ifndef EVIDENCE_SHOW_H
#define EVIDENCE_SHOW_H

#include "evidence/tcb.h"

/* Append a line "name: value" a field: numbers in decimal, bytes as hex in
 * file order, flags in hex with their names behind, a TCB with its
 * components by the layout of the product.  Reserved bytes, as the report's
 * version has them, are shown where they are not zero. */
void snp_text(struct slice r, enum product, struct buf *out);

/* The two halves of one of those lines, appended; false for none. */
bool snp_field_text(struct slice r, enum snp_id, enum product,
    struct buf *name, struct buf *value);

/* Append a JSON object without white space: 32-bit numbers and cpuid's as
 * numbers, policy, platform_info and key_info as "0x...", versions as
 * "major.minor.build", everything else as hex in file order; without
 * reserved bytes and signature.  Fields of later versions are there as what
 * their bytes hold. */
void snp_json(struct slice r, struct buf *out);

/* Append the address at AMD's key server of the VCEK that signs with this
 * chip id and reported TCB; false, and nothing, where there is none: for a
 * VLEK, a masked chip id or an unknown product. */
bool snp_kds_url(struct slice r, enum product, struct buf *out);

/* The whole of --show: all that, and the address if there is one, as text or
 * as {"report","kds_url"} (which is null if there is none). */
void snp_show_text(struct slice r, struct buf *out);
void snp_show_json(struct slice r, struct buf *out);

#endif

/* hcl.h -- the HCLA blob that an Azure confidential VM keeps in its vTPM (NV
 * index 0x01400001): a report made at boot, and the runtime data it binds.
 * Pure. */
#ifndef EVIDENCE_HCL_H
#define EVIDENCE_HCL_H

#include "crypto/hash.h"
#include "ground/err.h"

enum { HCL_MAX = 8 << 10 };	/* bytes of a blob */

/* Borrowed from the blob. */
struct hcl {
	struct slice report;	/* 1184 bytes, not looked at */
	struct slice runtime;	/* the JSON whose hash REPORT_DATA carries */
	enum hash hash;
};

bool hcl_is(struct slice blob);
/* Take it apart.  Cut short, bytes but zeros behind the JSON, of another
 * platform than SNP, without success in its status: E_INPUT. */
int hcl_read(struct slice blob, struct hcl *, struct err *);
/* E_NO unless report data (64 bytes) is the runtime data's hash, then
 * zeros. */
int hcl_binds(const struct hcl *, struct slice report_data, struct err *);

/* What the guest had put into the runtime data: its member user-data, 64 bytes
 * in hex; none, or malformed, is E_INPUT.  It counts if hcl_binds(). */
enum { HCL_USER_DATA_SIZE = 64 };
int hcl_user_data(const struct hcl *, uint8_t out[HCL_USER_DATA_SIZE],
    struct err *);

#endif

/* policyfile.h -- policies, and what they are compared with, from files.
 * World. */
#ifndef HOST_POLICYFILE_H
#define HOST_POLICYFILE_H

#include "crypto/hash.h"
#include "policy/policy.h"

/* Every policy of path (policies_find()); file is to be kept as long. */
int policyfile_read(const char *path, const struct policy_ask *,
    struct buf *file, struct policies *, struct err *);

/* The same, of which there must be one, and it must be good: its bytes. */
int policyfile_one(const char *path, const struct policy_ask *,
    struct buf *file, struct policies *, struct slice *text, struct err *);

/* E_INPUT: path has n policies and not one. */
int policyfile_refuse(const char *path, size_t n, struct err *);

/* A HOST_DATA to compare with: hostdata_parse(), or after @ the name of a
 * file with a report, in any form of snp_read(). */
int policyfile_want(const char *hash, uint8_t out[SHA256_SIZE],
    struct err *);

/* A template or parameters file begins with a UTF-8 byte order mark, as those
 * of PowerShell do. */
bool policyfile_marked(const struct buf *file);

/* A parameters file, after its mark if it has one; release *doc with
 * json_free(), then file. */
int policyfile_json(const char *path, struct buf *file, struct json **doc,
    struct err *);

#endif

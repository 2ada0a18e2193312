/* initdata.h -- the initdata of upstream Confidential Containers, by its
 * annotation cc_init_data: a TOML document with the policy in it, whose digest
 * by the algorithm that it names is HOST_DATA, cut to 32 bytes.  Apart from
 * carrier.h because it takes zlib.  Source: trustee, kbs/docs/initdata.md.
 * Pure. */
#ifndef POLICY_INITDATA_H
#define POLICY_INITDATA_H

#include "crypto/hash.h"
#include "policy/policy.h"

/* The document, gzip of it, or base64 of either.  For struct policy_ask. */
extern const struct policy_kind initdata_kind;

/* Read a document: its algorithm, and append the text of policy.rego in its
 * table data; *has is whether there is one.  Of TOML it takes what initdata is
 * written in: keys with texts of all four kinds, and the table data.  A key
 * given twice, more than 256 of them, an algorithm other than sha256, sha384
 * and sha512, or anything else is E_INPUT with its line. */
int initdata_read(struct slice document, enum hash *, bool *has,
    struct buf *policy, struct err *);

#endif

/* context.h -- the UVM security context: the folder of base64 files that the
 * guest agent mounts into a confidential container.  World. */
#ifndef HOST_CONTEXT_H
#define HOST_CONTEXT_H

#include "ground/buf.h"
#include "ground/err.h"

enum { CONTEXT_FILE_MAX = 4 << 20 };	/* bytes of one file, as base64 */

enum context_file {
	CONTEXT_POLICY,		/* security-policy-base64 */
	CONTEXT_CERTS,		/* host-amd-cert-base64: THIM JSON */
	CONTEXT_ENDORSEMENT,	/* reference-info-base64: COSE_Sign1 */
};

/* The folder: dir if not NULL, else $UVM_SECURITY_CONTEXT_DIR, else NULL. */
const char *context_dir(const char *dir);

/* Append the decoded bytes of one of its files; standard base64, blanks
 * ignored.  A file that is not there is E_SYSTEM and names folder and file;
 * *absent, if not NULL, then says so. */
int context_read(const char *dir, enum context_file, struct buf *out,
    bool *absent, struct err *);

/* The file's name in the folder. */
const char *context_name(enum context_file);

#endif

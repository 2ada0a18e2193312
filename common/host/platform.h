/* platform.h -- the platform's certificates and the UVM's endorsement, from
 * the file the user names, else from the security context.  World. */
#ifndef HOST_PLATFORM_H
#define HOST_PLATFORM_H

#include "ground/buf.h"
#include "ground/err.h"
#include "ground/opt.h"

enum { PLATFORM_ENDORSEMENT_MAX = 4 << 20 };	/* bytes of the file */

/* Append PEM, leaf first: those for the report of all paths, files and folders
 * as certfiles.h takes them, else from the folder dir, else from
 * $UVM_SECURITY_CONTEXT_DIR.  None of them given is E_INPUT with a hint. */
int platform_certs(const struct opt_list *paths, const char *dir,
    struct slice report, struct buf *pem, struct err *);

/* Append the COSE_Sign1 bytes: from path, raw or base64, else from a folder
 * as above.  None of them given, or a folder without the file, appends
 * nothing; *missing then names that folder, else it is NULL. */
int platform_endorsement(const char *path, const char *dir, struct buf *cose,
    const char **missing, struct err *);

#endif

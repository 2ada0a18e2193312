/* metadata.h -- the certificates that Azure's metadata service has for this
 * machine (THIM).  World. */
#ifndef NET_METADATA_H
#define NET_METADATA_H

#include "ground/buf.h"
#include "ground/err.h"

enum { METADATA_TIMEOUT = 10 };	/* seconds: it is near, or not there */

/* Append the answer, THIM JSON with leaf, ASK and ARK, as it came.  Asked at
 * 169.254.169.254, or at $AZURE_POD_IDENTITY_AUTHORITY_HOST, which must be
 * loopback or link-local (E_USAGE).  No such service: E_NETWORK; an answer
 * that is no THIM JSON: E_INPUT. */
int metadata_thim(struct buf *out, struct err *);

#endif

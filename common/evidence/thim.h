/* thim.h -- the platform's certificates: THIM JSON (also the content of
 * host-amd-cert-base64) or PEM.  Pure. */
#ifndef EVIDENCE_THIM_H
#define EVIDENCE_THIM_H

#include "crypto/cert.h"
#include "ground/buf.h"
#include "ground/err.h"

enum { THIM_MAX = 256 << 10 };	/* bytes of a document in any form */

/* From THIM JSON (vcekCert, certificateChain), its base64, or PEM, told
 * apart by their bytes: append the PEM text leaf, ASK, ARK.  PEM inside JSON
 * is appended byte for byte, vcekCert then certificateChain, as MAA wants
 * VcekCertChain.  Another count than three, or no known kind, is E_INPUT. */
int thim_pem(struct slice text, struct buf *out, struct err *);
/* The same three, read; *out, which was empty, is for certs_free(). */
int thim_certs(struct slice text, struct certs *out, struct err *);

/* Append the member tcbm of THIM JSON or its base64 as the host wrote it; PEM
 * has none, and a document need not. */
void thim_tcbm(struct slice text, struct buf *out);

#endif

/* cert_in.h -- what a certificate is made of.  Crypto: private to this
 * folder. */
#ifndef CRYPTO_CERT_IN_H
#define CRYPTO_CERT_IN_H

#include <openssl/x509.h>

#include "crypto/cert.h"

struct cert {
	X509 *x;		/* NULL: of a bundle, and not decoded yet */
	struct buf der;		/* as it came: the bytes that were hashed */
};

/* Make sure that x is there; E_INPUT if it is malformed. */
int cert_decode(struct cert *, struct err *);

/* t as YYYY-MM-DDTHH:MM:SSZ; "?" if it makes no sense. */
struct cert_when {
	char text[40];
};
struct cert_when cert_when(const ASN1_TIME *t);

#endif

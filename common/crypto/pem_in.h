/* pem_in.h -- the textual encoding of RFC 7468, and the outer shape of DER.
 * Crypto: private to this folder. */
#ifndef CRYPTO_PEM_IN_H
#define CRYPTO_PEM_IN_H

#include "ground/buf.h"
#include "ground/err.h"

/* One object; all three are parts of the text it was taken from. */
struct pem {
	struct slice label;
	struct slice headers;	/* RFC 1421's, with the empty line that ends
				 * them; mostly empty */
	struct slice body;	/* base64 with line ends */
};

/* Take the object that text begins with, blanks apart, off text.  Anything
 * else at that place is E_INPUT.  CR LF is a line end like LF. */
int pem_take(struct slice *text, struct pem *out, struct err *);
/* Move text to the next line that begins an object; false if there is none. */
bool pem_find(struct slice *text);
/* Append the bytes of p, which must have no headers. */
int pem_decode(const struct pem *p, struct buf *der, struct err *);
/* Append an object with lines of 64 characters. */
void pem_write(const char *label, struct slice der, struct buf *out);

/* Take the DER value of that tag, definite in length, that s begins with off
 * s; what, for the message, is not. */
int der_take(struct slice *s, uint8_t tag, const char *what,
    struct slice *value, struct err *);
/* s is one DER value and nothing behind it. */
int der_whole(struct slice s, uint8_t tag, const char *what, struct err *);

#endif

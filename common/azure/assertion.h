/* assertion.h -- who an application is, by its certificate: the client
 * assertion that Microsoft Entra ID takes (RFC 7523; the identity platform's
 * "certificate credentials").  Pure. */
#ifndef AZURE_ASSERTION_H
#define AZURE_ASSERTION_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	ASSERTION_FILE_MAX = 128 << 10,	/* bytes of key and certificates */
	ASSERTION_LIFE = 600,		/* seconds */
};

/* Borrowed. */
struct assertion {
	struct slice pem;	/* a private RSA key and its certificate, and
				 * perhaps those that issued it, in any order
				 * with text between */
	struct slice password;	/* of the key; p NULL: none */
	const char *client;	/* application id */
	const char *audience;	/* the URL the token is asked of */
	const char *jti;	/* an id of its own */
	bool chain;		/* send the certificates, not the leaf's
				 * fingerprint alone */
};

/* Append the compact JWS: PS256, x5t#S256, valid from at for ASSERTION_LIFE.
 * A file without key or certificate, or whose certificate is another key's, is
 * E_INPUT; a password that is missing or wrong E_NO. */
int assertion_make(const struct assertion *, int64_t at, struct buf *out,
    struct err *);

#endif

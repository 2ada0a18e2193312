/* jws.h -- a compact JWS (RFC 7515 section 3.1): three base64url parts, a
 * strict header, a pinned algorithm.  Pure. */
#ifndef JOSE_JWS_H
#define JOSE_JWS_H

#include "crypto/key.h"
#include "value/json.h"

enum { JWS_MAX = 1 << 20 };	/* bytes of a compact JWS */

/* A JWS taken apart.  The slices and json values live in this struct, which
 * jws_free() releases; {0} is empty. */
struct jws {
	struct slice signing_input;	/* header "." payload, borrowed */
	struct buf header, payload, sig;	/* decoded */
	struct json *head;		/* the header, an object */
	struct buf alg, kid;		/* kid.p is NULL if absent */
};

/* Take text apart: E_INPUT for anything but three non-empty base64url parts
 * (unpadded, no blanks, unused bits zero), a header that is no strict JSON
 * object, alg missing or no name RFC 7518 or 8037 knows (also in other
 * letter case), crit present, b64 false, kid or typ of the wrong type.  The
 * payload is decoded but not looked at.  text must outlive out. */
int jws_parse(struct slice text, struct jws *out, struct err *);
/* The same for text that nobody verifies: where alg is none, the signature may
 * be empty, as RFC 7519 section 6 has it; sig is empty then. */
int jws_parse_any(struct slice text, struct jws *out, struct err *);
void jws_free(struct jws *);

/* E_NO if the header's alg is not the one asked for. */
int jws_alg(const struct jws *, enum key_sig want, struct err *);
/* The signature over the bytes as they came; E_NO if it does not verify.
 * Checks alg first. */
int jws_verify(const struct jws *, const struct key *, enum key_sig want,
    struct err *);
/* The same with a key made ready, whose algorithm is the one wanted. */
int jws_check(const struct jws *, struct key_check *, struct err *);

/* The one token in a document as people have them: a compact JWS with at
 * most one line end behind it, the same after "Bearer ", or a JSON object
 * with the member "token".  Appended to out, without line end; E_INPUT
 * otherwise (empty included). */
int jws_token(struct slice text, struct buf *out, struct err *);

#endif

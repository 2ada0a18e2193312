/* bearer.h -- access tokens (RFC 6750): as people have them in a file, as the
 * platform's identity answers with them, and what one says of itself.
 * Pure. */
#ifndef AZURE_BEARER_H
#define AZURE_BEARER_H

#include "ground/buf.h"
#include "ground/err.h"

enum { BEARER_MAX = 64 << 10 };	/* bytes of a token or its document */

/* Append the token of: its text with at most blanks around it, the same after
 * "Bearer " and after "Authorization: Bearer ", or a JSON object with it as
 * access_token (the metadata service, Entra ID) or accessToken (az account
 * get-access-token).  Empty, or a character no token has, is E_INPUT. */
int bearer_read(struct slice text, struct buf *out, struct err *);
/* The last of these alone, which is what services answer. */
int bearer_answer(struct slice body, struct buf *out, struct err *);

/* What a token says of itself, unproved: {0} where it does not or is no JWT.
 * Text is what may be shown.  Release with bearer_claims_free(). */
struct bearer_claims {
	struct buf aud, tid;	/* for which resource, of which tenant */
	int64_t exp;		/* epoch seconds, or 0 */
};
void bearer_claims(struct slice token, struct bearer_claims *out);
void bearer_claims_free(struct bearer_claims *);

#endif

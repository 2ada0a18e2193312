/* answer.h -- what is said: the bodies of the sidecar, byte for byte as the
 * original writes them, and one object for every failure.  Pure. */
#ifndef SERVE_ANSWER_H
#define SERVE_ANSWER_H

#include "ground/buf.h"
#include "ground/err.h"
#include "net/ask.h"
#include "serve/request.h"

/* Whose answer a failure is. */
enum service {
	SERVICE_REQUEST,	/* the caller's own */
	SERVICE_DEVICE,
	SERVICE_MAA,
	SERVICE_VAULT,
	SERVICE_IDENTITY,
	SERVICES
};

const char *service_name(enum service);

/* What came of a request. */
struct outcome {
	unsigned status;	/* of HTTP */
	unsigned meant;		/* the same without --compat */
	enum service by;	/* unless status is 200 */
	struct err err;		/* likewise */
	char code[128];		/* the service's word, or ours */
	char request_id[128];	/* x-ms-request-id, or empty */
	long retry_after;	/* seconds, or -1 */
	struct buf body;	/* of a 200 */
};
void outcome_free(struct outcome *);

/* The caller is told: 400, 403, 404, 413, 503. */
void outcome_refuse(struct outcome *, unsigned status, const struct err *);
/* A report could not be had, or is none to hand out. */
void outcome_device(struct outcome *, const struct err *);
/* A service failed: said is what its last answer was. */
void outcome_service(struct outcome *, const struct ask_said *,
    const struct err *);
/* As the original would have answered: 403, or 500 for /attest/combined,
 * wherever it asks somebody else. */
void outcome_compat(struct outcome *, enum route);

/* Append the body that goes with it; id is the request's own. */
void answer_error(const struct outcome *, const char *id, struct buf *out);

/* The 200s.  Strings as Go's encoding/json writes them. */
void answer_status(bool ready, struct slice why, struct buf *out);
void answer_raw(struct slice report, struct buf *out);
void answer_combined(struct slice tcbm, struct slice certs,
    struct slice report, struct slice endorsement, struct buf *out);
void answer_token(struct slice token, struct buf *out);
/* The same with the private key it speaks of, as PEM. */
void answer_aa_token(struct slice token, struct slice pem, struct buf *out);
/* The JWK without its kid, which the original leaves out. */
int answer_key(struct slice jwk, struct buf *out, struct err *);

#endif

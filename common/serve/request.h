/* request.h -- what the sidecar is asked: routes, and the JSON of their
 * bodies.  Pure. */
#ifndef SERVE_REQUEST_H
#define SERVE_REQUEST_H

#include "azure/endpoint.h"
#include "ground/buf.h"
#include "ground/err.h"

enum { REQUEST_MAX = 1 << 20 };	/* bytes of a body */

enum route {
	ROUTE_NONE,	/* no such path, or not with that method */
	ROUTE_MOVED,	/* one of these with a slash behind it */
	ROUTE_STATUS,
	ROUTE_RAW,
	ROUTE_COMBINED,
	ROUTE_MAA,
	ROUTE_RELEASE,
	ROUTE_AA_EVIDENCE,
	ROUTE_AA_TOKEN,
	ROUTE_METRICS,
	ROUTES
};

/* By method and path, without the query. */
enum route route_of(const char *method, const char *path);
/* The path, or "other". */
const char *route_name(enum route);

/* What a body asks for; {0} is empty, request_free() releases. */
struct request {
	struct buf runtime;	/* decoded */
	struct buf issuer;	/* "https://host[:port]" of the provider */
	struct endpoint_key key;
	struct buf bearer;	/* access_token, or empty */
	struct buf nonce;	/* with a NUL that counts, or empty */
};

/* Read the body of a POST to a route: one JSON object, strictly.  Names match
 * in any letter case, members not known are ignored, null and "" are missing.
 * runtime_data is padded standard base64, CR and LF in it ignored.  Endpoints
 * are hosts, also with https:// in front and slashes behind; a kid is NAME or
 * NAME/VERSION.  All that is wrong is E_INPUT and names the member. */
int request_read(enum route, struct slice body, struct request *out,
    struct err *);
void request_free(struct request *);

#endif

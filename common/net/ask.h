/* ask.h -- one question to a service that speaks JSON over https, as the
 * tools that do so have it in common.  World. */
#ifndef NET_ASK_H
#define NET_ASK_H

#include "net/http.h"

enum { ASK_NONCE_MAX = 256 };	/* characters */

/* What the last service asked said beside its words, for those who have to
 * answer for it in turn. */
struct ask_said {
	const char *by;		/* "maa", "vault", "identity"; NULL: nobody
				 * was asked */
	long status;		/* 0: no whole answer came */
	long retry_after;	/* seconds, or -1 */
	char code[128];		/* of its error document, or empty */
	char request_id[128];	/* x-ms-request-id, or empty */
};

/* The network options, and an access token if one is to be shown. */
struct ask {
	const char *cacert;	/* NULL: the system's roots */
	unsigned timeout;	/* seconds */
	unsigned retries;
	bool exact;		/* the timeout was asked for: nothing may take
				 * longer, an endpoint that is being updated
				 * neither */
	bool verbose;
	bool once;		/* http_request's */
	const char *passing;	/* http_request's */
	struct buf bearer;	/* empty: none */
	int64_t until;		/* ask_begin()'s, ms; 0: each time anew */
	struct ask_said *said;	/* kept up to date unless NULL */
};

/* From now on timeout is for all questions together. */
void ask_begin(struct ask *);
/* What is left of it, in milliseconds; never 0, which would mean the
 * default. */
unsigned ask_left(const struct ask *);

/* POST json to base and route, or GET them if json is NULL; to an https base
 * with a client request id of its own.  Errors are http_do()'s; an answer with
 * another status than 200 is none. */
int ask(const struct ask *, struct slice base, const char *route,
    const struct buf *json, struct http_answer *, struct err *);

/* http_do(), with a hint at what to look at if the service is not reached. */
int ask_answer(const struct http_request *, struct http_answer *,
    struct err *);

/* The next question goes to this service; this is its answer. */
void ask_whom(const struct ask *, const char *by);
void ask_saw(const struct ask *, const struct http_answer *);

/* Read a file that holds an access token in a form of bearer.h. */
int ask_bearer_file(const char *path, struct buf *bearer, struct err *);

/* What a nonce and an API version may look like on a command line: 1 to
 * ASK_NONCE_MAX characters of printable ASCII; 1 to 32 digits, lower-case
 * letters, - and dots. */
bool ask_nonce_ok(const char *);
bool ask_version_ok(const char *);

/* Append a nonce of 128 random bits as hex, and a NUL that does not count. */
void ask_nonce(struct buf *out);

#endif

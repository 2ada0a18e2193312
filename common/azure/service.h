/* service.h -- what a service says when it does not do what it was asked:
 * MAA, Key Vault, Entra ID, the metadata service and whatever stands in front
 * of them.  Pure. */
#ifndef AZURE_SERVICE_H
#define AZURE_SERVICE_H

#include "ground/buf.h"
#include "ground/err.h"
#include "value/json.h"

enum { SERVICE_TEXT_MAX = 480 };	/* bytes of a message that are shown */

/* One answer, borrowed; text that was not sent is "". */
struct service_answer {
	const char *who;		/* "https://host", for messages */
	long status;
	struct slice body;
	const char *content_type, *request_id, *error_code, *challenge;
	const char *client_id;	/* x-ms-client-request-id; NULL: none */
	bool saved;		/* read from a file: the status is the one its
				 * code goes with, and not shown */
	long retry_after;		/* seconds, or -1 */
};

/* What an error body says, empty where it says nothing. */
struct service_error {
	struct buf code;	/* "Forbidden" */
	struct buf inner;	/* the innermost innererror's, "AccessDenied" */
	struct buf message;	/* one line, without the final period */
};

/* {"error":{"code","message","innererror":{"code"}}} with names in any letter
 * case, the same without the outer object, or {"error":"code",
 * "error_description":"text"}.  Of a message full of a native stack's noise
 * the innermost "Msg:[...]" is taken.  false, and all empty, for any other
 * text.  Release with service_error_free(). */
bool service_error_read(struct slice body, struct service_error *);
void service_error_free(struct service_error *);

/* Append a message as one line: the innermost "Msg:[...]" of it, line ends
 * as blanks, no final period, at most SERVICE_TEXT_MAX bytes. */
void service_sentence(struct slice message, struct buf *out);

/* The body is an error document, or begins with one.  */
bool service_is_error(struct slice body);
/* The status that services send with such a document: by its code, 400 if it
 * is none of the better known. */
long service_status(const struct service_error *);

/* Append the ids by which a service's operators find a request again, as
 * " (x-ms-request-id ..., x-ms-client-request-id ...)"; nothing without. */
void service_ids(const struct service_answer *, struct buf *out);

/* Set the error for an answer that is no 200 and return -1: "who: 403
 * Forbidden, AccessDenied: message (x-ms-request-id ...)".  Of a body that is
 * no such document it says what it is, and a few words of text.  E_NETWORK for
 * 408, 429 and 5xx, E_REFUSED for other 4xx, E_INPUT for the rest. */
int service_refused(const struct service_answer *, struct err *);

/* Whether the body of a 200 is worth reading: empty, HTML from something in
 * between, and a byte order mark are E_INPUT. */
int service_body(const struct service_answer *, struct err *);

#endif

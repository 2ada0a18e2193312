/* identity.h -- an access token for a resource, from whatever this process is
 * given to say who it is.  World. */
#ifndef NET_IDENTITY_H
#define NET_IDENTITY_H

#include "net/ask.h"

enum { IDENTITY_WAIT = 60 };	/* seconds for an endpoint that starts */

struct identity {
	const char *file;	/* of an access token; NULL: by environment */
	const char *resource;	/* "https://vault.azure.net" */
	const struct ask *how;	/* timeouts and the like; not its bearer */
};

/* Append a token.  In this order, the first that is there, and no other if it
 * fails: the file; workload identity ($AZURE_FEDERATED_TOKEN_FILE, with
 * $AZURE_CLIENT_ID, $AZURE_TENANT_ID, $AZURE_AUTHORITY_HOST); an identity
 * endpoint ($IDENTITY_ENDPOINT with $IDENTITY_HEADER, and
 * $IDENTITY_SERVER_THUMBPRINT in Service Fabric); the metadata service, at
 * $AZURE_POD_IDENTITY_AUTHORITY_HOST if that is set, waited for at most
 * IDENTITY_WAIT seconds.  The last two take $AZURE_CLIENT_ID as the one of
 * several identities.
 *
 * An environment that is half set up is E_USAGE and names what is missing;
 * a file E_INPUT or E_SYSTEM; the rest as http_do() and service_refused(). */
int identity_token(const struct identity *, struct buf *bearer,
    struct err *);

#endif

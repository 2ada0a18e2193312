/* identity.h -- an access token for a resource, from whatever this process is
 * given to say who it is.  World. */
#ifndef NET_IDENTITY_H
#define NET_IDENTITY_H

#include "net/ask.h"

enum {
	IDENTITY_WAIT = 60,	/* seconds for an endpoint that starts */
	/* for one that is being updated, which takes up to 70: the last
	 * question is at most RETRY_MAX before the end */
	IDENTITY_GONE = 100,
	IDENTITY_SECRET_MAX = 4096,	/* bytes of a client secret */
};

struct identity {
	const char *file;	/* of an access token; NULL: by environment */
	const char *secret;	/* file of a client secret; NULL: by
				 * environment */
	const char *which;	/* managed identity, and which of several:
				 * "client:ID", "object:ID" or "resource:ID";
				 * NULL: by environment */
	const char *resource;	/* "https://vault.azure.net" */
	const struct ask *how;	/* timeouts and the like; not its bearer */
};

/* Append a token.  In this order, which is that of Azure's own libraries, the
 * first that is there, and no other if it fails:
 *
 * the file; a service principal with the secret of the file; a managed
 * identity that which names;
 * a service principal ($AZURE_CLIENT_SECRET, else
 * $AZURE_CLIENT_CERTIFICATE_PATH, with $AZURE_CLIENT_ID and $AZURE_TENANT_ID);
 * workload identity ($AZURE_FEDERATED_TOKEN_FILE with the same);
 * a managed identity: an endpoint ($IDENTITY_ENDPOINT with $IDENTITY_HEADER,
 * and $IDENTITY_SERVER_THUMBPRINT in Service Fabric), else the metadata
 * service, at $AZURE_POD_IDENTITY_AUTHORITY_HOST if that is set, waited for at
 * most IDENTITY_WAIT seconds.  These take $AZURE_CLIENT_ID as the one of
 * several identities, but for Service Fabric, where the application says it.
 *
 * An environment that is half set up is E_USAGE and names what is missing;
 * a file E_INPUT or E_SYSTEM; the rest as http_do() and service_refused(). */
int identity_token(const struct identity *, struct buf *bearer,
    struct err *);

/* What which may be, and that at most one of the three was said: by options,
 * whose names the error has.  E_USAGE. */
int identity_options(const char *file, const char *secret, const char *which,
    struct err *);

#endif

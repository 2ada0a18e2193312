/* identity_in.h -- between identity.c, which decides who this process is, and
 * principal.c, which asks Microsoft Entra ID.  World. */
#ifndef NET_IDENTITY_IN_H
#define NET_IDENTITY_IN_H

#include "net/identity.h"

/* A variable with something in it, or NULL. */
const char *identity_env(const char *name);
/* E_USAGE: with needs name, which is empty. */
int identity_missing(const char *name, const char *with, struct err *);
/* Append "name=value", percent-encoded, to a query or form. */
void identity_pair(const char *name, struct slice value, struct buf *out);

/* Ask, and append the token of the answer; why says what another status than
 * 200 means. */
typedef int identity_refused(const struct service_answer *, struct err *);
int identity_ask(const struct identity *, struct http_request *,
    identity_refused *why, struct buf *bearer, struct err *);

/* Say with -v which identity is used, and why. */
void identity_note(const struct identity *, const char *what,
    const char *because);

/* A token for an application: by a secret, the file of one, a certificate, or
 * the token of a workload, of which from names the variable or option that
 * says so. */
enum principal { BY_SECRET, BY_SECRET_FILE, BY_CERTIFICATE, BY_WORKLOAD };
int principal_token(const struct identity *, enum principal, struct buf *bearer,
    struct err *);

#endif

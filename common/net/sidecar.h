/* sidecar.h -- the SKR sidecar of a container group, over HTTP.  base is what
 * endpoint_sidecar() made of its address ("http://localhost:8080"), as a
 * string.  World. */
#ifndef NET_SIDECAR_H
#define NET_SIDECAR_H

#include "azure/endpoint.h"
#include "azure/maa.h"
#include "azure/skr.h"
#include "evidence/report.h"
#include "net/vault.h"

/* A report that carries the runtime data's SHA-256, from the sidecar at base,
 * which takes it whole.  A report that carries anything else is E_NO. */
int sidecar_report(const char *base, struct slice runtime,
    struct buf *report, struct err *);
/* The same with the platform's certificates and the endorsement of its
 * utility VM; release with skr_combined_free(). */
int sidecar_evidence(const char *base, struct slice runtime,
    struct skr_combined *, struct err *);

/* POST json to route, or GET it if json is NULL, and append the body of a
 * 200; other answers as skr_refused(). */
int sidecar_ask(const struct ask *, const char *base, const char *route,
    const struct buf *json, struct buf *out, struct err *);

/* Append the token of the provider asked->issuer for asked->runtime, which
 * must be a JSON object (E_INPUT), and check it with maa_check(). */
int sidecar_token(const struct ask *, const char *base,
    const struct maa_asked *asked, struct buf *token, struct err *);

/* Let the sidecar at address attest itself at endpoint (both as people type
 * them) and get the key; append its JWK, with the key's address as kid if the
 * sidecar names none.  The vault's access token in a file goes with it, if
 * there is one; else the sidecar has its own.  After a refusal of its token
 * another one of its is compared with the key's release policy, as
 * vault_compare() does it. */
int sidecar_release(struct vault *, const char *address, const char *endpoint,
    const struct endpoint_key *, struct buf *jwk, struct err *);

/* It says that it is ready; E_NO if it says something else. */
int sidecar_status(const struct ask *, const char *base, struct err *);

#endif

/* vault.h -- ask a Key Vault or Managed HSM to release a key.  World. */
#ifndef NET_VAULT_H
#define NET_VAULT_H

#include "crypto/cert.h"
#include "azure/akv.h"
#include "net/ask.h"

struct vault {
	struct ask ask;			/* its timeout is for all of it; its
					 * bearer is filled in here */
	const char *bearer_path;	/* file of an access token, or NULL */
	struct slice bearer;		/* the token itself; empty: by path */
	const char *secret_path;	/* of a client secret, or NULL */
	const char *identity;		/* identity.h's which, or NULL */
	const char *resource;		/* NULL: by the vault's host */
	const char *api_version;
	struct slice token;		/* the attestation token in body */
};

/* POST body to the key's release route, with an access token as identity.h
 * finds one, and append the answer's body, which akv_open() judges.  After a
 * 403 because of the attestation token the key's release policy is read, if
 * the vault shows it, and compared with the token; the hint says what came of
 * it. */
int vault_release(struct vault *, const struct endpoint_key *,
    const struct buf *body, struct buf *out, struct err *);

/* GET the key, with an access token as above, and append what the vault shows
 * of it: JSON with its public half and its release policy, key.kid being that
 * of the key asked for. */
int vault_show(struct vault *, const struct endpoint_key *, struct buf *out,
    struct err *);

/* After a refusal of an attestation token, of which token is the like, set the
 * hint to what the key's release policy wants and it is not, if an identity is
 * found that may read the policy; waits for nobody. */
void vault_compare(struct vault *, const struct endpoint_key *,
    struct slice token, struct err *e);

/* The private wrapping key of a file; another kind of key is E_INPUT. */
int vault_key(const char *path, struct key **, struct err *);

/* Append the attestation token of a file, none if path is NULL: a JWS, made
 * for the wrapping key unless wrap is NULL (E_NO if not). */
int vault_token(const char *path, const struct key *wrap, struct buf *token,
    struct err *);

/* The roots that vouch for releases: those of the file path, or the system's
 * if it is NULL. */
int vault_roots(const char *path, struct certs *, struct err *);

#endif

/* akv.h -- key release of Azure Key Vault and Managed HSM: the body of POST
 * /keys/NAME[/VERSION]/release, and the signed answer opened.
 * Pure. */
#ifndef AZURE_AKV_H
#define AZURE_AKV_H

#include "crypto/cert.h"
#include "crypto/hash.h"
#include "crypto/key.h"
#include "azure/endpoint.h"
#include "azure/service.h"

#define AKV_API_VERSION "7.4"
/* The key wraps a vault offers, for an option table; the first one of these
 * uses SHA-1 in its OAEP, as PKCS#11 has it. */
#define AKV_ENCS \
	"CKM_RSA_AES_KEY_WRAP|RSA_AES_KEY_WRAP_256|RSA_AES_KEY_WRAP_384"
#define AKV_ENC "RSA_AES_KEY_WRAP_256"

enum {
	AKV_ANSWER_MAX = 1 << 20,	/* bytes of an answer */
	AKV_ROOTS_MAX = 4 << 20,	/* bytes of a bundle of roots */
};

/* Append "/keys/NAME[/VERSION]/release?api-version=..." and a NUL. */
void akv_route(const struct endpoint_key *, const char *api_version,
    struct buf *out);

/* Append the body, compact; nonce NULL leaves it out, and so does a target
 * that is empty. */
void akv_body(struct slice target, const char *enc, const char *nonce,
    struct buf *out);

/* The OAEP hash of a wrap by its name; false if it is none of the three. */
bool akv_enc_hash(struct slice enc, enum hash *);

/* The token is a JWS (E_INPUT if not) and the first key of its x-ms-runtime
 * that is for encrypting, for which the vault would wrap, is wrap (E_NO if
 * not; not asked if wrap is NULL). */
int akv_target(struct slice token, const struct key *wrap, struct err *);

/* What was asked for, borrowed. */
struct akv_asked {
	const struct endpoint_key *key;
	const char *enc;
	const char *nonce;		/* NULL: not compared */
	const struct certs *roots;
	int64_t at;			/* epoch seconds */
	const struct key *wrap;		/* the private wrapping key */
};

/* Open {"value": JWS}: the JWS signed with RS256 or PS256 by a certificate
 * that roots vouch for under the vault's host name at that time, its
 * request.kid, enc and nonce those asked for (all E_NO if not), then the key
 * unwrapped with the private key ("decryption failed", E_NO).  Append its JWK,
 * kid and key_ops as the vault has them, without line end.  Anything
 * malformed is E_INPUT. */
int akv_open(struct slice body, const struct akv_asked *, struct buf *jwk,
    struct err *);

/* The second half of it: what the JWS says, once it is known who says so. */
int akv_payload(struct slice payload, const struct akv_asked *,
    struct buf *jwk, struct err *);

/* Set the error for an answer that is no 200, with a hint; returns -1.  On a
 * 401 the hint says what the vault's challenge asks for that the access token
 * (bearer, unproved) is not: its audience, tenant and time. */
int akv_refused(const struct service_answer *, struct slice bearer,
    int64_t now, struct err *);
/* What to do about a vault's status and its text; NULL: nothing known. */
const char *akv_hint(long status, const char *text);
/* The same of an answer from akv_key_route(), whose permissions are others. */
int akv_unshown(const struct service_answer *, struct slice bearer,
    int64_t now, struct err *);
/* It is a 403 because of the attestation token, not of roles or firewalls. */
bool akv_refused_target(const struct service_answer *);

/* A parameter of a Bearer challenge (RFC 6750 section 3), as authorization or
 * resource: its value, a part of text, or the empty slice. */
struct slice akv_challenge(const char *text, const char *name);

/* Append "/keys/NAME[/VERSION]?api-version=..." and a NUL: the key itself. */
void akv_key_route(const struct endpoint_key *, const char *api_version,
    struct buf *out);
/* The answer from there is JSON (E_INPUT if not) about the key asked for, by
 * its key.kid (E_NO if not). */
int akv_shown(struct slice bundle, const struct endpoint_key *, struct err *);
/* Compare an attestation token with the release policy in the answer from
 * there.  0: it holds, and the token has not expired; E_NO says what differs,
 * claim by claim with its value and the policy's, as far as a hint has room,
 * and differ gets a line for each; else E_INPUT. */
int akv_policy(struct slice bundle, struct slice token, int64_t now,
    struct buf *differ, struct err *);

#endif

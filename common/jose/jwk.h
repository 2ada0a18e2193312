/* jwk.h -- keys as documents: JWK and JWK Set (RFC 7517, 7518), Key Vault's
 * key bundle, the SKR sidecar's answer, PEM.  Pure. */
#ifndef JOSE_JWK_H
#define JOSE_JWK_H

#include "crypto/keys.h"
#include "value/json.h"

enum {
	JWK_DOC_MAX = 1 << 20,	/* bytes of a key or key set document */
	JWK_KEYS_MAX = 1000,	/* keys in a set */
};

/* What a key is wanted for; "use", "key_ops" and "alg" of a JWK must not
 * speak against it. */
enum jwk_want {
	JWK_VERIFY,	/* check signatures */
	JWK_ENCRYPT,	/* encrypt or wrap to it: public or symmetric */
	JWK_DECRYPT,	/* decrypt or unwrap with it: private or symmetric */
};

/* The key of one JWK object: kty RSA, EC, oct, or their -HSM forms, or OKP with
 * crv X25519 (RFC 8037); members as RFC 7518 (base64url without padding; in a
 * {"key":{...}} either base64,
 * and null is absent), private ones included if d is there.  RSA and EC keys
 * that have only x5c are read from x5c[0], whose dates are not judged; where
 * both are there they must be the same key.
 * Malformed: E_INPUT. */
int jwk_key(struct json_val jwk, struct key **, struct err *);

/* Of kty EC and OKP deriveKey and deriveBits allow both of the last two.
 *
 * E_NO if use, key_ops or alg of jwk contradict the purpose, E_INPUT if
 * key_ops names an operation twice; alg is the JOSE algorithm in hand, or NULL
 * if any will do that is of the kind. */
int jwk_allows(struct json_val jwk, enum jwk_want, const char *alg,
    struct err *);

/* The one key with that kid (compared as an opaque string) in a JWK Set or a
 * single JWK.  kid.p NULL asks for the only key.  None is E_NO; two
 * different keys under one kid are E_INPUT, the same key twice is one.
 * Other, unusable keys of the set do not matter.  *jwk may be NULL. */
int jwk_find(struct json_val doc, struct slice kid, struct key **,
    struct json_val *jwk, struct err *);

/* The keys to verify with: text is a JWK Set or a JWK, or a public key or
 * certificate in PEM, behind text or not, which becomes a JWK in its place,
 * *bare.  Such a file has no room for a kid: who names it has chosen the key.
 * *doc lives in text.
 * E_INPUT for anything else, said what it is: an OpenID configuration, a key
 * bundle, a token, a private key. */
int jwk_set_read(struct buf *text, struct json **doc, bool *bare,
    struct err *);

/* Add the keys of a file in any form we know, told apart by its bytes: what
 * keys_from_pem() reads, and base64 of DER; a JWK; a JWK Set; a key bundle
 * {"key":{...}} as a vault answers or az prints it; the sidecar's
 * {"key":"<JWK as a string>"}; lines "ssh-rsa AAAA...", "ssh-ed25519 AAAA...",
 * "age1..." and "AGE-SECRET-KEY-1...", with empty ones and comments (#)
 * between them.  Keys have the kid and alg that the document gives
 * them.  A sidecar's {"error":...} is E_INPUT with its text, and what is a
 * key but of no form we read is E_INPUT by its name, with a hint.
 *
 * Of a JWK Set kid chooses.  Without one (kid.p NULL): those of its keys that
 * are meant for the purpose, of which there must be one to encrypt to.  With
 * JWK_DECRYPT public keys are E_INPUT if there is no private one beside. */
int jwk_read_all(struct slice text, struct slice kid, struct slice passphrase,
    enum jwk_want, struct keys *, struct err *);

/* The same of a file with one key; E_NO if there are several.  To name, unless
 * it is NULL, the kid that the document gives the key is appended. */
int jwk_read(struct slice text, struct slice kid, struct slice passphrase,
    enum jwk_want, struct key **, struct buf *name, struct err *);

/* Append the JWK of a key, private members included if priv: members sorted
 * by name, no white space.  kid, if it has bytes, and key_ops (a JSON array),
 * if it is one, go in verbatim. */
void jwk_write(const struct key *, bool priv, struct slice kid,
    struct json_val key_ops, struct buf *out);

/* Append the RFC 7638 SHA-256 thumbprint of an RSA, EC or symmetric key as
 * unpadded base64url, 43 characters. */
void jwk_thumbprint(const struct key *, struct buf *out);

/* Append the runtime data the SKR sidecar makes for a wrapping key:
 * {"keys":[{"e","key_ops":["encrypt"],"kid":thumbprint,"kty","n"}]},
 * compact, without a newline. */
void jwk_runtime_data(const struct key *, struct buf *out);

#endif

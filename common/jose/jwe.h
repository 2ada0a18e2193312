/* jwe.h -- JSON Web Encryption (RFC 7516), whole in memory: the compact, the
 * flattened and the general serialization.  Pure.
 *
 * Read: alg RSA-OAEP-256, RSA-OAEP, RSA-OAEP-384, RSA-OAEP-512, A128KW, A192KW,
 * A256KW, A128GCMKW, A192GCMKW, A256GCMKW, dir, ECDH-ES, ECDH-ES+A128KW,
 * ECDH-ES+A192KW, ECDH-ES+A256KW (P-256, P-384, P-521, X25519), and
 * PBES2-HS256+A128KW, PBES2-HS384+A192KW, PBES2-HS512+A256KW, of which the
 * passphrase is KEY_PASS or KEY_OCT; enc A128GCM, A192GCM, A256GCM,
 * A128CBC-HS256, A192CBC-HS384, A256CBC-HS512 (RFC 7518 sections 4 and 5, RFC
 * 8037).
 * Every other algorithm is refused by its name. */
#ifndef JOSE_JWE_H
#define JOSE_JWE_H

#include "crypto/keys.h"

enum {
	JWE_MAX = 64 << 20,		/* bytes of a JWE */
	JWE_RECIPIENTS_MAX = 100,	/* in the general serialization */
	JWE_NAMES_MAX = 100,		/* in one header */
};

/* Whether s looks like a JWE, by public bytes alone: five parts of base64url
 * with dots between them and at most one line end behind, the first not
 * empty; or a JSON object in which ciphertext, iv and tag are strings. */
bool jwe_is(struct slice s);

/* Append the plaintext of text.
 *
 * E_INPUT, with the rule: not one of the serializations; base64url with
 * padding, blanks or unused bits that are set; headers that are no strict
 * JSON objects or share a name; alg or enc missing, enc not the same for all
 * recipients; any crit, any zip; an algorithm that is not supported; iv, tag,
 * ciphertext or encrypted_key of a length they cannot have; dir or ECDH-ES
 * with an encrypted_key or with several recipients; an epk that is more than
 * a public key or no point of its curve; p2s of less than 8 bytes, p2c below
 * 1000 or of more than 1000000 for all recipients together.
 *
 * Which recipient: those whose alg and kid fit, in their order.  alg fits by
 * the key's type (and size), and must be the one that the key is for, if it
 * says so (key_alg(); with dir that may be enc); a kid of the caller's (kid.n
 * > 0) fits the recipients that have it or, if none has, those that have none.
 * No recipient that fits is E_NO with the reason, which is public; if the only
 * one has an encrypted_key that is not of the RSA key's size, E_INPUT.
 *
 * All that depends on the key's value is E_NO with the one text "decryption
 * failed": a key that does not unwrap is replaced by a random one, and what
 * fails is always the tag.  out is as it was unless the plaintext is
 * authentic. */
int jwe_open(struct slice text, const struct key *, struct slice kid,
    struct buf *out, struct err *);
/* The same with one of several keys: for each recipient those that are meant
 * by its kid (keys_meant()), in their order, until one opens it. */
int jwe_open_any(struct slice text, const struct keys *, struct slice kid,
    struct buf *out, struct err *);

/* Somebody a JWE is made for. */
struct jwe_recipient {
	const struct key *key;	/* RSA, EC, X25519; KEY_OCT of an AES size */
	struct slice kid;	/* UTF-8; .n 0: none */
	bool direct;		/* KEY_OCT: the content's key itself */
};

enum jwe_form {
	JWE_COMPACT,	/* one recipient; text and a newline */
	JWE_FLATTENED,	/* one recipient; JSON and a newline */
	JWE_GENERAL,	/* one or more; JSON and a newline */
};

/* Append a JWE of plain for n recipients: RSA-OAEP-256 for RSA keys, A128KW,
 * A192KW or A256KW for symmetric ones by their size, ECDH-ES+A256KW for those
 * on a curve, unless the key says which
 * it is for (key_alg()), and A256GCM; direct
 * takes AES-GCM with a key of 16, 24 or 32 bytes, A192CBC-HS384 with 48 and
 * A256CBC-HS512 with 64.  enc (and alg and kid of a sole recipient) stand in
 * the protected header, alg and kid of several in theirs.
 *
 * E_USAGE: several recipients for a form that has one, more than
 * JWE_RECIPIENTS_MAX or none, direct or ECDH-ES for one of several.  E_INPUT:
 * a key no algorithm of ours takes (E_NO if it says that it is for another), a
 * kid that is no UTF-8, a JWE that would be larger than JWE_MAX. */
int jwe_seal(struct slice plain, const struct jwe_recipient *, size_t n,
    enum jwe_form, struct buf *out, struct err *);

#endif

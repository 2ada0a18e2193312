/* key.h -- RSA, EC and symmetric keys: made, read, written, and used to
 * check signatures.  Crypto: pure but for entropy. */
#ifndef CRYPTO_KEY_H
#define CRYPTO_KEY_H

#include "ground/buf.h"
#include "ground/err.h"

enum key_type {
	KEY_RSA, KEY_EC, KEY_OCT,
	KEY_X25519, KEY_ED25519,	/* 32 bytes (RFC 7748, 8032) */
	KEY_PASS,			/* a passphrase */
	KEY_XWING,			/* xwing.h's */
};

enum key_curve { CURVE_P256, CURVE_P384, CURVE_P521 };

/* The signature algorithms of RFC 7518 section 3.1 that we verify. */
enum key_sig {
	SIG_RS256, SIG_RS384, SIG_RS512,
	SIG_PS256, SIG_PS384, SIG_PS512,
	SIG_ES256, SIG_ES384, SIG_ES512,
};

enum {
	KEY_RSA_MIN = 2048,		/* bits */
	KEY_RSA_MAX = 16384,		/* bits */
	KEY_PEM_MAX = 64 << 10,		/* bytes of a PEM or DER key */
	KEY_OCT_MAX = 4096,		/* bytes of a symmetric key */
	KEY_RAW_SIZE = 32,		/* bytes of KEY_X25519, KEY_ED25519 */
};

/* Immutable once made; safe to use from several threads. */
struct key;

/* The numbers of RFC 7518 section 6.3 as big-endian bytes without leading
 * zeros; empty where absent. */
struct key_rsa {
	struct buf n, e, d, p, q, dp, dq, qi;
};

/* A fresh private key with exponent 65537; bits outside KEY_RSA_MIN and
 * KEY_RSA_MAX are E_USAGE. */
int key_generate_rsa(unsigned bits, struct key **, struct err *);

/* From numbers.  n and e make a public key; with d a private one, and then
 * either all of p q dp dq qi, which must fit, or none: they are computed.
 * Leading zero bytes are accepted (Key Vault writes e as 00 01 00 01).
 * Refused as E_INPUT: fewer than KEY_RSA_MIN bits, a modulus that is even, has
 * a factor below 1000 or was made by Infineon's library (ROCA), an exponent
 * that is even, below 3 or above 2^32, inconsistent parts. */
int key_from_rsa(const struct key_rsa *, struct key **, struct err *);
/* x, y (and d for a private key, else empty): exactly the curve's size in
 * bytes.  A point off the curve is E_INPUT. */
int key_from_ec(enum key_curve, struct slice x, struct slice y,
    struct slice d, struct key **, struct err *);
/* A symmetric key: 1 to KEY_OCT_MAX bytes. */
int key_from_oct(struct slice k, struct key **, struct err *);
/* A passphrase, likewise. */
int key_from_pass(struct slice phrase, struct key **, struct err *);

/* KEY_X25519 or KEY_ED25519 of KEY_RAW_SIZE bytes: the public half, or with
 * secret the private one (Ed25519's seed), which gives the public one; both
 * must fit then if public has bytes. */
int key_from_raw(enum key_type, struct slice public, struct slice secret,
    struct key **, struct err *);

/* PEM (one key: PKCS#8, encrypted PKCS#8, PKCS#1, SEC1, SPKI, or a
 * certificate, whose key it is) or DER of PKCS#8 or SPKI.  A passphrase is
 * asked for by E_NO with the text key_locked if passphrase.p is
 * NULL, and a wrong one is E_NO too.  RSA keys are checked as above. */
extern const char key_locked[];	/* "passphrase needed" */
int key_from_pem(struct slice text, struct slice passphrase, struct key **,
    struct err *);
int key_from_pkcs8(struct slice der, struct key **, struct err *);
int key_from_spki(struct slice der, struct key **, struct err *);

/* One line "ssh-rsa BASE64 comment" or "ssh-ed25519 ..." (RFC 4253 section
 * 6.6, RFC 8709).  Other kinds are E_INPUT by their name. */
int key_from_ssh_line(struct slice line, struct key **, struct err *);
/* What the PEM label OPENSSH PRIVATE KEY holds (OpenSSH's PROTOCOL.key): one
 * RSA or Ed25519 key.  An encrypted one is E_INPUT with a hint. */
int key_from_openssh(struct slice bytes, struct key **, struct err *);

/* Append PKCS#8 PEM of a private key, SPKI PEM or DER of a public one. */
void key_to_pkcs8_pem(const struct key *, struct buf *out);
void key_to_spki_pem(const struct key *, struct buf *out);
void key_to_spki(const struct key *, struct buf *out);
/* The numbers, to be released with key_rsa_free(). */
void key_to_rsa(const struct key *, struct key_rsa *out);
void key_rsa_free(struct key_rsa *);
/* x, y and, of a private key, d, each of the curve's size. */
void key_to_ec(const struct key *, enum key_curve *, struct buf *x,
    struct buf *y, struct buf *d);
/* The bytes of a symmetric key or passphrase; borrowed from it. */
struct slice key_oct(const struct key *);

/* Append the public half of KEY_X25519 or KEY_ED25519, and, unless secret is
 * NULL, the private one, if it has it. */
void key_to_raw(const struct key *, struct buf *public, struct buf *secret);

/* The X25519 key of an Ed25519 one: the point in Montgomery's form (RFC 7748
 * section 4.1) and the number it is made with.  E_INPUT if the public half is
 * no point of the curve, or the neutral one. */
int key_x25519_of(const struct key *, struct key **, struct err *);

/* What the document that a key came in says of it: its name, and the JOSE
 * algorithm that it is for; both may be empty.  Set once, by who read it. */
void key_mark(struct key *, struct slice kid, struct slice alg);
struct slice key_kid(const struct key *);
struct slice key_alg(const struct key *);
/* E_NO, with both names, if the key is for another algorithm than alg. */
int key_meant_for(const struct key *, const char *alg, struct err *);

enum key_type key_type(const struct key *);
bool key_private(const struct key *);	/* true for KEY_OCT, KEY_PASS */
unsigned key_bits(const struct key *);	/* of the modulus, curve or key */
size_t key_size(const struct key *);	/* bytes of an RSA block */
/* The same public key (or the same symmetric one). */
bool key_same(const struct key *, const struct key *);
void key_free(struct key *);

/* "RS256" and the like; false if the name is none of ours. */
bool key_sig_by_name(struct slice name, enum key_sig *);
const char *key_sig_name(enum key_sig);
/* The key's type (and curve) fits the algorithm. */
bool key_sig_fits(const struct key *, enum key_sig);

/* Verify as RFC 7518: PSS with salt = hash, ES* as r || s of fixed length.
 * E_NO "signature does not verify", E_NO too if the key does not fit. */
int key_verify(const struct key *, enum key_sig, struct slice data,
    struct slice sig, struct err *);

/* The same, made ready for many signatures; not for two threads at once.
 * E_NO if the key does not fit.  Keeps no hold of the key. */
struct key_check;
int key_check_new(const struct key *, enum key_sig, struct key_check **,
    struct err *);
int key_check_run(struct key_check *, struct slice data, struct slice sig,
    struct err *);
void key_check_free(struct key_check *);

/* Append the signature of data by a private RSA key, as an RS* or PS*
 * algorithm makes it; E_NO if the key is no private one for it. */
int key_sign(const struct key *, enum key_sig, struct slice data,
    struct buf *sig, struct err *);

#endif

/* age.h -- age v1 (c2sp.org/age): a header in text whose stanzas each wrap a
 * file key for one recipient, then the data in chunks of 64 KiB, each with a
 * tag of its own (ChaCha20-Poly1305).  Pure.
 *
 * The kinds of stanza: X25519, age's own; ssh-rsa and ssh-ed25519, which begin
 * with the first 4 bytes of the SHA-256 of the public key as SSH writes it (RFC
 * 4253 section 6.6, RFC 8709); mlkem768x25519, which a quantum computer does
 * not open either, and so stands with none of the others in what is written;
 * scrypt, a passphrase, which stands alone. */
#ifndef BLOB_AGE_H
#define BLOB_AGE_H

#include "crypto/key.h"
#include "blob/chunks.h"

enum {
	AGE_HEADER_MAX = 1 << 20,	/* bytes, with the payload's nonce */
	AGE_STANZAS_MAX = 1000,		/* recipients of one header */
	AGE_CHUNK_SIZE = 64 << 10,	/* plaintext bytes of a chunk */
};

#define AGE_OAEP_LABEL "age-encryption.org/v1/ssh-rsa"

/* head, the beginning of a stream, is that of an age file, of whatever
 * version; its armor is agearmor.h's. */
bool age_is(struct slice head);

/* head is the first AGE_HEADER_MAX bytes of a stream or, if that is shorter,
 * all of it.  *used is how many of them the header takes; what follows is in
 * the chunks that *out, the caller's to free, opens.  The key may be freed
 * before it.
 *
 * E_INPUT, with the line: another version; a header that is not the grammar's
 * to the byte, is cut short or exceeds the limits; a scrypt stanza beside
 * others; a stanza of a kind that is ours with other arguments or of another
 * size than it has, a share of low order, a work factor over 22.  E_INPUT too:
 * the key is of no type for it, or public.
 * E_NO: no stanza is for this key, and which kinds there are; or, if the
 * file key does not unwrap or the header's HMAC is wrong, "decryption
 * failed", as of a chunk afterwards.  A last chunk that is shorter than a tag
 * or, not being the only one, empty is E_INPUT. */
int age_open(struct slice head, const struct key *, size_t *used,
    struct chunks **out, struct err *);

/* Append a header for n keys, public or private, KEY_RSA, KEY_ED25519 or
 * KEY_X25519, or all KEY_XWING, or for one KEY_PASS, with a fresh file key;
 * *out, the caller's to free, seals the chunks that belong behind it.  E_USAGE:
 * no recipient, more than fit the limits, a passphrase or KEY_XWING beside
 * others; E_INPUT: another key, or one of low order. */
int age_seal(const struct key *const *to, size_t n, struct buf *header,
    struct chunks **out, struct err *);

/* Append two lines: which libcrypto it is, and the kinds of recipients that it
 * is able to. */
void age_about(struct buf *out);

#endif

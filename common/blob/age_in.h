/* age_in.h -- an age header taken apart, and what is made of its file key.
 * Private to age*.c. */
#ifndef BLOB_AGE_IN_H
#define BLOB_AGE_IN_H

#include "crypto/hash.h"
#include "blob/age.h"

#define AGE_FAMILY "age-encryption.org/"
#define AGE_VERSION AGE_FAMILY "v1\n"
#define AGE_ARROW "-> "	/* before a stanza's type */
#define AGE_PQ "mlkem768x25519"

enum {
	AGE_FILE_KEY_SIZE = 16,	/* bytes, as the next two */
	AGE_NONCE_SIZE = 16,
	AGE_TAG_SIZE = 4,	/* of a key, in its ssh-rsa stanza */
	AGE_COLUMNS = 64,	/* characters of a full line of base64 */
	AGE_WRAP_SIZE = 32,	/* bytes of a key that wraps the file key, */
	AGE_WRAPPED_SIZE = 32,	/* and of that, wrapped */
	AGE_WORK = 18,		/* scrypt's, as age writes it; */
	AGE_WORK_MAX = 22,	/* and reads it */
};

/* Parts of the text that was parsed. */
struct age_head {
	struct slice stanzas;	/* age_stanza() takes them off */
	size_t count;		/* of them */
	struct slice signs;	/* what the HMAC is over */
	uint8_t mac[SHA256_SIZE];
	struct slice nonce;	/* of the payload */
	size_t size;		/* bytes, with the nonce */
};

struct age_stanza {
	struct slice type, args;	/* args with spaces between them */
	struct slice body;		/* lines of base64, each with its LF */
};

/* The whole header and the nonce behind it, or E_INPUT. */
int age_head_parse(struct slice head, struct age_head *, struct err *);
/* Take the next of the parsed stanzas off s; false at the end. */
bool age_stanza(struct slice *s, struct age_stanza *);
/* Append what the lines of the body, once parsed, hold. */
void age_body(const struct age_stanza *, struct buf *out);

/* The HMAC of a header. */
void age_mac(struct slice file_key, struct slice signs,
    uint8_t out[SHA256_SIZE]);

/* A kind of stanza, for one type of key. */
struct age_kind {
	const char *name;
	const char *alg;	/* what a key may say that it is for */
	enum key_type type;
	/* The shape of one: E_INPUT unless it has its arguments and size. */
	int (*check)(const struct age_stanza *, struct err *);
	/* Append the file key from the first stanza for this key that yields
	 * one.  Errors as age_open(). */
	int (*open)(const struct age_head *, const struct key *,
	    struct buf *out, struct err *);
	/* Append a stanza. */
	int (*seal)(const struct key *, struct slice file_key,
	    struct buf *out, struct err *);
};

/* The kind for this key; E_INPUT if there is none, E_NO if the key says that
 * it is for another algorithm. */
int age_kind_of(const struct key *, const struct age_kind **, struct err *);
/* The shape of a stanza of whatever kind; of those that are not ours, any. */
int age_stanza_check(const struct age_stanza *, struct err *);

int age_ssh_check(const struct age_stanza *, struct err *);
int age_ssh_open(const struct age_head *, const struct key *, struct buf *out,
    struct err *);
int age_ssh_seal(const struct key *, struct slice file_key, struct buf *out,
    struct err *);
int age_curve_check(const struct age_stanza *, struct err *);
int age_curve_open(const struct age_head *, const struct key *,
    struct buf *out, struct err *);
int age_curve_seal(const struct key *, struct slice file_key,
    struct buf *out, struct err *);
int age_pq_check(const struct age_stanza *, struct err *);
int age_pq_open(const struct age_head *, const struct key *,
    struct buf *out, struct err *);
int age_pq_seal(const struct key *, struct slice file_key,
    struct buf *out, struct err *);
int age_scrypt_check(const struct age_stanza *, struct err *);
int age_scrypt_open(const struct age_head *, const struct key *,
    struct buf *out, struct err *);
int age_scrypt_seal(const struct key *, struct slice file_key,
    struct buf *out, struct err *);
/* The same with another work factor, 1 to AGE_WORK_MAX. */
void age_scrypt_seal_at(const struct key *, unsigned work,
    struct slice file_key, struct buf *out);

/* Append an RSA or Ed25519 key as SSH writes it, and the 4 bytes that name it
 * in a stanza. */
void age_ssh_wire(const struct key *, struct buf *out);
void age_ssh_tag(const struct key *, struct buf *out);

/* Append a stanza's body: bytes, or the file key wrapped with kek. */
void age_put_body(struct slice bytes, struct buf *out);
void age_wrap(struct slice kek, struct slice file_key, struct buf *out);
/* Append the file key; E_NO if kek is not the one. */
int age_unwrap(struct slice kek, const struct age_stanza *, struct buf *out,
    struct err *);
/* E_NO, with the kinds of recipients in the order of the header. */
int age_refuse(const struct age_head *, struct err *);

/* Chunks under the payload's key, which belongs to file key and nonce. */
struct chunks *age_chunks(struct slice file_key, struct slice nonce,
    bool seal);

#endif

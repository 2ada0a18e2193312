/* age_in.h -- an age header taken apart, and what is made of its file key.
 * Private to age*.c. */
#ifndef BLOB_AGE_IN_H
#define BLOB_AGE_IN_H

#include "crypto/hash.h"
#include "blob/age.h"

#define AGE_FAMILY "age-encryption.org/"
#define AGE_VERSION AGE_FAMILY "v1\n"

enum {
	AGE_FILE_KEY_SIZE = 16,	/* bytes, as the next two */
	AGE_NONCE_SIZE = 16,
	AGE_TAG_SIZE = 4,	/* of a key, in its ssh-rsa stanza */
	AGE_COLUMNS = 64,	/* characters of a full line of base64 */
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

/* Append the 4 bytes that name an RSA key in a stanza. */
void age_ssh_tag(const struct key *, struct buf *out);
/* The shape of an ssh-rsa stanza: E_INPUT unless it has its one argument. */
int age_ssh_check(const struct age_stanza *, struct err *);
/* Append the file key from the first stanza for this key that yields one.
 * Errors as age_open(). */
int age_ssh_open(const struct age_head *, const struct key *, struct buf *out,
    struct err *);
/* Append a stanza. */
int age_ssh_seal(const struct key *, struct slice file_key, struct buf *out,
    struct err *);

/* Chunks under the payload's key, which belongs to file key and nonce. */
struct chunks *age_chunks(struct slice file_key, struct slice nonce,
    bool seal);

#endif

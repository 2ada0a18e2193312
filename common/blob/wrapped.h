/* wrapped.h -- the "wrapped" annotation of confidential-sidecar-containers'
 * key provider (aks-kata-cc): JSON that says which key opens the RSA-OAEP
 * block in it and who releases that key, and base64 of such JSON.  Read only.
 * Pure. */
#ifndef BLOB_WRAPPED_H
#define BLOB_WRAPPED_H

#include "crypto/key.h"

enum { WRAPPED_MAX = 64 << 10 };	/* bytes of an annotation */

/* An annotation taken apart, to be released with wrapped_free(). */
struct wrapped {
	struct buf kid;			/* the name of the key in its vault */
	struct buf data;		/* one RSA-OAEP block, decoded */
	struct buf kms_endpoint;	/* host of the vault, or empty */
	struct buf attester_endpoint;	/* host of the attester, or empty */
};

/* Whether s looks like one, by public bytes alone: a JSON object, or base64
 * of one, in which wrapped_data is a string. */
bool wrapped_is(struct slice s);

/* E_INPUT for anything but an object (or its base64) with the strings kid and
 * wrapped_data (base64) and, where they are there, kms_endpoint,
 * attester_endpoint, wrap_type, which begins with "rsa_", and iv, which is
 * empty; for other members, and for an empty kid or block. */
int wrapped_parse(struct slice text, struct wrapped *out, struct err *);
void wrapped_free(struct wrapped *);

/* Put the key's name and the two endpoints into e's hint, for whoever has no
 * key or not the right one.  Returns -1. */
int wrapped_hint(const struct wrapped *, struct err *e);

/* Append the plaintext: RSA-OAEP with SHA-256 twice and no label, whatever
 * wrap_type says (it is written as rsa_3072 for every key).  A block that is
 * not of the key's size is E_INPUT, all that depends on the key E_NO
 * "decryption failed"; both with wrapped_hint(). */
int wrapped_open(struct slice text, const struct key *, struct buf *out,
    struct err *);

#endif

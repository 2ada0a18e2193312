/* hash.h -- digests and randomness.  Crypto: pure but for entropy. */
#ifndef CRYPTO_HASH_H
#define CRYPTO_HASH_H

#include "ground/buf.h"

enum hash {
	HASH_SHA1,	/* only inside RSA-OAEP, where a peer insists */
	HASH_SHA256,
	HASH_SHA384,
	HASH_SHA512,
};

enum { SHA256_SIZE = 32, SHA384_SIZE = 48, HASH_SIZE_MAX = 64 }; /* bytes */

size_t hash_size(enum hash);
/* "sha256" and the like, as OpenSSL and the options spell it. */
const char *hash_name(enum hash);
/* By that name; false if it is none of ours. */
bool hash_by_name(const char *, enum hash *);

/* All of these end the process if libcrypto has no such digest. */
void hash_of(enum hash, struct slice, uint8_t *out);
void hash_sha256(struct slice, uint8_t out[SHA256_SIZE]);

/* One digest for each of the size-byte pieces that data is made of, with the
 * bytes of before in front of every one: SHA-256, 32 bytes each, at out. */
void hash_sha256_each(struct slice before, struct slice data, size_t size,
    uint8_t *out);

/* A digest over parts; hash_end() releases it and writes hash_size() bytes.
 * out may be NULL to throw it away. */
struct hash_run;
struct hash_run *hash_start(enum hash);
void hash_more(struct hash_run *, struct slice);
void hash_end(struct hash_run *, uint8_t *out);

/* HMAC, hash_size() bytes at out. */
void hash_hmac(enum hash, struct slice key, struct slice data, uint8_t *out);
/* HKDF (RFC 5869), n bytes at out, n <= 255 * hash_size(). */
void hash_hkdf(enum hash, struct slice ikm, struct slice salt,
    struct slice info, uint8_t *out, size_t n);

/* Have libcrypto read its configuration now, so that nothing needs a file
 * later. */
void hash_ready(void);

/* The name and version of libcrypto itself, "OpenSSL 3.0.19 27 Jan 2026". */
const char *hash_library(void);

/* n bytes from the system's generator; ends the process if it fails. */
void hash_random(uint8_t *out, size_t n);

#endif

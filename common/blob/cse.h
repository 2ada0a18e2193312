/* cse.h -- client-side encryption of Azure Storage's libraries: a blob's body
 * and, beside it, JSON in its metadata "encryptiondata".  Pure but
 * for entropy.
 *
 * Versions 2.0 and 2.1: regions of nonce, AES-256-GCM ciphertext and tag, no
 * additional data; read, and 2.0 written.  Their place is in the nonce, and
 * the libraries count in three ways.  Nothing in the body says which region
 * is the last: a blob cut after a whole region is known by its size alone.
 * Version 1.0: AES-256-CBC without any authentication; read only.
 *
 * The facts are those of azure-storage-blob's _encryption.py 12.31, Java's
 * EncryptionData and CseV2NonceOrderValidator, and .NET's
 * EncryptionDataSerializer. */
#ifndef BLOB_CSE_H
#define BLOB_CSE_H

#include "crypto/cbc.h"
#include "blob/chunks.h"
#include "jose/keywrap.h"

enum {
	CSE_META_MAX = 64 << 10,	/* bytes of what metadata is read
					 * from; all of a blob's is 8 KiB */
	CSE_KEY_ID_MAX = 1024,		/* bytes of a key's name, to write */
	CSE_REGION = 4 << 20,		/* bytes of plaintext in a region; 2.1
					 * may have others: */
	CSE_REGION_MIN = 16,
	CSE_REGION_CAP = 64 << 20,	/* in memory; cselong.h has more */
	CSE_REGION_MAX = 1 << 30,
	CSE_EXTRA = 28,			/* nonce and tag of a region */
};

enum cse_version { CSE_V1_0, CSE_V2_0, CSE_V2_1 };

/* What is read from the metadata; release with cse_meta_free(). */
struct cse_meta {
	enum cse_version version;
	const struct keywrap *alg;
	struct buf key_id;	/* the name of the key that unwraps: UTF-8,
				 * may be empty; compared with nothing */
	struct buf wrapped;	/* the content's key */
	size_t region;		/* 2.0, 2.1: bytes of plaintext, else 0 */
	uint8_t iv[CBC_IV_SIZE];	/* 1.0 */
	bool page;		/* it was said to be a page blob, which 1.0
				 * does not pad; a caller may set it */
	bool sized;		/* it was said how large the blob is: */
	uint64_t size;		/* bytes of ciphertext */
};

/* Read the metadata from one of
 *   the JSON itself, or that as a JSON string;
 *   an answer of "az storage blob metadata show" or "az storage blob show";
 *   a dump of HTTP headers (curl -D, -I), of which the last block counts.
 * Both of the latter may say the blob's size and kind too.
 *
 * E_INPUT: none of these; JSON that is not strict; the name more than once,
 * in whatever case; a header twice, folded or malformed; a last status other
 * than 200 and 206; members missing or of another type; a protocol,
 * algorithm or mode that is none of the above, which those of Snowflake's
 * stages and of blobxfer are; a region that is not CSE_REGION (2.0) or
 * outside CSE_REGION_MIN and region_max (2.1).  Members unknown are left
 * alone. */
int cse_meta_read(struct slice text, size_t region_max, struct cse_meta *out,
    struct err *);
void cse_meta_free(struct cse_meta *);
/* "1.0" and so on. */
const char *cse_version_name(enum cse_version);
/* Put the key's name into e's hint.  Returns -1. */
int cse_meta_hint(const struct cse_meta *, struct err *e);

/* The size in bytes of a body with n bytes of plaintext in such regions;
 * false over 2^64. */
bool cse_sealed_size(size_t region, uint64_t n, uint64_t *sealed);
/* The other way; false if no plaintext makes a body of that size. */
bool cse_plain_size(size_t region, uint64_t sealed, uint64_t *n);

/* Open a body of 2.0 or 2.1; the metadata is not needed after.
 *
 * A key of a type that no algorithm takes is E_INPUT, one of another type or
 * size than this one takes, or that says it is for another, E_NO, with that
 * reason and cse_meta_hint(); a wrapped key of a length it cannot have, and
 * version 1.0, E_INPUT.  All that depends on the key is E_NO "decryption
 * failed": here, if it does not unwrap to a key of that version, else of the
 * region.  see() refuses a region that is not in its place in any of the
 * three orders still possible, E_NO; and one too short, E_INPUT.  An empty
 * blob has no region, or one. */
int cse_open_start(const struct cse_meta *, const struct key *,
    struct chunks **, struct err *);

/* Seal a body of 2.0 in the nonce order of the Python library, and append
 * the metadata to meta: JSON in ASCII and a newline.  The key is wrapped with
 * RSA-OAEP-256 or, by the size of a symmetric key, A128KW to A256KW.  key_id
 * is what the libraries will compare with their key's name: printable ASCII,
 * 1 to CSE_KEY_ID_MAX bytes, else E_USAGE.  A key no algorithm takes is
 * E_INPUT, one that says it is for another E_NO. */
int cse_seal_start(const struct key *, struct slice key_id, struct chunks **,
    struct buf *meta, struct err *);

/* Open a body of 1.0, whatever its size, in constant memory, with
 * cbc_open_more() and cbc_open_end().  Nothing of it is authentic; only the
 * padding at the end can be found wrong, so that nobody should write a byte
 * before cbc_open_end() has been asked once, and then give the same body
 * again.  Refused as for cse_open_start(); 2.0 and 2.1 are E_INPUT. */
int cse_v1_start(const struct cse_meta *, const struct key *, struct cbc **,
    struct err *);

#endif

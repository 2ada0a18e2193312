/* blob.h -- encrypted data in the formats people have: one table of them.
 * Pure. */
#ifndef BLOB_BLOB_H
#define BLOB_BLOB_H

#include "crypto/oaep.h"
#include "blob/cse.h"
#include "jose/jwe.h"
#include "blob/chunks.h"
#include "blob/split.h"

enum {
	RECORDS_HEAD = 64 << 10, /* bytes by which records are recognised */
	BLOB_MAX = 64 << 20,	/* bytes of a blob that is read whole */
	BLOB_TO_MAX = 1000,	/* recipients; a format may have less */
};

/* The names in the table, as -f takes them to open and to seal. */
#define BLOB_OPENS "auto|oaep|fields|jwe|cse|age|wrapped"
#define BLOB_SEALS "oaep|fields|jwe|cse|age"

/* What the formats need besides the data, and what they say about it. */
struct blob_job {
	const struct key *key;		/* open; seal for one recipient */
	const struct keys *keys;	/* open: these, keys->v[0] being key;
					 * NULL: key alone */
	/* Open: of the recipient, or .n 0.  Seal: the name of key. */
	struct slice kid;
	const struct jwe_recipient *to;	/* seal for n_to > 0 recipients; */
	size_t n_to;			/* to[0].key is key */
	struct oaep oaep;
	bool oaep_asked;	/* not what the key may say, but this */
	bool raw;		/* seal: bytes, where text is the default */
	const struct cse_meta *cse;	/* open: what stood beside the data */
	struct buf *cse_meta;		/* seal: the same is appended to it */
	/* Records: names, separated by commas; to open NULL for all. */
	const char *fields;
	enum records_kind records;
	bool field_jwe;		/* seal: not blocks, but compact JWEs */
	bool skip;		/* open: leave records that do not decrypt */
	/* Set by open; the last is the caller's to free. */
	uint64_t skipped, records_done;
	bool nothing;		/* there was nothing to open */
	struct buf skipped_fields;
};

struct blob_format {
	const char *name;
	const char *looks;	/* "..., or ...": what is looked for */
	bool many;		/* seals for several recipients */
	/* Decide by public bytes: the data's and the key's size.  NULL: never
	 * by the data. */
	bool (*is)(struct slice, const struct key *);
	/* Append the name that the data, or what stood beside, gives its key;
	 * NULL if there is none or open takes all keys. */
	void (*named)(struct slice, const struct blob_job *, struct buf *kid);
	/* open takes all keys. */
	bool all_keys;
	/* The whole in, the whole out; out is as it was on failure. */
	int (*open)(struct slice, struct blob_job *, struct buf *out,
	    struct err *);
	int (*seal)(struct slice, struct blob_job *, struct buf *out,
	    struct err *);
	/* It is records, which are a stream of any length; see records.h. */
	bool records;
	/* As a JSON object in each line it may be a stream of these. */
	bool lines;
	/* Or instead: a header of at most head bytes, of which *used are it,
	 * and chunks behind it; is() judges by the header alone then.  To seal,
	 * the header is appended.  The job must outlive the chunks. */
	size_t head;
	int (*open_chunks)(struct slice head, struct blob_job *, size_t *used,
	    struct chunks **, struct err *);
	int (*seal_chunks)(struct blob_job *, struct buf *header,
	    struct chunks **, struct err *);
	bool armor;		/* and all of it may come in age's armor */
};

/* The OAEP of the options: names of hashes, mgf1 NULL for the same, and a
 * label in hex or NULL, whose bytes keep holds.  E_USAGE if it is no hex. */
int blob_oaep(const char *hash, const char *mgf1, const char *label,
    struct buf *keep, struct oaep *out, struct err *);

/* The OAEP for blocks of this key: the job's or, unless that was asked for,
 * the one of the alg that the key says it is for.  E_NO if they differ, or if
 * the key is for no OAEP. */
int blob_oaep_of(const struct blob_job *, const struct key *, struct oaep *out,
    struct err *);

/* The row of that name; NULL if there is none. */
const struct blob_format *blob_named(const char *name);
/* The row recognises the data for one of the job's keys. */
bool blob_is(const struct blob_format *, struct slice, const struct blob_job *);
/* The first row that recognises the data; if none does, NULL and E_INPUT
 * with what was looked for. */
const struct blob_format *blob_recognise(struct slice, const struct blob_job *,
    struct err *);
/* The rows one after the other, from i = 0; NULL at the end. */
const struct blob_format *blob_row(size_t i);

/* Whether the row does it at all, and the doing, by one thread, whichever of
 * its functions it has. */
bool blob_opens(const struct blob_format *);
bool blob_seals(const struct blob_format *);
int blob_open(const struct blob_format *, struct slice, struct blob_job *,
    struct buf *out, struct err *);
/* A row's open_chunks, as blob_open() with each of the keys that may be meant:
 * if one has the name that the data gives, that one; else in their order until
 * one opens it.  What is told is that decryption failed, if any key fitted. */
int blob_open_chunks(const struct blob_format *, struct slice head,
    struct blob_job *, size_t *used, struct chunks **, struct err *);
int blob_seal(const struct blob_format *, struct slice, struct blob_job *,
    struct buf *out, struct err *);

#endif

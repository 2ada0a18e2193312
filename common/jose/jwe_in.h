/* jwe_in.h -- a JWE taken apart, and the algorithms it may name.
 * Private to jwe*.c. */
#ifndef JOSE_JWE_IN_H
#define JOSE_JWE_IN_H

#include "crypto/aead.h"
#include "crypto/agree.h"
#include "crypto/cbchs.h"
#include "crypto/hash.h"
#include "jose/jwe.h"
#include "value/json.h"

enum jwe_way {
	JWE_UNSUPPORTED, JWE_OAEP, JWE_KW, JWE_GCMKW, JWE_AGREE, JWE_PASS,
	JWE_DIR,
};

enum {
	JWE_SALT_MIN = 8,		/* bytes of p2s */
	JWE_ROUNDS_MIN = 1000,		/* p2c */
	JWE_ROUNDS_MAX = 1000000,	/* of all recipients together */
};

/* How the content's key is got (RFC 7518 section 4.1). */
struct jwe_alg {
	const char *name;
	enum jwe_way way;
	enum hash hash;		/* JWE_OAEP: both hashes; JWE_PASS */
	size_t kek;		/* bytes of the key that wraps the content's;
				 * 0: JWE_AGREE makes the content's itself */
	enum aead_alg aead;	/* JWE_GCMKW */
};

/* How the content is encrypted (section 5.1); sizes in bytes. */
struct jwe_enc {
	const char *name;
	size_t key, iv, tag;
	bool gcm;
	enum aead_alg aead;	/* gcm */
	enum cbchs_alg cbchs;	/* else */
};

/* The row of that name; of alg there is one for all other names, of enc it is
 * NULL then. */
const struct jwe_alg *jwe_alg_named(struct json_val v);
const struct jwe_enc *jwe_enc_named(struct json_val v);
/* The row that wraps with this key, the one that it says it is for, if it
 * does; NULL if it takes none of ours. */
const struct jwe_alg *jwe_alg_for(const struct key *);
/* Why there is none: E_INPUT for a key of a type or size that none takes, E_NO
 * for one that says it is for another. */
int jwe_alg_none(const struct key *, struct err *);
/* "dir", and the row that encrypts with a key of n bytes itself, or NULL. */
extern const struct jwe_alg *const jwe_dir;
const struct jwe_enc *jwe_enc_direct(size_t n);
/* A256GCM. */
extern const struct jwe_enc *const jwe_enc_default;

/* body is ciphertext and tag; as aead_open() and cbchs_open(). */
int jwe_content_open(const struct jwe_enc *, struct slice cek,
    struct slice iv, struct slice aad, struct slice body, struct buf *out,
    struct err *);
void jwe_content_seal(const struct jwe_enc *, struct slice cek,
    struct slice iv, struct slice aad, struct slice plain, struct buf *out);

struct jwe_to {
	const struct jwe_alg *alg;
	struct json_val name;		/* its name as it stands, a string */
	struct json_val kid;		/* a string, or nothing */
	struct buf ek;			/* the encrypted key, may be empty */
	struct buf iv, tag;		/* JWE_GCMKW: of that */
	struct key *epk;		/* JWE_AGREE; NULL: another curve */
	struct buf apu, apv;
	struct buf salt;		/* JWE_PASS, with the name of alg */
	unsigned rounds;
};

/* {0} is empty; jwe_free() releases what is in it. */
struct jwe {
	struct json *doc;		/* the JSON; NULL if compact */
	struct buf header;		/* the protected header, decoded */
	struct json *head;		/* the same, read; NULL if absent */
	const struct jwe_enc *enc;
	struct buf aad, iv, body;	/* as jwe_content_open() wants them */
	struct jwe_to *to;		/* n > 0 of them */
	size_t n;
	unsigned rounds;		/* of all that are JWE_PASS */
};

/* The headers that apply to one recipient together: protected, unprotected,
 * the recipient's own; any may be nothing. */
struct jwe_heads {
	struct json_val part[3];
};

/* Read them into to and j->enc, by the rules that jwe_open() names. */
int jwe_header(const struct jwe_heads *, struct jwe *j, struct jwe_to *to,
    struct err *);

/* Of a header, what JWE_AGREE has, and JWE_PASS; to->alg is set. */
int jwe_agree_read(struct json_val epk, struct json_val apu,
    struct json_val apv, struct jwe_to *to, struct err *e);
int jwe_pass_read(struct json_val p2s, struct json_val p2c,
    struct jwe_to *to, struct err *e);
/* Append the key that wraps the content's or, with alg->kek 0, that one: what
 * a private key and a public one on its curve agree on.  E_NO as
 * agree_secret(). */
int jwe_agree(const struct jwe_alg *, const struct jwe_enc *,
    struct slice apu, struct slice apv, const struct key *secret,
    const struct key *public, struct buf *out, struct err *);
/* Append the one that a passphrase gives; key is one, or symmetric. */
void jwe_pass_kek(const struct jwe_to *, const struct key *, struct buf *kek);

/* Take text apart by all the rules that need no key; text must outlive it.
 * On failure E_INPUT, and out holds nothing. */
int jwe_parse(struct slice text, struct jwe *out, struct err *);
/* The same of the three parts before the ciphertext of a compact one; body
 * stays empty, and text is not needed after. */
int jwe_parse_head(struct slice text, struct jwe *out, struct err *e);
/* Append the content's key of a JWE with one recipient, or a random one, as
 * jwe_open() has it. */
int jwe_cek(const struct jwe *, const struct keys *, struct slice kid,
    struct buf *cek, struct err *);
void jwe_free(struct jwe *);
/* text without one line end behind it. */
struct slice jwe_line(struct slice text);

#endif

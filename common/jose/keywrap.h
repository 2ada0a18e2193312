/* keywrap.h -- the key of some content, wrapped with the key of whoever may
 * read it, by the algorithms of RFC 7518 section 4.1 that have names there:
 * RSA-OAEP-256, RSA-OAEP, A128KW, A192KW, A256KW.  Pure but for
 * entropy. */
#ifndef JOSE_KEYWRAP_H
#define JOSE_KEYWRAP_H

#include "crypto/oaep.h"
#include "value/json.h"

struct keywrap {
	const char *name;
	size_t kek;		/* bytes of the symmetric key; 0: RSA */
	enum hash hash;		/* RSA: of OAEP and of its MGF1 */
};

/* The row of that name; NULL if v is no string or another one's. */
const struct keywrap *keywrap_named(struct json_val v);
/* The row that wraps for this key: the one that it says it is for (key_alg());
 * else of those for RSA the one with SHA-256.  NULL with E_INPUT if it is of a
 * type or size that none takes, with E_NO if it says that it is for another. */
const struct keywrap *keywrap_for(const struct key *, struct err *);

/* A key of a type that no row takes is E_INPUT.  One of another type or size
 * than this row takes, or one that says it is for another algorithm, is E_NO
 * with that reason, which is public. */
int keywrap_fits(const struct keywrap *, const struct key *, struct err *);
/* Append the key.  One that does not fit is refused so; what is no length the
 * wrapping can have is E_INPUT; all that depends on the key's value is E_NO
 * "decryption failed". */
int keywrap_open(const struct keywrap *, const struct key *,
    struct slice wrapped, struct buf *out, struct err *);
/* Append plain, wrapped.  Refused as for keywrap_open(); plain of a length
 * that the row cannot wrap is E_INPUT. */
int keywrap_seal(const struct keywrap *, const struct key *,
    struct slice plain, struct buf *out, struct err *);

#endif

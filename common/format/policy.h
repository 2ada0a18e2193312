/* policy.h -- the security policy of a confidential container, found in
 * whatever carries it and recognised by its bytes.  Format: pure. */
#ifndef FORMAT_POLICY_H
#define FORMAT_POLICY_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	POLICY_MAX = 16 << 20,		/* bytes of one policy */
	POLICY_FILE_MAX = 64 << 20,	/* bytes of what carries it */
};

/* The names of the kinds, as --as takes them. */
#define POLICY_KINDS "rego|base64"

/* What a person should know about a policy that was read; bits of notes. */
enum {
	POLICY_LOOSE = 1,	/* base64 with unused bits set */
	POLICY_MARKED = 2,	/* begins with a UTF-8 byte order mark */
	POLICY_UTF16 = 4,	/* is UTF-16, as the mark says */
	POLICY_JSON = 8,	/* is JSON, which no current platform loads */
};

/* One policy of a file, or why it cannot be had. */
struct policy {
	struct buf name;	/* of the group or pod; empty if there is none */
	struct slice text;	/* the bytes hashed; borrowed from own or file */
	struct slice source;	/* the base64 text of it; empty if it had none */
	struct buf own;
	unsigned notes;
	struct err err;		/* code E_OK: it is good */
};

/* In document order; policies_free() it. */
struct policies {
	struct policy *v;
	size_t n;
};

/* Find every policy of file, which must stay.  as is one of POLICY_KINDS, or
 * NULL to tell by the bytes: Rego is text whose first word, after a byte order
 * mark, blanks and lines that begin with #, is "package"; base64 is decoded
 * as the platform does (B64_POLICY) and must hold Rego or the JSON policy of
 * old, unless as insists on it.  A file that is nothing of this, or empty,
 * is E_INPUT. */
int policies_find(struct slice file, const char *as, struct policies *out,
    struct err *);
void policies_free(struct policies *);

/* The sentence for one bit of notes. */
const char *policy_note(unsigned bit);

#endif

/* policy.h -- the security policy of a confidential container, found in
 * whatever carries it and recognised by its bytes.  Pure. */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include "crypto/hash.h"
#include "value/json.h"

enum {
	POLICY_MAX = 16 << 20,		/* bytes of one policy */
	POLICY_FILE_MAX = 64 << 20,	/* bytes of what carries it */
	POLICY_PARAMETERS_MAX = 64 << 20, /* bytes of a parameters file */
};

/* The names of the kinds, as --as takes them. */
#define POLICY_KINDS "rego|base64|json|bicepparam|yaml|initdata"

/* What a person should know about a policy that was read; bits of notes. */
enum {
	POLICY_LOOSE = 1,	/* base64 with unused bits set */
	POLICY_MARKED = 2,	/* begins with a UTF-8 byte order mark */
	POLICY_UTF16 = 4,	/* is UTF-16, as the mark says */
	POLICY_JSON = 8,	/* is JSON, which no current platform loads */
	POLICY_CARRIED_MARK = 16, /* the template around it begins with one */
	POLICY_COMMENTS = 32,	/* the template around it has comments */
	POLICY_INITDATA = 64,	/* it is in initdata, which is hashed */
	POLICY_CUT = 128,	/* whose digest is longer than HOST_DATA */
	POLICY_NONE = 256,	/* and in which there is no policy */
};

/* One policy of a file, or why it cannot be had. */
struct policy {
	struct buf name;	/* of the group or pod, or its place */
	struct slice text;	/* in own or the file */
	struct slice source;	/* base64 text of it, in from or the file */
	struct buf own, from;
	bool initdata;		/* from is hashed, by algorithm; else text */
	enum hash algorithm;
	unsigned notes;
	struct err err;		/* code E_OK: it is good */
};

/* In document order; policies_free() it. */
struct policies {
	struct policy *v;
	size_t n;
};

struct policy_ask;

/* A row of the table of what carries policies. */
struct policy_kind {
	const char *name;
	bool (*is)(struct slice file);
	/* insisted: --as named it.  Policies that cannot be had are added with
	 * their err; a file that cannot be read at all is -1. */
	int (*find)(struct slice file, const struct policy_ask *,
	    struct policies *, struct err *);
};

/* How to look; {0} for nothing in particular. */
struct policy_ask {
	const char *as;			/* a kind, or NULL to tell by bytes */
	struct json_val parameters;	/* a template's parameters file */
	const struct policy_kind *yaml;	/* manifest_kind, or NULL: no YAML */
	/* initdata_kind, or NULL: it is refused by its name */
	const struct policy_kind *initdata;
};

/* Find every policy of file, which must stay.  Rego is text whose first word,
 * after a byte order mark, blanks and lines that begin with #, is "package";
 * base64 is decoded as the platform does (B64_POLICY) and must hold Rego or
 * the JSON policy of old, unless ask->as insists on it; JSON and YAML are
 * searched for the members of carrier.h, a bicepparam file for texts that are
 * base64 of Rego.  A file that is nothing of this, or has no policy, is
 * E_INPUT; ask may be NULL. */
int policies_find(struct slice file, const struct policy_ask *ask,
    struct policies *out, struct err *);
void policies_free(struct policies *);

/* For the kinds: one more policy, all zeros. */
struct policy *policies_add(struct policies *);
/* For the kinds: p->text is raw; or it is what text, base64 to be kept in
 * p->from by the caller or in the file, decodes to.  What it is not fit for
 * goes to p->err.  Without insist it must be Rego or the JSON of old. */
void policy_is_raw(struct policy *, struct slice text);
void policy_is_base64(struct policy *, struct slice text, bool insist);

/* For the kinds: every character could stand in base64 of one alphabet or the
 * other. */
bool policy_may_be_base64(struct slice);
/* For the kinds: E_INPUT with the name of what is no policy but is taken for
 * one; 0 for everything else. */
int policy_is_other(struct slice, struct err *);
/* For the kinds: a policy of before 2023, an object with allow_all or with
 * containers that are counted. */
bool policy_is_old(struct json_val root);

/* The bytes that are hashed, and by what. */
struct slice policy_hashed(const struct policy *, enum hash *);

/* For the kinds: E_INPUT, it is the initdata of upstream Confidential
 * Containers, whose digest HOST_DATA is. */
int policy_is_initdata(struct err *);

/* The sentence for one bit of notes. */
const char *policy_note(unsigned bit);

#endif

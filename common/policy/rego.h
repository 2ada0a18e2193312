/* rego.h -- Rego policies, without an engine: what is literal is read, what is
 * not is set aside.  Pure. */
#ifndef POLICY_REGO_H
#define POLICY_REGO_H

#include "value/json.h"

enum {
	REGO_MAX = 4 << 20,	/* bytes of a policy that is read */
	REGO_DEPTH_MAX = 56,	/* brackets in each other */
};

/* After a byte order mark, blanks and lines that begin with #, the first word
 * of s is "package".  UTF-16 with its mark is looked into as well. */
bool rego_is(struct slice s);

/* A policy as JSON:
 *	{"package":"policy",
 *	"rules":{"name":{"line":5,"value":...}, ...},
 *	"defaults":{"name":{"line":6,"value":...}, ...},
 *	"unread":[{"name":"allow","line":7,"text":"allow {"}, ...],
 *	"faults":[{"line":7,"what":"a body without if, ..."}, ...],
 *	"uses":[{"name":"allow","uses":["data.policy.x", ...]}, ...]}
 * rules are the statements "name := value" and "name = value" whose value is
 * literal: JSON with trailing commas, backquoted texts and sets, in which a
 * reference data.x or input.x may stand, and behind which nothing follows.
 * A reference is {"\u0000ref":"data.x"} and a set {"\u0000set":[...]}.
 * Whatever else is said is unread, with the name it may be about, empty if
 * that is unclear; uses are what it names, as regolex_uses() has them.  faults
 * are what does not compile: a body without if and an import twice, on the
 * newest platforms, and a default with a reference. */
struct rego {
	struct buf text;
	struct json *doc;
	size_t bytes;		/* of the policy */
};

/* E_INPUT: larger than REGO_MAX, no "package" first, a NUL, brackets that do
 * not match, a text that does not end, a name or key given twice, a byte
 * anywhere that is no UTF-8.
 * rego_free() it. */
int rego_read(struct slice policy, struct rego *, struct err *);
void rego_free(struct rego *);

/* No unread statement can be about that name. */
bool rego_sure(const struct rego *, const char *name);
/* The literal value of a name, that of "default name := value" if no other is
 * given; nothing if it has none or is not sure. */
struct json_val rego_value(const struct rego *, const char *name);
/* That of "default name := value", whatever else is said of the name: it is
 * the value wherever that gives none. */
struct json_val rego_default(const struct rego *, const char *name);
/* All rules and defaults in their order, as members {"line","value"}; and the
 * unread. */
struct json_val rego_rules(const struct rego *);
struct json_val rego_defaults(const struct rego *);
struct json_val rego_unread(const struct rego *);
struct json_val rego_faults(const struct rego *);
struct json_val rego_uses(const struct rego *);
/* v is a reference, to exactly that if what is not NULL. */
bool rego_is_ref(struct json_val v, const char *what);
/* v is a set: its elements as an array; nothing otherwise. */
struct json_val rego_set(struct json_val v);
/* array is what rego_set() gives. */
bool rego_is_set(struct json_val array);

#endif

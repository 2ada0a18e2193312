/* regolex.h -- the words and values of Rego, for the reader of rego.h.
 * Pure. */
#ifndef POLICY_REGOLEX_H
#define POLICY_REGOLEX_H

#include "ground/buf.h"
#include "ground/err.h"

/* What has not been read, and the line it begins in. */
struct regolex {
	struct slice s;
	size_t line;
};

/* Pass over n bytes and count their lines. */
void regolex_advance(struct regolex *, size_t n);
/* E_INPUT with the line and why. */
int regolex_refuse(const struct regolex *, const char *why, struct err *);
/* Pass over spaces and tabs; over line ends and comments too. */
void regolex_blanks(struct regolex *);
void regolex_skip(struct regolex *);
/* text stands next; and read it, if so. */
bool regolex_looks(const struct regolex *, const char *text);
bool regolex_eat(struct regolex *, const char *text);
/* Read a name: letters, digits and _, no digit first; empty if none stands
 * next. */
struct slice regolex_word(struct regolex *);

/* Append the literal value that stands next as JSON, references and sets as
 * rego.h says: 1, or 0 if it is not literal, or -1 if it cannot be Rego. */
int regolex_value(struct regolex *, struct buf *out, struct err *);

/* What is seen of a statement that is not read. */
struct regoseen {
	bool clear;	/* it is about the one name it begins with */
	bool bare;	/* a body stands without if */
};

/* Pass over a statement that is not read: to the end of a line outside all
 * brackets.  E_INPUT if brackets do not match or a text does not end. */
int regolex_unread(struct regolex *, struct regoseen *, struct err *);

/* Append what a statement names, as texts with commas between: its own name
 * wherever it stands by itself behind the first word, and references below
 * data, ["x"] as .x. */
void regolex_uses(struct slice statement, struct slice own, struct buf *out);

#endif

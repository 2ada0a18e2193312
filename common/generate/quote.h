/* quote.h -- JSON as Python's json.dumps() writes it, all ASCII: confcom's
 * policies and templates are written by it.  Pure. */
#ifndef GENERATE_QUOTE_H
#define GENERATE_QUOTE_H

#include "value/json.h"

enum quote { QUOTE_COMPACT, QUOTE_INDENTED };

/* Append s, which is UTF-8, as a string with its quotes; what is not ASCII is
 * \uhhhh, beyond the first plane two of them. */
void quote_text(struct slice s, struct buf *out);

/* Append a value, members in their order: compact, or indented by two spaces a
 * level.  Numbers are written as Python writes them; one that is too large for
 * it is E_INPUT. */
int quote_json(struct json_val v, enum quote, struct buf *out, struct err *);

/* A change to a value: value, ASCII without quotes, in its place as a string;
 * or with name a member of that name behind its others, in an object of its
 * own under outer if that is not NULL. */
struct quote_edit {
	struct json_val at;
	const char *outer, *name;
	struct slice value;
};

/* QUOTE_INDENTED, with n changes in the order of their places. */
int quote_json_edited(struct json_val v, const struct quote_edit *, size_t n,
    struct buf *out, struct err *);

#endif

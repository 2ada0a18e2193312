/* yaml.h -- YAML 1.1 as JSON (libyaml).  Value: pure. */
#ifndef VALUE_YAML_H
#define VALUE_YAML_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	YAML_DEPTH_MAX = 60,		/* collections in each other */
	YAML_ANCHORS_MAX = 1000,	/* in one text */
	YAML_JSON_MAX = 256 << 20,	/* bytes of the JSON */
};

/* Append the documents of text as one JSON array, for json_parse(): mappings
 * as objects, sequences as arrays, scalars as strings whatever they look like,
 * but plain null, ~ and nothing as null.  An alias to a scalar is a copy of
 * it, one to a collection is null: so it is seen once, where its anchor is.
 * E_INPUT with the line: no YAML or no UTF-8, a key that is no scalar, a tag
 * on a scalar other than !!str, more than the limits.  A key twice is left to
 * json_parse().  out is as it was on failure. */
int yaml_to_json(struct slice text, struct buf *out, struct err *);

/* The same, but an alias to a collection is a copy of it too, of which the
 * limits know, and a merge key (<<), which would bring more, is E_INPUT: what
 * comes out is all that the text says. */
int yaml_to_json_whole(struct slice text, struct buf *out, struct err *);

/* Append text with a value put under the last of n names, each the key of a
 * mapping in that before it, in the document of that number from 0; names that
 * are not there are made.  Nothing else is changed.  The name and the value
 * are such that they stand for themselves.  E_INPUT if something on the way is
 * no mapping, or is an alias. */
int yaml_set(struct slice text, size_t document, const char *const *name,
    size_t n, struct slice value, struct buf *out, struct err *);

#endif

/* cbor.h -- CBOR read once, strictly (RFC 8949; libcbor).  Refused as E_INPUT
 * with the offset: what is not well-formed, indefinite lengths, lengths and
 * counts longer than the text, heads that are not in their shortest form,
 * text that is no UTF-8, a key twice in one map, nesting over CBOR_DEPTH_MAX,
 * bytes after the item.  All of it is checked before libcbor, which
 * allocates what a head declares, sees the text.  Value: pure. */
#ifndef VALUE_CBOR_H
#define VALUE_CBOR_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	CBOR_DEPTH_MAX = 16,	/* arrays, maps and tags in each other */
	CBOR_ITEMS_MAX = 1 << 16,	/* items in one text */
	CBOR_MAP_MAX = 256,	/* pairs in one map */
};

/* A parsed text; it owns copies of all strings.  cbor_drop() releases. */
struct cbor;
int cbor_read(struct slice text, struct cbor **, struct err *);
void cbor_drop(struct cbor *);

/* One item of it, by value.  An item that is nothing (what is not there) has
 * cbor_has() false and may be passed to every question. */
struct cbor_val {
	const void *item;	/* NULL: nothing */
};

struct cbor_val cbor_root(const struct cbor *);
bool cbor_has(struct cbor_val);

/* A whole number that fits int64_t; false for anything else. */
bool cbor_int(struct cbor_val, int64_t *);
/* The bytes of a byte or text string; borrowed from the parsed text. */
bool cbor_bytes(struct cbor_val, struct slice *);
bool cbor_text(struct cbor_val, struct slice *);
/* Elements of an array, pairs of a map; false for other kinds. */
bool cbor_array(struct cbor_val, size_t *count);
bool cbor_map(struct cbor_val, size_t *count);

/* An array's element; a map's value by a number or text as its key; nothing
 * if there is none or it is no array or map. */
struct cbor_val cbor_at(struct cbor_val array, size_t i);
struct cbor_val cbor_get(struct cbor_val map, int64_t key);
struct cbor_val cbor_get_text(struct cbor_val map, const char *key);
/* What the tag of that number stands before; nothing otherwise. */
struct cbor_val cbor_untag(struct cbor_val, uint64_t tag);

/* Append the head of a value: major type 0 to 7 and its number.  Strings
 * follow their head as they are. */
void cbor_put_head(struct buf *out, unsigned major, uint64_t n);

#endif

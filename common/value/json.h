/* json.h -- JSON read once, strictly, into spans of its own text (RFC 8259).
 * Refused as E_INPUT with the offset: anything the grammar does not allow,
 * invalid UTF-8, a lone surrogate escape, a byte order mark, a name twice in
 * one object however escaped, nesting over JSON_DEPTH_MAX, text after the
 * value, more than JSON_NODES_MAX values.  Value: pure. */
#ifndef VALUE_JSON_H
#define VALUE_JSON_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	JSON_DEPTH_MAX = 64,		/* arrays and objects in each other */
	JSON_NODES_MAX = 4 << 20,	/* values and names in one text */
};

enum json_kind {
	JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
	JSON_ARRAY, JSON_OBJECT,
};

/* A parsed text.  It borrows the text, which must stay; json_free() it. */
struct json;
int json_parse(struct slice text, struct json **, struct err *);
void json_free(struct json *);

/* One value of it, by value.  A json_val that is nothing (a member that is
 * not there) has json_has() false and may be passed to every question. */
struct json_val {
	const struct json *doc;
	uint32_t at;		/* 0: nothing */
};

struct json_val json_root(const struct json *);
bool json_has(struct json_val);
enum json_kind json_kind(struct json_val);	/* nothing: JSON_NULL */
bool json_is(struct json_val, enum json_kind);	/* nothing: false */
/* "a string", "an object" and so on, for messages; nothing: "missing". */
const char *json_kind_name(struct json_val);

/* The value's own text, exactly as it stands (a string with its quotes). */
struct slice json_span(struct json_val);

/* The member of that name; nothing if absent or not an object.  name is
 * compared after unescaping.  */
struct json_val json_get(struct json_val object, const char *name);
struct json_val json_get_s(struct json_val object, struct slice name);
/* The element; nothing if there are fewer or it is no array. */
struct json_val json_at(struct json_val array, size_t i);
/* Members or elements; 0 for other kinds. */
size_t json_count(struct json_val);
/* In document order: the first member's or element's value, and the one
 * after; nothing at the end. */
struct json_val json_first(struct json_val);
struct json_val json_next(struct json_val);
/* The name of a value that is a member, as a string value (json_text and
 * json_span work on it); nothing otherwise. */
struct json_val json_name(struct json_val member);
/* The value that holds it; nothing for the root. */
struct json_val json_parent(struct json_val);

/* Append a string's characters, unescaped, UTF-8; E_INPUT with what as its
 * context if it is not a string.  A string may hold U+0000. */
int json_text(struct json_val, const char *what, struct buf *out,
    struct err *);
/* A string equal to text; false for other kinds. */
bool json_text_is(struct json_val, const char *text);
bool json_text_eq(struct json_val, struct slice text);
/* A whole number exactly in int64_t, written without fraction or exponent;
 * false for anything else. */
bool json_int(struct json_val, int64_t *out);
/* A number's value; false for other kinds and for what overflows. */
bool json_number(struct json_val, double *out);
bool json_bool(struct json_val, bool *out);
/* Numbers that are the same in value, compared exactly as decimals (1, 1.0
 * and 10e-1 are one), other kinds by kind and content, objects whatever the
 * order of their members.  Nothing is equal to nothing else, nor to itself:
 * two claims that are absent are no match. */
bool json_equal(struct json_val, struct json_val);

/* Append s as a JSON string with its quotes: only what must be escaped is,
 * and bytes that are no UTF-8 become U+FFFD. */
void json_quote(struct slice s, struct buf *out);
/* Append the value's text without insignificant white space: order, escapes
 * and the spelling of numbers stay. */
void json_compact(struct json_val, struct buf *out);
/* Append it indented by two spaces a level, otherwise the same. */
void json_pretty(struct json_val, struct buf *out);

#endif

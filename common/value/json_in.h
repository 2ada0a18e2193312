/* json_in.h -- what the files of json.h share, and nobody else. */
#ifndef VALUE_JSON_IN_H
#define VALUE_JSON_IN_H

#include "value/json.h"

/* Nodes stand in document order: a container before what it holds, a name
 * right before the value of its member.  Node 0 is nothing, node 1 the
 * root; 0 as a number of a node means none. */
struct node {
	uint32_t at, len;	/* its text, quotes and brackets included */
	uint32_t next;		/* sibling; of a name: json_hash() instead */
	uint32_t parent;
	uint32_t count : 24;	/* members or elements */
	uint32_t kind : 3;
	uint32_t is_name : 1;
	uint32_t is_member : 1;
	uint32_t escaped : 1;	/* a string with a backslash in it */
};

/* A name of an object. */
struct name {
	uint32_t hash, node;
};

/* The names of an object that has many, as json_names() has them. */
struct names {
	uint32_t object;
	uint32_t n;
	struct name *v;
};

struct json {
	struct slice text;
	struct node *v;
	uint32_t n, cap;
	struct names *many;	/* by object, once all is read */
	uint32_t nmany;
};

/* A token: p is behind it, or with why set at what is wrong. */
struct lex {
	const uint8_t *p, *end;
	const char *why;
	bool escaped;
};

/* p is the opening quote; the minus sign or first digit. */
struct lex json_lex_string(const uint8_t *p, const uint8_t *end);
struct lex json_lex_number(const uint8_t *p, const uint8_t *end);

static inline struct slice
node_text(const struct json *j, const struct node *n)
{
	return slice_of(j->text.p + n->at, n->len);
}

/* A string's text between its quotes. */
static inline struct slice
node_inner(const struct json *j, const struct node *n)
{
	return slice_of(j->text.p + n->at + 1, n->len - 2);
}

/* The character of the escape that begins at p, in UTF-8 of *n bytes; the
 * text was scanned before.  Returns the bytes it takes in the text. */
size_t json_unescape(const uint8_t *p, uint8_t out[4], size_t *n);

/* Equal for strings that are equal after unescaping.  No defence against
 * collisions: who relies on it goes on with json_order(). */
uint32_t json_hash(const struct json *, const struct node *string);

/* Order two strings by their unescaped bytes, as memcmp(3) does. */
int json_order(const struct json *, const struct node *,
    const struct json *, const struct node *);

/* An object's names (their nodes), ordered by hash, then json_order(), then
 * place; n of them, at least one, to be released with free().  Takes
 * n log n steps whatever the names are. */
struct name *json_names(const struct json *, uint32_t object, size_t *n);
/* The place where a name stands that stood in the object before, else 0; the
 * names of an object that has many are kept then. */
uint32_t json_repeated(struct json *, uint32_t object);
/* All is read: order what was kept. */
void json_kept(struct json *);
/* The place of a name in an object that has at least JSON_MANY, else 0. */
enum { JSON_MANY = 64 };
uint32_t json_find(const struct json *, uint32_t object, struct slice name);

#endif

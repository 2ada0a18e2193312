/* template_in.h -- what the files of template.h share, and nobody else. */
#ifndef POLICY_TEMPLATE_IN_H
#define POLICY_TEMPLATE_IN_H

#include "policy/template.h"

/* A turn of a copy loop. */
struct template_loop {
	const struct template_loop *up;
	struct template_loop *made;	/* before: for template_free() */
	struct buf name;
	size_t turn;
	bool resource;			/* copyIndex() without a name is it */
};

/* A value made by a function. */
struct template_made {
	struct template_made *next;
	struct buf text;
	struct json *doc;
};

struct template {
	struct json_val file;	/* the parameters file's root, or nothing */
	struct template_loop *loops;
	struct template_made *made;
	uint64_t steps;
	int depth, nested;
	bool unset;
};

/* What an expression has come to: a text, or a value that is no string. */
struct result {
	bool own;
	struct buf text;
	struct arm v;
};

void result_free(struct result *);
void result_set(struct result *, struct arm v);

/* Take n steps of those that one template may take. */
int template_step(struct template *, size_t n, struct err *);
/* E_INPUT: "what 'name' why". */
int template_wrong(struct err *, const char *what, struct slice name,
    const char *why);
/* JSON that a function made, as a value; text is taken. */
int template_make(struct template *, struct buf *text, struct arm *out,
    struct err *);

/* Is that the name of a member, in any case of letters? */
bool template_named(struct json_val member, struct slice name);
/* The member of that name, nothing if it is absent; two but for case are
 * E_INPUT. */
int template_find(struct template *, struct json_val object, struct slice name,
    struct json_val *out, struct err *);
int template_find_str(struct template *, struct json_val object,
    const char *name, struct json_val *out, struct err *);

/* What v comes to. */
int template_result(struct template *, struct arm v, struct result *,
    struct err *);
/* parameters('name') and variables('name') as they stand in v. */
int template_parameter(struct template *, struct arm v, struct slice name,
    struct result *, struct err *);
int template_variable(struct template *, struct arm v, struct slice name,
    struct result *, struct err *);
/* The element i of a list; nothing if there are fewer. */
int template_element(struct template *, struct arm list, size_t i,
    struct arm *out, struct err *);

/* The expression between [ and ] of the string v. */
int template_expression(struct template *, struct arm v, struct slice text,
    struct result *, struct err *);

/* A function: its arguments, at least min, most of the time at most max. */
struct template_call {
	struct template *t;
	struct arm at;			/* the string it stands in */
	struct result *arg;
	size_t n;
	struct err *e;
};
struct template_function {
	const char *name;
	size_t min, max;
	int (*call)(struct template_call *, struct result *out);
	/* Is the argument number n wanted, after those before it? */
	bool (*wants)(const struct template_call *);
};
/* By its name in any case; NULL if it is none of ours. */
const struct template_function *template_function(struct slice name);

/* What functions do with arguments and results; name is the function's. */
bool template_is_list(const struct result *);
/* E_INPUT: the function does not take such an argument. */
int template_not_of(struct template_call *, const char *name,
    const struct result *);
void template_give_text(struct result *out, struct buf *text);
/* Append a value as JSON, with all that it holds evaluated. */
int template_write_json(struct template_call *, const struct result *,
    struct buf *out);
/* The functions that make texts and lists. */
int template_base64(struct template_call *, struct result *);
int template_concat(struct template_call *, struct result *);
int template_create_array(struct template_call *, struct result *);
int template_format(struct template_call *, struct result *);
int template_join(struct template_call *, struct result *);
int template_string_of(struct template_call *, struct result *);
int template_to_lower(struct template_call *, struct result *);
int template_to_upper(struct template_call *, struct result *);

/* ASCII letters of either case are the same. */
bool template_same(struct slice, struct slice);

#endif

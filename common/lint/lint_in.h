/* lint_in.h -- what the files of lint.h share, and nobody else. */
#ifndef LINT_LINT_IN_H
#define LINT_LINT_IN_H

#include "lint/lint.h"

/* A version of three numbers as one that can be compared. */
#define VERSION(a, b, c) ((uint64_t)(a) << 40 | (uint64_t)(b) << 20 | (c))

/* What is judged, and what is said of it. */
struct judge {
	const struct rego *rego;
	struct lint *out;
	uint64_t api, framework;	/* versions; 0: not given */
};

/* Say something about a place. */
void lint_say(struct judge *, enum lint_level, const char *where,
    const char *safe, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

/* Append the text of a string for a message: at most 60 bytes of it; nothing
 * for other kinds. */
void lint_quote(struct json_val v, struct buf *out);

/* Append the text of a string; nothing for other kinds. */
void lint_text_of(struct json_val v, struct buf *out);

/* Somewhere in v a reference or a set stands for data. */
bool lint_refers(struct json_val v);

/* "1.2.3" or fewer numbers, or an integer; false for anything else. */
bool lint_version(struct json_val v, uint64_t *out);

/* What secret a text holds in clear, in words; NULL if none is seen. */
const char *lint_secret(struct slice text);
#define LINT_NO_SECRET "released to the container at run time"

/* The platform asks the policy about it; it is a setting of true or false. */
bool lint_is_point(struct slice name);
bool lint_is_flag(struct slice name);

/* The parts, in the order they are judged. */
void lint_points(struct judge *);
void lint_flags(struct judge *);
void lint_fragments(struct judge *);
void lint_containers(struct judge *);
void lint_names(struct judge *);
void lint_strings(struct judge *);
void lint_kata(struct judge *);

/* Containers that cannot be told apart. */
void lint_twins(struct judge *, struct json_val list);

/* One container's rules about its environment. */
void lint_environment(struct judge *, const char *where,
    struct json_val rules);

#endif

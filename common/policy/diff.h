/* diff.h -- two security policies compared by what they mean to the
 * platform's framework.  Pure. */
#ifndef POLICY_DIFF_H
#define POLICY_DIFF_H

#include "policy/rego.h"

/* One difference.  old or new is empty where there is none; both are JSON, of
 * env_rules the names of the variables only. */
struct change {
	struct buf where;	/* "containers web", "create_container" */
	struct buf member;	/* "command"; empty: all of it */
	struct buf old, new;
	bool whole;		/* an element that one list has not: "true" */
};

struct policydiff {
	struct change *v;	/* points and settings, fragments, containers */
	size_t n;
	bool unsure;		/* one has rules that are not compared */
};

/* Compare; policydiff_free() the result.  Free of order are, as in the
 * framework: containers, fragments, env_rules, mounts and their options,
 * capabilities, exec_processes, signals, groups, includes, the lists of the
 * policy as a whole, and sets; nothing else is.  Containers that differ are
 * paired by name, else by id, else by layers. */
void policydiff(const struct rego *old, const struct rego *new,
    struct policydiff *out);
void policydiff_free(struct policydiff *);

/* E_NO if there are changes, else E_INPUT if unsure, else E_OK. */
enum status policydiff_status(const struct policydiff *);

/* Append a line for each; or one JSON object without a newline. */
void policydiff_text(const struct policydiff *, struct buf *out);
void policydiff_json(const struct policydiff *, struct buf *out);
/* The object for two policies of the same bytes, which need not be read. */
void policydiff_json_bytes(struct buf *out);

#endif

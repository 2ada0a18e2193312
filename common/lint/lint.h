/* lint.h -- what a security policy really allows: the enforcement points and
 * their versions first, then fragments, containers and flags.  Pure.
 */
#ifndef LINT_LINT_H
#define LINT_LINT_H

#include "policy/rego.h"

enum {
	LINT_FINDINGS_MAX = 10000,	/* more are counted, not kept */
	LINT_CONTAINERS_MAX = 10000,
};

/* What kind of policy it is. */
enum lint_class {
	LINT_OPEN,	/* everything may run: the points say so literally */
	LINT_DECOY,	/* the same, though it lists containers */
	LINT_FRAMEWORK,	/* each point that is bound is the framework's */
	LINT_MIXED,	/* some are bound otherwise */
	LINT_CUSTOM,	/* rules with bodies, which are not assessed */
};

enum lint_level {
	LINT_UNSAFE,	/* the host may do what confidentiality forbids */
	LINT_WEAK,	/* more than needs be, or left to the host */
	LINT_BROKEN,	/* it cannot work: something never starts */
	LINT_UNSURE,	/* not assessed */
	LINT_NOTE,	/* good to know */
};

struct finding {
	enum lint_level level;
	struct buf where;	/* "containers[0] name", "fragments[1]" */
	struct buf what;	/* what it is and allows */
	const char *safe;	/* the safe value, or NULL */
};

struct lint {
	enum lint_class class;
	struct buf package;	/* "policy" */
	struct finding *v;
	size_t n, left_out;
};

/* Judge a policy that was read; lint_free() what it says. */
void lint_policy(const struct rego *, struct lint *out);
void lint_free(struct lint *);

/* E_NO if anything is unsafe or broken, for nothing can start that carries a
 * broken policy; else E_INPUT if anything is not assessed, else E_OK. */
enum status lint_status(const struct lint *);
size_t lint_count(const struct lint *, enum lint_level);
/* What it all comes to, in a few words. */
const char *lint_verdict(const struct lint *);

const char *lint_class_name(enum lint_class);
const char *lint_level_name(enum lint_level);

/* Append one line with the class and one for each finding, the worst levels
 * first, and one with their counts and the verdict; or one JSON object without
 * a newline. */
void lint_text(const struct lint *, struct buf *out);
void lint_json(const struct lint *, struct buf *out);

#endif

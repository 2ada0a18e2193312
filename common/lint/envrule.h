/* envrule.h -- one rule about a container's environment: what it lets the
 * host choose.  Pure. */
#ifndef LINT_ENVRULE_H
#define LINT_ENVRULE_H

#include "value/json.h"

/* What a rule comes to, the worst that holds of it. */
enum envrule_is {
	ENVRULE_FIXED,	/* one text, by the strategy string */
	ENVRULE_USUAL,	/* about the platform's variables */
	ENVRULE_EXACT,	/* by a pattern that only one text fits */
	ENVRULE_BOUND,	/* by a pattern, not everything fits */
	ENVRULE_FREE,	/* the value is the host's */
	ENVRULE_PLACE,	/* and it says where data goes */
	ENVRULE_SEVERAL,	/* several names, of a known kind */
	ENVRULE_FORKED,	/* a | outside brackets leaves the ends open */
	ENVRULE_PINNED,	/* a name that changes what runs, one value */
	ENVRULE_NOTHING,	/* no variable fits */
	ENVRULE_WRONG,	/* a pattern that does not compile */
	ENVRULE_UNKNOWN,	/* neither form, or a strategy of none */
	ENVRULE_LARGE,	/* a pattern too large to be looked at */
	ENVRULE_OPENS,	/* the host sets one that changes what runs */
	ENVRULE_ANY,	/* the host sets any at all */
};

struct envrule {
	struct slice text;	/* the rule's own, in the policy */
	enum envrule_is is;
	bool ours;	/* not about the platform's; see ENVRULE_USUAL */
	bool required;
	struct buf what;	/* the pattern up to its =, or the name */
	struct buf name;	/* of a pattern about one name alone */
	struct buf got;	/* a variable that gets through, if bad */
	const char *gives;	/* of ENVRULE_OPENS: whoever sets it ... */
	uint32_t sets;	/* of envname_set(), those that fit */
};

/* Judge it in either of its forms; in both, by the worse. */
void envrule_judge(struct json_val rule, struct envrule *out);
void envrule_free(struct envrule *);

/* The host may choose the value of that variable by the rule. */
bool envrule_lets(struct json_val rule, const char *name);

/* Rules judged before, by their own text: containers repeat them. */
struct envrules;
struct envrules *envrules_new(void);
void envrules_free(struct envrules *);
const struct envrule *envrules_judge(struct envrules *, struct json_val rule);

#endif

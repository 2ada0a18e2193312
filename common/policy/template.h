/* template.h -- the values of an Azure Resource Manager template, where they
 * stand: literal, or expressions, of which those are evaluated that depend on
 * nothing but the template and its parameters.  Pure.
 *
 * A string that begins with [ and ends with ] is an expression, with [[ a
 * literal less one [.  Evaluated are parameters(), variables(), copyIndex(),
 * base64(), coalesce(), concat(), createArray(), equals(), format(), if(),
 * join(), string(), toLower(), toUpper(), and(), or(), not(), true(),
 * false(), null(), and .name, ['name'] and [0] behind them; any other
 * function is E_INPUT with its name, unless it stands in a branch of if()
 * that is not taken.  Names mean what they mean where they stand: in a nested
 * deployment of inner scope its own.  A parameter that the parameters file
 * does not give has its default.  Source: learn.microsoft.com, "ARM template
 * functions", "Copy loops".
 */
#ifndef POLICY_TEMPLATE_H
#define POLICY_TEMPLATE_H

#include "value/json.h"

enum {
	TEMPLATE_DEPTH_MAX = 32,	/* expressions that lead to others */
	TEMPLATE_NESTED_MAX = 128,	/* arguments and indices in each
					 * other, in all of those */
	TEMPLATE_STRING_MAX = 32 << 20,	/* bytes of one evaluated string */
	TEMPLATE_TURNS_MAX = 800,	/* of one copy loop, as Azure has it */
	TEMPLATE_STEPS_MAX = 1 << 23,	/* in one template: names looked at,
					 * 64 bytes copied */
};

/* Evaluation of one document; what it makes lives as long.  parameters is the
 * root of a parameters file, or nothing; the file and the document must stay.
 */
struct template;
struct template *template_new(struct json_val parameters);
void template_free(struct template *);

/* A value where it stands.  arm_of() makes one of a value of the template. */
struct arm {
	struct json_val v;
	const struct template_loop *loop;	/* turns around it, or NULL */
	bool copied;	/* v is a copy loop, and stands for the list it makes */
	bool data;	/* not of the template: has no expressions */
};

static inline struct arm
arm_of(struct json_val v)
{
	return (struct arm){.v = v};
}

/* What v comes to: never an expression itself, but what it holds may be. */
int template_value(struct template *, struct arm v, struct arm *out,
    struct err *);
/* Append the string that v comes to; anything else is E_INPUT. */
int template_string(struct template *, struct arm v, struct buf *out,
    struct err *);
/* The last failure was for a parameter that is declared and has no value
 * here, be it that a key vault has it. */
bool template_unset(const struct template *);

/* The member of that name in any case, as it stands, be it a copy loop's list;
 * nothing if it is absent or object is none.  Two that differ in case only
 * are E_INPUT. */
int template_member(struct template *, struct arm object, struct slice name,
    struct arm *out, struct err *);
/* The same, evaluated. */
int template_get(struct template *, struct arm object, const char *name,
    struct arm *out, struct err *);

/* What parameters('name'), or variables('name'), comes to where v stands. */
int template_named_value(struct template *, struct arm v, bool variable,
    struct slice name, struct arm *out, struct err *);

/* The elements of a list that template_value() gave, in order and evaluated:
 * 1 with the next one, 0 at the end, -1.  Begin with {.list = list}. */
struct template_items {
	struct arm list;
	struct json_val next;
	size_t i, n;
	bool begun;
};
int template_item(struct template *, struct template_items *,
    struct arm *out, struct err *);

/* How many turns the copy loops around v take together, its own included: 1
 * if there is none.  A count that is no whole number is E_INPUT. */
int template_turns(struct template *, struct json_val v, size_t *n,
    struct err *);
/* v in the turn i. */
struct arm template_turn(struct template *, struct json_val v, size_t i);

#endif

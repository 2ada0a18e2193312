/* template.h -- the strings of an Azure Resource Manager template: literal,
 * or expressions of which only those are evaluated that a policy is given by:
 * parameters(), variables(), base64(), .name, ['name'] and [0].  Pure.
 */
#ifndef POLICY_TEMPLATE_H
#define POLICY_TEMPLATE_H

#include "value/json.h"

enum {
	TEMPLATE_DEPTH_MAX = 32,	/* expressions that lead to others */
	TEMPLATE_STRING_MAX = 32 << 20,	/* bytes of one evaluated string */
};

/* Append what the string v of a template evaluates to.  A string that begins
 * with [ and ends with ] is an expression, with [[ a literal less one [.
 * Names mean what they mean where v stands: in a nested deployment of inner
 * scope its own.  parameters is the root of a parameters file, or nothing; a
 * parameter that it does not give has its default.  Whatever else a template
 * could say is E_INPUT and named, as is a parameter without a value. */
int template_string(struct json_val v, struct json_val parameters,
    struct buf *out, struct err *);

#endif

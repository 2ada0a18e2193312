/* list.h -- what a security policy lists: containers, fragments and
 * flags, for people and for machines.  Pure. */
#ifndef POLICY_LIST_H
#define POLICY_LIST_H

#include "policy/rego.h"

/* Append lines for people; what the policy says is shown as JSON, and control
 * characters escaped. */
void policylist_text(const struct rego *, struct buf *out);

/* Append one JSON object without a newline: package, rules and defaults by
 * name with the policy's own values, and what is unread.  A reference is
 * {"ref":"data.x"}, a set {"set":[...]}. */
void policylist_json(const struct rego *, struct buf *out);

#endif

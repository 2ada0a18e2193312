/* bicep.h -- policies in Bicep templates and parameter files, where they stand
 * as texts in single quotes.  Pure. */
#ifndef POLICY_BICEP_H
#define POLICY_BICEP_H

#include "policy/policy.h"

/* What is no comment begins with "using" or "param"; or with a statement of
 * another kind, and somewhere stands ccePolicy.  Every text that is base64 of
 * Rego is a policy, named by the word before it. */
extern const struct policy_kind bicep_kind;

#endif

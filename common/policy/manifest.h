/* manifest.h -- policies in YAML: Kubernetes manifests and the container
 * groups of the az command.  Apart from carrier.h because it takes libyaml.
 * Pure. */
#ifndef POLICY_MANIFEST_H
#define POLICY_MANIFEST_H

#include "policy/policy.h"

/* The first line that is no comment is a document's start or a key.  For
 * struct policy_ask. */
extern const struct policy_kind manifest_kind;

#endif

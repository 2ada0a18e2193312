/* manifest.h -- policies in YAML: Kubernetes manifests and the container
 * groups of the az command.  Apart from carrier.h because it takes libyaml.
 * Format: pure. */
#ifndef FORMAT_MANIFEST_H
#define FORMAT_MANIFEST_H

#include "format/policy.h"

/* The first line that is no comment is a document's start or a key.  For
 * struct policy_ask. */
extern const struct policy_kind manifest_kind;

#endif

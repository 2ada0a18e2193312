/* carrier.h -- documents that carry policies in members of known names: ARM
 * templates and the service's answers, Kubernetes manifests, the shim's
 * annotations.  Pure. */
#ifndef POLICY_CARRIER_H
#define POLICY_CARRIER_H

#include "policy/policy.h"

/* JSON: begins with { or [. */
extern const struct policy_kind carrier_kind;

/* Add every policy of a document, at any depth: string members named ccePolicy
 * in any case, the annotations of virtual nodes, of the virtual kubelet, of
 * Kata and of the shim by their exact names, and the members of snp.hostData,
 * CCF's join policy, which are texts of policies under their hashes.  A
 * policy's name is that of the nearest object around it that has one, or that
 * hash.  None is E_INPUT; so is, for the one policy, what holds no policy but
 * initdata, and E_NO one whose hash is another than its name. */
int carrier_find(struct json_val root, const struct policy_ask *,
    struct policies *out, struct err *);

#endif

/* policy.h -- the containers of a security policy, for a page.  Pure. */
#ifndef PAGE_POLICY_H
#define PAGE_POLICY_H

#include "page/html.h"

/* A section: each container that the policy lists, with all that is said of
 * it, the fragments, the settings and what is not literal.  holds: the policy
 * is the one in the host data.  A policy that cannot be read is said to be
 * one. */
void page_policy(struct slice policy, bool holds, struct buf *out);

#endif

/* policy.h -- the text of a policy, made of what a group wants and of its
 * images, in the form that confcom 2.3.0 writes, byte for byte: ASCII, no
 * newline at its end.  Pure. */
#ifndef GENERATE_POLICY_H
#define GENERATE_POLICY_H

#include "generate/want.h"

/* What an image says of itself; borrowed. */
struct generate_image {
	struct slice config;		/* OCI image configuration, JSON */
	size_t layers;			/* base first */
	const uint8_t (*roots)[32];	/* dm-verity root of each */
};

struct generate_rules {
	bool stdio;		/* the host may read and write streams */
	bool debug;		/* shells, stacks and logs for the host too */
	bool omit_id;
	bool no_fragments;	/* without the platform's own */
	uint64_t svn;		/* of that one at least; 0: the usual */
	bool pretty;		/* containers are indented */
	const struct want_fragment *fragment;	/* to be added */
	size_t fragments;
};

/* Append the policy of a group whose container i has image[i].  E_INPUT, with
 * the container: an image that is not for linux/amd64, whose configuration is
 * not what it should be, or without layers; a group that begins with one of
 * the platform's own containers. */
int generate_policy(const struct want_group *,
    const struct generate_image *image, const struct generate_rules *,
    struct buf *out, struct err *);

#endif

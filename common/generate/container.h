/* container.h -- one container of a policy.  Pure: private to generate. */
#ifndef GENERATE_CONTAINER_H
#define GENERATE_CONTAINER_H

#include "generate/policy.h"

/* Append the object of a container and its image, compact, members in order
 * of their names. */
int container_json(const struct want *, const struct generate_image *,
    const struct generate_rules *, struct buf *out, struct err *);
/* The container that every group has besides: the platform's pause. */
void container_pause(const struct generate_rules *, struct buf *out);

/* It is one of those the platform puts beside a group's own. */
bool container_is_sidecar(struct slice image);

/* Append the members of a user: "user":{...}. */
int container_user(const struct want *, struct json_val config,
    struct buf *out, struct err *);
/* Append the object of a container's capabilities. */
void container_capabilities(const struct want *, struct buf *out);
/* Append the list of rules for the environment. */
int container_environment(const struct want *, struct json_val config,
    struct buf *out, struct err *);
/* Append the list of signals. */
int container_signals(const struct want *, struct json_val config,
    struct buf *out, struct err *);

#endif

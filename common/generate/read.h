/* read.h -- what the readers of want.h's sources share, and nobody else. */
#ifndef GENERATE_READ_H
#define GENERATE_READ_H

#include "generate/want.h"

/* A source being read. */
struct reader {
	struct template *t;
	const struct want_rules *rules;
	struct wants *out;
	struct err *e;
	bool loose;	/* a manifest: numbers are texts too */
};

/* The sources, in whole. */
int want_template(struct reader *, struct json_val root);
int want_config(struct reader *, struct arm root);
int want_manifest(struct reader *, struct json_val documents);

/* Growing. */
void *want_grow(void *v, size_t n, size_t size);
struct want_group *want_group_add(struct wants *);
/* One more of what a source calls groups; NULL after the most there may be. */
struct want_group *read_group(struct reader *, const char *what);
struct want *want_add(struct want_group *);
struct want_env *want_env_add(struct want *);
struct want_mount *want_mount_add(struct want *, const char *path,
    const char *source, bool read_only);
struct words *want_exec_add(struct want *);

/* The member, evaluated; nothing if it is absent or null. */
int read_get(struct reader *, struct arm object, const char *name,
    struct arm *out);
/* The same, which must be of that kind if it is there. */
int read_kind(struct reader *, struct arm object, const char *name,
    enum json_kind, struct arm *out);
/* The next element of a list: 1, at the end 0, or -1. */
int read_item(struct reader *, struct template_items *, struct arm *out);

/* Hand each element of a member that is a list to fn, until one fails; none if
 * it is absent. */
int read_each(struct reader *, struct arm object, const char *name,
    int (*fn)(struct reader *, struct arm, struct want *), struct want *);

/* Append the text of a string, number or boolean, in which what stands for a
 * parameter or variable inside of a text is replaced. */
int read_text(struct reader *, struct arm v, const char *what,
    struct buf *out);
/* The same of a member; nothing is appended if it is absent. */
int read_text_of(struct reader *, struct arm object, const char *name,
    struct buf *out);
/* A member that is a list of strings; none if it is absent. */
int read_words(struct reader *, struct arm object, const char *name,
    struct words *out);
/* A member that is true or false, or says so; *out stays if it is absent. */
int read_bool(struct reader *, struct arm object, const char *name,
    bool *out);

/* E_INPUT: "what is missing". */
int read_missing(struct reader *, const char *what);
/* The failure was for want of a value, and wildcards were approved. */
bool read_wild(const struct reader *);

/* What templates and configurations have in common; props is a container's
 * "properties". */
int want_security(struct reader *, struct arm context, struct arm under,
    struct want *);
int want_probe(struct reader *, struct arm props, const char *name,
    struct want *);
int want_seccomp(struct slice base64, struct buf *hex, struct err *);
/* The policy's word for a kind of volume, as a template names it; NULL. */
const char *want_source(struct slice kind);
/* How many labels of a pod say that it has a workload's identity. */
void want_identity_env(struct want *);
void want_identity_mount(struct want *);
void want_privileged_mounts(struct want *);
/* text is the pattern, in which a dot is any character. */
bool want_like(struct slice text, const char *pattern);

#endif

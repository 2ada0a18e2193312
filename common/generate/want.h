/* want.h -- what a source asks of the containers of its groups, before their
 * images are known.  Pure. */
#ifndef GENERATE_WANT_H
#define GENERATE_WANT_H

#include "policy/template.h"

enum {
	WANT_CONTAINERS_MAX = 1000,	/* in one group */
	WANT_GROUPS_MAX = 1000,
	WANT_WORDS_MAX = 100000,	/* in one list */
};

/* Texts in order. */
struct words {
	struct buf *v;
	size_t n;
};
struct buf *words_add(struct words *);
void words_free(struct words *);

struct want_env {
	struct buf name, value;
	bool re2;		/* value is a pattern */
};

struct want_mount {
	struct buf path;
	const char *source;	/* as the policy has it */
	bool read_only;
	struct words options;	/* if given, in place of the usual */
};

/* One container. */
struct want {
	struct buf name, image;
	struct words command;	/* instead of the image's */
	struct words args;	/* behind command, or the image's entrypoint */
	bool pod;		/* of a virtual node, with its own defaults */
	bool bare;		/* an image by its name: no default signals */
	struct want_env *env;
	size_t envs;
	struct want_mount *mount;
	size_t mounts;
	struct words *exec;	/* commands of probes */
	size_t execs;
	struct buf working_dir;	/* empty: the image's */
	struct buf user, group;	/* digits; empty: not said */
	struct buf seccomp;	/* 64 hex digits or empty */
	bool privileged, no_new_privileges;
	struct words add, drop;	/* capabilities */
};

/* A reference to a fragment. */
struct want_fragment {
	struct buf feed, issuer, minimum_svn;
	struct words includes;
};

/* One policy to be made. */
struct want_group {
	struct buf name;
	struct want *v;
	size_t n;
	struct want_fragment *fragment;	/* the source's own, before others */
	size_t fragments;
	bool tagged;		/* it says itself whether ... */
	bool no_fragments;	/* ... the platform's fragment is left out */
	struct json_val place;	/* the resource or document it stands in */
	struct json_val pod;	/* of a manifest: what has the containers */
	size_t turn;		/* of the loops around it */
};

/* Everything a source asks for, in its order; wants_free() it. */
struct wants {
	struct want_group *v;
	size_t n;
	struct words warnings;	/* what a person should know */
	bool pods;		/* it is a manifest */
};

/* How it is read. */
struct want_rules {
	struct json_val parameters;	/* of a template, or nothing */
	bool wildcards;			/* what has no value may be anything */
};

/* Read a document: an object with "resources" is a template, one with
 * "containers" or "fragments" a configuration of confcom's (version 1, or the
 * one before it, whose containers have a containerImage); an array holds the
 * documents of a manifest, whose scalars are strings (yaml_to_json()).
 * E_INPUT, with the group and the container: what is missing, of another kind,
 * or an expression or parameter that cannot be evaluated; a source without
 * containers. */
int wants_find(struct json_val root, const struct want_rules *,
    struct wants *out, struct err *);
/* Ask for one image by its name. */
void wants_image(struct slice reference, struct wants *out);
void wants_free(struct wants *);

/* Read fragments, a list of objects or an object with one in "fragments", and
 * append them; E_INPUT if one lacks a member. */
int want_fragments(struct json_val list, struct want_fragment **v, size_t *n,
    struct err *);
void want_fragments_free(struct want_fragment *v, size_t n);

#endif

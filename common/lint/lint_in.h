/* lint_in.h -- what the files of lint.h share, and nobody else. */
#ifndef LINT_LINT_IN_H
#define LINT_LINT_IN_H

#include "lint/envrule.h"
#include "lint/lint.h"

/* A version of three numbers as one that can be compared. */
#define VERSION(a, b, c) ((uint64_t)(a) << 40 | (uint64_t)(b) << 20 | (c))

/* A version that a policy states.  0.0.0 is one, older than all. */
struct version {
	enum { VERSION_NONE, VERSION_UNSURE, VERSION_WRONG, VERSION_GIVEN
	} state;
	uint64_t n;		/* if given */
};

/* What is judged, and what is said of it. */
struct judge {
	const struct rego *rego;
	struct lint *out;
	struct version api, framework;
	struct envrules *rules;	/* judged before */
	bool on_linux;		/* every container is plainly Linux's */
	bool on_windows;	/* one is Windows', or what mounts for them is
				 * bound and none is listed */
	bool no_dropping;	/* of variables that no rule matches */
	struct loose *platform;	/* see shell.c; NULL until asked for */
	size_t asked;		/* patterns, whether a name fits */
};

/* Say something about a place. */
void lint_say(struct judge *, enum lint_level, const char *where,
    const char *safe, const char *what, ...)
    __attribute__((format(printf, 5, 6)));

/* Append the text of a string for a message: at most 60 bytes of it; nothing
 * for other kinds. */
void lint_quote(struct json_val v, struct buf *out);

/* Append the text of a string; nothing for other kinds. */
void lint_text_of(struct json_val v, struct buf *out);

/* Somewhere in v a reference or a set stands for data. */
bool lint_refers(struct json_val v);

/* A member that must be a list; what it holds, or nothing.  Said: null or
 * anything else that is none. */
struct json_val lint_list(struct judge *, const char *where,
    struct json_val c, const char *name);

/* A number of a fragment: "1", 1, or three with dots; false for anything
 * else. */
bool lint_svn(struct json_val v, uint64_t *out);

/* The framework's version is known to be before that one. */
bool lint_framework_before(const struct judge *, uint64_t version);

/* What secret a text holds in clear, in words; NULL if none is seen. */
const char *lint_secret(struct slice text);
#define LINT_NO_SECRET "released to the container at run time"

/* The platform asks the policy about it; it is a setting of true or false. */
bool lint_is_point(struct slice name);
bool lint_is_flag(struct slice name);

/* The parts, in the order they are judged. */
void lint_versions(struct judge *);
void lint_points(struct judge *);
void lint_flags(struct judge *);
void lint_fragments(struct judge *);
void lint_containers(struct judge *);
void lint_names(struct judge *);
void lint_cycles(struct judge *);
void lint_strings(struct judge *);
void lint_kata(struct judge *);

/* Containers that cannot be told apart. */
void lint_twins(struct judge *, struct json_val list);

/* A container is of Windows: by its user, which is an object elsewhere, and by
 * what it does not name. */
bool lint_is_windows(struct json_val c);

/* What one container lacks, so that it never starts. */
void lint_members(struct judge *, const char *where, struct json_val c);

/* One container's rules about its environment. */
void lint_environment(struct judge *, const char *where,
    struct json_val rules);

/* What of its command makes a text of the host's a command. */
void lint_command(struct judge *, const char *where, struct json_val c);
void lint_command_free(struct judge *);

/* The processes that the host may start in a container. */
void lint_execs(struct judge *, const char *where, struct json_val c);
/* A word of a command runs others: a shell, an interpreter, a debugger; where
 * program is set it stands where one may, and is more easily taken for one. */
bool lint_runs_others(struct slice word, bool program);
/* It is an interpreter, which reads no language of a shell. */
bool lint_interprets(struct slice word);
/* A word is a program that starts another and is nothing itself. */
bool lint_launches(struct slice word);

/* What the host mounts into a container that has its code there, or into all
 * containers. */
struct codepaths;
void lint_mounts(struct judge *, const char *where, struct json_val mounts,
    const struct codepaths *code);

#endif

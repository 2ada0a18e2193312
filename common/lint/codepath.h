/* codepath.h -- where containers have their programs and libraries, as far as a
 * policy says it.  Pure. */
#ifndef LINT_CODEPATH_H
#define LINT_CODEPATH_H

#include "value/json.h"

/* Paths as lint_clean() has them; {0} has none.  codepaths_free() them. */
struct codepaths {
	struct buf text;	/* each ended by a NUL */
	struct slice *v;	/* sorted, once they are all there */
	size_t n;
};

/* Add those of a container of a policy: what its commands start or load, what
 * its variables say of where such is, and where it begins to work. */
void codepaths_add(struct codepaths *, struct json_val container);
/* Before they are looked into. */
void codepaths_sort(struct codepaths *);
void codepaths_free(struct codepaths *);

/* One of them is that folder or file, or in it. */
bool codepaths_in(const struct codepaths *, struct slice folder);

/* A path without . and .., repeated and last slashes: "" is the root. */
void lint_clean(struct slice path, struct buf *out);

#endif

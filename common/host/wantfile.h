/* wantfile.h -- a template, configuration or manifest from a file, read for
 * what its groups want.  World. */
#ifndef HOST_WANTFILE_H
#define HOST_WANTFILE_H

#include "generate/want.h"

/* What it was read from stays as long as what it wants; wantfile_free() it. */
struct wantfile {
	struct buf file;
	struct slice text;	/* of it, after its byte order mark */
	bool marked;		/* it has one */
	struct buf json;	/* made of a manifest */
	struct json *doc;
	struct wants wants;
};

/* Read path, at most POLICY_FILE_MAX bytes: JSON if it begins with {, after a
 * UTF-8 byte order mark, else YAML. */
int wantfile_read(const char *path, const struct want_rules *,
    struct wantfile *, struct err *);
void wantfile_free(struct wantfile *);

/* A file of fragments' references, for want_fragments(). */
int wantfile_fragments(const char *path, struct want_fragment **v, size_t *n,
    struct err *);

#endif

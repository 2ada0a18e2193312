/* ref.h -- references to images, "[HOST/]PATH[:TAG][@DIGEST]", as containerd
 * and docker read them (distribution/reference).  Image: pure. */
#ifndef IMAGE_REF_H
#define IMAGE_REF_H

#include "image/archive.h"

enum { REF_MAX = 4096 };	/* bytes */

struct ref {
	struct buf name;	/* HOST/PATH:TAG, what was left out put in:
				 * docker.io, library/, :latest */
	struct digest digest;	/* .n 0: none; then the tag does not count */
	bool tagged;		/* a tag was said */
};

/* E_INPUT for what is no reference.  ref_free() it, unless it failed. */
int ref_parse(struct slice text, struct ref *, struct err *);
void ref_free(struct ref *);

/* HOST/PATH alone is the same. */
bool ref_same_path(const struct ref *, const struct ref *);

#endif

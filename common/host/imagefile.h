/* imagefile.h -- the images of one archive: docker save's tar of either age, an
 * OCI layout as tar or folder.  World. */
#ifndef HOST_IMAGEFILE_H
#define HOST_IMAGEFILE_H

#include "host/archivefile.h"
#include "image/archive.h"
#include "image/ref.h"

struct imagelayer {
	char *path;		/* in the archive */
	struct digest blob;	/* of what is there; .n 0: not said */
	uint8_t diff_id[SHA256_SIZE];
};

/* An image that is listed.  When err is set it cannot be used: it is for
 * another platform, something of it is missing, or broken. */
struct imagefile_image {
	struct ref *names;	/* there may be none */
	size_t n_names;
	struct digest *digests;	/* of its manifest, and of indexes above */
	size_t n_digests;
	struct buf config;	/* its configuration, verified */
	uint8_t id[SHA256_SIZE]; /* of that */
	struct imagelayer *layers;
	size_t n_layers;
	bool foreign;		/* for another platform */
	struct err err;
};

struct imagefile {
	struct archivefile *file;
	struct imagefile_image *images;
	size_t n;
};

/* 1; 0 if path is no archive of images, and e says why; -1.  A document that
 * is not what its digest says is E_NO. */
int imagefile_open(const char *path, struct imagefile *, struct err *);
void imagefile_close(struct imagefile *);

#endif

/* images_in.h -- what the parts of images.h share.  World: private. */
#ifndef FLOW_IMAGES_IN_H
#define FLOW_IMAGES_IN_H

#include "flow/images.h"
#include "host/imagefile.h"

/* An image by its number. */
struct numbered {
	struct imagefile_image *image;
	size_t file;			/* it is in */
	struct ref claimed;		/* what a nameless one was found by */
	uint8_t (*roots)[SHA256_SIZE], (*diff_ids)[SHA256_SIZE];
};

/* What a map says: this is in one of these files. */
struct alias {
	struct ref ref;
	struct buf files;		/* size_t */
};

struct images {
	struct images_rules rules;
	char **paths;
	size_t n_paths;
	struct imagefile *files;
	size_t n_files;
	struct alias *aliases;
	size_t n_aliases;
	struct numbered *images;
	size_t n;
	struct buf known;		/* struct known_layer: hashed */
};

struct known_layer {
	uint8_t diff_id[SHA256_SIZE], root[SHA256_SIZE];
};

#endif

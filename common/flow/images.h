/* images.h -- images from archives: found by a reference, their layers read,
 * verified and hashed on all cores.  World. */
#ifndef FLOW_IMAGES_H
#define FLOW_IMAGES_H

#include "crypto/hash.h"
#include "ground/err.h"

enum {
	IMAGES_MAP_MAX = 4 << 20,	/* bytes of a map */
	IMAGES_ARCHIVES_MAX = 4096,
};

struct images;		/* archives opened and indexed */

struct images_rules {
	unsigned threads;	/* 0: one for each core */
	uint64_t max_size;	/* bytes a layer may unpack to; 0: 128 GiB */
};

/* Index the archives of paths: a tar of docker save, old or new, an OCI layout
 * as tar or folder, a folder of such tars ("*.tar"), or a map, a JSON object
 * {"REFERENCE": "PATH" or ["PATH", ...]} with paths from where it is.  No layer
 * is hashed yet. */
int images_open(const char *const *paths, size_t n,
    const struct images_rules *, struct images **, struct err *);
void images_close(struct images *);

/* Is path an archive of images? 1; 0 no, and e says why; -1.  It is opened to
 * see. */
int images_is(const char *path, struct err *e);

/* The image that ref means: NAME:TAG or NAME@DIGEST, docker.io/library/ and
 * :latest implied; the digest of its manifest, or of an index that it is the
 * linux/amd64 image of.  NULL: the only image there is.  None, two that differ,
 * or one that is not for linux/amd64: E_INPUT; one with a manifest or
 * configuration that is not what its digest says: E_NO.
 *
 * An image that has no name in its archive is meant by a reference when it is
 * the only one there is, or by a map; but never by two different ones. */
int images_find(struct images *, const char *ref, size_t *which,
    struct err *);

/* Read the layers of n images, each distinct one once: every blob is checked
 * against its digest and every layer against its DiffID (E_NO), and converted
 * as the platform does (E_INPUT if that could not). */
int images_read(struct images *, const size_t *which, size_t n,
    struct err *);

/* What is known of an image; borrowed. */
struct image_said {
	struct slice config;	/* its configuration: JSON, verified */
	size_t layers;
	const uint8_t (*roots)[SHA256_SIZE]; /* of each, base first; NULL
					      * before images_read() */
	const uint8_t (*diff_ids)[SHA256_SIZE];
};
struct image_said images_said(const struct images *, size_t which);

#endif

/* archive.h -- what the documents of an image archive say: an OCI layout's
 * index, a manifest, an image's configuration (OCI image-spec 1.1), docker
 * save's manifest.json (Docker image specification 1.2).  Slices point into
 * the JSON they are from, values are checked.  Image: pure. */
#ifndef IMAGE_ARCHIVE_H
#define IMAGE_ARCHIVE_H

#include "crypto/hash.h"
#include "value/json.h"

enum {
	ARCHIVE_JSON_MAX = 4 << 20,	/* bytes of one document */
	ARCHIVE_LAYERS_MAX = 1024,
	ARCHIVE_IMAGES_MAX = 4096,	/* of one archive, with nested ones */
	ARCHIVE_DEPTH_MAX = 4,		/* of indexes in indexes */
};

/* "sha256:HEX" or "sha512:HEX"; .n 0 is none. */
struct digest {
	enum hash hash;
	size_t n;
	uint8_t bytes[HASH_SIZE_MAX];
};
int digest_parse(struct slice text, struct digest *, struct err *);
bool digest_eq(const struct digest *, const struct digest *);
/* Appended: "sha256:HEX"; "blobs/sha256/HEX", where a layout has it. */
void digest_text(const struct digest *, struct buf *out);
void digest_blob(const struct digest *, struct buf *out);
/* A digest that a path of docker save's ends in, ("blobs/sha256/HEX"): false
 * if it is none that says what the file holds. */
bool digest_of_path(struct slice path, struct digest *);

/* What a document is. */
enum archive_doc {
	ARCHIVE_OTHER,
	ARCHIVE_INDEX,		/* with "manifests" */
	ARCHIVE_MANIFEST,	/* with "config" and "layers" */
	ARCHIVE_DOCKER,		/* docker save's list */
};
enum archive_doc archive_doc(struct json_val);

/* A descriptor: of something in a layout. */
struct descriptor {
	struct digest digest;
	struct json_val platform;	/* nothing: not said */
	struct json_val names[2];	/* strings; nothing: not said */
	bool attestation;		/* no image, says something of one */
};
int descriptor_read(struct json_val, struct descriptor *, struct err *);

/* The platform that policies are for: linux and amd64 (of no variant or v1).
 * An object with "os" and "architecture": a platform or a configuration. */
bool archive_our_platform(struct json_val);

/* The DiffIDs of a configuration, appended, 32 bytes each. */
int archive_diff_ids(struct json_val config, struct buf *out, struct err *);

#endif

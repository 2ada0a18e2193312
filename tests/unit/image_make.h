/* image_make.h -- an OCI layout in a tar in memory, for tests: blobs by their
 * digest, a manifest, and the index that leads to it. */
#ifndef TESTS_IMAGE_MAKE_H
#define TESTS_IMAGE_MAKE_H

#include "codec/hex.h"
#include "crypto/hash.h"
#include "unit/tar_make.h"

#define IMAGE_MAKE_OURS "\"architecture\":\"amd64\",\"os\":\"linux\""

/* A member whose text is in a buffer. */
static inline void
image_make_member(struct buf *tar, const char *name, struct buf *text)
{
	buf_addc(text, '\0');
	tar_make_add(tar, '0', name, "", (const char *)text->p);
	buf_cut(text, text->n - 1);
}

/* A blob called by the digest of one text that holds another; its descriptor,
 * less its closing brace, is appended to out. */
static inline void
image_make_blob(struct buf *tar, const char *called, const char *text,
    struct buf *out)
{
	struct buf name = {0}, hex = {0};
	uint8_t sum[SHA256_SIZE];

	hash_sha256(slice_str(called), sum);
	hex_encode(slice_of(sum, sizeof sum), &hex);
	buf_addf(&name, "blobs/sha256/%.*s", (int)hex.n,
	    (const char *)hex.p);
	buf_addc(&name, '\0');
	tar_make_add(tar, '0', (const char *)name.p, "", text);
	buf_addf(out, "{\"digest\":\"sha256:%.*s\"", (int)hex.n,
	    (const char *)hex.p);
	buf_free(&name);
	buf_free(&hex);
}

/* The same of a buffer, under its own digest. */
static inline void
image_make_text(struct buf *tar, struct buf *text, struct buf *out)
{
	buf_addc(text, '\0');
	image_make_blob(tar, (const char *)text->p, (const char *)text->p,
	    out);
	buf_cut(text, text->n - 1);
}

/* A manifest of n layers, all the one of that descriptor, and of a
 * configuration that names so many DiffIDs of zeros. */
static inline void
image_make_manifest(struct buf *tar, struct slice layer, size_t n, size_t ids,
    struct buf *out)
{
	struct buf text = {0}, config = {0};
	size_t i;

	buf_adds(&text, "{" IMAGE_MAKE_OURS ",\"rootfs\":{\"diff_ids\":[");
	for (i = 0; i < ids; i++)
		buf_addf(&text, "%s\"sha256:%064d\"", i > 0 ? "," : "", 0);
	buf_adds(&text, "]}}");
	image_make_text(tar, &text, &config);
	buf_cut(&text, 0);
	buf_adds(&text, "{\"config\":");
	buf_add(&text, slice_buf(&config));
	buf_adds(&text, "},\"layers\":[");
	for (i = 0; i < n; i++) {
		buf_adds(&text, i > 0 ? "," : "");
		buf_add(&text, layer);
		buf_addc(&text, '}');
	}
	buf_adds(&text, "]}");
	image_make_text(tar, &text, out);
	buf_free(&text);
	buf_free(&config);
}

/* index.json with one descriptor, of which the end is given. */
static inline void
image_make_index(struct buf *tar, struct slice descriptor, const char *end)
{
	struct buf text = {0};

	buf_adds(&text, "{\"manifests\":[");
	buf_add(&text, descriptor);
	buf_addf(&text, "%s]}", end);
	image_make_member(tar, "index.json", &text);
	buf_free(&text);
}

#endif

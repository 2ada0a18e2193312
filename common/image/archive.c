/* archive.c -- see archive.h. */
#include "image/archive.h"

#include "codec/hex.h"

static const char blobs[] = "blobs/";

int
digest_parse(struct slice text, struct digest *d, struct err *e)
{
	size_t colon = slice_find(text, ':');
	struct slice hex = slice_from(text, colon + 1);
	struct digest found = {.hash = HASH_SHA256};
	size_t i;

	if (slice_is(slice_head(text, colon), "sha512"))
		found.hash = HASH_SHA512;
	else if (!slice_is(slice_head(text, colon), "sha256"))
		return err_set(e, E_INPUT, "%.*s: no sha256: or sha512: "
		    "digest", (int)(text.n < 100 ? text.n : 100),
		    (const char *)text.p);
	found.n = hash_size(found.hash);
	/* one spelling alone, as it is part of a name */
	for (i = 0; i < hex.n; i++)
		if (hex.p[i] >= 'A' && hex.p[i] <= 'F')
			return err_set(e, E_INPUT, "a digest in capitals");
	if (hex_exact(hex, found.bytes, found.n, e) < 0)
		return err_in(e, "digest");
	*d = found;
	return 0;
}

bool
digest_eq(const struct digest *a, const struct digest *b)
{
	return a->hash == b->hash && a->n > 0 && slice_eq(slice_of(a->bytes,
	    a->n), slice_of(b->bytes, b->n));
}

void
digest_text(const struct digest *d, struct buf *out)
{
	buf_adds(out, hash_name(d->hash));
	buf_addc(out, ':');
	hex_encode(slice_of(d->bytes, d->n), out);
}

void
digest_blob(const struct digest *d, struct buf *out)
{
	buf_adds(out, blobs);
	buf_adds(out, hash_name(d->hash));
	buf_addc(out, '/');
	hex_encode(slice_of(d->bytes, d->n), out);
}

bool
digest_of_path(struct slice path, struct digest *d)
{
	struct slice hash, hex;
	struct buf text = {0};
	struct err e;
	bool good;

	if (!slice_starts(path, blobs))
		return false;
	path = slice_from(path, strlen(blobs));
	hash = slice_head(path, slice_find(path, '/'));
	hex = slice_from(path, hash.n + 1);
	buf_add(&text, hash);
	buf_addc(&text, ':');
	buf_add(&text, hex);
	good = digest_parse(slice_buf(&text), d, &e) == 0;
	buf_free(&text);
	return good;
}

enum archive_doc
archive_doc(struct json_val v)
{
	bool index = json_is(json_get(v, "manifests"), JSON_ARRAY),
	    manifest = json_is(json_get(v, "layers"), JSON_ARRAY) &&
	    json_is(json_get(v, "config"), JSON_OBJECT);

	/* both: who reads it decides, so nobody does */
	if (index && json_has(json_get(v, "layers")))
		return ARCHIVE_OTHER;
	if (index || manifest)
		return index ? ARCHIVE_INDEX : ARCHIVE_MANIFEST;
	v = json_first(v);
	if (json_is(json_get(v, "Layers"), JSON_ARRAY) &&
	    json_is(json_get(v, "Config"), JSON_STRING) &&
	    json_is(json_parent(v), JSON_ARRAY))
		return ARCHIVE_DOCKER;
	return ARCHIVE_OTHER;
}

int
descriptor_read(struct json_val v, struct descriptor *d, struct err *e)
{
	struct json_val notes = json_get(v, "annotations");
	struct buf text = {0};
	int ret;

	*d = (struct descriptor){.platform = json_get(v, "platform")};
	ret = json_text(json_get(v, "digest"), "digest", &text, e);
	if (ret == 0)
		ret = digest_parse(slice_buf(&text), &d->digest, e);
	buf_free(&text);
	d->names[0] = json_get(notes, "io.containerd.image.name");
	d->names[1] = json_get(notes, "org.opencontainers.image.ref.name");
	d->attestation = json_has(json_get(notes,
	    "vnd.docker.reference.type"));
	return ret;
}

bool
archive_our_platform(struct json_val v)
{
	struct json_val variant = json_get(v, "variant");

	return json_text_is(json_get(v, "os"), "linux") &&
	    json_text_is(json_get(v, "architecture"), "amd64") &&
	    (!json_has(variant) || json_text_is(variant, "") ||
	    json_text_is(variant, "v1"));
}

int
archive_diff_ids(struct json_val config, struct buf *out, struct err *e)
{
	struct json_val list = json_get(json_get(config, "rootfs"),
	    "diff_ids"), v;
	struct buf text = {0};
	struct digest d;
	int ret = 0;

	if (!json_is(list, JSON_ARRAY))
		return err_set(e, E_INPUT, "no image configuration: no list "
		    "rootfs.diff_ids");
	if (json_count(list) > ARCHIVE_LAYERS_MAX)
		return err_set(e, E_INPUT, "more than %d layers",
		    ARCHIVE_LAYERS_MAX);
	for (v = json_first(list); ret == 0 && json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		ret = json_text(v, "rootfs.diff_ids", &text, e);
		if (ret == 0)
			ret = digest_parse(slice_buf(&text), &d, e);
		if (ret == 0 && d.hash != HASH_SHA256)
			ret = err_set(e, E_INPUT, "a DiffID that is no "
			    "SHA-256");
		if (ret == 0)
			buf_add(out, slice_of(d.bytes, d.n));
	}
	buf_free(&text);
	return ret;
}

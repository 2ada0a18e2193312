/* imagefile.c -- see imagefile.h. */
#include "host/imagefile.h"

#include <stdlib.h>

/* A document of the archive. */
struct doc {
	struct buf text;
	struct json *json;
	struct json_val root;
};

static void
doc_free(struct doc *d)
{
	json_free(d->json);
	buf_free(&d->text);
}

static int
check(struct slice text, const struct digest *want, struct err *e)
{
	uint8_t sum[HASH_SIZE_MAX];
	struct buf name = {0};

	hash_of(want->hash, text, sum);
	if (slice_eq(slice_of(sum, want->n), slice_of(want->bytes, want->n)))
		return 0;
	digest_text(want, &name);
	(void)err_set(e, E_NO, "%.*s: the blob of this name has other bytes",
	    (int)name.n, (const char *)name.p);
	buf_free(&name);
	return -1;
}

/* Read a document by its path, or by its digest, which is checked. */
static int
doc_read(const struct imagefile *f, struct slice path,
    const struct digest *digest, struct doc *d, struct err *e)
{
	struct buf name = {0};
	int ret;

	*d = (struct doc){0};
	if (path.n > 0)
		buf_add(&name, path);
	else if (digest != NULL)
		digest_blob(digest, &name);
	ret = archivefile_read(f->file, slice_buf(&name), ARCHIVE_JSON_MAX,
	    &d->text, e);
	if (ret == 0 && digest != NULL)
		ret = check(slice_buf(&d->text), digest, e);
	if (ret == 0 && (ret = json_parse(slice_buf(&d->text), &d->json,
	    e)) < 0)
		(void)err_in(e, "%.*s", (int)name.n, (const char *)name.p);
	buf_free(&name);
	if (ret < 0)
		doc_free(d);
	else
		d->root = json_root(d->json);
	return ret;
}

static void
image_free(struct imagefile_image *i)
{
	size_t k;

	for (k = 0; k < i->n_names; k++)
		ref_free(&i->names[k]);
	for (k = 0; k < i->n_layers; k++)
		free(i->layers[k].path);
	free(i->names);
	free(i->digests);
	free(i->layers);
	buf_free(&i->config);
}

static void
add_name(struct imagefile_image *i, struct slice text)
{
	struct ref r, *more;
	struct err ignored;
	size_t k;

	/* a name that is none is nobody's */
	if (ref_parse(text, &r, &ignored) < 0)
		return;
	for (k = 0; k < i->n_names; k++)
		if (slice_eq(slice_buf(&i->names[k].name),
		    slice_buf(&r.name))) {
			ref_free(&r);
			return;
		}
	more = reallocarray(i->names, i->n_names + 1, sizeof *more);
	if (more == NULL)
		err_nomem();
	i->names = more;
	i->names[i->n_names++] = r;
}

static void
add_digest(struct imagefile_image *i, const struct digest *d)
{
	struct digest *more;
	size_t k;

	for (k = 0; k < i->n_digests; k++)
		if (digest_eq(&i->digests[k], d))
			return;
	more = reallocarray(i->digests, i->n_digests + 1, sizeof *more);
	if (more == NULL)
		err_nomem();
	i->digests = more;
	i->digests[i->n_digests++] = *d;
}

static void
add_layer(struct imagefile_image *i, struct slice path,
    const struct digest *blob)
{
	struct imagelayer *more;

	more = reallocarray(i->layers, i->n_layers + 1, sizeof *more);
	if (more == NULL)
		err_nomem();
	i->layers = more;
	more[i->n_layers++] = (struct imagelayer){.path = slice_dup(path),
	    .blob = *blob};
}

/* The configuration: whose image this is, and what its layers unpack to. */
static int
configure(struct imagefile_image *i, struct doc *d, struct err *e)
{
	struct buf ids = {0};
	int ret = 0;
	size_t k;

	buf_add(&i->config, slice_buf(&d->text));
	hash_sha256(slice_buf(&i->config), i->id);
	if (!archive_our_platform(d->root)) {
		i->foreign = true;
		return err_set(e, E_INPUT, "an image that is not for "
		    "linux/amd64, as the platform's are");
	}
	if (archive_diff_ids(d->root, &ids, e) < 0)
		ret = -1;
	else if (ids.n != i->n_layers * SHA256_SIZE)
		ret = err_set(e, E_INPUT, "%zu layers in the manifest and %zu "
		    "in the configuration", i->n_layers,
		    ids.n / SHA256_SIZE);
	for (k = 0; ret == 0 && k < i->n_layers; k++)
		memcpy(i->layers[k].diff_id, ids.p + k * SHA256_SIZE,
		    SHA256_SIZE);
	buf_free(&ids);
	return ret;
}

/* Put an image into the list, or what is new of it to its like there. */
static void
keep(struct imagefile *f, struct imagefile_image *i)
{
	struct imagefile_image *to;
	size_t k, j;

	for (k = 0; i->err.code == E_OK && k < f->n; k++) {
		to = &f->images[k];
		if (to->err.code != E_OK || memcmp(to->id, i->id,
		    SHA256_SIZE) != 0)
			continue;
		for (j = 0; j < i->n_names; j++)
			add_name(to, slice_buf(&i->names[j].name));
		for (j = 0; j < i->n_digests; j++)
			add_digest(to, &i->digests[j]);
		image_free(i);
		return;
	}
	to = reallocarray(f->images, f->n + 1, sizeof *to);
	if (to == NULL)
		err_nomem();
	f->images = to;
	f->images[f->n++] = *i;
}

static int
oci_layers(struct imagefile_image *i, struct json_val manifest,
    struct err *e)
{
	struct json_val list = json_get(manifest, "layers"), v;
	struct buf path = {0};
	struct descriptor d;
	int ret = 0;

	if (json_count(list) > ARCHIVE_LAYERS_MAX)
		return err_set(e, E_INPUT, "more than %d layers",
		    ARCHIVE_LAYERS_MAX);
	for (v = json_first(list); ret == 0 && json_has(v); v = json_next(v)) {
		ret = descriptor_read(v, &d, e);
		if (ret < 0)
			break;
		buf_cut(&path, 0);
		digest_blob(&d.digest, &path);
		add_layer(i, slice_buf(&path), &d.digest);
	}
	buf_free(&path);
	return ret;
}

static int
oci_image(const struct imagefile *f, struct imagefile_image *i,
    struct json_val manifest, struct err *e)
{
	struct descriptor d;
	struct doc config = {0};
	int ret;

	if (descriptor_read(json_get(manifest, "config"), &d, e) < 0 ||
	    oci_layers(i, manifest, e) < 0 ||
	    doc_read(f, slice_of(NULL, 0), &d.digest, &config, e) < 0)
		return -1;
	ret = configure(i, &config, e);
	doc_free(&config);
	return ret;
}

/* How a manifest was come to. */
struct way {
	const struct way *up;
	const struct descriptor *via;
	unsigned depth;
	size_t *left;		/* documents that may still be read */
};

static void
name_it(struct imagefile_image *i, const struct way *w)
{
	struct buf text = {0};
	struct err ignored;
	struct slice name;
	size_t k;

	for (; w != NULL && w->via != NULL; w = w->up) {
		add_digest(i, &w->via->digest);
		for (k = 0; k < 2; k++) {
			buf_cut(&text, 0);
			if (json_text(w->via->names[k], "name", &text,
			    &ignored) < 0)
				continue;
			name = slice_buf(&text);
			/* the second is often a tag alone, which names
			 * nothing */
			if (k == 0 || slice_find(name, ':') < name.n ||
			    slice_find(name, '/') < name.n)
				add_name(i, name);
		}
	}
	buf_free(&text);
}

static int oci_index(struct imagefile *, struct json_val, const struct way *,
    struct err *);

/* What a descriptor of an index leads to. */
static int
oci_entry(struct imagefile *f, const struct way *w, struct err *e)
{
	struct imagefile_image i = {0};
	struct doc d;
	int ret;

	if (w->via->attestation)
		return 0;
	if ((*w->left)-- == 0)
		return err_set(e, E_INPUT, "more than %d images",
		    ARCHIVE_IMAGES_MAX);
	ret = doc_read(f, slice_of(NULL, 0), &w->via->digest, &d, &i.err);
	if (ret == 0 && archive_doc(d.root) == ARCHIVE_INDEX) {
		ret = oci_index(f, d.root, w, e);
		doc_free(&d);
		return ret;
	}
	if (ret == 0 && archive_doc(d.root) != ARCHIVE_MANIFEST)
		ret = err_set(&i.err, E_INPUT, "neither an index nor an "
		    "image's manifest");
	else if (ret == 0)
		ret = oci_image(f, &i, d.root, &i.err);
	if (ret == 0)
		i.err.code = E_OK;
	if (json_has(w->via->platform) &&
	    !archive_our_platform(w->via->platform))
		i.foreign = true;
	if (i.foreign && i.err.code == E_OK)
		(void)err_set(&i.err, E_INPUT, "an image that is listed for "
		    "another platform than linux/amd64");
	doc_free(&d);
	name_it(&i, w);
	keep(f, &i);
	return 0;
}

static int
oci_index(struct imagefile *f, struct json_val index, const struct way *up,
    struct err *e)
{
	struct descriptor d;
	struct way w = {.up = up, .via = &d, .depth = up->depth + 1,
	    .left = up->left};
	struct json_val v;

	if (w.depth > ARCHIVE_DEPTH_MAX)
		return err_set(e, E_INPUT, "indexes in indexes, more than %d "
		    "deep", ARCHIVE_DEPTH_MAX);
	for (v = json_first(json_get(index, "manifests")); json_has(v);
	    v = json_next(v))
		if (descriptor_read(v, &d, e) < 0 || oci_entry(f, &w, e) < 0)
			return -1;
	return 0;
}

/* An image's path to its configuration: "blobs/sha256/HEX", "HEX.json", or
 * anything. */
static bool
config_digest(struct slice path, struct digest *d)
{
	struct buf text = {0};
	struct err ignored;
	bool good = digest_of_path(path, d);

	if (!good && path.n == 2 * SHA256_SIZE + strlen(".json")) {
		buf_adds(&text, "sha256:");
		buf_add(&text, slice_head(path, 2 * SHA256_SIZE));
		good = digest_parse(slice_buf(&text), d, &ignored) == 0;
		buf_free(&text);
	}
	return good;
}

static int
docker_layers(struct imagefile_image *i, struct json_val list, struct err *e)
{
	struct buf path = {0};
	struct digest d;
	struct json_val v;
	int ret = 0;

	if (json_count(list) > ARCHIVE_LAYERS_MAX)
		return err_set(e, E_INPUT, "more than %d layers",
		    ARCHIVE_LAYERS_MAX);
	for (v = json_first(list); ret == 0 && json_has(v); v = json_next(v)) {
		buf_cut(&path, 0);
		ret = json_text(v, "Layers", &path, e);
		d = (struct digest){0};
		if (ret == 0) {
			(void)digest_of_path(slice_buf(&path), &d);
			add_layer(i, slice_buf(&path), &d);
		}
	}
	buf_free(&path);
	return ret;
}

static int
docker_image(const struct imagefile *f, struct imagefile_image *i,
    struct json_val v, struct err *e)
{
	struct buf path = {0};
	struct digest d;
	struct doc config = {0};
	int ret;

	ret = json_text(json_get(v, "Config"), "Config", &path, e);
	if (ret == 0 && path.n == 0)
		ret = err_set(e, E_INPUT, "an image without a "
		    "configuration");
	if (ret == 0)
		ret = docker_layers(i, json_get(v, "Layers"), e);
	if (ret == 0)
		ret = doc_read(f, slice_buf(&path), config_digest(slice_buf(
		    &path), &d) ? &d : NULL, &config, e);
	buf_free(&path);
	if (ret < 0)
		return -1;
	ret = configure(i, &config, e);
	doc_free(&config);
	return ret;
}

static void
docker_entry(struct imagefile *f, struct json_val v)
{
	struct imagefile_image i = {0};
	struct buf text = {0};
	struct json_val tag;
	struct err ignored;

	if (docker_image(f, &i, v, &i.err) == 0)
		i.err.code = E_OK;
	for (tag = json_first(json_get(v, "RepoTags")); json_has(tag);
	    tag = json_next(tag)) {
		buf_cut(&text, 0);
		if (json_text(tag, "RepoTags", &text, &ignored) == 0)
			add_name(&i, slice_buf(&text));
	}
	buf_free(&text);
	keep(f, &i);
}

/* One of the two documents an archive may begin with: 1 if it is there and is
 * what it should be. */
static int
entrance(struct imagefile *f, const char *name, enum archive_doc want,
    struct err *e)
{
	size_t left = ARCHIVE_IMAGES_MAX;
	const struct way top = {.left = &left};
	struct json_val v;
	struct member m;
	struct doc d;
	int ret = archivefile_find(f->file, slice_str(name), &m, e);

	if (ret <= 0)
		return ret;
	member_close(&m);
	if (doc_read(f, slice_str(name), NULL, &d, e) < 0)
		return e->code == E_INPUT ? 0 : -1;
	ret = archive_doc(d.root) == want;
	if (ret == 0)
		(void)err_set(e, E_INPUT, "%s is not what image archives have "
		    "there", name);
	else if (want == ARCHIVE_INDEX)
		ret = oci_index(f, d.root, &top, e) < 0 ? -1 : 1;
	else if (json_count(d.root) > ARCHIVE_IMAGES_MAX)
		ret = err_set(e, E_INPUT, "more than %d images",
		    ARCHIVE_IMAGES_MAX);
	else
		for (v = json_first(d.root); json_has(v); v = json_next(v))
			docker_entry(f, v);
	doc_free(&d);
	return ret;
}

int
imagefile_open(const char *path, struct imagefile *f, struct err *e)
{
	int ret, index, docker = 0;

	*f = (struct imagefile){0};
	ret = archivefile_open(path, &f->file, e);
	if (ret <= 0)
		return ret;
	index = entrance(f, "index.json", ARCHIVE_INDEX, e);
	if (index >= 0)
		docker = entrance(f, "manifest.json", ARCHIVE_DOCKER, e);
	if (index > 0 && docker >= 0)
		return 1;
	if (index >= 0 && docker > 0)
		return 1;
	imagefile_close(f);
	return index < 0 || docker < 0 ? err_in(e, "%s", path) : 0;
}

void
imagefile_close(struct imagefile *f)
{
	size_t i;

	for (i = 0; i < f->n; i++)
		image_free(&f->images[i]);
	free(f->images);
	archivefile_close(f->file);
	*f = (struct imagefile){0};
}

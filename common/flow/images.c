/* images.c -- archives and what they are asked for by; see images.h.
 * imagesread.c reads the layers. */
#include "flow/images.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "flow/images_in.h"
#include "ground/io.h"
#include "ground/text.h"

static struct imagefile *
add_file(struct images *im)
{
	im->files = reallocarray(im->files, im->n_files + 1,
	    sizeof *im->files);
	if (im->files == NULL)
		err_nomem();
	return &im->files[im->n_files++];
}

/* An archive that must be one; its number. */
static int
open_archive(struct images *im, const char *path, size_t *which,
    struct err *e)
{
	struct imagefile f;
	size_t i;
	int ret;

	for (i = 0; i < im->n_files; i++)
		if (strcmp(archivefile_path(im->files[i].file), path) == 0) {
			*which = i;
			return 0;
		}
	if (im->n_files == IMAGES_ARCHIVES_MAX)
		return err_set(e, E_INPUT, "more than %d image archives",
		    IMAGES_ARCHIVES_MAX);
	/* what archives are called by is kept here */
	im->paths = reallocarray(im->paths, im->n_paths + 1,
	    sizeof *im->paths);
	if (im->paths == NULL ||
	    (im->paths[im->n_paths] = strdup(path)) == NULL)
		err_nomem();
	ret = imagefile_open(im->paths[im->n_paths++], &f, e);
	if (ret < 0)
		return -1;
	if (ret == 0) {
		(void)err_in(e, "%s: no archive of images", path);
		return err_hint(e, "docker save, podman save and skopeo copy "
		    "oci-archive: make them; a compressed one is to be "
		    "unpacked");
	}
	*which = im->n_files;
	*add_file(im) = f;
	return 0;
}

static int
is_tar(const struct dirent *d)
{
	size_t n = strlen(d->d_name);

	return n > 4 && d->d_name[0] != '.' &&
	    strcmp(d->d_name + n - 4, ".tar") == 0;
}

/* A folder that is no layout itself: the tars in it. */
static int
open_folder(struct images *im, const char *path, struct err *e)
{
	struct dirent **list;
	struct buf name = {0};
	int n = scandir(path, &list, is_tar, alphasort), i, ret = 0;
	size_t which;

	if (n < 0)
		return err_sys(e, "%s", path);
	if (n == 0)
		ret = err_set(e, E_INPUT, "%s: a folder with neither an OCI "
		    "layout nor a file *.tar in it", path);
	for (i = 0; i < n; i++) {
		buf_cut(&name, 0);
		buf_addf(&name, "%s/%s", path, list[i]->d_name);
		buf_addc(&name, '\0');
		if (ret == 0)
			ret = open_archive(im, (char *)name.p, &which, e);
		free(list[i]);
	}
	free(list);
	buf_free(&name);
	return ret;
}

/* One path of a map's entry. */
static int
map_path(struct images *im, const char *map, struct json_val v,
    struct alias *a, struct err *e)
{
	const char *slash = strrchr(map, '/');
	struct buf path = {0}, text = {0};
	size_t which;
	int ret;

	ret = json_text(v, "a path", &text, e);
	if (ret == 0 && (text.n == 0 || slice_find(slice_buf(&text), '\0') <
	    text.n))
		ret = err_set(e, E_INPUT, "a path that is none");
	if (ret == 0 && text.p[0] != '/' && slash != NULL)
		buf_add(&path, slice_of(map, (size_t)(slash - map) + 1));
	buf_add(&path, slice_buf(&text));
	buf_addc(&path, '\0');
	if (ret == 0)
		ret = open_archive(im, (char *)path.p, &which, e);
	if (ret == 0)
		buf_add(&a->files, slice_of(&which, sizeof which));
	buf_free(&path);
	buf_free(&text);
	return ret;
}

static int
map_entry(struct images *im, const char *map, struct json_val v,
    struct err *e)
{
	struct buf key = {0};
	struct json_val path;
	struct alias *a;
	int ret;

	im->aliases = reallocarray(im->aliases, im->n_aliases + 1,
	    sizeof *im->aliases);
	if (im->aliases == NULL)
		err_nomem();
	a = &im->aliases[im->n_aliases];
	*a = (struct alias){0};
	ret = json_text(json_name(v), "a name", &key, e);
	if (ret == 0 && ref_parse(slice_buf(&key), &a->ref, e) < 0)
		ret = err_in(e, "%.*s", (int)(key.n < REF_MAX ? key.n : 0),
		    (const char *)key.p);
	buf_free(&key);
	if (ret < 0)
		return -1;
	im->n_aliases++;
	if (!json_is(v, JSON_ARRAY))
		return map_path(im, map, v, a, e);
	if (json_count(v) == 0)
		return err_set(e, E_INPUT, "an image without a path");
	for (path = json_first(v); ret == 0 && json_has(path);
	    path = json_next(path))
		ret = map_path(im, map, path, a, e);
	return ret;
}

static int
open_map(struct images *im, const char *path, struct err *e)
{
	struct buf text = {0};
	struct json *doc = NULL;
	struct json_val v;
	int ret;

	ret = io_read(path, IMAGES_MAP_MAX, &text, e);
	if (ret < 0)
		return -1;
	ret = text_no_bom(slice_buf(&text), "map", e);
	if (ret == 0)
		ret = json_parse(slice_buf(&text), &doc, e);
	if (ret == 0 && (!json_is(json_root(doc), JSON_OBJECT) ||
	    json_count(json_root(doc)) == 0))
		ret = err_set(e, E_INPUT, "no map {\"REFERENCE\": \"PATH\"}");
	if (ret == 0)
		for (v = json_first(json_root(doc)); ret == 0 && json_has(v);
		    v = json_next(v))
			ret = map_entry(im, path, v, e);
	json_free(doc);
	buf_free(&text);
	return ret < 0 ? err_in(e, "%s", path) : 0;
}

/* Does a file begin as a JSON object? */
static bool
looks_like_map(const char *path)
{
	struct filefeed f;
	struct slice head;
	struct err ignored;
	struct feed from;
	bool is = false;

	if (filefeed_open(path, &f, &ignored) < 0)
		return false;
	from = filefeed(&f);
	if (from.more(from.ctx, &head, &ignored) == 0) {
		/* text_no_bom() has a sentence for it */
		if (slice_starts(head, "\xef\xbb\xbf"))
			head = slice_from(head, 3);
		head = slice_trim(head);
		is = slice_starts(head, "{");
	}
	filefeed_close(&f);
	return is;
}

static bool
holds(const char *folder, const char *name)
{
	struct buf path = {0};
	struct stat st;
	bool there;

	buf_addf(&path, "%s/%s", folder, name);
	buf_addc(&path, '\0');
	there = stat((char *)path.p, &st) == 0;
	buf_free(&path);
	return there;
}

static int
open_path(struct images *im, const char *path, struct err *e)
{
	struct stat st;
	size_t which;

	if (stat(path, &st) < 0)
		return err_sys(e, "%s", path);
	if (S_ISREG(st.st_mode) && looks_like_map(path))
		return open_map(im, path, e);
	if (!S_ISDIR(st.st_mode) || holds(path, "index.json") ||
	    holds(path, "manifest.json"))
		return open_archive(im, path, &which, e);
	return open_folder(im, path, e);
}

/* Every image of every archive, in one list. */
static void
number_images(struct images *im)
{
	size_t i, k;

	for (i = 0; i < im->n_files; i++)
		im->n += im->files[i].n;
	im->images = calloc(im->n > 0 ? im->n : 1, sizeof *im->images);
	if (im->images == NULL)
		err_nomem();
	for (im->n = i = 0; i < im->n_files; i++)
		for (k = 0; k < im->files[i].n; k++)
			im->images[im->n++] = (struct numbered){
			    .image = &im->files[i].images[k], .file = i};
}

int
images_open(const char *const *paths, size_t n,
    const struct images_rules *rules, struct images **out, struct err *e)
{
	struct images *im = calloc(1, sizeof *im);
	int ret = 0;
	size_t i;

	if (im == NULL)
		err_nomem();
	im->rules = *rules;
	for (i = 0; ret == 0 && i < n; i++)
		ret = open_path(im, paths[i], e);
	if (ret < 0) {
		images_close(im);
		return -1;
	}
	number_images(im);
	*out = im;
	return 0;
}

void
images_close(struct images *im)
{
	size_t i;

	if (im == NULL)
		return;
	for (i = 0; i < im->n; i++) {
		ref_free(&im->images[i].claimed);
		free(im->images[i].roots);
		free(im->images[i].diff_ids);
	}
	for (i = 0; i < im->n_aliases; i++) {
		ref_free(&im->aliases[i].ref);
		buf_free(&im->aliases[i].files);
	}
	for (i = 0; i < im->n_files; i++)
		imagefile_close(&im->files[i]);
	for (i = 0; i < im->n_paths; i++)
		free(im->paths[i]);
	free(im->images);
	free(im->aliases);
	free(im->files);
	free(im->paths);
	buf_free(&im->known);
	free(im);
}

int
images_is(const char *path, struct err *e)
{
	struct imagefile f;
	int ret = imagefile_open(path, &f, e);

	if (ret > 0)
		imagefile_close(&f);
	return ret;
}

struct image_said
images_said(const struct images *im, size_t which)
{
	const struct numbered *n = &im->images[which];

	return (struct image_said){.config = slice_buf(&n->image->config),
	    .layers = n->image->n_layers,
	    .roots = (const uint8_t (*)[SHA256_SIZE])n->roots,
	    .diff_ids = (const uint8_t (*)[SHA256_SIZE])n->diff_ids};
}

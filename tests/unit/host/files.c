/* What lies in files and folders and is refused: archives of images, caches
 * and folders of certificates, policies, and parts of files. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ground/io.h"
#include "host/certcache.h"
#include "host/certfiles.h"
#include "host/imagefile.h"
#include "host/policyfile.h"
#include "unit/image_make.h"
#include "unit/tap.h"

static char dir[] = "/tmp/files.XXXXXX";
static char path[64];	/* of the archive */
static struct buf tar;
static struct err e;

/* --- archives of images -------------------------------------------------- */

/* Write the archive and open it; its first image is to be refused so. */
static void
archive(const char *name, int want, const char *text)
{
	struct imagefile f;
	const char *said = e.text;
	int ret;

	tar_make_end(&tar);
	CHECK(io_write(path, 0, slice_buf(&tar), &e) == 0, "written");
	buf_free(&tar);
	ret = imagefile_open(path, &f, &e);
	if (want > 0 && ret > 0 && f.n > 0)
		said = f.images[0].err.text;
	if (ret < 0 && strncmp(said, path, strlen(path)) == 0)
		said += strlen(path) + 2;
	CHECK(ret == want && strcmp(said, text) == 0 && (ret > 0 ?
	    f.images[0].err.code : e.code) == E_INPUT, "%s: %d: %s", name,
	    ret, said);
	if (ret > 0)
		imagefile_close(&f);
}

static void
test_layouts(void)
{
	struct buf d = {0}, layer = {0};

	image_make_blob(&tar, "{}", "{}", &d);
	image_make_index(&tar, slice_buf(&d), "}");
	archive("what is no manifest", 1, "neither an index nor an image's "
	    "manifest");
	buf_cut(&d, 0);
	image_make_manifest(&tar, slice_str(""), 0, 0, &d);
	image_make_index(&tar, slice_buf(&d), ",\"platform\":{"
	    "\"architecture\":\"arm64\",\"os\":\"linux\"}}");
	archive("an image that is listed as another's", 1, "an image that is "
	    "listed for another platform than linux/amd64");
	buf_cut(&d, 0);
	image_make_blob(&tar, "layer", "layer", &layer);
	image_make_manifest(&tar, slice_buf(&layer), ARCHIVE_LAYERS_MAX + 1,
	    0, &d);
	image_make_index(&tar, slice_buf(&d), "}");
	archive("layers of a manifest", 1, "more than 1024 layers");
	tar_make_add(&tar, '0', "index.json", "", "[]");
	archive("an index that is none", 0, "index.json is not what image "
	    "archives have there");
	buf_free(&d);
	buf_free(&layer);
}

/* Indexes in each other, and many images in one. */
static void
test_indexes(int n, int want, const char *said)
{
	struct buf d = {0}, text = {0};
	int i;

	image_make_blob(&tar, "{}", "{}", &d);
	for (i = 0; i < n; i++) {
		buf_cut(&text, 0);
		buf_adds(&text, "{\"manifests\":[");
		buf_add(&text, slice_buf(&d));
		buf_adds(&text, "}]}");
		buf_cut(&d, 0);
		image_make_text(&tar, &text, &d);
	}
	image_make_index(&tar, slice_buf(&d), "}");
	archive("indexes in indexes", want, said);
	buf_free(&d);
	buf_free(&text);
}

static void
test_many_images(const char *name, const char *head, const char *item,
    const char *said)
{
	struct buf text = {0};
	int i;

	buf_adds(&text, head);
	for (i = 0; i <= ARCHIVE_IMAGES_MAX; i++) {
		buf_adds(&text, i > 0 ? "," : "");
		buf_adds(&text, item);
	}
	buf_adds(&text, strchr(head, '{') != NULL ? "]}" : "]");
	image_make_member(&tar, name, &text);
	buf_free(&text);
	archive("many images", -1, said);
}

static void
test_docker(void)
{
	struct buf text = {0};
	int i;

	tar_make_add(&tar, '0', "manifest.json", "", "[{\"Config\":\"\","
	    "\"Layers\":[]}]");
	archive("docker's without a configuration", 1, "an image without a "
	    "configuration");
	buf_adds(&text, "[{\"Config\":\"c.json\",\"Layers\":[\"l\"");
	for (i = 0; i < ARCHIVE_LAYERS_MAX; i++)
		buf_adds(&text, ",\"l\"");
	buf_adds(&text, "]}]");
	image_make_member(&tar, "manifest.json", &text);
	archive("layers of docker's", 1, "more than 1024 layers");
	buf_free(&text);
}

static void
test_sparse(void)
{
	uint8_t h[TAR_MAKE_BLOCK];

	tar_make_add(&tar, 'x', "PaxHeaders/i", "", "22 GNU.sparse.major=1\n"
	    "22 GNU.sparse.minor=0\n25 GNU.sparse.realsize=5\n");
	/* its map is a whole block */
	tar_make_head(h, '0', "index.json", "", TAR_MAKE_BLOCK);
	tar_make_put(&tar, h);
	tar_make_data(&tar, slice_str("1\n5\n0\n"));
	archive("a sparse file", -1, "index.json: a sparse file in an image "
	    "archive");
}

/* Members as they are asked for, of a folder. */
static void
test_members(void)
{
	struct archivefile *a = NULL;
	struct buf name = {0}, text = {0};
	struct member m;

	(void)snprintf(path, sizeof path, "%s/index.json", dir);
	if (!CHECK(io_write(path, 0, slice_str("{}"), &e) == 0 &&
	    archivefile_open(dir, &a, &e) == 1, "a folder: %s", e.text))
		return;
	CHECK(archivefile_read(a, slice_str("index.json"), 2, &text,
	    &e) == 0 && slice_is(slice_buf(&text), "{}"), "a member");
	CHECK(archivefile_read(a, slice_str("index.json"), 1, &text, &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "index.json: larger than 1 "
	    "bytes") == 0, "one that is too large: %s", e.text);
	memset(buf_more(&name, 300), 'n', 300);
	CHECK(archivefile_find(a, slice_buf(&name), &m, &e) < 0 &&
	    e.code == E_SYSTEM && strncmp(e.text, dir, strlen(dir)) == 0 &&
	    strstr(e.text, "nnn: file name too long") != NULL,
	    "one that cannot be looked for: %s", e.text);
	archivefile_close(a);
	(void)unlink(path);
	buf_free(&name);
	buf_free(&text);
}

/* --- others -------------------------------------------------------------- */

static void
test_feed(void)
{
	struct filefeed f;
	struct slice piece;
	struct feed from;
	int fd;

	(void)snprintf(path, sizeof path, "%s/part", dir);
	CHECK(filefeed_open(path, &f, &e) < 0 && e.code == E_SYSTEM &&
	    strncmp(e.text, path, strlen(path)) == 0 &&
	    strcmp(e.text + strlen(path), ": no such file or directory") == 0,
	    "no file: %s", e.text);
	CHECK(io_write(path, 0, slice_str("123"), &e) == 0, "written");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	filefeed_part(fd, 1, 3, "part", &f);
	from = filefeed(&f);
	CHECK(from.more(from.ctx, &piece, &e) == 0 && slice_is(piece, "23"),
	    "what is there of a part");
	CHECK(from.more(from.ctx, &piece, &e) < 0 && e.code == E_SYSTEM &&
	    strcmp(e.text, "part: became shorter while it was read") == 0,
	    "and what is not: %s", e.text);
	filefeed_close(&f);
	(void)close(fd);
	(void)unlink(path);
}

static void
test_cache(void)
{
	struct certcache c;

	(void)snprintf(path, sizeof path, "%s/cache", dir);
	CHECK(symlink("gone", path) == 0 &&
	    setenv("XDG_CACHE_HOME", path, 1) == 0, "a link to nothing");
	CHECK(certcache_open(PRODUCT_MILAN, &c, &e) < 0 &&
	    e.code == E_SYSTEM && strncmp(e.text, path, strlen(path)) == 0 &&
	    strcmp(e.text + strlen(path), ": no such file or directory") == 0,
	    "is no cache: %s", e.text);
	certcache_close(&c);
	(void)unlink(path);
}

/* A folder without descriptors to read it. */
static void
test_folder(void)
{
	struct rlimit was, none;
	struct pile p = {0};
	int ret;

	CHECK(getrlimit(RLIMIT_NOFILE, &was) == 0, "descriptors");
	none = was;
	none.rlim_cur = 0;
	(void)setrlimit(RLIMIT_NOFILE, &none);
	ret = certfiles_add(dir, &p, &e);
	(void)setrlimit(RLIMIT_NOFILE, &was);
	CHECK(ret < 0 && e.code == E_SYSTEM &&
	    strncmp(e.text, dir, strlen(dir)) == 0 &&
	    strcmp(e.text + strlen(dir), ": too many open files") == 0,
	    "no descriptors: %s", e.text);
	pile_free(&p);
}

static void
test_policy(void)
{
	struct policies found = {0};
	struct buf file = {0};
	struct slice text;

	(void)snprintf(path, sizeof path, "%s/policies", dir);
	CHECK(io_write(path, 0, slice_str("[{\"ccePolicy\":\"cGFja2FnZSBh\"},"
	    "{\"ccePolicy\":\"cGFja2FnZSBi\"}]"), &e) == 0, "written");
	CHECK(policyfile_one(path, NULL, &file, &found, &text, &e) < 0 &&
	    e.code == E_INPUT && strncmp(e.text, path, strlen(path)) == 0 &&
	    strcmp(e.text + strlen(path), ": 2 policies where one belongs") ==
	    0, "two policies: %s", e.text);
	policies_free(&found);
	buf_free(&file);
	(void)unlink(path);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(path, sizeof path, "%s/archive.tar", dir);
	test_layouts();
	test_indexes(3, 1, "neither an index nor an image's manifest");
	test_indexes(4, -1, "indexes in indexes, more than 4 deep");
	test_many_images("index.json", "{\"manifests\":[",
	    "{\"digest\":\"sha256:00000000000000000000000000000000"
	    "00000000000000000000000000000000\"}", "more than 4096 images");
	test_docker();
	test_many_images("manifest.json", "[",
	    "{\"Config\":\"\",\"Layers\":[]}", "more than 4096 images");
	test_sparse();
	(void)unlink(path);
	test_members();
	test_feed();
	test_cache();
	test_folder();
	test_policy();
	CHECK(rmdir(dir) == 0, "nothing is left");
	return tap_done();
}

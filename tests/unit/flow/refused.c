/* What inputs are refused for on their way: archives and maps of images, lines,
 * sources that are read again. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flow/images.h"
#include "flow/lines.h"
#include "flow/source.h"
#include "flow/twice.h"
#include "unit/image_make.h"
#include "unit/tap.h"

static char dir[] = "/tmp/flow.XXXXXX";
static char path[64];	/* of a file in it */
static struct err e;

/* The failure is of that class and says want behind the path's name. */
static void
failed(const char *name, const char *of, int ret, enum status code,
    const char *want)
{
	size_t n = strlen(of);

	CHECK(ret < 0 && e.code == code && strncmp(e.text, of, n) == 0 &&
	    strcmp(e.text + n, want) == 0, "%s: %s", name,
	    ret < 0 ? e.text : "taken");
}

static void
write_text(const char *text)
{
	CHECK(io_write(path, 0, slice_str(text), &e) == 0, "written");
}

/* --- images -------------------------------------------------------------- */

static void
test_maps(void)
{
	static const char *const rows[][2] = {
		{"{}", ": no map {\"REFERENCE\": \"PATH\"}"},
		{"{\"a\":\"\"}", ": a path that is none"},
		{"{\"a\":\"x\\u0000\"}", ": a path that is none"},
		{"{\"a\":[]}", ": an image without a path"},
		{"{\"a\":[\"\"]}", ": a path that is none"},
	};
	static const struct images_rules rules = {.threads = 1};
	const char *const paths[] = {path};
	struct images *im;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		write_text(rows[i][0]);
		failed(rows[i][0], path, images_open(paths, 1, &rules, &im,
		    &e), E_INPUT, rows[i][1]);
	}
	(void)unlink(path);
}

/* A folder of archives that cannot be read for want of descriptors. */
static void
test_folder(void)
{
	static const struct images_rules rules = {.threads = 1};
	const char *const paths[] = {dir};
	struct rlimit was, none;
	struct images *im;
	int ret;

	CHECK(getrlimit(RLIMIT_NOFILE, &was) == 0, "descriptors");
	none = was;
	none.rlim_cur = 0;
	(void)setrlimit(RLIMIT_NOFILE, &none);
	ret = images_open(paths, 1, &rules, &im, &e);
	(void)setrlimit(RLIMIT_NOFILE, &was);
	failed("no descriptors", dir, ret, E_SYSTEM, ": too many open files");
}

/* A layer that is no tar: whose digest says so, and whose does not. */
static void
check_layer(const char *called, enum status code, const char *want)
{
	static const struct images_rules rules = {.threads = 1};
	const char *const paths[] = {path};
	struct buf tar = {0}, layer = {0}, d = {0};
	struct images *im = NULL;
	size_t which = 0, n;
	int ret;

	image_make_blob(&tar, called, "no tar", &layer);
	image_make_manifest(&tar, slice_buf(&layer), 1, 1, &d);
	image_make_index(&tar, slice_buf(&d), "}");
	tar_make_end(&tar);
	CHECK(io_write(path, 0, slice_buf(&tar), &e) == 0 &&
	    images_open(paths, 1, &rules, &im, &e) == 0 &&
	    images_find(im, NULL, &which, &e) == 0, "an image: %s", e.text);
	ret = images_read(im, &which, 1, &e);
	n = strlen(e.text) < strlen(want) ? 0 : strlen(e.text) -
	    strlen(want);
	CHECK(ret < 0 && e.code == code && strcmp(e.text + n, want) == 0 &&
	    strstr(e.text, ": layer 1 (blobs/sha256/") != NULL, "%s: %s",
	    want, e.text);
	images_close(im);
	buf_free(&tar);
	buf_free(&layer);
	buf_free(&d);
	(void)unlink(path);
}

/* --- sources ------------------------------------------------------------- */

static void
test_reading(void)
{
	struct source s = {.name = "pipe"};
	struct buf piece = {0};
	struct lines l;
	int ends[2];

	CHECK(lines_open(dir, 100, &l, &e) == 0, "a folder is opened");
	failed("and not read", dir, lines_next(&l, &piece, &e), E_SYSTEM,
	    ": is a directory");
	lines_close(&l);
	buf_free(&piece);
	failed("no file", path, source_open(path, &s, &e), E_SYSTEM,
	    ": no such file or directory");
	if (pipe(ends) < 0)
		return;
	s = (struct source){.name = "pipe", .fd = ends[0]};
	failed("a pipe has no beginning", "pipe", source_again(&s, &e),
	    E_SYSTEM, ": illegal seek");
	source_close(&s);
	(void)close(ends[1]);
}

struct change {
	const char *to;		/* what the file is between both passes */
	int ended;
};

static int
copy(void *ctx, struct slice in, struct buf *out, struct err *error)
{
	(void)ctx;
	(void)error;
	buf_add(out, in);
	return 0;
}

static int
change(void *ctx, struct buf *out, struct err *error)
{
	struct change *c = ctx;
	int fd, ret = 0;

	(void)out;
	if (c->ended++ > 0)
		return 0;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || pwrite(fd, c->to, strlen(c->to), 0) < 0)
		ret = err_sys(error, "changing it");
	(void)close(fd);
	return ret;
}

static void
test_twice(const char *to, bool good)
{
	struct change c = {to, 0};
	const struct twice t = {&c, copy, change, 0};
	struct buf got = {0};
	struct source s;
	char out[80];
	int ret;

	(void)snprintf(out, sizeof out, "%s.out", path);
	write_text("as it is");
	CHECK(source_open(path, &s, &e) == 0, "opened");
	ret = twice_run(&t, &s, out, 0, &e);
	source_close(&s);
	if (good)
		CHECK(ret == 0 && io_read(out, 100, &got, &e) == 0 &&
		    slice_is(slice_buf(&got), to), "read twice");
	else
		failed("changed between", path, ret, E_SYSTEM,
		    ": changed while it was read");
	CHECK((access(out, F_OK) == 0) == good, "a result if it was not");
	buf_free(&got);
	(void)unlink(out);
	(void)unlink(path);
}

int
main(void)
{
	if (mkdtemp(dir) == NULL)
		return 1;
	(void)snprintf(path, sizeof path, "%s/file", dir);
	test_maps();
	test_folder();
	check_layer("another", E_NO, ": the blob has another digest");
	check_layer("no tar", E_INPUT, ": entry 1: the "
	    "archive is cut short");
	test_reading();
	test_twice("as it is", true);
	test_twice("as it was", false);
	CHECK(rmdir(dir) == 0, "nothing is left");
	return tap_done();
}

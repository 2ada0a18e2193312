/* layer-root.c -- the root hash of image layers, as policies list it. */
#include <stdlib.h>

#include "codec/hex.h"
#include "flow/images.h"
#include "flow/layers.h"
#include "flow/work.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "ground/sumline.h"
#include "host/filefeed.h"
#include "host/guard.h"

static const char *image, *output;
static bool diff_id;
static struct opt_list checks;
static struct opt_num max_size = {.min = 1, .max = (uint64_t)1 << 50},
    threads = {.min = 1, .max = WORK_THREADS_MAX};

static const struct opt opts[] = {
	{'c', "check", OPT_LIST, &checks, "ROOT",
	    "compare with the root; once for each layer, in order"},
	{0, "diff-id", OPT_FLAG, &diff_id, NULL,
	    "the SHA-256 of the plain tar too"},
	{0, "image", OPT_TEXT, &image, "REF",
	    "which image of an archive of several"},
	{0, "max-size", OPT_NUM, &max_size, "BYTES",
	    "how large a layer may be, unpacked (default 128 GiB)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE instead of standard output"},
	{0, "threads", OPT_NUM, &threads, "N",
	    "how many threads work (default one for each core)"},
	{0},
};

static const struct tool tool = {
	.name = "layer-root",
	.summary = "print the root hash of image layers, as policies list it",
	.usage = "[-c ROOT]... [--diff-id] [--image REF] [-o FILE] "
	    "[FILE ...]",
	.operand = "FILE", .min = 0, .max = -1, .opts = opts,
	.common = "check image output",
	.example = "layer-root --image app:1 app.tar",
};

/* What all operands share. */
struct run {
	bool several;		/* lines name their file */
	struct buf lines;
	struct buf roots;	/* of all layers so far, 32 bytes each */
	int status;		/* the highest so far */
};

/* A layer's line.  name: which of an archive's it is, or empty. */
static void
add_line(struct run *r, const char *path, struct slice name,
    const uint8_t *root, const uint8_t *id)
{
	struct buf text = {0};

	buf_add(&r->roots, slice_of(root, SHA256_SIZE));
	hex_encode(slice_of(root, SHA256_SIZE), &text);
	if (diff_id) {
		buf_adds(&text, "  ");
		hex_encode(slice_of(id, SHA256_SIZE), &text);
	}
	if (r->several || diff_id) {
		sumline(slice_buf(&text), path != NULL ? path : "-", name,
		    &r->lines);
	} else {
		buf_add(&r->lines, slice_buf(&text));
		buf_addc(&r->lines, '\n');
	}
	buf_free(&text);
}

static int
add_image(struct run *r, const char *path, struct err *e)
{
	const struct images_rules rules = {(unsigned)threads.value,
	    max_size.value};
	struct buf number = {0};
	struct image_said said;
	struct images *im;
	size_t which, i;
	int ret;

	if (images_open(&path, 1, &rules, &im, e) < 0)
		return -1;
	ret = images_find(im, image, &which, e);
	if (ret < 0)
		(void)err_in(e, "%s", path);
	if (ret == 0)
		ret = images_read(im, &which, 1, e);
	if (ret == 0) {
		said = images_said(im, which);
		for (i = 0; i < said.layers; i++) {
			buf_cut(&number, 0);
			buf_addf(&number, "%zu", i + 1);
			add_line(r, path, slice_buf(&number), said.roots[i],
			    said.diff_ids[i]);
		}
	}
	buf_free(&number);
	images_close(im);
	return ret;
}

static int
add_layer(struct run *r, const char *path, const struct err *why,
    struct err *e)
{
	const struct layers_rules rules = {.threads = (unsigned)threads.value,
	    .max_size = max_size.value, .diff_id = diff_id};
	struct layers_said said;
	struct filefeed f;
	int ret;

	if (filefeed_open(path, &f, e) < 0)
		return -1;
	ret = layers_root(filefeed(&f), &rules, &said, e);
	if (ret < 0 && e->code != E_SYSTEM)
		(void)err_in(e, "%s", io_name(path));
	if (ret == 0 && said.archive) {
		(void)err_set(e, E_INPUT, "%s: an image archive that cannot "
		    "be read as one: %s", io_name(path), why->text);
		ret = err_hint(e, "give it as a file, not compressed");
	}
	filefeed_close(&f);
	if (ret == 0)
		add_line(r, path, slice_of(NULL, 0), said.root, said.diff_id);
	return ret;
}

static int
add(struct run *r, const char *path, struct err *e)
{
	struct err why;
	int is = 1;

	if (path == NULL || strcmp(path, "-") == 0) {
		(void)err_set(&why, E_INPUT, "it comes in a stream");
		is = 0;
	} else if (image == NULL && (is = images_is(path, &why)) < 0) {
		*e = why;
		return -1;
	}
	return is > 0 ? add_image(r, path, e) : add_layer(r, path, &why, e);
}

/* All roots against all that were given. */
static int
compare(const struct run *r, const struct buf *want, struct err *e)
{
	size_t n = r->roots.n / SHA256_SIZE, i;
	struct buf hex = {0};

	if (want->n != r->roots.n)
		return err_set(e, E_NO, "%zu layers, and %zu roots to compare "
		    "them with", n, want->n / SHA256_SIZE);
	for (i = 0; i < n; i++) {
		if (memcmp(r->roots.p + i * SHA256_SIZE, want->p +
		    i * SHA256_SIZE, SHA256_SIZE) == 0)
			continue;
		hex_encode(slice_of(r->roots.p + i * SHA256_SIZE,
		    SHA256_SIZE), &hex);
		buf_adds(&hex, ", not ");
		hex_encode(slice_of(want->p + i * SHA256_SIZE, SHA256_SIZE),
		    &hex);
		(void)err_set(e, E_NO, "layer %zu: the root is %.*s", i + 1,
		    (int)hex.n, (const char *)hex.p);
		buf_free(&hex);
		return -1;
	}
	return 0;
}

static void
check_command_line(char **files, int n, struct buf *want)
{
	int i, dashes = n == 0;
	uint8_t root[SHA256_SIZE];
	struct err e;
	size_t k;

	for (i = 0; i < n; i++)
		dashes += strcmp(files[i], "-") == 0;
	if (dashes > 1)
		opt_wrong_hint("give one of them as a file",
		    "standard input can be read only once");
	if (image != NULL && dashes > 0)
		opt_wrong("--image is for an archive in a file");
	for (k = 0; k < checks.n; k++) {
		if (hex_exact(slice_str(checks.v[k]), root, sizeof root,
		    &e) < 0)
			opt_wrong("--check: no root of %d hex digits",
			    2 * SHA256_SIZE);
		buf_add(want, slice_of(root, sizeof root));
	}
}

static int
run(struct run *r, char **files, int n, const struct buf *want,
    struct err *e)
{
	struct err one;
	int i;

	guard_filter(true);
	for (i = 0; i == 0 || i < n; i++)
		if (add(r, n > 0 ? files[i] : NULL, &one) < 0 &&
		    err_report(&one) > r->status)
			r->status = (int)one.code;
	/* a list that lacks some is compared with nothing and no file */
	if (r->status != 0 && (checks.n > 0 || output != NULL))
		return 0;
	if (checks.n > 0 && compare(r, want, e) < 0)
		return -1;
	if (r->status != 0 && r->lines.n == 0)
		return 0;
	return io_write(output, 0, slice_buf(&r->lines), e);
}

int
main(int argc, char **argv)
{
	struct buf want = {0};
	struct run r = {0};
	struct err e;
	int n;

	n = opt_parse(&tool, argc, &argv);
	check_command_line(argv, n, &want);
	r.several = n > 1;
	if (run(&r, argv, n, &want, &e) < 0 && err_report(&e) > r.status)
		r.status = (int)e.code;
	buf_free(&r.lines);
	buf_free(&r.roots);
	buf_free(&want);
	free(checks.v);
	return r.status;
}

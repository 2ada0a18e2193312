/* What an archive and the file system of its layer are refused for: maps of
 * sparse files, headers about the next entry, links and whiteouts. */
#include "image/ext4.h"
#include "unit/layer_root.h"
#include "unit/tap.h"
#include "unit/tar_make.h"

/* Bytes of a header that are other than tar_make_head() makes them, with the
 * NUL behind them. */
struct patch {
	size_t at;
	const char *text;
};

struct row {
	const char *what;
	char about;		/* the header before it: x or g */
	const char *records;	/* of that one, without their lengths */
	char type;
	const char *data;
	struct patch patch[4];
	const char *want;	/* NULL: it is a layer */
};

#define GNU {257, "ustar  "}
#define REAL(text) {483, text}
#define MAP(text) {386, text}
#define LENGTH(text) {398, text}
#define BROKEN "entry 1: its sparse map is broken"
#define V01 "GNU.sparse.major=0\nGNU.sparse.minor=1\n"
#define V10 "GNU.sparse.major=1\nGNU.sparse.minor=0\n"

static const struct row rows[] = {
	{"an old map", 0, "", 'S', "ten bytes.",
	    {GNU, REAL("20"), MAP("2"), LENGTH("12")}, NULL},
	{"of no GNU archive", 0, "", 'S', "ten bytes.",
	    {REAL("20"), MAP("2"), LENGTH("12")}, BROKEN},
	{"without its size", 0, "", 'S', "ten bytes.",
	    {GNU, REAL("9"), MAP("2"), LENGTH("12")}, BROKEN},
	{"with an offset that is none", 0, "", 'S', "ten bytes.",
	    {GNU, REAL("20"), MAP("x"), LENGTH("12")}, BROKEN},
	{"with a length that is none", 0, "", 'S', "ten bytes.",
	    {GNU, REAL("20"), MAP("2"), LENGTH("x")}, BROKEN},
	{"0.1", 'x', V01 "GNU.sparse.numblocks=1\nGNU.sparse.map=2,10\n"
	    "GNU.sparse.size=16\n", '0', "ten bytes.", {{0}}, NULL},
	{"0.1: an offset that is none", 'x', V01 "GNU.sparse.numblocks=1\n"
	    "GNU.sparse.map=x,10\nGNU.sparse.size=16\n", '0', "ten bytes.",
	    {{0}}, BROKEN},
	{"0.1: a length that is none", 'x', V01 "GNU.sparse.numblocks=1\n"
	    "GNU.sparse.map=2,1x\nGNU.sparse.size=16\n", '0', "ten bytes.",
	    {{0}}, BROKEN},
	{"0.1: beyond the size", 'x', V01 "GNU.sparse.numblocks=1\n"
	    "GNU.sparse.map=7,10\nGNU.sparse.size=16\n", '0', "ten bytes.",
	    {{0}}, BROKEN},
	{"0.1: a size that is none", 'x', V01 "GNU.sparse.numblocks=1\n"
	    "GNU.sparse.map=2,10\nGNU.sparse.size=a\n", '0', "ten bytes.",
	    {{0}}, BROKEN},
	{"0.1: of a symbolic link", 'x', V01 "GNU.sparse.numblocks=0\n"
	    "GNU.sparse.map=\nGNU.sparse.size=16\n", '2', "", {{0}}, BROKEN},
	{"1.0: no map", 'x', V10, '0', "", {{0}}, BROKEN},
	{"1.0: no count", 'x', V10, '0', "x\n", {{124, "00000001000"}},
	    BROKEN},
	{"1.0: a count below none", 'x', V10, '0', "-1\n",
	    {{124, "00000001000"}}, BROKEN},
	{"1.0: a count of millions", 'x', V10, '0', "1048577\n",
	    {{124, "00000001000"}}, BROKEN},
	{"1.0: an offset that is none", 'x', V10 "GNU.sparse.realsize=5\n",
	    '0', "1\nx\n0\n", {{124, "00000001000"}}, BROKEN},
	{"1.0: a length that is none", 'x', V10 "GNU.sparse.realsize=5\n",
	    '0', "1\n5\n\n", {{124, "00000001000"}}, BROKEN},
	{"1.0: all of it a hole", 'x', V10 "GNU.sparse.realsize=5\n",
	    '0', "1\n5\n0\n", {{124, "00000001000"}}, NULL},
	{"a pax header larger than is taken", 0, "", 'x', "",
	    {{124, "00004000001"}}, "entry 1: a pax header or long name of "
	    "more than 1048576 bytes"},
	{"a long name larger than is taken", 0, "", 'L', "",
	    {{124, "00004000001"}}, "entry 1: a pax header or long name of "
	    "more than 1048576 bytes"},
	{"a global header with a bad number", 'g', "uid=x\n", '0', "",
	    {{0}}, NULL},
	{"and with a path", 'g', "path=p\nuid=x\n", '0', "", {{0}},
	    "entry 1: a global pax header with a path and a bad number: the "
	    "platform reads it one way or another by chance"},
};

/* Each with its own length before it. */
static void
pax(const char *records, struct buf *out)
{
	size_t n, all;
	char text[16];

	for (; records[0] != '\0'; records += n) {
		n = strcspn(records, "\n") + 1;
		all = n + 3;
		if (all > 99)
			all++;
		(void)snprintf(text, sizeof text, "%02zu ", all);
		buf_adds(out, text);
		buf_add(out, slice_of(records, n));
	}
}

static void
about(struct buf *out, char type, const char *text)
{
	struct buf records = {0};

	pax(text, &records);
	buf_addc(&records, '\0');
	tar_make_add(out, type, "PaxHeaders/f", "", (char *)records.p);
	buf_free(&records);
}

static void
check(struct buf *tar, const char *what, const char *want)
{
	uint8_t root[SHA256_SIZE];
	struct err e = {0};
	int ret;

	tar_make_end(tar);
	ret = layer_root(slice_buf(tar), tar->n, root, &e);
	CHECK(want == NULL ? ret == 0 : ret < 0 && e.code == E_INPUT &&
	    strcmp(e.text, want) == 0, "%s: %s", what, ret < 0 ? e.text :
	    "taken");
	buf_free(tar);
}

static void
check_row(const struct row *r)
{
	uint8_t h[TAR_MAKE_BLOCK];
	struct buf tar = {0};
	size_t i;

	if (r->about != 0)
		about(&tar, r->about, r->records);
	tar_make_head(h, r->type, "f", "", strlen(r->data));
	for (i = 0; i < 4 && r->patch[i].text != NULL; i++)
		memcpy(h + r->patch[i].at, r->patch[i].text,
		    strlen(r->patch[i].text) + 1);
	tar_make_put(&tar, h);
	tar_make_data(&tar, slice_str(r->data));
	check(&tar, r->what, r->want);
}

/* A map in front of the data that goes on and on. */
static void
test_long_map(void)
{
	enum { SIZE = 2 << 20 };
	uint8_t h[TAR_MAKE_BLOCK];
	struct buf tar = {0}, data = {0};

	about(&tar, 'x', V10);
	tar_make_head(h, '0', "f", "", SIZE);
	tar_make_put(&tar, h);
	buf_adds(&data, "1000000\n");
	while (data.n < SIZE)
		buf_adds(&data, "0\n");
	tar_make_data(&tar, slice_buf(&data));
	buf_free(&data);
	check(&tar, "1.0: a map without end", "entry 1: its sparse map is "
	    "larger than 1048576 bytes");
}

/* Attributes whose names the platform cannot read back, where it has to. */
static void
test_name(size_t n, const char *want)
{
	struct buf tar = {0}, text = {0};

	buf_adds(&text, "SCHILY.xattr.user.");
	memset(buf_more(&text, n), 'n', n);
	buf_adds(&text, "=v\n");
	buf_addc(&text, '\0');
	about(&tar, 'x', (char *)text.p);
	tar_make_add(&tar, '5', "d", "", "");
	tar_make_add(&tar, '0', "d/.wh..wh..opq", "", "");
	check(&tar, "an attribute in a folder that is opaque", want);
	buf_free(&text);
}

static void
test_layers(void)
{
	struct buf tar = {0};

	tar_make_add(&tar, '5', "d", "", "");
	tar_make_add(&tar, '1', "l", "d", "");
	check(&tar, "a link to a folder", "entry 2, l: a hard link to a "
	    "folder");
	tar_make_add(&tar, '0', "f", "", "data");
	tar_make_add(&tar, '0', "f/.wh..wh..opq", "", "");
	check(&tar, "a file as a folder", "entry 2, f/.wh..wh..opq: an opaque "
	    "whiteout in what is no folder");
	test_name(239, NULL);
	test_name(240, "entry 2, d/.wh..wh..opq: an extended attribute's name "
	    "is so long that the platform cannot read it back");
}

static void
test_links(void)
{
	const struct ext4_file file = {.mode = EXT4_REG | 0644};
	struct ext4 *fs = ext4_new();
	struct err e = {0};
	char name[16];
	int i, ret;

	ret = ext4_create(fs, slice_str("f"), &file, &e);
	for (i = 1; ret == 0 && i < EXT4_LINKS_MAX; i++) {
		(void)snprintf(name, sizeof name, "l%d", i);
		ret = ext4_link(fs, slice_str("f"), slice_str(name), &e);
	}
	CHECK(ret == 0, "%d links: %s", i, ret < 0 ? e.text : "taken");
	CHECK(ext4_link(fs, slice_str("f"), slice_str("more"), &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "more than 65000 hard links "
	    "to one file") == 0, "and one more: %s", e.text);
	ext4_free(fs);
}

static void
test_opaque(void)
{
	struct ext4 *fs = ext4_new();
	struct err e = {0};

	CHECK(ext4_opaque(fs, slice_str("gone"), &e) < 0 &&
	    e.code == E_INPUT && strcmp(e.text, "an opaque whiteout in no "
	    "folder") == 0, "an opaque whiteout in no folder: %s", e.text);
	ext4_free(fs);
}

/* A file that fits, with a table and bitmaps that do not. */
static void
test_size(uint64_t less, bool good)
{
	const struct ext4_file file = {.mode = EXT4_REG | 0644,
	    .size = EXT4_IMAGE_MAX - less};
	struct ext4 *fs = ext4_new();
	struct err e = {0};
	uint64_t zeros;
	int ret;

	ret = ext4_create(fs, slice_str("f"), &file, &e);
	CHECK(ret == 0, "the file fits: %s", ret < 0 ? e.text : "it does");
	ext4_data_done(fs);
	while ((ret = ext4_finish(fs, &zeros, &e)) > 0)
		ext4_pending(fs)->n = 0;
	CHECK(good ? ret == 0 : ret < 0 && e.code == E_INPUT && strcmp(e.text,
	    "the file system becomes larger than 128 GiB") == 0,
	    "and what comes behind it: %s", ret < 0 ? e.text : "it does");
	ext4_free(fs);
}

int
main(void)
{
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		check_row(&rows[i]);
	test_long_map();
	test_layers();
	test_links();
	test_opaque();
	test_size(16 << 20, true);
	test_size(1 << 20, false);
	return tap_done();
}

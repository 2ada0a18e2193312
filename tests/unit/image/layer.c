/* A layer with one of each kind of entry: its root, however it comes in; cut
 * at each byte and with each byte changed it is refused, or a layer still. */
#include "codec/hex.h"
#include "unit/layer_root.h"
#include "unit/tap.h"
#include "unit/tar_make.h"

static void
make(struct buf *out)
{
	tar_make_add(out, '5', "etc", "", "");
	tar_make_add(out, 'x', "PaxHeaders/f", "", "22 mtime=1700000000.5\n"
	    "20 atime=4102444800\n34 SCHILY.xattr.user.key=long "
	    "val\n28 SCHILY.xattr.trusted.a=b\n");
	tar_make_add(out, '0', "etc/file", "", "some data\n");
	tar_make_add(out, '1', "bin/hard", "etc/file", "");
	tar_make_add(out, '2', "bin/short", "hard", "");
	tar_make_add(out, '2', "bin/long", "a/target/of/more/than/fifty-nine/"
	    "bytes/which/has/a/block/of/its/own", "");
	tar_make_add(out, '3', "dev/char", "", "");
	tar_make_add(out, '4', "dev/block", "", "");
	tar_make_add(out, '6', "dev/fifo", "", "");
	tar_make_add(out, 'L', "././@LongLink", "",
	    "var/a-name-from-a-header-of-gnu");
	tar_make_add(out, '0', "x", "", "y");
	tar_make_add(out, '0', "etc/.wh..wh..opq", "", "");
	tar_make_add(out, '0', "var/.wh.gone", "", "");
	tar_make_add(out, 'g', "pax_global_header", "", "19 comment=nothing\n");
	tar_make_end(out);
}

static void
sweep(const struct buf *tar, const uint8_t root[SHA256_SIZE])
{
	size_t n, bad = 0, same = 0, refused = 0;
	uint8_t got[SHA256_SIZE];
	struct buf copy = {0};
	struct err e;

	for (n = 0; n < tar->n; n += 3) {
		if (layer_root(slice_head(slice_buf(tar), n), 512, got,
		    &e) == 0)
			continue;
		refused++;
		bad += e.code != E_INPUT || strncmp(e.text, "entry ", 6) != 0;
	}
	/* at the end of an entry, and in the padding behind it, nothing is
	 * missing */
	CHECK(bad == 0 && refused > tar->n / 3 * 2 / 3, "cut anywhere");
	buf_add(&copy, slice_buf(tar));
	for (n = bad = 0; n < tar->n; n++) {
		copy.p[n] ^= (uint8_t)(1 << n % 8);
		if (layer_root(slice_buf(&copy), 512, got, &e) < 0)
			bad += e.code != E_INPUT;
		else
			same += memcmp(got, root, sizeof got) == 0;
		copy.p[n] ^= (uint8_t)(1 << n % 8);
	}
	CHECK(bad == 0, "a bit changed anywhere");
	/* padding, fields that links and folders do not have, names of
	 * headers: a checksum guards the rest */
	CHECK(same < tar->n / 2, "mostly to some effect");
	buf_free(&copy);
}

int
main(void)
{
	static const size_t sizes[] = {1, 7, 511, 512, 513, 4096, 1 << 20};
	uint8_t root[SHA256_SIZE];
	struct buf tar = {0}, hex = {0};
	struct err e;
	size_t i;

	make(&tar);
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		buf_cut(&hex, 0);
		if (layer_root(slice_buf(&tar), sizes[i], root, &e) == 0)
			hex_encode(slice_of(root, sizeof root), &hex);
		else
			buf_adds(&hex, e.text);
		CHECK(slice_is(slice_buf(&hex), "28b569d9f5a4799792d48e8b"
		    "9604a02826265182e65b1fb9157472b6e35ddffe"),
		    "in pieces of %zu: %.*s", sizes[i], (int)hex.n,
		    (const char *)hex.p);
	}
	sweep(&tar, root);
	buf_free(&tar);
	buf_free(&hex);
	return tap_done();
}

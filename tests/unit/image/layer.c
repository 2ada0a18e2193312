/* A layer with one of each kind of entry: its root, however it comes in; cut
 * at each byte and with each byte changed it is refused, or a layer still. */
#include "codec/hex.h"
#include "unit/layer_root.h"
#include "unit/tap.h"

enum { BLOCK = 512 };

static void
field(uint8_t *at, size_t n, unsigned long value)
{
	for (at[--n] = '\0'; n > 0; value >>= 3)
		at[--n] = (uint8_t)('0' + (value & 7));
}

static void
add(struct buf *out, char type, const char *name, const char *link,
    const char *data)
{
	size_t n = strlen(data), i, sum = 0;
	uint8_t h[BLOCK] = {0};

	memcpy(h, name, strlen(name));
	field(h + 100, 8, 0755);
	field(h + 108, 8, 70000);
	field(h + 116, 8, 7);
	field(h + 124, 12, n);
	field(h + 136, 12, 1700000000);
	memset(h + 148, ' ', 8);
	h[156] = (uint8_t)type;
	memcpy(h + 157, link, strlen(link));
	memcpy(h + 257, "ustar\0" "00", 8);
	field(h + 329, 8, 5);
	field(h + 337, 8, 300);
	for (i = 0; i < BLOCK; i++)
		sum += h[i];
	field(h + 148, 7, sum);
	buf_add(out, slice_of(h, BLOCK));
	buf_add(out, slice_str(data));
	memset(buf_more(out, -n % BLOCK), 0, -n % BLOCK);
}

static void
make(struct buf *out)
{
	add(out, '5', "etc", "", "");
	add(out, 'x', "PaxHeaders/f", "", "22 mtime=1700000000.5\n"
	    "20 atime=4102444800\n34 SCHILY.xattr.user.key=long "
	    "val\n28 SCHILY.xattr.trusted.a=b\n");
	add(out, '0', "etc/file", "", "some data\n");
	add(out, '1', "bin/hard", "etc/file", "");
	add(out, '2', "bin/short", "hard", "");
	add(out, '2', "bin/long", "a/target/of/more/than/fifty-nine/bytes/"
	    "which/has/a/block/of/its/own", "");
	add(out, '3', "dev/char", "", "");
	add(out, '4', "dev/block", "", "");
	add(out, '6', "dev/fifo", "", "");
	add(out, 'L', "././@LongLink", "", "var/a-name-from-a-header-of-gnu");
	add(out, '0', "x", "", "y");
	add(out, '0', "etc/.wh..wh..opq", "", "");
	add(out, '0', "var/.wh.gone", "", "");
	add(out, 'g', "pax_global_header", "", "19 comment=nothing\n");
	memset(buf_more(out, 2 * BLOCK), 0, 2 * BLOCK);
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

/* Base 16. */
#include "codec/hex.h"

#include "unit/tap.h"

static const struct {
	const char *text;
	const char *why;	/* NULL: decodes to lower */
	const char *lower;
} rows[] = {
	{"", NULL, ""}, {"00", NULL, "00"}, {"ff", NULL, "ff"},
	{"FF", NULL, "ff"}, {"aBcDeF0123456789", NULL, "abcdef0123456789"},
	{"0", "odd number of digits (1)", NULL},
	{"abc", "odd number of digits (3)", NULL},
	{"g0", "not a digit at offset 0", NULL},
	{"0g", "not a digit at offset 1", NULL},
	{"0x00", "not a digit at offset 1", NULL},
	{"00 11", "not a digit at offset 2", NULL},
	{" 00", "not a digit at offset 0", NULL},
	{"00\n", "not a digit at offset 2", NULL},
	{"00:11", "not a digit at offset 2", NULL},
	{"/0", "not a digit at offset 0", NULL},
	{":0", "not a digit at offset 0", NULL},
	{"@0", "not a digit at offset 0", NULL},
	{"G0", "not a digit at offset 0", NULL},
	{"`0", "not a digit at offset 0", NULL},
	{"\xe0\xff", "not a digit at offset 0", NULL},
	{"+1", "not a digit at offset 0", NULL},
};

int
main(void)
{
	uint8_t four[4] = {9, 9, 9, 9}, all[256];
	struct buf out = {0}, text = {0};
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_cut(&out, 0);
		buf_cut(&text, 0);
		buf_adds(&out, "<");
		ret = hex_decode(slice_str(rows[i].text), &out, &e);
		if (rows[i].why != NULL) {
			CHECK(ret < 0 && slice_is(slice_buf(&out), "<") &&
			    e.code == E_INPUT &&
			    strncmp(e.text, "hex: ", 5) == 0 &&
			    strcmp(e.text + 5, rows[i].why) == 0,
			    "refused: %s", rows[i].text);
			continue;
		}
		hex_encode(slice_from(slice_buf(&out), 1), &text);
		CHECK(ret == 0 && slice_is(slice_buf(&text), rows[i].lower),
		    "taken: %s", rows[i].text);
	}
	for (i = 0; i < sizeof all; i++)
		all[i] = (uint8_t)i;
	buf_cut(&out, 0);
	buf_cut(&text, 0);
	hex_encode(slice_of(all, sizeof all), &text);
	CHECK(hex_decode(slice_buf(&text), &out, &e) == 0 &&
	    slice_eq(slice_buf(&out), slice_of(all, sizeof all)),
	    "every byte there and back");
	CHECK(hex_exact(slice_str("0102aB04"), four, 4, &e) == 0 &&
	    memcmp(four, "\1\2\xab\4", 4) == 0, "exactly four");
	CHECK(hex_exact(slice_str("010203"), four, 4, &e) < 0 &&
	    strcmp(e.text, "hex: 3 bytes where 4 belong") == 0 &&
	    hex_exact(slice_str("0102030405"), four, 4, &e) < 0 &&
	    hex_exact(slice_str(""), four, 4, &e) < 0 &&
	    hex_exact(slice_str("0102030x"), four, 4, &e) < 0 &&
	    memcmp(four, "\1\2\xab\4", 4) == 0, "else untouched");
	buf_free(&out);
	buf_free(&text);
	return tap_done();
}

/* cbor.c -- what the strict reader takes and refuses, most of it from the
 * examples of RFC 8949 appendix A and F. */
#include "value/cbor.h"

#include "codec/hex.h"
#include "unit/tap.h"

static int
reads(const char *hex)
{
	struct cbor *c = NULL;
	struct buf b = {0};
	struct err e = {.code = E_OK};

	if (hex_decode(slice_str(hex), &b, &e) == 0 &&
	    cbor_read(slice_buf(&b), &c, &e) == 0)
		cbor_drop(c);
	buf_free(&b);
	return (int)e.code;
}

static void
accepted(void)
{
	static const char *const good[] = {
	    "00", "17", "1818", "18ff", "190100", "1a00010000",
	    "1b0000000100000000", "1bffffffffffffffff", "20", "3863",
	    "3bffffffffffffffff", "40", "4401020304", "60", "6449455446",
	    "62c3bc", "64f0908591", "80", "83010203", "8301820203820405",
	    "a0", "a201020304", "a26161016162820203", "c11a514b67b0",
	    "d28440a04040", "d818456449455446", "d74401020304", "f4", "f5",
	    "f6", "f7", "f93c00", "fa47c35000", "fb3ff199999999999a",
	    "f97e00"};
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(reads(good[i]) == E_OK, "%s", good[i]);
}

static void
refused(void)
{
	static const struct {
		const char *why, *hex;
	} bad[] = {
		{"nothing", ""},
		{"bytes after it", "0000"},
		{"not shortest, 1 byte", "1817"},
		{"not shortest, 2 bytes", "1900ff"},
		{"not shortest, 4 bytes", "1a0000ffff"},
		{"not shortest, 8 bytes", "1b00000000ffffffff"},
		{"not shortest length", "5801ff"},
		{"not shortest count", "980101"},
		{"not shortest tag", "d80100"},
		{"reserved heads", "1c"}, {"reserved heads", "3d"},
		{"reserved heads", "5e"}, {"reserved heads", "fc"},
		{"indefinite bytes", "5f4100ff"},
		{"indefinite text", "7f6100ff"},
		{"indefinite array", "9fff"},
		{"indefinite map", "bfff"},
		{"break", "ff"},
		{"unassigned simple", "e0"}, {"unassigned simple", "f3"},
		{"simple in two bytes", "f800"}, {"simple in two", "f8ff"},
		{"head cut short", "18"}, {"head cut short", "1900"},
		{"head cut short", "1b000000"}, {"head cut short", "fb0000"},
		{"string cut short", "41"}, {"string cut short", "5803abcd"},
		{"array cut short", "81"}, {"array cut short", "8201"},
		{"map cut short", "a1"}, {"map cut short", "a101"},
		{"tag before nothing", "c0"},
		{"huge string", "5bffffffffffffffff"},
		{"huge string", "5a7fffffff00"},
		{"huge array", "9b00ffffffffffffff00"},
		{"huge map", "bb00ffffffffffffff0000"},
		{"map over its limit", "b90101"},
		{"a key twice", "a201000101"},
		{"a key twice, text", "a2616100616101"},
		{"a key twice, inside", "81a2f600f601"},
		{"text that is no UTF-8", "61ff"},
		{"text with a surrogate", "63eda080"},
		{"text, overlong", "62c080"},
		{"too deep", "818181818181818181818181818181818100"},
		{"too deep, tags", "c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c100"},
	};
	size_t i;

	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(reads(bad[i].hex) == E_INPUT, "%s: %s", bad[i].why,
		    bad[i].hex);
	CHECK(reads("8181818181818181818181818181818100") == E_OK,
	    "as deep as may be");
}

static void
questions(void)
{
	static const uint8_t text[] = {0xd2, 0x85, 0x20, 0x43, 1, 2, 3, 0x62,
	    'h', 'i', 0xa3, 0x38, 0x25, 0x81, 0x07, 0x61, 'k', 0x18, 0x64,
	    0x01, 0xf6, 0x3b, 0x80, 0, 0, 0, 0, 0, 0, 0};
	struct cbor_val v, map, none = {NULL};
	struct slice s;
	struct cbor *c;
	struct err e;
	int64_t n;
	size_t count;

	if (!CHECK(cbor_read(slice_of(text, sizeof text), &c, &e) == 0,
	    "a document"))
		return;
	CHECK(!cbor_has(cbor_untag(cbor_root(c), 17)), "another tag");
	v = cbor_untag(cbor_root(c), 18);
	CHECK(cbor_array(v, &count) && count == 5, "an array of five");
	CHECK(cbor_int(cbor_at(v, 0), &n) && n == -1, "minus one");
	CHECK(cbor_bytes(cbor_at(v, 1), &s) && s.n == 3 && s.p[2] == 3,
	    "bytes");
	CHECK(!cbor_text(cbor_at(v, 1), &s), "which are no text");
	CHECK(cbor_text(cbor_at(v, 2), &s) && slice_is(s, "hi"), "text");
	map = cbor_at(v, 3);
	CHECK(cbor_map(map, &count) && count == 3, "a map of three");
	CHECK(cbor_int(cbor_at(cbor_get(map, -38), 0), &n) && n == 7,
	    "by a negative number");
	CHECK(cbor_int(cbor_get_text(map, "k"), &n) && n == 100, "by text");
	CHECK(cbor_has(cbor_get(map, 1)) && !cbor_has(cbor_get(map, 2)),
	    "there, and not there");
	CHECK(!cbor_int(cbor_at(v, 4), &n), "a number beyond int64_t");
	CHECK(!cbor_has(cbor_at(v, 5)) && !cbor_has(cbor_at(map, 0)) &&
	    !cbor_has(cbor_get(v, 1)) && !cbor_has(cbor_get_text(v, "k")),
	    "questions to the wrong kind");
	CHECK(!cbor_int(none, &n) && !cbor_bytes(none, &s) &&
	    !cbor_array(none, &count) && !cbor_has(cbor_untag(none, 1)),
	    "and to nothing");
	cbor_drop(c);
	cbor_drop(NULL);
}

static void
heads(void)
{
	static const struct {
		uint64_t n;
		const char *hex;
	} rows[] = {
		{0, "40"}, {23, "57"}, {24, "5818"}, {255, "58ff"},
		{256, "590100"}, {65535, "59ffff"}, {65536, "5a00010000"},
		{UINT32_MAX, "5affffffff"},
		{1ULL << 32, "5b0000000100000000"},
	};
	struct buf b = {0}, hex = {0};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		buf_cut(&b, 0);
		buf_cut(&hex, 0);
		cbor_put_head(&b, 2, rows[i].n);
		hex_encode(slice_buf(&b), &hex);
		CHECK(slice_is(slice_buf(&hex), rows[i].hex), "head %s",
		    rows[i].hex);
	}
	buf_free(&b);
	buf_free(&hex);
}

int
main(void)
{
	accepted();
	refused();
	questions();
	heads();
	return tap_done();
}

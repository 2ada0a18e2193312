/* Base 64, under each set of rules. */
#include "codec/b64.h"

#include "unit/tap.h"

enum {
	STD = B64_STD | B64_PAD, URL = B64_URL | B64_PAD,
	BOTH = B64_STD | B64_URL, RAW = B64_STD | B64_NOPAD,
	SOFT = B64_URL | B64_NOPAD | B64_LOOSE,
};

static const struct {
	unsigned rules;
	const char *text, *bytes;
} taken[] = {
	/* RFC 4648 section 10 */
	{STD, "", ""}, {STD, "Zg==", "f"}, {STD, "Zm8=", "fo"},
	{STD, "Zm9v", "foo"}, {STD, "Zm9vYg==", "foob"},
	{STD, "Zm9vYmE=", "fooba"}, {STD, "Zm9vYmFy", "foobar"},
	{B64_JOSE, "", ""}, {B64_JOSE, "Zg", "f"}, {B64_JOSE, "Zm8", "fo"},
	{B64_JOSE, "Zm9v", "foo"}, {B64_JOSE, "-_-_", "\xfb\xff\xbf"},
	{STD, "+/+/", "\xfb\xff\xbf"}, {URL, "-_-_", "\xfb\xff\xbf"},
	{URL, "Zg==", "f"}, {RAW, "Zg", "f"}, {RAW, "+/+/", "\xfb\xff\xbf"},
	{BOTH, "+/+/", "\xfb\xff\xbf"}, {BOTH, "-_-_", "\xfb\xff\xbf"},
	{BOTH, "+++/", "\xfb\xef\xbf"}, {BOTH, "Zg", "f"},
	{BOTH, "Zg==", "f"}, {BOTH, "Zm8", "fo"}, {BOTH, "Zm8=", "fo"},
	{B64_TEXT, "Zm9v\nYmFy\r\n", "foobar"},
	{B64_TEXT, " Z\tm 9\r\nv ", "foo"}, {B64_TEXT, "Z g = =", "f"},
	{B64_TEXT, "\n", ""}, {B64_TEXT, "Zg", "f"}, {B64_TEXT, "Zg==", "f"},
	{B64_TEXT, "-_-_\n-_-_", "\xfb\xff\xbf\xfb\xff\xbf"},
	{B64_POLICY, "Zg==", "f"}, {B64_POLICY, "Zh==", "f"},
	{B64_POLICY, "Zv==", "f"}, {B64_POLICY, "Zm9=", "fo"},
	{B64_POLICY, "Zm9v\r\nYg=\n=\n", "foob"},
	{SOFT, "Zv", "f"}, {SOFT, "Zm9", "fo"},
};

static const struct {
	unsigned rules;
	const char *text, *why;
} refused[] = {
	{STD, "Z", "cut short at offset 1"},
	{STD, "Zg", "padding is missing at offset 2"},
	{STD, "Zg=", "padding is missing at offset 3"},
	{STD, "Zm8", "padding is missing at offset 3"},
	{STD, "Zm9vZ", "cut short at offset 5"},
	{STD, "=", "padding in the wrong place at offset 0"},
	{STD, "====", "padding in the wrong place at offset 0"},
	{STD, "Z===", "padding in the wrong place at offset 1"},
	{STD, "Zg===", "padding in the wrong place at offset 4"},
	{STD, "Zm8==", "padding in the wrong place at offset 4"},
	{STD, "Zm9v=", "padding in the wrong place at offset 4"},
	{STD, "Zg=a", "text after the padding at offset 3"},
	{STD, "Zg==Zg==", "text after the padding at offset 4"},
	{STD, "Zm8=Zm8=", "text after the padding at offset 4"},
	{STD, "Zm9v\n", "white space at offset 4"},
	{STD, "Zm 9v", "white space at offset 2"},
	{STD, "Zm9v\xc2\xa0", "not a character of the alphabet at offset 4"},
	{STD, "Zm9*", "not a character of the alphabet at offset 3"},
	{STD, "Zm9.", "not a character of the alphabet at offset 3"},
	{STD, "Zm9%3D", "not a character of the alphabet at offset 3"},
	{STD, "-_-_", "character of the other alphabet at offset 0"},
	{STD, "Zm_v", "character of the other alphabet at offset 2"},
	{URL, "+/+/", "character of the other alphabet at offset 0"},
	{BOTH, "+_-/", "both alphabets in one text at offset 1"},
	{BOTH, "-__/", "both alphabets in one text at offset 3"},
	{BOTH, "Zg=", "padding is missing at offset 3"},
	{BOTH, "Zg===", "padding in the wrong place at offset 4"},
	{BOTH, "Zm9v\n", "white space at offset 4"},
	{B64_JOSE, "Z", "cut short at offset 1"},
	{B64_JOSE, "Zg==", "padding where none belongs at offset 2"},
	{B64_JOSE, "Zm8=", "padding where none belongs at offset 3"},
	{B64_JOSE, "Zm9v\n", "white space at offset 4"},
	{B64_JOSE, " Zm9v", "white space at offset 0"},
	{B64_JOSE, "Zm9v\t", "white space at offset 4"},
	{B64_JOSE, "+/+/", "character of the other alphabet at offset 0"},
	{B64_TEXT, "Zm9v+_", "both alphabets in one text at offset 5"},
	{B64_TEXT, "Zm9v\f", "not a character of the alphabet at offset 4"},
	{B64_TEXT, "Zg=", "padding is missing at offset 3"},
	{B64_TEXT, "Zg==\nZg==", "text after the padding at offset 5"},
	{B64_TEXT, "Z", "cut short at offset 1"},
	{B64_POLICY, "Zg", "padding is missing at offset 2"},
	{B64_POLICY, "Zm 8=", "white space at offset 2"},
	{B64_POLICY, "Zm\t8=", "white space at offset 2"},
	{B64_POLICY, "-_-_", "character of the other alphabet at offset 0"},
	{B64_POLICY, "Zg==Zg==", "text after the padding at offset 4"},
};

static void
tables(void)
{
	struct buf out = {0};
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof taken / sizeof *taken; i++) {
		buf_cut(&out, 0);
		e.text[0] = '\0';
		ret = b64_decode(slice_str(taken[i].text), taken[i].rules,
		    &out, &e);
		CHECK(ret == 0 && slice_is(slice_buf(&out), taken[i].bytes),
		    "rules %u take %s %s", taken[i].rules, taken[i].text,
		    e.text);
	}
	for (i = 0; i < sizeof refused / sizeof *refused; i++) {
		buf_cut(&out, 0);
		buf_adds(&out, "<");
		ret = b64_decode(slice_str(refused[i].text), refused[i].rules,
		    &out, &e);
		CHECK(ret < 0 && e.code == E_INPUT &&
		    slice_is(slice_buf(&out), "<") &&
		    strncmp(e.text, "base64: ", 8) == 0 &&
		    strcmp(e.text + 8, refused[i].why) == 0,
		    "rules %u refuse %s: %s", refused[i].rules,
		    refused[i].text, ret < 0 ? e.text : "taken");
	}
	CHECK(b64_decode(slice_of("Zm9v\0", 5), STD, &out, &e) < 0,
	    "a NUL is no end");
	buf_free(&out);
}

static const unsigned presets[] = {STD, URL, BOTH, RAW, SOFT, B64_JOSE,
    B64_TEXT, B64_POLICY};

/* How many of the 64 last characters of a group of n are taken, and whether
 * those that are, are the canonical ones. */
static void
unused_bits(unsigned rules, size_t n)
{
	static const char set[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmno"
	    "pqrstuvwxyz0123456789";
	unsigned unused = n == 2 ? 15 : 3, i, good = 0, canonical = 0;
	bool pad = (rules & B64_NOPAD) == 0;
	struct buf out = {0};
	char text[5] = "AA==";
	struct err e;

	for (i = 0; i < sizeof set - 1; i++) {
		text[2] = '=';
		text[n - 1] = set[i];
		if (n == 3)
			text[1] = 'A';
		text[n] = '\0';
		if (pad)
			memcpy(text + n, n == 2 ? "==" : "=", 5 - n);
		if (b64_decode(slice_str(text), rules, &out, &e) == 0) {
			good++;
			canonical += (i & unused) == 0;
			if (b64_loose(slice_str(text)) != ((i & unused) != 0))
				good += 100;
		} else if (strstr(e.text, "unused bits are not zero") ==
		    NULL) {
			good += 1000;
		}
	}
	if ((rules & B64_LOOSE) != 0)
		CHECK(good == 62, "rules %u, %zu characters: all", rules, n);
	else
		CHECK(good == (n == 2 ? 4 : 16) && canonical == good,
		    "rules %u, %zu characters: only zero bits", rules, n);
	buf_free(&out);
}

static void
lengths(void)
{
	struct buf text = {0}, out = {0};
	uint8_t bytes[200];
	size_t i, n, good;
	unsigned how;
	struct err e;

	for (i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)(i * 167 + 13);
	for (i = 0; i < sizeof presets / sizeof *presets; i++) {
		how = (presets[i] & B64_STD) != 0 ? B64_STD : B64_URL;
		if ((presets[i] & B64_NOPAD) == 0)
			how |= B64_PAD;
		for (n = good = 0; n <= sizeof bytes; n++) {
			buf_cut(&text, 0);
			buf_cut(&out, 0);
			b64_encode(slice_of(bytes, n), how, &text);
			good += b64_decode(slice_buf(&text), presets[i], &out,
			    &e) == 0 && slice_eq(slice_buf(&out),
			    slice_of(bytes, n)) && text.n ==
			    ((how & B64_PAD) != 0 ? (n + 2) / 3 * 4 :
			    (n * 8 + 5) / 6);
		}
		CHECK(good == sizeof bytes + 1, "rules %u, all lengths",
		    presets[i]);
	}
	buf_free(&text);
	buf_free(&out);
}

int
main(void)
{
	size_t i;

	tables();
	for (i = 0; i < sizeof presets / sizeof *presets; i++) {
		unused_bits(presets[i], 2);
		unused_bits(presets[i], 3);
	}
	lengths();
	return tap_done();
}

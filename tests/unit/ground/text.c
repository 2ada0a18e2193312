/* UTF-8, and text from outside made fit to be shown. */
#include "ground/text.h"

#include "unit/tap.h"

#define TEXT(s) {(const uint8_t *)(s), sizeof(s) - 1}

static const struct {
	struct slice s;
	size_t n;
} chars[] = {
	{TEXT(""), 0}, {TEXT("a"), 1}, {TEXT("\0"), 1}, {TEXT("\x7f"), 1},
	{TEXT("ab"), 1}, {TEXT("\x80"), 0}, {TEXT("\xbf"), 0},
	{TEXT("\xc0\x80"), 0}, {TEXT("\xc1\xbf"), 0}, {TEXT("\xc2\x80"), 2},
	{TEXT("\xc2"), 0}, {TEXT("\xc2\x7f"), 0}, {TEXT("\xc2\xc0"), 0},
	{TEXT("\xdf\xbf"), 2}, {TEXT("\xdf\xbfx"), 2},
	{TEXT("\xe0\x9f\xbf"), 0}, {TEXT("\xe0\xa0\x80"), 3},
	{TEXT("\xe0\xa0"), 0}, {TEXT("\xe0"), 0}, {TEXT("\xe1\x80\x80"), 3},
	{TEXT("\xe2\x82\xac"), 3}, {TEXT("\xe2\x82x"), 0},
	{TEXT("\xe2x\xac"), 0}, {TEXT("\xed\x9f\xbf"), 3},
	{TEXT("\xed\xa0\x80"), 0}, {TEXT("\xed\xbf\xbf"), 0},
	{TEXT("\xee\x80\x80"), 3}, {TEXT("\xef\xbf\xbf"), 3},
	{TEXT("\xef\xbb\xbf"), 3}, {TEXT("\xf0\x8f\xbf\xbf"), 0},
	{TEXT("\xf0\x90\x80\x80"), 4}, {TEXT("\xf0\x90\x80"), 0},
	{TEXT("\xf0\x9f\x98\x80"), 4}, {TEXT("\xf3\xbf\xbf\xbf"), 4},
	{TEXT("\xf4\x8f\xbf\xbf"), 4}, {TEXT("\xf4\x90\x80\x80"), 0},
	{TEXT("\xf5\x80\x80\x80"), 0}, {TEXT("\xf8\x88\x80\x80\x80"), 0},
	{TEXT("\xfe"), 0}, {TEXT("\xff"), 0},
};

static const struct {
	struct slice from;
	const char *to;
} escaped[] = {
	{TEXT(""), ""}, {TEXT("plain ~"), "plain ~"},
	{TEXT("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"),
	    "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
	{TEXT("a\nb\tc\r"), "a\\x0ab\\x09c\\x0d"}, {TEXT("\0"), "\\x00"},
	{TEXT("\x1b[31mred\x1b[0m"), "\\x1b[31mred\\x1b[0m"},
	{TEXT("\x7f"), "\\x7f"}, {TEXT("\xc2\x80\xc2\x9b"),
	    "\\xc2\\x80\\xc2\\x9b"}, {TEXT("\xc2\xa0"), "\xc2\xa0"},
	{TEXT("\xe2\x80\x8e\xe2\x80\x8f"),		/* U+200E, U+200F */
	    "\\xe2\\x80\\x8e\\xe2\\x80\\x8f"},
	{TEXT("\xe2\x80\xa8\xe2\x80\xa9"),		/* line, paragraph */
	    "\\xe2\\x80\\xa8\\xe2\\x80\\xa9"},
	{TEXT("\xe2\x80\xaa\xe2\x80\xae"),		/* U+202A, U+202E */
	    "\\xe2\\x80\\xaa\\xe2\\x80\\xae"},
	{TEXT("\xe2\x81\xa6\xe2\x81\xa9"),		/* U+2066, U+2069 */
	    "\\xe2\\x81\\xa6\\xe2\\x81\\xa9"},
	{TEXT("\xd8\x9c"), "\\xd8\\x9c"},		/* U+061C */
	{TEXT("\xe2\x80\x93\xe2\x80\xaf\xe2\x81\xa0"),
	    "\xe2\x80\x93\xe2\x80\xaf\xe2\x81\xa0"},
	{TEXT("a\xff" "b"), "a\\xffb"}, {TEXT("\xe2\x82"), "\\xe2\\x82"},
	{TEXT("\xed\xa0\x80"), "\\xed\\xa0\\x80"},
	{TEXT("\xc3("), "\\xc3("}, {TEXT("\\x1b"), "\\x1b"},
};

static const struct {
	struct slice s;
	const char *why;	/* NULL: no mark */
} marks[] = {
	{TEXT(""), NULL}, {TEXT("{"), NULL}, {TEXT("{}"), NULL},
	{TEXT("{\"a\":1}"), NULL}, {TEXT("\xef\xbb"), NULL},
	{TEXT("\xef\xbb\xbf"), "thing: begins with a UTF-8 byte order mark"},
	{TEXT("\xef\xbb\xbf{}"), "thing: begins with a UTF-8 byte order mark"},
	{TEXT("\xff\xfe"), "thing: begins with a UTF-16 byte order mark"},
	{TEXT("\xfe\xff"), "thing: begins with a UTF-16 byte order mark"},
	{TEXT("\xff\xfe{\0"), "thing: begins with a UTF-16 byte order mark"},
	{TEXT("{\0}\0"), "thing: begins with UTF-16 text"},
	/* a number of a report */
	{TEXT("\2\0\0\0"), NULL},
	{TEXT("\0\2\0\0"), NULL},
	{TEXT("\0{\0}"), "thing: begins with UTF-16 text"},
	{TEXT(" {\xef\xbb\xbf"), NULL}, {TEXT("\xff"), NULL},
	{TEXT("\0\0\0\0"), NULL},
};

int
main(void)
{
	struct buf out = {0};
	struct err e;
	size_t i;
	int ret;

	for (i = 0; i < sizeof chars / sizeof *chars; i++)
		CHECK(text_utf8(chars[i].s) == chars[i].n,
		    "character %zu has %zu bytes", i, chars[i].n);
	for (i = 0; i < sizeof escaped / sizeof *escaped; i++) {
		buf_cut(&out, 0);
		text_escape(escaped[i].from, &out);
		CHECK(slice_is(slice_buf(&out), escaped[i].to), "escaped %s",
		    escaped[i].to);
	}
	for (i = 0; i < sizeof marks / sizeof *marks; i++) {
		e = (struct err){.code = E_OK};
		ret = text_no_bom(marks[i].s, "thing", &e);
		CHECK(marks[i].why == NULL ? ret == 0 : ret < 0 &&
		    e.code == E_INPUT && strcmp(e.text, marks[i].why) == 0 &&
		    e.hint[0] != '\0', "mark %zu: %s", i, e.text);
	}
	buf_free(&out);
	return tap_done();
}

/* Slices and bufs: the edges. */
#include "ground/buf.h"

#include <stdlib.h>

#include "unit/tap.h"

static const struct slice null;

static void
slices(void)
{
	struct slice s = slice_str("abcdef");

	CHECK(slice_is(slice_from(s, 0), "abcdef"), "from 0");
	CHECK(slice_is(slice_from(s, 2), "cdef"), "from 2");
	CHECK(slice_from(s, 6).n == 0 && slice_from(s, 6).p == s.p + 6,
	    "from the end");
	CHECK(slice_from(s, 7).n == 0 && slice_from(s, SIZE_MAX).n == 0 &&
	    slice_from(s, SIZE_MAX).p == s.p + 6, "from past the end");
	CHECK(slice_from(null, 3).p == NULL && slice_from(null, 0).n == 0,
	    "from nothing");
	CHECK(slice_is(slice_head(s, 2), "ab") &&
	    slice_head(s, 0).n == 0 && slice_is(slice_head(s, 7), "abcdef") &&
	    slice_head(s, SIZE_MAX).n == 6, "heads");
	CHECK(slice_eq(s, slice_str("abcdef")) &&
	    !slice_eq(s, slice_str("abcdeg")) &&
	    !slice_eq(s, slice_str("bbcdef")) &&
	    !slice_eq(s, slice_str("abcde")) &&
	    !slice_eq(s, slice_of("abcdef", 7)), "equal");
	CHECK(slice_eq(null, null) && slice_eq(null, slice_str("")) &&
	    !slice_eq(null, s), "nothing equals the empty text");
	CHECK(slice_order(s, s) == 0 && slice_order(null, null) == 0 &&
	    slice_order(null, s) < 0 && slice_order(s, null) > 0 &&
	    slice_order(s, slice_str("abcdefg")) < 0 &&
	    slice_order(slice_str("b"), s) > 0 &&
	    slice_order(slice_str("\xff"), s) > 0, "ordered as bytes");
	CHECK(slice_is(null, "") && !slice_is(null, "a") &&
	    !slice_is(slice_of("a\0", 2), "a"), "a text in C");
	CHECK(slice_starts(s, "") && slice_starts(s, "abc") &&
	    slice_starts(s, "abcdef") && !slice_starts(s, "abcdefg") &&
	    !slice_starts(s, "b"), "starts");
	CHECK(slice_starts(null, "") && !slice_starts(null, "a"),
	    "nothing starts with nothing");
	CHECK(slice_find(s, 'a') == 0 && slice_find(s, 'f') == 5 &&
	    slice_find(s, 'x') == 6 && slice_find(null, 'x') == 0 &&
	    slice_find(slice_of("a\0b", 3), 0) == 1, "find");
	CHECK(slice_search(s, "cd") == 2 && slice_search(s, "dc") == 6 &&
	    slice_search(s, "abcdefg") == 6 && slice_search(null, "x") == 0,
	    "search");
	CHECK(slice_zero(null) && slice_zero(slice_of("\0\0\0", 3)) &&
	    !slice_zero(slice_of("\0\0\1", 3)) &&
	    !slice_zero(slice_of("\200\0", 2)), "all zero");
}

static void
trimmed(void)
{
	static const char *const rows[][2] = {
		{"", ""}, {" ", ""}, {"\r\n\t ", ""}, {"a", "a"},
		{" a", "a"}, {"a ", "a"}, {"\t\r\n a b \r\n", "a b"},
		{"\fa\v", "\fa\v"}, {"\xc2\xa0" "a", "\xc2\xa0" "a"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(slice_is(slice_trim(slice_str(rows[i][0])), rows[i][1]),
		    "trimmed %zu", i);
	CHECK(slice_trim(null).n == 0, "trimmed nothing");
}

static void
bufs(void)
{
	struct buf b = {0};
	uint8_t *at;
	size_t i;

	CHECK(slice_buf(&b).n == 0, "empty");
	buf_add(&b, null);
	buf_adds(&b, "");
	buf_addf(&b, "%s", "");
	buf_cut(&b, 0);
	CHECK(b.n == 0, "nothing added");
	CHECK(buf_more(&b, 0) != NULL && b.n == 0, "a place for nothing");
	for (i = 0; i < 1000; i++)
		buf_addc(&b, (uint8_t)i);
	for (i = 0; i < 1000 && b.p[i] == (uint8_t)i; i++)
		;
	CHECK(b.n == 1000 && i == 1000, "grown byte by byte");
	at = buf_more(&b, 5000);
	CHECK(b.n == 6000 && at == b.p + 1000, "grown at once");
	memset(at, 0xaa, 5000);
	buf_cut(&b, 7000);
	CHECK(b.n == 6000, "cutting to more does nothing");
	buf_cut(&b, 3);
	CHECK(b.n == 3 && slice_zero(slice_of(b.p + 3, 5997)),
	    "what is cut is wiped");
	buf_cut(&b, 0);
	buf_addf(&b, "%s-%d-%c", "abc", 42, 'x');
	CHECK(slice_is(slice_buf(&b), "abc-42-x"), "formatted");
	for (i = 0; i < 100; i++)
		buf_addf(&b, "%zu,", i);
	CHECK(b.n == 8 + 290 && slice_starts(slice_buf(&b),
	    "abc-42-x0,1,2,3,"), "formatted, growing");
	buf_free(&b);
	CHECK(b.p == NULL && b.n == 0 && b.cap == 0, "freed");
	buf_free(&b);
	buf_adds(&b, "again");
	CHECK(slice_is(slice_buf(&b), "again"), "used again");
	buf_free(&b);
}

static void
copies(void)
{
	char *s = slice_dup(slice_of("ab\0c", 4));

	CHECK(memcmp(s, "ab\0c", 5) == 0, "a copy ends in NUL");
	free(s);
	s = slice_dup(null);
	CHECK(s[0] == '\0', "a copy of nothing");
	free(s);
}

int
main(void)
{
	slices();
	trimmed();
	bufs();
	copies();
	return tap_done();
}

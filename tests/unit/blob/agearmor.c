/* age's armor: what its rules allow, in pieces of any size, and what they do
 * not. */
#include "blob/agearmor.h"

#include <stdlib.h>

#include "unit/tap.h"

#define BEGIN "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END "-----END AGE ENCRYPTED FILE-----\n"
#define CRBEGIN "-----BEGIN AGE ENCRYPTED FILE-----\r\n"
#define CREND "-----END AGE ENCRYPTED FILE-----\r\n"
#define FULL "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"

/* Decode text in pieces of size bytes; why is the message. */
static enum status
decode(struct slice text, size_t size, struct buf *out, struct err *e)
{
	struct agearmor a = {0};
	size_t before;

	e->code = E_OK;
	e->text[0] = '\0';
	for (; text.n > 0; text = slice_from(text, size)) {
		before = out->n;
		if (agearmor_more(&a, slice_head(text, size), out, e) == 0)
			continue;
		if (out->n != before)
			CHECK(out->n == before, "  nothing of a bad piece");
		return e->code;
	}
	return agearmor_end(&a, e) == 0 ? E_OK : e->code;
}

static const struct {
	const char *name, *text;
	long bytes;		/* that it decodes to, or -1 */
	const char *why;
} cases[] = {
	{"a short line", BEGIN "AAAA\n" END, 3, ""},
	{"a full line", BEGIN FULL "\n" END, 48, ""},
	{"a full line and a short one", BEGIN FULL "\nAA==\n" END, 49, ""},
	{"a full line with padding", BEGIN
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
	    END, 47, ""},
	{"two full lines", BEGIN FULL "\n" FULL "\n" END, 96, ""},
	{"no line", BEGIN END, 0, ""},
	{"CR LF", CRBEGIN FULL "\r\nAAA=\r\n" CREND, 50, ""},
	{"no LF at the end", BEGIN "AAAA\n-----END AGE ENCRYPTED FILE-----",
	    3, ""},
	{"no LF behind a full line", BEGIN FULL
	    "\n-----END AGE ENCRYPTED FILE-----", 48, ""},
	{"blanks around", "\n\r   \t\n" BEGIN "AAAA\n" END "\n\r   \t\n", 3,
	    ""},
	{"blanks behind without LF", BEGIN "AAAA\n" END "  ", 3, ""},
	{"nothing at all", "", -1, "line 1"},
	{"blanks alone", " \n\n", -1, "line 3"},
	{"a space before the first line", " " BEGIN "AAAA\n" END, -1,
	    "line 1: not"},
	{"a CR before the first line", "\n\r" BEGIN "AAAA\n" END, -1,
	    "line 2: not"},
	{"a space behind the first line", "-----BEGIN AGE ENCRYPTED FILE----- "
	    "\nAAAA\n" END, -1, "line 1: not"},
	{"a space behind the last line", BEGIN "AAAA\n-----END AGE ENCRYPTED "
	    "FILE----- \n", -1, "line 3: not"},
	{"a space behind the last line, and no LF", BEGIN "AAAA\n-----END AGE "
	    "ENCRYPTED FILE----- ", -1, "cut short in line 3"},
	{"another label", "-----BEGIN AGE ENCRYPTED MESSAGE-----\nAAAA\n" END,
	    -1, "line 1: not"},
	{"another label at the end", BEGIN "AAAA\n-----END AGE ENCRYPTED "
	    "MESSAGE-----\n", -1, "line 3: not"},
	{"lower case", "-----begin age encrypted file-----\nAAAA\n" END, -1,
	    "line 1: not"},
	{"text before", "x\n" BEGIN "AAAA\n" END, -1, "line 1: not"},
	{"text behind", BEGIN "AAAA\n" END "x", -1, "line 4: text behind"},
	{"text behind blanks", BEGIN "AAAA\n" END "\n x", -1,
	    "line 5: text behind"},
	{"armor behind armor", BEGIN "AAAA\n" END BEGIN "AAAA\n" END, -1,
	    "line 4: text behind"},
	{"the first line twice", BEGIN BEGIN "AAAA\n" END, -1,
	    "line 2: base64"},
	{"headers", BEGIN "Version: 1\n\nAAAA\n" END, -1, "line 2: base64"},
	{"an empty line first", BEGIN "\nAAAA\n" END, -1, "line 2: empty"},
	{"an empty line last", BEGIN FULL "\n\n" END, -1, "line 3: empty"},
	{"an empty line after a short one", BEGIN "AAAA\n\n" END, -1,
	    "line 3: not"},
	{"a lone CR in a line", BEGIN "AA\rAA\n" END, -1, "line 2: base64"},
	{"two CR", BEGIN "AAAA\r\r\n" END, -1, "line 2: base64"},
	{"a space in a line", BEGIN "AA AA\n" END, -1, "line 2: base64"},
	{"a space before a line", BEGIN " AAAA\n" END, -1, "line 2: base64"},
	{"a space behind a line", BEGIN "AAAA \n" END, -1, "line 2: base64"},
	{"a short line before another", BEGIN "AAAA\nAAAA\n" END, -1,
	    "line 3: not"},
	{"a short line before a full one", BEGIN "AAAA\n" FULL "\n" END, -1,
	    "line 3: not"},
	{"a long line", BEGIN FULL "AAAA\n" END, -1, "line 2: longer"},
	{"a line of 65", BEGIN FULL "A\n" END, -1, "line 2: longer"},
	{"a line of 66", BEGIN FULL "AA\n" END, -1, "line 2: longer"},
	{"a line of 64 with two CR", BEGIN FULL "\r\r\n" END, -1, "line 2: "},
	{"no padding", BEGIN "AA\n" END, -1, "padding is missing"},
	{"half of the padding", BEGIN "AA=\n" END, -1, "padding is missing"},
	{"padding on a line of its own", BEGIN "AA=\n=\n" END, -1, "padding"},
	{"bits that are not used", BEGIN "AB==\n" END, -1, "unused bits"},
	{"the alphabet of URLs", BEGIN "AA-_\n" END, -1, "alphabet"},
	{"a checksum", BEGIN "AAAA\n=AAAA\n" END, -1, "line 3: not"},
	{"no last line", BEGIN "AAAA\n", -1, "cut short in line 3"},
	{"half a last line", BEGIN "AAAA\n-----END AGE", -1,
	    "cut short in line 3"},
	{"half a line", BEGIN FULL "\nAAAA", -1, "cut short in line 3"},
	{"half a first line", "-----BEGIN AGE ENC", -1,
	    "cut short in line 1"},
	{"the first line alone", BEGIN, -1, "cut short in line 2"},
};

static void
one(size_t i)
{
	struct slice text = slice_str(cases[i].text);
	size_t size, bad = 0;
	struct buf out = {0};
	struct err e = {0};
	bool good;

	for (size = 1; size <= text.n + 1; size++) {
		buf_cut(&out, 0);
		if (cases[i].bytes >= 0)
			good = decode(text, size, &out, &e) == E_OK &&
			    out.n == (size_t)cases[i].bytes &&
			    slice_zero(slice_buf(&out));
		else
			good = decode(text, size, &out, &e) == E_INPUT &&
			    strstr(e.text, cases[i].why) != NULL &&
			    slice_starts(slice_str(e.text), "armor: ");
		bad += !good;
	}
	CHECK(bad == 0, "%s: %s", cases[i].name, e.text);
	buf_free(&out);
}

/* Blanks before and behind, as many as may be and one more. */
static void
blanks(void)
{
	struct buf text = {0}, out = {0};
	struct err e;
	size_t before, behind;
	bool fits;

	for (before = AGEARMOR_BLANK_MAX; before < AGEARMOR_BLANK_MAX + 2;
	    before++)
		for (behind = AGEARMOR_BLANK_MAX;
		    behind < AGEARMOR_BLANK_MAX + 2; behind++) {
			buf_cut(&text, 0);
			buf_cut(&out, 0);
			memset(buf_more(&text, before), ' ', before);
			text.p[before - 1] = '\n';
			buf_adds(&text, BEGIN "AAAA\n" END);
			memset(buf_more(&text, behind), '\n', behind);
			fits = before <= AGEARMOR_BLANK_MAX;
			CHECK(agearmor_is(slice_buf(&text)) == fits,
			    "%zu blanks before", before);
			fits = fits && behind <= AGEARMOR_BLANK_MAX;
			CHECK((decode(slice_buf(&text), 100, &out, &e) ==
			    E_OK) == fits, "  and %zu behind", behind);
		}
	buf_free(&text);
	buf_free(&out);
}

/* n bytes written in pieces, and read again. */
static void
round_trip(size_t n, size_t piece)
{
	struct agearmor_out a = {0}, b = {0};
	struct buf bytes = {0}, text = {0}, whole = {0}, out = {0};
	struct slice rest;
	struct err e;
	size_t i;

	for (i = 0; i < n; i++)
		buf_addc(&bytes, (uint8_t)(i * 7 + i / 256));
	for (rest = slice_buf(&bytes); rest.n > 0;
	    rest = slice_from(rest, piece))
		agearmor_put(&a, slice_head(rest, piece), &text);
	agearmor_put_end(&a, &text);
	agearmor_put(&b, slice_buf(&bytes), &whole);
	agearmor_put_end(&b, &whole);
	CHECK(slice_eq(slice_buf(&text), slice_buf(&whole)) &&
	    agearmor_is(slice_buf(&text)) &&
	    decode(slice_buf(&text), piece, &out, &e) == E_OK &&
	    slice_eq(slice_buf(&out), slice_buf(&bytes)),
	    "%zu bytes in pieces of %zu", n, piece);
	buf_free(&bytes);
	buf_free(&text);
	buf_free(&whole);
	buf_free(&out);
}

/* Every byte of an armored text changed: refused, or other bytes come out;
 * never the same, so that there is one text of a file but for line ends. */
static void
flips(void)
{
	struct agearmor_out a = {0};
	struct buf bytes = {0}, text = {0}, out = {0};
	struct err e;
	size_t i, same = 0;
	unsigned bit;

	for (i = 0; i < 100; i++)
		buf_addc(&bytes, (uint8_t)(i * 37));
	agearmor_put(&a, slice_buf(&bytes), &text);
	agearmor_put_end(&a, &text);
	for (i = 0; i < text.n; i++)
		for (bit = 1; bit < 256; bit <<= 1) {
			text.p[i] ^= (uint8_t)bit;
			buf_cut(&out, 0);
			same += decode(slice_buf(&text), text.n, &out, &e) ==
			    E_OK && slice_eq(slice_buf(&out),
			    slice_buf(&bytes));
			text.p[i] ^= (uint8_t)bit;
		}
	CHECK(same == 0, "no flipped bit goes unseen");
	buf_free(&bytes);
	buf_free(&text);
	buf_free(&out);
}

int
main(void)
{
	static const size_t sizes[] = {0, 1, 2, 3, 47, 48, 49, 95, 96, 97,
	    1000};
	static const size_t pieces[] = {1, 47, 48, 49, 64, 65, 66, 1000};
	size_t i, j;

	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		one(i);
	blanks();
	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (j = 0; j < sizeof pieces / sizeof *pieces; j++)
			round_trip(sizes[i], pieces[j]);
	flips();
	CHECK(agearmor_is(slice_str(BEGIN)) &&
	    agearmor_is(slice_str("\r\n \n" CRBEGIN)), "recognised");
	CHECK(!agearmor_is(slice_str("")) && !agearmor_is(slice_str("x" BEGIN))
	    && !agearmor_is(slice_str("-----BEGIN AGE ENCRYPTED FILE----")) &&
	    !agearmor_is(slice_str("-----BEGIN PRIVATE KEY-----\n")),
	    "nothing else");
	return tap_done();
}

/* text.c -- see text.h. */
#include "ground/text.h"

#include <inttypes.h>
#include <time.h>

static bool
cont(uint8_t c)
{
	return (c & 0xc0) == 0x80;
}

/* RFC 3629 section 4: the second byte's range depends on the first. */
static bool
second_ok(uint8_t lead, uint8_t c)
{
	switch (lead) {
	case 0xe0:
		return c >= 0xa0 && c <= 0xbf;
	case 0xed:
		return c >= 0x80 && c <= 0x9f;
	case 0xf0:
		return c >= 0x90 && c <= 0xbf;
	case 0xf4:
		return c >= 0x80 && c <= 0x8f;
	default:
		return cont(c);
	}
}

size_t
text_utf8(struct slice s)
{
	size_t want, i;

	if (s.n == 0)
		return 0;
	if (s.p[0] < 0x80)
		return 1;
	if (s.p[0] < 0xc2 || s.p[0] > 0xf4)
		return 0;
	want = s.p[0] < 0xe0 ? 2 : s.p[0] < 0xf0 ? 3 : 4;
	if (s.n < want || !second_ok(s.p[0], s.p[1]))
		return 0;
	for (i = 2; i < want; i++)
		if (!cont(s.p[i]))
			return 0;
	return want;
}

void
text_put(uint32_t c, struct buf *out)
{
	if (c < 0x80) {
		buf_addc(out, (uint8_t)c);
		return;
	}
	if (c < 0x800) {
		buf_addc(out, (uint8_t)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			buf_addc(out, (uint8_t)(0xe0 | c >> 12));
		} else {
			buf_addc(out, (uint8_t)(0xf0 | c >> 18));
			buf_addc(out, (uint8_t)(0x80 | (c >> 12 & 63)));
		}
		buf_addc(out, (uint8_t)(0x80 | (c >> 6 & 63)));
	}
	buf_addc(out, (uint8_t)(0x80 | (c & 63)));
}

bool
text_is_utf8(struct slice s)
{
	size_t n;

	for (; s.n > 0; s = slice_from(s, n))
		if ((n = text_utf8(s)) == 0)
			return false;
	return true;
}

/* What may move the cursor, ring the bell, or reorder what is read. */
static bool
unsafe(struct slice ch)
{
	if (ch.n == 1)
		return ch.p[0] < 0x20 || ch.p[0] == 0x7f;
	if (ch.n == 2)		/* C1: U+0080 to U+009F; U+061C */
		return (ch.p[0] == 0xc2 && ch.p[1] < 0xa0) ||
		    (ch.p[0] == 0xd8 && ch.p[1] == 0x9c);
	if (ch.n == 3 && ch.p[0] == 0xe2 && ch.p[1] == 0x80)
		/* U+200E, U+200F, U+2028 to U+202E */
		return ch.p[2] == 0x8e || ch.p[2] == 0x8f ||
		    (ch.p[2] >= 0xa8 && ch.p[2] <= 0xae);
	if (ch.n == 3 && ch.p[0] == 0xe2 && ch.p[1] == 0x81)
		/* U+2066 to U+2069 */
		return ch.p[2] >= 0xa6 && ch.p[2] <= 0xa9;
	return false;
}

void
text_escape(struct slice s, struct buf *out)
{
	size_t n, i;

	for (; s.n > 0; s = slice_from(s, n)) {
		n = text_utf8(s);
		if (n > 0 && !unsafe(slice_head(s, n))) {
			buf_add(out, slice_head(s, n));
			continue;
		}
		if (n == 0)
			n = 1;
		for (i = 0; i < n; i++)
			buf_addf(out, "\\x%02x", s.p[i]);
	}
}

void
text_escape_json(struct slice s, struct buf *out)
{
	unsigned c;
	size_t n;

	for (; s.n > 0; s = slice_from(s, n)) {
		n = text_utf8(s);
		if (n == 0 || s.p[0] == '\n' || !unsafe(slice_head(s, n))) {
			n = n > 0 ? n : 1;
			buf_add(out, slice_head(s, n));
			continue;
		}
		/* none of them has more than three bytes */
		c = n == 1 ? s.p[0] : n == 2 ?
		    (s.p[0] & 0x1fU) << 6 | (s.p[1] & 0x3fU) :
		    (s.p[0] & 0x0fU) << 12 | (s.p[1] & 0x3fU) << 6 |
		    (s.p[2] & 0x3fU);
		buf_addf(out, "\\u%04x", c);
	}
}

bool
text_is_plain(struct slice s)
{
	struct buf shown = {0};
	bool plain = true;
	struct slice line;
	size_t n;

	for (; plain && s.n > 0; s = slice_from(s, n + 1)) {
		n = slice_find(s, '\n');
		line = slice_trim(slice_head(s, n));
		buf_cut(&shown, 0);
		text_escape(line, &shown);
		plain = shown.n == line.n;
	}
	buf_free(&shown);
	return plain;
}

void
text_time(int64_t at, struct buf *out)
{
	time_t t = (time_t)at;
	char text[32];
	struct tm tm;

	if (at >= 0 && at < TEXT_TIME_END && gmtime_r(&t, &tm) != NULL &&
	    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm) > 0)
		buf_adds(out, text);
	else
		buf_addf(out, "%" PRId64, at);
}

int
text_no_bom(struct slice s, const char *what, struct err *e)
{
	const char *found = NULL;

	if (s.n >= 3 && memcmp(s.p, "\xef\xbb\xbf", 3) == 0)
		found = "a UTF-8 byte order mark";
	else if (s.n >= 2 && (memcmp(s.p, "\xff\xfe", 2) == 0 ||
	    memcmp(s.p, "\xfe\xff", 2) == 0))
		found = "a UTF-16 byte order mark";
	else if (s.n >= 4 && ((s.p[0] == 0 && s.p[1] != 0 && s.p[2] == 0 &&
	    s.p[3] != 0) || (s.p[0] != 0 && s.p[1] == 0 && s.p[2] != 0 &&
	    s.p[3] == 0)))
		found = "UTF-16 text";
	if (found == NULL)
		return 0;
	(void)err_set(e, E_INPUT, "%s: begins with %s", what, found);
	return err_hint(e, "save it as UTF-8 without a byte order mark; "
	    "a redirect in PowerShell writes UTF-16");
}

/* utf16.c -- see utf16.h. */
#include "codec/utf16.h"

#include "ground/text.h"

bool
utf16_marked(struct slice s)
{
	return s.n >= 2 && ((s.p[0] == 0xff && s.p[1] == 0xfe) ||
	    (s.p[0] == 0xfe && s.p[1] == 0xff));
}

static uint32_t
unit(const uint8_t *p, bool big)
{
	return big ? (uint32_t)p[0] << 8 | p[1] : (uint32_t)p[1] << 8 | p[0];
}

bool
utf16_to_utf8(struct slice s, struct buf *out)
{
	bool big = utf16_marked(s) && s.p[0] == 0xfe;
	size_t was = out->n, i;
	uint32_t c, low;

	if (!utf16_marked(s) || s.n % 2 != 0)
		return false;
	for (i = 2; i < s.n; i += 2) {
		c = unit(s.p + i, big);
		if (c >= 0xd800 && c < 0xe000) {
			low = i + 2 < s.n ? unit(s.p + i + 2, big) : 0;
			if (c >= 0xdc00 || low < 0xdc00 || low > 0xdfff) {
				buf_cut(out, was);
				return false;
			}
			c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
			i += 2;
		}
		text_put(c, out);
	}
	return true;
}

/* The character of a well-formed sequence of n bytes. */
static uint32_t
character(const uint8_t *p, size_t n)
{
	uint32_t c = n == 1 ? p[0] : p[0] & (0xffu >> (n + 1));
	size_t i;

	for (i = 1; i < n; i++)
		c = c << 6 | (p[i] & 63);
	return c;
}

static void
put_unit(uint32_t c, struct buf *out)
{
	buf_addc(out, (uint8_t)c);
	buf_addc(out, (uint8_t)(c >> 8));
}

bool
utf16_from_utf8(struct slice s, struct buf *out)
{
	size_t was = out->n, n;
	uint32_t c;

	put_unit(0xfeff, out);
	for (; s.n > 0; s = slice_from(s, n)) {
		if ((n = text_utf8(s)) == 0) {
			buf_cut(out, was);
			return false;
		}
		c = character(s.p, n);
		if (c >= 0x10000) {
			put_unit(0xd800 + ((c - 0x10000) >> 10), out);
			c = 0xdc00 + (c & 0x3ff);
		}
		put_unit(c, out);
	}
	return true;
}

/* hex.c -- see hex.h. */
#include "codec/hex.h"

void
hex_encode(struct slice s, struct buf *out)
{
	static const char digits[] = "0123456789abcdef";
	uint8_t *p = buf_more(out, 2 * s.n);
	size_t i;

	for (i = 0; i < s.n; i++) {
		*p++ = (uint8_t)digits[s.p[i] >> 4];
		*p++ = (uint8_t)digits[s.p[i] & 15];
	}
}

static int
digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hex_decode(struct slice s, struct buf *out, struct err *e)
{
	size_t i;
	uint8_t *p;

	for (i = 0; i < s.n; i++)
		if (digit(s.p[i]) < 0)
			return err_set(e, E_INPUT,
			    "hex: not a digit at offset %zu", i);
	if (s.n % 2 != 0)
		return err_set(e, E_INPUT,
		    "hex: odd number of digits (%zu)", s.n);
	p = buf_more(out, s.n / 2);
	for (i = 0; i < s.n; i += 2)
		*p++ = (uint8_t)(digit(s.p[i]) << 4 | digit(s.p[i + 1]));
	return 0;
}

int
hex_exact(struct slice s, uint8_t *out, size_t n, struct err *e)
{
	struct buf b = {0};

	if (hex_decode(s, &b, e) < 0)
		return -1;
	if (b.n != n) {
		(void)err_set(e, E_INPUT, "hex: %zu bytes where %zu belong",
		    b.n, n);
		buf_free(&b);
		return -1;
	}
	memcpy(out, b.p, n);
	buf_free(&b);
	return 0;
}

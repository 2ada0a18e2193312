/* Encoded bytes decode to themselves; decoded text encodes to its lower
 * case; an exact value is the same, or nothing. */
#include "codec/hex.h"

#include <ctype.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of(data, size);
	struct buf text = {0}, out = {0};
	uint8_t exact[16] = {0};
	struct err e;
	size_t i;
	int fits;

	hex_encode(s, &text);
	require(text.n == 2 * size);
	require(hex_decode(slice_buf(&text), &out, &e) == 0);
	require(slice_eq(slice_buf(&out), s));
	buf_cut(&text, 0);
	buf_cut(&out, 0);
	fits = hex_exact(s, exact, sizeof exact, &e);
	if (hex_decode(s, &out, &e) < 0) {
		require(e.code == E_INPUT && out.n == 0 && fits < 0);
	} else {
		hex_encode(slice_buf(&out), &text);
		require(text.n == size);
		for (i = 0; i < size; i++)
			require(text.p[i] == tolower(data[i]));
		require((fits == 0) == (out.n == sizeof exact));
	}
	if (fits == 0)
		require(slice_eq(slice_of(exact, 16), slice_buf(&out)));
	else
		require(slice_zero(slice_of(exact, 16)));
	buf_free(&text);
	buf_free(&out);
	return 0;
}

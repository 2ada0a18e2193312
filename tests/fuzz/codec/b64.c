/* Decoded, encoded and decoded again is the same; where only one text is
 * allowed for a value, encoding brings that text back; failure leaves the
 * output as it was.  The first byte chooses the rules. */
#include "codec/b64.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
loose(struct slice s, unsigned rules, const struct buf *loosely)
{
	struct buf out = {0};
	struct err e;
	bool strict = b64_decode(s, rules & ~(unsigned)B64_LOOSE, &out,
	    &e) == 0;

	/* the same bytes, if they come out at all */
	require(!strict || slice_eq(slice_buf(&out), slice_buf(loosely)));
	buf_free(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const unsigned presets[] = {B64_JOSE, B64_TEXT, B64_POLICY,
	    B64_STD | B64_PAD, B64_URL | B64_PAD, B64_STD | B64_NOPAD,
	    B64_STD | B64_URL, B64_TEXT | B64_LOOSE, B64_URL | B64_LOOSE};
	struct buf out = {0}, text = {0}, again = {0};
	unsigned rules, how;
	struct slice s;
	struct err e;

	if (size == 0)
		return 0;
	rules = presets[data[0] % (sizeof presets / sizeof *presets)];
	s = slice_of(data + 1, size - 1);
	buf_adds(&out, "<");
	if (b64_decode(s, rules, &out, &e) < 0) {
		require(e.code == E_INPUT && slice_is(slice_buf(&out), "<"));
		require(strncmp(e.text, "base64: ", 8) == 0);
		buf_free(&out);
		return 0;
	}
	how = (rules & B64_STD) != 0 ? B64_STD : B64_URL;
	if ((rules & B64_NOPAD) == 0)
		how |= B64_PAD;
	b64_encode(slice_from(slice_buf(&out), 1), how, &text);
	require(b64_decode(slice_buf(&text), rules, &again, &e) == 0);
	require(slice_eq(slice_from(slice_buf(&out), 1), slice_buf(&again)));
	if (rules == B64_JOSE || rules == (B64_STD | B64_PAD) ||
	    rules == (B64_URL | B64_PAD))
		require(slice_eq(s, slice_buf(&text)));
	if ((rules & B64_LOOSE) != 0)
		loose(s, rules, &again);
	else
		require(!b64_loose(s));
	buf_free(&out);
	buf_free(&text);
	buf_free(&again);
	return 0;
}

/* bech32 -- a key of age's from outside.  What is read has no other form: it
 * holds five bits a character, in one case, and changing one is seen. */
#include <stdlib.h>

#include "codec/bech32.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
try(struct slice s, const char *name)
{
	size_t more = strlen(name) + 1 + 6;
	struct buf out = {0}, copy = {0}, none = {0};
	struct err e = {.code = E_OK};

	if (bech32_decode(s, name, &out, &e) < 0) {
		if (e.code != E_INPUT || out.n != 0)
			abort();
		buf_free(&out);
		return;
	}
	if (s.n < more || out.n != (s.n - more) * 5 / 8)
		abort();
	buf_add(&copy, s);
	copy.p[s.n / 2] ^= copy.p[s.n / 2] == '1' ? 0x40 : 1;
	if (bech32_decode(slice_buf(&copy), name, &none, &e) == 0)
		abort();
	buf_free(&out);
	buf_free(&copy);
	buf_free(&none);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	try(slice_of(data, size), "age");
	try(slice_of(data, size), "AGE-SECRET-KEY-");
	return 0;
}

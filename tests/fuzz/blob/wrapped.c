/* wrapped -- an annotation from outside.  What is read is recognised and has
 * a name and a block; what is not leaves nothing behind. */
#include <stdlib.h>

#include "blob/wrapped.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	struct wrapped w = {0};
	struct err e;

	if (wrapped_parse(text, &w, &e) == 0) {
		if (!wrapped_is(text) || w.kid.n == 0 || w.data.n == 0)
			abort();
		(void)err_set(&e, E_NO, "decryption failed");
		if (wrapped_hint(&w, &e) != -1 || e.hint[0] == '\0')
			abort();
	} else if (w.kid.p != NULL || w.data.p != NULL || e.code != E_INPUT) {
		abort();
	}
	wrapped_free(&w);
	return 0;
}

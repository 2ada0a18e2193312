/* A layer's root is the same in whatever pieces the tar comes; what is refused
 * is refused in any, as E_INPUT and with its entry. */
#include <stdlib.h>

#include "unit/layer_root.h"

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
	uint8_t root[SHA256_SIZE] = {0}, again[SHA256_SIZE] = {0};
	struct slice tar = slice_of(data, size);
	struct err e, f;
	int ret;

	ret = layer_root(tar, 1 << 20, root, &e);
	require(layer_root(tar, 700, again, &f) == ret);
	if (ret < 0)
		require(e.code == E_INPUT && strcmp(e.text, f.text) == 0 &&
		    strncmp(e.text, "entry ", 6) == 0);
	require(memcmp(root, again, sizeof root) == 0);
	return 0;
}

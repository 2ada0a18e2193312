/* tpm -- what a TPM answers: the first byte says what was asked. */
#include <stdlib.h>

#include "device/tpm.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { INDEX = 0x01400001 };

static void
inside(struct slice part, const uint8_t *data, size_t size)
{
	size_t i, sum = 0;

	if (part.n > 0 && (part.p < data || part.p + part.n > data + size))
		abort();
	for (i = 0; i < part.n; i++)
		sum += part.p[i];
	if (sum == SIZE_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice params = {0}, part = {0};
	struct tpm_index x;
	struct err e = {.code = E_OK};
	uint32_t code;
	size_t n;

	if (size == 0)
		return 0;
	n = (size_t)(*data >> 1) * 8;
	if (tpm_answer(slice_of(data + 1, size - 1), *data & 1, &params, &code,
	    &e) < 0) {
		if (e.code != E_SYSTEM || params.p != NULL)
			abort();
		return 0;
	}
	inside(params, data, size);
	if (code != 0)
		abort();
	if (tpm_answer_public(params, INDEX, &x, &e) == 0 &&
	    x.handle != INDEX)
		abort();
	if (tpm_answer_data(params, n, &part, &e) == 0 && part.n != n)
		abort();
	inside(part, data, size);
	return 0;
}

/* thim -- the platform's certificates, as JSON, its base64, or PEM. */
#include <stdlib.h>

#include "evidence/thim.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf pem = {0}, twice = {0};
	struct err e;

	if (thim_pem(slice_of(data, size), &pem, &e) == 0) {
		/* what comes out is PEM, and stays as it is */
		if (thim_pem(slice_buf(&pem), &twice, &e) < 0 ||
		    !slice_eq(slice_buf(&pem), slice_buf(&twice)))
			abort();
	} else if (pem.n != 0 || e.code != E_INPUT) {
		abort();
	}
	buf_free(&pem);
	buf_free(&twice);
	return 0;
}

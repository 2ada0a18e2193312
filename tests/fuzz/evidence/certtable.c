/* certtable -- what a host hands to its guest. */
#include <stdlib.h>

#include "evidence/certtable.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
inside(struct slice part, const uint8_t *data, size_t size)
{
	size_t i, sum = 0;

	if (part.n == 0)
		return;
	if (part.p < data || part.p + part.n > data + size)
		abort();
	for (i = 0; i < part.n; i++)
		sum += part.p[i];
	if (sum == SIZE_MAX)
		abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf pem = {0};
	struct certtable t;
	struct err e;

	if (certtable_read(slice_of(data, size), &t, &e) < 0)
		return 0;
	inside(t.vcek, data, size);
	inside(t.vlek, data, size);
	inside(t.ask, data, size);
	inside(t.ark, data, size);
	inside(t.crl, data, size);
	if (certtable_pem(&t, size % 2 == 0, &pem, &e) < 0 && pem.n != 0)
		abort();
	buf_free(&pem);
	return 0;
}

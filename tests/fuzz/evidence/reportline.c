/* reportline -- a line of many: a report, or JSON around one. */
#include <stdlib.h>

#include "evidence/reportline.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct reportline l;
	struct err e;

	reportline_clear(&l);
	if (reportline_read(slice_of(data, size), &l, &e) == 0) {
		if (l.report.n != SNP_SIZE)
			abort();
	} else if (e.code != E_INPUT) {
		abort();
	}
	return 0;
}

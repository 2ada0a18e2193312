/* uvm -- an endorsement: COSE, certificates, claims. */
#include <stdlib.h>

#include "evidence/uvm.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct uvm u;
	struct err e;

	if (uvm_read(slice_of(data, size), &u, &e) < 0) {
		if (e.code != E_INPUT)
			abort();
		return 0;
	}
	/* nobody but Microsoft can make one that is proved, and none of its
	 * is among the seeds */
	if (uvm_prove(&u, NULL, NULL, NULL, &e) == 0 || e.text[0] == '\0')
		abort();
	uvm_free(&u);
	return 0;
}

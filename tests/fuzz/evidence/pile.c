/* pile -- certificates in any form: read, and read again without a change. */
#include <stdlib.h>

#include "evidence/pile.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = slice_of(data, size);
	uint8_t report[SNP_SIZE] = {3};
	struct picked picked;
	struct pile pile = {0};
	struct buf out = {0};
	struct err e;
	size_t n;

	if (pile_add(&pile, text, "text", &e) == 0) {
		n = pile.certs.n;
		/* each is kept once */
		if (n == 0 || pile_add(&pile, text, "again", &e) < 0 ||
		    pile.certs.n != n)
			abort();
		if (pile_chain(&pile, slice_of(report, sizeof report), NULL,
		    NULL, &picked, &e) == 0)
			picked_text(&picked, &out);
		else if (e.code != E_INPUT)
			abort();
	} else if (e.code != E_INPUT || pile.certs.n != 0) {
		abort();
	}
	(void)pile_looks(text);
	buf_free(&out);
	pile_free(&pile);
	return 0;
}

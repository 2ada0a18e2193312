/* rules -- what a relying party accepts, as JSON; and a report against it. */
#include <stdlib.h>

#include "evidence/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t report[SNP_SIZE] = {3};
	struct snp_rules rules, again;
	struct checks c = {0};
	struct err e;

	if (snp_rules_read(slice_of(data, size), &rules, &e) < 0) {
		if (e.code != E_INPUT)
			abort();
		return 0;
	}
	snp_rules_check(slice_of(report, sizeof report), &rules,
	    PRODUCT_MILAN, &c);
	/* what it shows are rules, too */
	if (snp_rules_read(slice_buf(&rules.text), &again, &e) < 0)
		abort();
	snp_rules_free(&again);
	snp_rules_free(&rules);
	checks_free(&c);
	return 0;
}

/* policy -- whatever may carry a policy.  Raw Rego is hashed as it is, base64
 * as it decodes; a refusal leaves nothing behind. */
#include <stdlib.h>

#include "policy/hostdata.h"
#include "policy/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
check(struct slice file, const char *as)
{
	struct policy_ask ask = {.as = as, .yaml = &manifest_kind};
	struct policies found = {0};
	uint8_t sum[SHA256_SIZE], want[SHA256_SIZE] = {1};
	const struct policy *p;
	struct err e = {0};
	size_t i;

	if (policies_find(file, &ask, &found, &e) < 0) {
		if (found.v != NULL || e.code != E_INPUT)
			abort();
		return;
	}
	for (i = 0; i < found.n; i++) {
		p = &found.v[i];
		if (p->err.code != E_OK)
			continue;
		if (p->text.n == 0 || p->text.n > POLICY_MAX)
			abort();
		hash_sha256(p->text, sum);
		if (hostdata_check(p->text, p->source, sum, sum, &e) != 0 ||
		    hostdata_check(p->text, p->source, sum, want, &e) == 0)
			abort();
	}
	policies_free(&found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice file = slice_of(data, size);

	check(file, NULL);
	check(file, "base64");
	check(file, "rego");
	check(file, "bicepparam");
	return 0;
}

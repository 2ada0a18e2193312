/* hostdatafile.c -- see hostdata.h: the digest that a policy file makes. */
#include "policy/hostdata.h"

#include "policy/policy.h"

int
hostdata_of(struct slice file, uint8_t out[SHA256_SIZE], struct err *e)
{
	return hostdata_text(file, out, NULL, e);
}

int
hostdata_text(struct slice file, uint8_t out[SHA256_SIZE], struct buf *text,
    struct err *e)
{
	struct policies found = {0};
	int ret = -1;

	if (policies_find(file, NULL, &found, e) < 0)
		return -1;
	if (found.n != 1) {
		(void)err_set(e, E_INPUT, "holds %zu policies where one "
		    "belongs", found.n);
	} else if (found.v[0].err.code != E_OK) {
		*e = found.v[0].err;
	} else {
		hash_sha256(found.v[0].text, out);
		if (text != NULL)
			buf_add(text, found.v[0].text);
		ret = 0;
	}
	policies_free(&found);
	return ret;
}

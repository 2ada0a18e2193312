/* initdata -- documents of TOML: what fails says one line and leaves nothing
 * behind; a key stands once; and what carries a document changes nothing. */
#include "policy/initdata.h"

#include <stdlib.h>

#include "codec/b64.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static int
read_text(struct slice s, enum hash *by, bool *has, struct buf *policy)
{
	struct err e;
	int ret = initdata_read(s, by, has, policy, &e);

	require(ret == 0 || (e.code == E_INPUT && policy->n == 0));
	return ret;
}

/* Found as it is and as base64 of it. */
static void
find(struct slice s, const struct buf *want)
{
	const struct policy_ask ask = {0};
	struct policies found = {0};
	struct err e;

	require(initdata_kind.find(s, &ask, &found, &e) == 0 && found.n == 1 &&
	    slice_eq(found.v[0].text, slice_buf(want)));
	policies_free(&found);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of(data, size);
	struct buf policy = {0}, again = {0};
	enum hash by = HASH_SHA1, same = HASH_SHA1;
	bool has = false, too = false;

	if (read_text(s, &by, &has, &policy) == 0) {
		require(by != HASH_SHA1 && (has || policy.n == 0));
		buf_adds(&again, "algorithm = \"sha256\"\n");
		buf_add(&again, s);
		buf_cut(&policy, 0);
		require(read_text(slice_buf(&again), &same, &too,
		    &policy) < 0);
		buf_cut(&again, 0);
		(void)read_text(s, &same, &too, &policy);
		require(same == by && too == has);
		if (initdata_kind.is(s))
			find(s, &policy);
		b64_encode(s, B64_STD | B64_PAD, &again);
		if (initdata_kind.is(slice_buf(&again)))
			find(slice_buf(&again), &policy);
	}
	buf_free(&policy);
	buf_free(&again);
	return 0;
}

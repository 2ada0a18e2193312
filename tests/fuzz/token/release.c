/* release -- a release policy and a token's claims, parted by a NUL.  What
 * holds says which rule; what does not is an answer, never malformed. */
#include <stdlib.h>

#include "token/release.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
judge(struct json_val policy, struct json_val claims)
{
	struct buf held = {0};
	struct err e = {.code = E_OK};
	struct buf differ = {0};

	if (release_holds(policy, claims, &held, &differ, &e) == 0) {
		if (held.n == 0)
			abort();
	} else if (e.code != E_NO || e.text[0] == '\0') {
		abort();
	}
	if (differ.n > 0 && differ.p[differ.n - 1] != '\n')
		abort();
	buf_free(&held);
	buf_free(&differ);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice all = slice_of(data, size);
	size_t at = slice_find(all, 0);
	struct json *policy, *claims;
	struct buf inner = {0};
	struct err e;

	(void)release_text(slice_head(all, at), &inner, &e);
	buf_free(&inner);
	if (release_parse(slice_head(all, at), &policy, &e) < 0)
		return 0;
	if (json_parse(slice_from(all, at + 1), &claims, &e) == 0) {
		judge(json_root(policy), json_root(claims));
		json_free(claims);
	}
	json_free(policy);
	return 0;
}

/* blob -- anything as encrypted data: told what it is, or guessed; no bytes
 * can be made to decrypt without the key's own public half. */
#include <stdlib.h>

#include "blob/blob.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct key *key;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct blob_job job = {.oaep = oaep_sha256};
	const struct blob_format *f;
	struct slice in = slice_of(data, size);
	struct buf out = {0};
	struct err e = {0};
	size_t i;

	if (key == NULL && key_generate_rsa(2048, &key, &e) < 0)
		abort();
	job.key = key;
	if (blob_recognise(in, &job, &e) == NULL && e.code != E_INPUT)
		abort();
	for (i = 0; (f = blob_row(i)) != NULL; i++) {
		buf_cut(&out, 0);
		if (blob_open(f, in, &job, &out, &e) < 0 &&
		    (out.n > 0 || (e.code != E_NO && e.code != E_INPUT)))
			abort();
	}
	buf_free(&out);
	return 0;
}

/* fields -- records of each kind to decrypt or to encrypt.  With nothing that
 * decrypts they stay as they are but for names; what was sealed comes back. */
#include <stdlib.h>

#include "blob/records.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct key *key;

static void
open_one(struct slice text, enum records_kind kind)
{
	struct blob_job job = {.key = key, .oaep = oaep_sha256,
	    .records = kind};
	struct buf out = {0};
	struct err e;

	if (records_open(text, &job, &out, &e) < 0 && out.n > 0)
		abort();
	buf_free(&out);
	buf_free(&job.skipped_fields);
}

/* Once sealed, opening and sealing again keep the size and the shape. */
static void
seal_one(struct slice text, enum records_kind kind)
{
	struct blob_job job = {.key = key, .oaep = oaep_sha256,
	    .records = kind, .fields = "a,b c"};
	struct buf out = {0}, back = {0}, again = {0};
	struct err e;

	if (records_seal(text, &job, &out, &e) == 0) {
		if (records_open(slice_buf(&out), &job, &back, &e) < 0 ||
		    records_seal(slice_buf(&back), &job, &again, &e) < 0 ||
		    again.n != out.n)
			abort();
	}
	buf_free(&out);
	buf_free(&back);
	buf_free(&again);
	buf_free(&job.skipped_fields);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum records_kind kinds[] = {RECORDS_AUTO, RECORDS_JSON,
	    RECORDS_LINES, RECORDS_CSV};
	struct err e;
	size_t i;

	if (key == NULL && key_generate_rsa(2048, &key, &e) < 0)
		abort();
	for (i = 0; i < 4; i++) {
		open_one(slice_of(data, size), kinds[i]);
		if (size < 1024)
			seal_one(slice_of(data, size), kinds[i]);
	}
	return 0;
}

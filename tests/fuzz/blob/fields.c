/* fields -- JSON with members to decrypt or to encrypt.  What is not done is
 * not changed; with all members null, the document changes names only. */
#include <stdlib.h>

#include "blob/fields.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

enum { OPENED_MAX = 16 };	/* an operation with the key is slow */

static struct oaep_run *opener, *sealer;

static void
start(void)
{
	struct key *key;
	struct err e;

	if (key_generate_rsa(2048, &key, &e) < 0 ||
	    oaep_start(key, &oaep_sha256, false, &opener, &e) < 0 ||
	    oaep_start(key, &oaep_sha256, true, &sealer, &e) < 0)
		abort();
	key_free(key);
}

static void
must_parse(const struct buf *text)
{
	struct json *doc;
	struct err e;

	if (json_parse(slice_buf(text), &doc, &e) < 0)
		abort();
	json_free(doc);
}

static void
open_all(struct slice text)
{
	struct buf out = {0};
	struct fields *f;
	struct err e;
	size_t i;

	if (fields_sealed(text, &f, &e) < 0)
		return;
	fields_write(f, &out);
	if (!slice_eq(slice_buf(&out), text))
		abort();
	for (i = 0; i < OPENED_MAX && i < fields_count(f); i++)
		if (fields_open(f, i, opener, &e) < 0)
			fields_leave(f, i);
	buf_cut(&out, 0);
	fields_write(f, &out);
	must_parse(&out);
	buf_free(&out);
	fields_free(f);
}

static void
seal_all(struct slice text)
{
	struct buf out = {0}, back = {0};
	struct fields *f;
	struct err e;
	size_t i;

	if (fields_clear(text, slice_str("a,b c"), &f, &e) < 0)
		return;
	for (i = 0; i < fields_count(f); i++)
		if (fields_seal(f, i, sealer, &e) < 0)
			break;
	if (i == fields_count(f)) {
		fields_write(f, &out);
		must_parse(&out);
		open_all(slice_buf(&out));
	}
	buf_free(&out);
	buf_free(&back);
	fields_free(f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (opener == NULL)
		start();
	open_all(slice_of(data, size));
	if (size < 4096)
		seal_all(slice_of(data, size));
	return 0;
}

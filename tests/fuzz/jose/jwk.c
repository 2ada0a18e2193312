/* jwk -- a key file in any form.  What is read is written as a JWK that reads
 * back as the same key. */
#include <stdlib.h>

#include "jose/jwk.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
round_trip(const struct key *key, enum jwk_want want)
{
	struct slice none = {0}, pass = slice_str("");
	struct buf text = {0};
	struct key *again;
	struct err e;

	jwk_write(key, true, none, (struct json_val){0}, &text);
	if (jwk_read(slice_buf(&text), none, pass, want, &again,
	    NULL, &e) < 0 ||
	    !key_same(key, again))
		abort();
	key_free(again);
	buf_free(&text);
}

/* A key set has keys, or is one. */
static void
set(struct slice data)
{
	struct buf text = {0};
	struct json *doc;
	struct err e;
	bool bare;

	buf_add(&text, data);
	if (jwk_set_read(&text, &doc, &bare, &e) == 0) {
		if (!json_has(json_get(json_root(doc), bare ? "kty" :
		    "keys")) && !json_has(json_get(json_root(doc), "kty")))
			abort();
		json_free(doc);
	}
	buf_free(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const enum jwk_want wants[] = {JWK_VERIFY, JWK_ENCRYPT,
	    JWK_DECRYPT};
	struct slice none = {0}, pass = slice_str("");
	struct buf name = {0};
	struct key *key;
	struct err e;
	size_t i;

	if (size > 16 << 10)
		return 0;
	set(slice_of(data, size));
	for (i = 0; i < 3; i++)
		if (jwk_read(slice_of(data, size), none, pass, wants[i], &key,
		    &name, &e) == 0) {
			round_trip(key, wants[i]);
			key_free(key);
		}
	buf_free(&name);
	return 0;
}

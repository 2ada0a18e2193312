/* key -- a key as PEM or DER.  What is read is written in a form that reads
 * back as the same key, halves and all. */
#include <stdlib.h>

#include "crypto/key.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
again(const struct key *k, struct slice text, bool private)
{
	struct slice none = {NULL, 0};
	struct key *back;
	struct err e;

	if (key_from_pem(text, none, &back, &e) < 0 || !key_same(k, back) ||
	    key_private(back) != private)
		abort();
	key_free(back);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* no passphrase: an iteration count may stand for hours */
	struct slice none = {NULL, 0};
	struct buf text = {0};
	struct key *k = NULL;
	struct err e;

	if (size > 8 << 10)
		return 0;
	if (key_from_pem(slice_of(data, size), none, &k, &e) < 0) {
		if (k != NULL || (e.code != E_INPUT && (e.code != E_NO ||
		    strcmp(e.text, "passphrase needed") != 0)))
			abort();
		return 0;
	}
	if (key_type(k) == KEY_OCT)
		abort();
	key_to_spki_pem(k, &text);
	again(k, slice_buf(&text), false);
	buf_cut(&text, 0);
	key_to_spki(k, &text);
	again(k, slice_buf(&text), false);
	if (key_private(k)) {
		buf_cut(&text, 0);
		key_to_pkcs8_pem(k, &text);
		again(k, slice_buf(&text), true);
	}
	buf_free(&text);
	key_free(k);
	return 0;
}

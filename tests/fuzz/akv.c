/* Answers of a vault: nothing is released by a JWS that no root vouches for,
 * and what fails leaves the output as it was. */
#include "format/akv.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
require(bool good)
{
	if (!good)
		abort();
}

static void
challenge(struct slice s)
{
	char *text = slice_dup(slice_head(s, slice_find(s, '\0')));

	(void)akv_challenge(text, "resource");
	(void)akv_challenge(text, "authorization");
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct key *wrap;
	static struct endpoint_key url;
	const struct certs none = {0};
	struct slice s = slice_of(data, size);
	struct akv_asked asked = {.key = &url, .enc = AKV_ENC, .nonce = "n",
	    .roots = &none};
	struct buf out = {0};
	struct err e;

	if (wrap == NULL && (key_generate_rsa(2048, &wrap, &e) < 0 ||
	    endpoint_key("https://v.example/keys/k", &url, &e) < 0))
		abort();
	asked.wrap = wrap;
	require(akv_open(s, &asked, &out, &e) < 0 && out.n == 0);
	require(e.code == E_INPUT || e.code == E_NO);
	if (akv_payload(s, &asked, &out, &e) < 0)
		require(out.n == 0 && (e.code == E_INPUT || e.code == E_NO));
	if (akv_target(s, wrap, &e) < 0)
		require(e.code == E_INPUT || e.code == E_NO);
	challenge(s);
	buf_free(&out);
	return 0;
}

/* Answers of a vault: nothing is released by a JWS that no root vouches for,
 * and what fails leaves the output as it was. */
#include "azure/akv.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "azure/bearer.h"

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

/* What services answer with an access token in it, and what one says. */
static void
bearer(struct slice s)
{
	struct bearer_claims claims;
	struct buf out = {0};
	struct err e;
	size_t n;

	if (bearer_answer(s, &out, &e) < 0)
		require(out.n == 0 && e.code == E_INPUT);
	n = out.n;
	if (bearer_read(s, &out, &e) < 0)
		require(out.n == n && e.code == E_INPUT);
	require(slice_find(slice_buf(&out), '\n') == out.n &&
	    slice_find(slice_buf(&out), '\r') == out.n);
	bearer_claims(s, &claims);
	bearer_claims_free(&claims);
	buf_free(&out);
}

/* A key's bundle with a release policy in it, against a token. */
static void
policy(struct slice s)
{
	struct buf bundle = {0}, differ = {0};
	struct err e;
	int ret;

	(void)akv_policy(s, slice_str("eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwcz"
	    "ovL2EifQ.AAAA"), 0, &differ, &e);
	buf_adds(&bundle, "{\"release_policy\":{\"data\":\"");
	b64_encode(s, B64_URL, &bundle);
	buf_adds(&bundle, "\"}}");
	ret = akv_policy(slice_buf(&bundle), slice_str("eyJhbGciOiJSUzI1NiJ9."
	    "eyJpc3MiOiJodHRwczovL2EiLCJ4IjoiMSJ9.AAAA"), 0, &differ, &e);
	require(ret == 0 || e.code == E_NO || e.code == E_INPUT);
	buf_free(&bundle);
	buf_free(&differ);
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
	bearer(s);
	policy(s);
	buf_free(&out);
	return 0;
}

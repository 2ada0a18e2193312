/* A provider's answer about its policy: nothing is believed that its key has
 * not signed, whatever stands in it then is read or refused, and any text of a
 * policy comes out as it went in. */
#include "azure/maapolicy.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "jose/jwk.h"
#include "value/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static struct key *provider;
static struct buf keys;

static void
require(bool good)
{
	if (!good)
		abort();
}

/* {"token"} with this x-ms-policy, as the provider signs it. */
static void
answer(struct slice policy, struct buf *out)
{
	struct buf jws = {0}, claims = {0}, sig = {0};
	struct err e;

	buf_adds(&claims, "{\"iss\":\"https://h\",\"exp\":9,\"x-ms-policy\":");
	json_quote(policy, &claims);
	buf_adds(&claims, "}");
	b64_encode(slice_str("{\"alg\":\"RS256\",\"kid\":\"k\"}"), B64_URL,
	    &jws);
	buf_addc(&jws, '.');
	b64_encode(slice_buf(&claims), B64_URL, &jws);
	require(key_sign(provider, SIG_RS256, slice_buf(&jws), &sig, &e) == 0);
	buf_addc(&jws, '.');
	b64_encode(slice_buf(&sig), B64_URL, &jws);
	buf_adds(out, "{\"token\":\"");
	buf_add(out, slice_buf(&jws));
	buf_adds(out, "\"}");
	buf_free(&jws);
	buf_free(&claims);
	buf_free(&sig);
}

static int
read_policy(struct slice body, int64_t at, struct maapolicy *out)
{
	struct err e;
	int ret;

	*out = (struct maapolicy){0};
	ret = maapolicy_read(body, slice_buf(&keys), slice_str("https://h"),
	    at, out, &e);
	require(ret == 0 || ((e.code == E_INPUT || e.code == E_NO) &&
	    out->text.n == 0 && out->hash.n == 0));
	return ret;
}

/* The text of a policy, as an unsigned one. */
static void
text(struct slice s)
{
	struct buf json = {0}, jws = {0}, body = {0};
	struct maapolicy got;

	buf_adds(&json, "{\"AttestationPolicy\":\"");
	b64_encode(s, B64_URL, &json);
	buf_adds(&json, "\"}");
	buf_adds(&jws, "eyJhbGciOiJub25lIn0.");
	b64_encode(slice_buf(&json), B64_URL, &jws);
	buf_addc(&jws, '.');
	answer(slice_buf(&jws), &body);
	if (read_policy(slice_buf(&body), 1, &got) == 0)
		require(slice_eq(slice_buf(&got.text), s) && !got.is_signed);
	else
		require(s.n == 0);
	maapolicy_free(&got);
	require(read_policy(slice_buf(&body), 9, &got) < 0);
	buf_free(&json);
	buf_free(&jws);
	buf_free(&body);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice s = slice_of(data, size);
	struct maapolicy got;
	struct buf body = {0};
	struct err e;

	if (provider == NULL) {
		require(key_generate_rsa(2048, &provider, &e) == 0);
		jwk_write(provider, false, slice_str("k"), (struct json_val){0},
	    &keys);
	}
	require(read_policy(s, 1, &got) < 0);
	answer(s, &body);
	if (read_policy(slice_buf(&body), 1, &got) == 0)
		require(got.hash.n == 43);
	maapolicy_free(&got);
	text(s);
	buf_free(&body);
	return 0;
}

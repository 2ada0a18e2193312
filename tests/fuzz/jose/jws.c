/* jws -- a token from outside, and what its claims are asked. */
#include <stdlib.h>

#include "token/claims.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
ask(const struct jws *j, struct json_val claims)
{
	struct json_val exp = json_get(claims, "exp");
	struct err e;
	double at;

	(void)claims_typ(j, &e);
	/* a token whose times hold has an exp ahead of them */
	if (claims_time(claims, 1700000000, 60, &e) == 0 &&
	    (!json_number(exp, &at) || at + 60 <= 1700000000))
		abort();
	(void)claims_issuer(j, claims, "https://maa.example", &e);
	(void)claims_check(claims, "a.b.c=1", &e);
	(void)claims_check(claims, "a:=[1.0, {\"b\": null}]", &e);
	(void)claims_nonce(claims, "n", &e);
	(void)claims_runtime(claims, slice_str("{}"), &e);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf compact = {0};
	struct jws j = {0};
	struct json *doc;
	struct err e;

	if (jws_token(slice_of(data, size), &compact, &e) == 0 &&
	    jws_parse(slice_buf(&compact), &j, &e) == 0) {
		if (j.header.n == 0 || j.payload.n == 0 || j.sig.n == 0 ||
		    json_has(json_get(json_root(j.head), "crit")))
			abort();
		if (claims_parse(&j, &doc, &e) == 0) {
			ask(&j, json_root(doc));
			json_free(doc);
		}
		jws_free(&j);
	}
	buf_free(&compact);
	return 0;
}

/* jws -- a token from outside, and what its claims are asked. */
#include <stdlib.h>

#include "token/claims.h"
#include "token/instead.h"

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
	(void)claims_check(claims, "x-ms-sevsnpvm-vmpl=0", &e);
	/* a guest's level is never the host's */
	if (claims_vmpl(claims, CLAIMS_VMPL_ANY, &e) == 0 &&
	    claims_of_host(claims))
		abort();
}

/* What is no token is never called anything but malformed; without a
 * signature it may be one. */
static void
otherwise(struct slice text)
{
	struct err e = {.code = E_INPUT, .text = "x"};
	struct jws j;

	instead_of_token(text, &e);
	if (e.code != E_INPUT || e.text[0] == '\0')
		abort();
	if (jws_parse_any(text, &j, &e) < 0)
		return;
	if (j.sig.n == 0 && !slice_is(slice_buf(&j.alg), "none"))
		abort();
	jws_free(&j);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buf compact = {0};
	struct jws j = {0};
	struct json *doc;
	struct err e;

	otherwise(slice_of(data, size));
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

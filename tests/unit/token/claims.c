/* Versions in claims, and whom a token's signature is asked of. */
#include "token/claims.h"

#include "token/token.h"
#include "unit/tap.h"

/* What a question says of the claims in text: 0, or the class. */
static int
asked(const char *text, int (*question)(struct json_val, struct err *),
    struct err *e)
{
	struct json *doc;
	int ret;

	*e = (struct err){.code = E_OK};
	if (json_parse(slice_str(text), &doc, e) < 0)
		return -1;
	ret = question(json_root(doc), e);
	json_free(doc);
	return ret == 0 ? 0 : (int)e->code;
}

static int
firmware(struct json_val claims, struct err *e)
{
	const struct tcb_floor floor = {.part = {[TCB_BL] = -1, [TCB_TEE] = -1,
	    [TCB_SNP] = 8, [TCB_UCODE] = -1, [TCB_FMC] = -1}};

	return claims_tcb(claims, &floor, e);
}

static int
uvm(struct json_val claims, struct err *e)
{
	return claims_uvm_svn(claims, 100, e);
}

#define SNPFW "x-ms-sevsnpvm-snpfw-svn"
#define UVM "x-ms-sevsnpvm-uvm-endorsement"
#define GUEST "x-ms-sevsnpvm-guestsvn"

static void
floors(void)
{
	static const struct {
		int (*question)(struct json_val, struct err *);
		const char *claims;
		int want;
		const char *says;
	} rows[] = {
		{firmware, "{\"" SNPFW "\":8}", 0, ""},
		{firmware, "{\"" SNPFW "\":7}", E_NO,
		    "claims: " SNPFW " is 7, below 8"},
		{firmware, "{\"" SNPFW "\":\"8\"}", E_INPUT,
		    "claims: " SNPFW " is no whole number"},
		{firmware, "{\"" SNPFW "\":8.5}", E_INPUT,
		    "claims: " SNPFW " is no whole number"},
		{firmware, "{\"" SNPFW "\":null}", E_INPUT,
		    "claims: " SNPFW " is no whole number"},
		{uvm, "{\"" UVM "\":{\"" GUEST "\":\"100\"}}", 0, ""},
		{uvm, "{\"" UVM "\":{\"" GUEST "\":\"99\"}}", E_NO,
		    "claims: the UVM's version is 99, below 100"},
		{uvm, "{\"" UVM "\":{\"x\":\"100\"}}", E_NO,
		    "claims: " UVM "." GUEST " is missing"},
		{uvm, "{\"" UVM "\":100}", E_NO,
		    "claims: " UVM "." GUEST " is missing"},
		{uvm, "{\"" UVM "\":{\"" GUEST "\":[100]}}", E_INPUT,
		    "claims: " UVM "." GUEST " is no whole number"},
	};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		CHECK(asked(rows[i].claims, rows[i].question, &e) ==
		    rows[i].want && strcmp(e.text, rows[i].says) == 0, "%s",
		    rows[i].claims);
}

/* An algorithm that is none is the caller's mistake, whatever the token. */
static void
algorithm(void)
{
	static const char token[] = "eyJhbGciOiJSUzI1NiJ9.e30.AAAA";
	static const char *const algs[] = {"", "rs256", "HS256", "none"};
	struct token_rules r = {.keys_name = "keys"};
	struct token_keys cache = {0};
	struct token t = {0};
	struct json *keys;
	struct err e;
	size_t i;

	if (json_parse(slice_str("{\"keys\":[]}"), &keys, &e) < 0)
		return;
	r.keys = keys;
	for (i = 0; i < sizeof algs / sizeof *algs; i++) {
		r.alg = algs[i];
		CHECK(token_open(slice_str(token), &r, &cache, &t, &e) < 0 &&
		    e.code == E_USAGE && strstr(e.text, "no such algorithm: ")
		    == e.text, "asked for '%s': %s", algs[i], e.text);
	}
	json_free(keys);
	token_keys_free(&cache);
}

int
main(void)
{
	floors();
	algorithm();
	return tap_done();
}

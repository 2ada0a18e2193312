/* Tokens: what is accepted, and every single byte of one changed. */
#include "jose/jws.h"

#include <stdio.h>
#include <stdlib.h>

#include "token/claims.h"
#include "jose/jwk.h"
#include "ground/io.h"
#include "unit/tap.h"

/* Everything jwt-claims does with a token: 0, or the class of the refusal. */
static int
judge(struct slice text, struct json_val keys, int64_t now)
{
	struct buf compact = {0};
	struct jws j = {0};
	struct key *key = NULL;
	struct json *doc = NULL;
	struct err e = {.code = E_OK};

	if (jws_token(text, &compact, &e) == 0 &&
	    jws_parse(slice_buf(&compact), &j, &e) == 0 &&
	    jws_alg(&j, SIG_RS256, &e) == 0 &&
	    jwk_find(keys, slice_buf(&j.kid), &key, NULL, &e) == 0 &&
	    jws_verify(&j, key, SIG_RS256, &e) == 0 &&
	    claims_parse(&j, &doc, &e) == 0 &&
	    claims_typ(&j, &e) == 0 &&
	    claims_time(json_root(doc), now, 60, &e) == 0)
		e.code = E_OK;
	json_free(doc);
	key_free(key);
	jws_free(&j);
	buf_free(&compact);
	return (int)e.code;
}

/* Every position, three other values each: refused as 1 or 3. */
static void
sweep(const char *name, struct slice token, struct json_val keys, int64_t now)
{
	struct buf copy = {0};
	size_t i, v, kept = 0, odd = 0;
	int got;

	buf_add(&copy, token);
	for (i = 0; i < token.n; i++)
		for (v = 0; v < 3; v++) {
			copy.p[i] = v == 0 ? token.p[i] ^ 1 : v == 1 ?
			    token.p[i] ^ 0x20 : (token.p[i] == 'A' ? 'B' : 'A');
			got = judge(slice_buf(&copy), keys, now);
			kept += got == E_OK;
			odd += got != E_OK && got != E_NO && got != E_INPUT;
			copy.p[i] = token.p[i];
		}
	CHECK(kept == 0, "%s", name);
	CHECK(odd == 0, "  refused as 1 or 3");
	buf_free(&copy);
}

static void
token_file(const char *name, const char *token, const char *keys, int64_t now)
{
	struct buf text = {0}, set = {0};
	struct json *doc = NULL;
	struct err e;
	bool read = io_read(token, JWS_MAX, &text, &e) == 0 &&
	    io_read(keys, JWK_DOC_MAX, &set, &e) == 0 &&
	    json_parse(slice_buf(&set), &doc, &e) == 0;

	CHECK(read, "%s", name);
	if (read) {
		/* a line end is no part of the token */
		if (text.p[text.n - 1] == '\n')
			text.n--;
		CHECK(judge(slice_buf(&text), json_root(doc), now) == E_OK,
		    "  is accepted");
		CHECK(judge(slice_buf(&text), json_root(doc),
		    now + 4000000000) == E_NO, "  is refused when expired");
		sweep("  every byte changed is refused", slice_buf(&text),
		    json_root(doc), now);
	}
	json_free(doc);
	buf_free(&text);
	buf_free(&set);
}

static void
shapes(void)
{
	static const struct {
		const char *text;
		enum status want;
	} cases[] = {
		{"", E_INPUT}, {"\n", E_INPUT}, {"a", E_INPUT},
		{"a.b", E_INPUT}, {"..", E_INPUT}, {"a.b.c.d", E_INPUT},
		{"e30.e30.", E_INPUT}, {"e30.e30.AA", E_INPUT},
		{"eyJhbGciOiJub25lIn0.e30.AA", E_NO},
		{"eyJhbGciOiJub25lIn0.e30.AA\n", E_NO},
		{"eyJhbGciOiJub25lIn0.e30.AA\r\n", E_NO},
		{"Bearer eyJhbGciOiJub25lIn0.e30.AA", E_NO},
		{"bearer eyJhbGciOiJub25lIn0.e30.AA", E_INPUT},
		{"eyJhbGciOiJub25lIn0.e30.AA\n\n", E_INPUT},
		{"eyJhbGciOiJub25lIn0.e30.AB", E_INPUT},
		{"eyJhbGciOiJub25lIn0=.e30.AA", E_INPUT},
		{"{\"token\":\"eyJhbGciOiJub25lIn0.e30.AA\"}", E_NO},
		{"{\"token\":1}", E_INPUT}, {"{}", E_INPUT},
		{"{\"token\":\"a.b.c\",\"token\":\"a.b.c\"}", E_INPUT},
	};
	static const char none[] = "{\"keys\":[]}";
	struct json *doc = NULL;
	struct err e;
	size_t i;

	if (json_parse(slice_str(none), &doc, &e) < 0)
		return;
	for (i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK(judge(slice_str(cases[i].text), json_root(doc), 0) ==
		    (int)cases[i].want, "%s", cases[i].text);
	json_free(doc);
}

static void
nothing(void)
{
	static const char *const texts[] = {"", "\n", "\r\n", "Bearer \n"};
	struct buf out = {0};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		CHECK(jws_token(slice_str(texts[i]), &out, &e) < 0 &&
		    e.code == E_INPUT && strcmp(e.text, "token: empty") == 0 &&
		    out.n == 0, "no token: %s", texts[i]);
}

int
main(void)
{
	const char *root = getenv("ROOT"), *vectors = getenv("VECTORS");
	char token[4096], keys[4096];

	shapes();
	nothing();
	(void)snprintf(token, sizeof token, "%s/tests/data/token.jwt",
	    root != NULL ? root : ".");
	(void)snprintf(keys, sizeof keys, "%s/tests/data/token.jwks.json",
	    root != NULL ? root : ".");
	token_file("a token of our own", token, keys, 1700000100);
	if (vectors == NULL || *vectors == '\0') {
		tap_skip("MAA's real token", "no vectors here");
		return tap_done();
	}
	(void)snprintf(token, sizeof token,
	    "%s/maa/policy-token-2022-09-20.jwt", vectors);
	(void)snprintf(keys, sizeof keys,
	    "%s/maa/certs-2022-10-07.first-key.jwks.json", vectors);
	token_file("MAA's real token", token, keys, 1663696000);
	return tap_done();
}

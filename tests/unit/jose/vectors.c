/* Published vectors of JWS and JWK, where they are to be had: each case as
 * marked, or listed here with the rule that refuses it. */
#include <stdio.h>
#include <stdlib.h>

#include "jose/jwk.h"
#include "jose/jws.h"
#include "ground/io.h"
#include "unit/tap.h"

static const char mac[] = "a MAC, whose key can sign too: not offered";
static const char empty[] = "an empty part: a token says something";
static const char odd_alg[] = "the key is for ES521, which is no algorithm";
static const char odd_key[] = "the token says PS384, its key PS256";

/* Valid ones that are refused. */
static const struct listed {
	int id;
	const char *rule;
} jws_listed[] = {
	{1, mac}, {259, empty}, {264, empty}, {268, empty}, {272, empty},
	{320, empty}, {325, empty}, {346, odd_key}, {347, odd_alg}, {348, mac},
	{350, odd_key}, {351, odd_alg}, {352, mac}, {357, mac}, {358, mac},
	{359, mac}, {372, mac}, {373, mac}, {376, mac}, {377, mac}, {0, NULL},
}, jwk_listed[] = {
	{2, mac}, {13, mac}, {14, mac}, {15, mac}, {0, NULL},
};

/* The algorithm the caller would pin: the one the key is for; where it does
 * not say or says one we have not, the header's; RS256 where that is none of
 * ours either. */
static enum key_sig
pinned(struct json_val keys, const struct jws *j)
{
	struct json_val first = json_first(json_get(keys, "keys"));
	struct json_val says = json_get(json_has(first) ? first : keys, "alg");
	struct buf name = {0};
	enum key_sig alg = SIG_RS256;
	struct err e;

	if ((json_text(says, "alg", &name, &e) < 0 ||
	    !key_sig_by_name(slice_buf(&name), &alg)) &&
	    !key_sig_by_name(slice_buf(&j->alg), &alg))
		alg = SIG_RS256;
	buf_free(&name);
	return alg;
}

/* 0 with the payload, or the class of the refusal in e. */
static int
verify(struct slice token, struct json_val keys, struct buf *payload,
    struct err *e)
{
	struct jws j = {0};
	struct key *key = NULL;
	struct json_val jwk;
	enum key_sig alg;
	int ret = -1;

	if (jws_parse(token, &j, e) < 0)
		return -1;
	alg = pinned(keys, &j);
	if (jws_alg(&j, alg, e) == 0 &&
	    jwk_find(keys, slice_buf(&j.kid), &key, &jwk, e) == 0 &&
	    jwk_allows(jwk, JWK_VERIFY, key_sig_name(alg), e) == 0 &&
	    jws_verify(&j, key, alg, e) == 0) {
		buf_add(payload, slice_buf(&j.payload));
		ret = 0;
	}
	key_free(key);
	jws_free(&j);
	return ret;
}

static const char *
rule_of(const struct listed *list, int64_t id)
{
	for (; list->id != 0; list++)
		if (list->id == id)
			return list->rule;
	return NULL;
}

static void
one_case(struct json_val group, struct json_val test,
    const struct listed *list)
{
	struct json_val keys = json_get(group, "public");
	bool valid = json_text_is(json_get(test, "result"), "valid");
	struct buf token = {0}, payload = {0};
	const char *rule;
	int64_t id = 0;
	struct err e = {.code = E_OK};
	int ret;

	if (!json_has(keys))
		keys = json_get(group, "private");
	(void)json_int(json_get(test, "tcId"), &id);
	(void)json_text(json_get(test, "jws"), "jws", &token, &e);
	rule = rule_of(list, id);
	ret = verify(slice_buf(&token), keys, &payload, &e);
	if (rule != NULL)
		CHECK(valid && ret < 0, "  %d refused: %s", (int)id, rule);
	else
		CHECK((ret == 0) == valid, "  %d %s", (int)id,
		    valid ? "valid" : "invalid");
	if (ret < 0)
		CHECK(payload.n == 0 && (e.code == E_NO || e.code == E_INPUT),
		    "    as 1 or 3");
	buf_free(&token);
	buf_free(&payload);
}

static struct json *
load(const char *dir, const char *name, struct buf *text)
{
	struct json *doc = NULL;
	char path[4096];
	struct err e;

	(void)snprintf(path, sizeof path, "%s/%s", dir, name);
	if (io_read(path, 16 << 20, text, &e) < 0)
		tap_skip(name, "no vectors");
	else
		CHECK(json_parse(slice_buf(text), &doc, &e) == 0, "%s", name);
	return doc;
}

static void
wycheproof(const char *dir, const char *name, const struct listed *list,
    int least)
{
	struct buf text = {0};
	struct json *doc = load(dir, name, &text);
	struct json_val group, test;
	int n = 0;

	if (doc != NULL) {
		group = json_first(json_get(json_root(doc), "testGroups"));
		for (; json_has(group); group = json_next(group)) {
			test = json_first(json_get(group, "tests"));
			for (; json_has(test); test = json_next(test), n++)
				one_case(group, test, list);
		}
		CHECK(n >= least, "%s: %d cases", name, n);
	}
	json_free(doc);
	buf_free(&text);
}

/* Take the member of that path, from outside in. */
static struct json_val
member(struct json_val v, const char *a, const char *b)
{
	return json_get(json_get(v, a), b);
}

static void
cookbook(const char *dir, const char *name)
{
	struct buf text = {0}, token = {0}, want = {0}, got = {0};
	struct json *doc = load(dir, name, &text);
	struct json_val root, key;
	struct err e;

	if (doc == NULL)
		goto out;
	root = json_root(doc);
	key = member(root, "input", "key");
	(void)json_text(member(root, "output", "compact"), "compact", &token,
	    &e);
	(void)json_text(member(root, "input", "payload"), "payload", &want,
	    &e);
	CHECK(verify(slice_buf(&token), key, &got, &e) == 0 &&
	    slice_eq(slice_buf(&got), slice_buf(&want)), "  verifies");
	buf_cut(&got, 0);
	token.p[token.n / 2] ^= 1;
	CHECK(verify(slice_buf(&token), key, &got, &e) < 0 && got.n == 0,
	    "  and not with another payload");
	CHECK(verify(json_span(member(root, "output", "json")), key, &got,
	    &e) < 0 && e.code == E_INPUT, "  nor in the JSON form");
out:
	json_free(doc);
	buf_free(&text);
	buf_free(&token);
	buf_free(&want);
	buf_free(&got);
}

int
main(void)
{
	const char *dir = getenv("VECTORS");

	if (dir == NULL || dir[0] == '\0') {
		tap_skip("vectors of JWS and JWK", "no vectors");
		return tap_done();
	}
	wycheproof(dir, "wycheproof/json_web_signature_test.json", jws_listed,
	    401);
	wycheproof(dir, "wycheproof/json_web_key_test.json", jwk_listed, 26);
	cookbook(dir, "rfc7520/jws/4_1.rsa_v15_signature.json");
	cookbook(dir, "rfc7520/jws/4_2.rsa-pss_signature.json");
	cookbook(dir, "rfc7520/jws/4_3.ecdsa_signature.json");
	return tap_done();
}

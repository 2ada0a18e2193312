/* token.c -- see token.h. */
#include "token/token.h"

#include "token/asked.h"
#include "token/claims.h"
#include "jose/jwk.h"
#include "token/instead.h"

void
token_keys_free(struct token_keys *k)
{
	size_t i;

	for (i = 0; i < k->n; i++) {
		buf_free(&k->v[i].kid);
		key_check_free(k->v[i].check);
	}
	*k = (struct token_keys){0};
}

/* The key of that kid.  One without a kid is for tokens without one, unless
 * the caller says that he means it. */
static int
choose_key(struct slice kid, const struct token_rules *r, struct key **key,
    struct json_val *jwk, struct err *e)
{
	struct json_val set = json_root(r->keys), keys = json_get(set, "keys");
	struct json_val lone = json_has(keys) ? json_first(keys) : set;
	bool nameless = !json_has(json_get(lone, "kid")) &&
	    (!json_has(keys) || json_count(keys) == 1);

	if (kid.p == NULL || (nameless && r->any_kid))
		return jwk_find(set, (struct slice){0}, key, jwk, e);
	if (nameless) {
		(void)err_set(e, E_NO, "jwk: the key has no kid, the token's "
		    "is %.*s", (int)slice_head(kid, 100).n,
		    (const char *)kid.p);
		return err_hint(e, "if it is the issuer's key, say so with "
		    "--any-kid");
	}
	if (jwk_find(set, kid, key, jwk, e) == 0)
		return 0;
	if (e->code == E_NO)
		(void)err_hint(e, "signing keys rotate: fetch them again, for "
		    "Microsoft Azure Attestation with maa-token --keys");
	return -1;
}

/* Read the key of that kid from the set and make it ready. */
static int
read_key(struct slice kid, const struct token_rules *r, enum key_sig alg,
    struct key_check **out, struct err *e)
{
	struct json_val jwk;
	struct key *key = NULL;
	int ret;

	ret = choose_key(kid, r, &key, &jwk, e);
	if (ret == 0)
		ret = jwk_allows(jwk, JWK_VERIFY, r->alg, e);
	if (ret == 0)
		ret = key_check_new(key, alg, out, e);
	key_free(key);
	return ret < 0 ? err_in(e, "%s", r->keys_name) : 0;
}

/* The key of the token's kid, borrowed from the cache.  A token without a
 * kid is looked up every time. */
static int
find_key(const struct jws *jws, const struct token_rules *r, enum key_sig alg,
    struct token_keys *cache, struct key_check **out, struct err *e)
{
	struct slice kid = slice_buf(&jws->kid);
	size_t i;

	for (i = 0; i < cache->n; i++)
		if (kid.p != NULL && cache->v[i].named &&
		    slice_eq(slice_buf(&cache->v[i].kid), kid)) {
			*out = cache->v[i].check;
			return 0;
		}
	if (read_key(kid, r, alg, out, e) < 0)
		return -1;
	i = cache->n < TOKEN_KEYS ? cache->n++ : cache->next++ % TOKEN_KEYS;
	key_check_free(cache->v[i].check);
	buf_cut(&cache->v[i].kid, 0);
	buf_add(&cache->v[i].kid, kid);
	cache->v[i].named = kid.p != NULL;
	cache->v[i].check = *out;
	return 0;
}

static int
prove(const struct jws *jws, const struct token_rules *r,
    struct token_keys *cache, struct err *e)
{
	struct key_check *key = NULL;
	enum key_sig alg, other;

	if (!key_sig_by_name(slice_str(r->alg), &alg))
		return err_set(e, E_USAGE, "no such algorithm: %s", r->alg);
	if (jws_alg(jws, alg, e) < 0) {
		/* those that are none, or a MAC, are nobody's to ask for */
		if (key_sig_by_name(slice_buf(&jws->alg), &other))
			(void)err_hint(e, "if its issuer signs so, say it: "
			    "-a %s", key_sig_name(other));
		return -1;
	}
	if (find_key(jws, r, alg, cache, &key, e) < 0)
		return -1;
	return jws_check(jws, key, e);
}

static int
read_token(struct slice text, bool verified, struct token *t, struct err *e)
{
	int ret = jws_token(text, &t->compact, e);

	if (ret == 0)
		ret = (verified ? jws_parse : jws_parse_any)(
		    slice_buf(&t->compact), &t->jws, e);
	if (ret < 0)
		instead_of_token(text, e);
	return ret;
}

int
token_open(struct slice text, const struct token_rules *r,
    struct token_keys *cache, struct token *out, struct err *e)
{
	struct token t = {0};

	if (read_token(text, r->keys != NULL, &t, e) < 0 ||
	    (r->keys != NULL && prove(&t.jws, r, cache, e) < 0) ||
	    claims_parse(&t.jws, &t.doc, e) < 0) {
		token_free(&t);
		return -1;
	}
	t.claims = json_root(t.doc);
	*out = t;
	return 0;
}

int
token_judge(struct slice text, const struct token_rules *r,
    struct token_keys *cache, struct token *out, struct err *e)
{
	struct token t = {0};

	if (token_open(text, r, cache, &t, e) < 0)
		return -1;
	if (asked_of(&t, r, e) < 0) {
		token_free(&t);
		return -1;
	}
	*out = t;
	return 0;
}

void
token_free(struct token *t)
{
	jws_free(&t->jws);
	json_free(t->doc);
	buf_free(&t->compact);
	buf_free(&t->held);
	*t = (struct token){0};
}

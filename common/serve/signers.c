/* signers.c -- see signers.h. */
#include "serve/signers.h"

#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "jose/jwk.h"
#include "token/claims.h"
#include "token/token.h"

enum { PROVIDERS = 8 };

struct set {
	struct buf issuer, text;
	int64_t at;		/* seconds, when it came */
};

struct signers {
	pthread_mutex_t lock;
	struct set v[PROVIDERS];
	size_t n, next;
};

struct signers *
signers_new(void)
{
	struct signers *k = calloc(1, sizeof *k);

	if (k == NULL)
		err_nomem();
	(void)pthread_mutex_init(&k->lock, NULL);
	return k;
}

void
signers_free(struct signers *k)
{
	size_t i;

	for (i = 0; i < k->n; i++) {
		buf_free(&k->v[i].issuer);
		buf_free(&k->v[i].text);
	}
	(void)pthread_mutex_destroy(&k->lock);
	free(k);
}

static int64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Append the set kept for an issuer, and how old it is; false if there is
 * none that is young enough. */
static bool
kept(struct signers *k, struct slice issuer, struct buf *out, int64_t *age)
{
	bool found = false;
	size_t i;

	(void)pthread_mutex_lock(&k->lock);
	for (i = 0; i < k->n && !found; i++) {
		*age = now() - k->v[i].at;
		if (!slice_eq(slice_buf(&k->v[i].issuer), issuer) ||
		    *age >= SIGNERS_LIFE)
			continue;
		buf_add(out, slice_buf(&k->v[i].text));
		found = true;
	}
	(void)pthread_mutex_unlock(&k->lock);
	return found;
}

static void
keep(struct signers *k, struct slice issuer, struct slice text)
{
	size_t i;

	(void)pthread_mutex_lock(&k->lock);
	for (i = 0; i < k->n; i++)
		if (slice_eq(slice_buf(&k->v[i].issuer), issuer))
			break;
	if (i == k->n)
		i = k->n < PROVIDERS ? k->n++ : k->next++ % PROVIDERS;
	buf_cut(&k->v[i].issuer, 0);
	buf_add(&k->v[i].issuer, issuer);
	buf_cut(&k->v[i].text, 0);
	buf_add(&k->v[i].text, text);
	k->v[i].at = now();
	(void)pthread_mutex_unlock(&k->lock);
}

/* Whether the set has a key of the token's kid. */
static bool
knows(struct slice set, struct slice token)
{
	struct json *doc = NULL;
	struct key *key = NULL;
	struct jws jws = {0};
	struct err ignored;
	bool yes = false;

	if (jws_parse(token, &jws, &ignored) == 0 &&
	    json_parse(set, &doc, &ignored) == 0)
		yes = jwk_find(json_root(doc), slice_buf(&jws.kid), &key,
		    NULL, &ignored) == 0;
	key_free(key);
	json_free(doc);
	jws_free(&jws);
	return yes;
}

/* The set to judge the token with: kept, or fetched. */
static int
fetch(struct signers *k, struct attest *a, struct slice token, struct buf *set,
    struct err *e)
{
	int64_t age = 0;

	if (kept(k, a->issuer, set, &age) &&
	    (age < SIGNERS_PAUSE || knows(slice_buf(set), token)))
		return 0;
	buf_cut(set, 0);
	if (attest_keys(a, set, e) < 0)
		return -1;
	keep(k, a->issuer, slice_buf(set));
	return 0;
}

int
signers_judge(struct signers *k, struct attest *a, struct slice token,
    const char *nonce, struct slice runtime, struct err *e)
{
	char *issuer = slice_dup(a->issuer);
	struct token_rules rules = {.keys_name = "the provider's keys",
	    .alg = "RS256", .times = true, .now = (int64_t)time(NULL),
	    .leeway = CLAIMS_LEEWAY, .issuer = issuer, .nonce = nonce,
	    .has_runtime = true, .runtime = runtime};
	struct token_keys cache = {0};
	struct token judged = {0};
	struct json *doc = NULL;
	struct buf set = {0};
	int ret = -1;

	if (fetch(k, a, token, &set, e) < 0)
		goto out;
	if (json_parse(slice_buf(&set), &doc, e) == 0) {
		rules.keys = doc;
		ret = token_judge(token, &rules, &cache, &judged, e);
	}
	if (ret < 0) {
		(void)err_in(e, "token");
		/* which is for who judges a token by hand */
		e->hint[0] = '\0';
	}
out:
	token_free(&judged);
	token_keys_free(&cache);
	json_free(doc);
	buf_free(&set);
	free(issuer);
	return ret;
}

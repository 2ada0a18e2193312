/* vault.c -- see vault.h. */
#include "net/vault.h"

#include <time.h>

#include "jose/jws.h"
#include "ground/io.h"
#include "net/identity.h"
#include "host/keyfile.h"

enum { COMPARE_TIMEOUT = 10 };	/* seconds: for an explanation, no more */

/* What an access token for the vault is to be for, and a NUL. */
static int
add_resource(const struct vault *v, const struct endpoint_key *key,
    struct buf *out, struct err *e)
{
	struct slice host = slice_buf(&key->host);

	if (v->resource != NULL) {
		buf_adds(out, v->resource);
	} else if (!endpoint_resource(host, out) && v->bearer_path == NULL) {
		(void)err_set(e, E_USAGE, "%.*s is no vault's name to take the "
		    "resource from", (int)host.n, (const char *)host.p);
		return err_hint(e, "--resource URL says what the access token "
		    "is to be for");
	}
	buf_addc(out, '\0');
	return 0;
}

static int
get_bearer(struct vault *v, const struct endpoint_key *key, struct err *e)
{
	struct identity id = {.file = v->bearer_path, .secret = v->secret_path,
	    .which = v->identity, .how = &v->ask};
	struct buf resource = {0};
	int ret;

	if (v->bearer.n > 0) {
		buf_add(&v->ask.bearer, v->bearer);
		return 0;
	}
	ask_whom(&v->ask, "identity");
	if ((ret = add_resource(v, key, &resource, e)) == 0) {
		id.resource = (const char *)resource.p;
		ret = identity_token(&id, &v->ask.bearer, e);
	}
	buf_free(&resource);
	return ret;
}

/* Say what differs, line by line. */
static void
list(struct slice lines)
{
	struct slice line;

	for (; lines.n > 0; lines = slice_from(lines, line.n + 1)) {
		line = slice_head(lines, slice_find(lines, '\n'));
		http_note("release policy: %.*s", (int)line.n,
		    (const char *)line.p);
	}
}

/* Whether the release policy says why; reading it is another permission than
 * releasing the key. */
static void
explain(struct vault *v, const struct endpoint_key *key, struct err *e)
{
	struct buf route = {0}, differ = {0};
	struct http_answer answer = {0};
	struct err why = {.code = E_OK};

	akv_key_route(key, v->api_version, &route);
	v->ask.retries = 0;
	if (ask(&v->ask, slice_buf(&key->base), (const char *)route.p, NULL,
	    &answer, &why) < 0 || answer.status != 200)
		(void)err_hint(e, "the token does not meet the key's release "
		    "policy, which this identity may not read (keys/get)");
	else if (akv_policy(slice_buf(&answer.body), v->token,
	    (int64_t)time(NULL), &differ, &why) == 0)
		(void)err_hint(e, "the token meets the key's release policy; "
		    "can the vault reach the token's issuer?");
	else
		(void)err_hint(e, "%s", why.text);
	if (v->ask.verbose)
		list(slice_buf(&differ));
	http_free(&answer);
	buf_free(&route);
	buf_free(&differ);
}

void
vault_compare(struct vault *v, const struct endpoint_key *key,
    struct slice token, struct err *e)
{
	struct err ignored;

	if (v->ask.timeout > COMPARE_TIMEOUT)
		v->ask.timeout = COMPARE_TIMEOUT;
	v->ask.retries = 0;
	v->token = token;
	ask_begin(&v->ask);
	if (get_bearer(v, key, &ignored) == 0)
		explain(v, key, e);
	buf_free(&v->ask.bearer);
}

/* Find an access token and ask the vault one question with it; an answer with
 * another status than 200 is none. */
static int
ask_vault(struct vault *v, const struct endpoint_key *key, const char *route,
    const struct buf *body, struct http_answer *answer, struct err *e)
{
	ask_begin(&v->ask);
	if (get_bearer(v, key, e) < 0)
		return -1;
	/* an endpoint that was waited for leaves the vault its time */
	if (!v->ask.exact)
		ask_begin(&v->ask);
	/* the vault did not get the keys of Entra ID just then */
	v->ask.passing = "AKV10046";
	ask_whom(&v->ask, "vault");
	if (ask(&v->ask, slice_buf(&key->base), route, body, answer, e) < 0)
		return -1;
	ask_saw(&v->ask, answer);
	return 0;
}

int
vault_show(struct vault *v, const struct endpoint_key *key, struct buf *out,
    struct err *e)
{
	struct http_answer answer = {0};
	struct service_answer said;
	struct buf route = {0};
	int ret;

	akv_key_route(key, v->api_version, &route);
	ret = ask_vault(v, key, (const char *)route.p, NULL, &answer, e);
	said = http_service(&answer);
	if (ret == 0 && answer.status != 200)
		ret = akv_unshown(&said, slice_buf(&v->ask.bearer),
		    (int64_t)time(NULL), e);
	else if (ret == 0 && (ret = service_body(&said, e)) == 0) {
		if ((ret = akv_shown(said.body, key, e)) < 0)
			(void)err_in(e, "%s", said.who);
		else
			buf_add(out, slice_trim(said.body));
	}
	http_free(&answer);
	buf_free(&v->ask.bearer);
	buf_free(&route);
	return ret;
}

int
vault_release(struct vault *v, const struct endpoint_key *key,
    const struct buf *body, struct buf *out, struct err *e)
{
	struct http_answer answer = {0};
	struct service_answer said;
	struct buf route = {0};
	int ret = -1;

	akv_route(key, v->api_version, &route);
	if (ask_vault(v, key, (const char *)route.p, body, &answer, e) < 0)
		goto out;
	said = http_service(&answer);
	if (answer.status != 200) {
		(void)akv_refused(&said, slice_buf(&v->ask.bearer),
		    (int64_t)time(NULL), e);
		if (akv_refused_target(&said))
			explain(v, key, e);
	} else if (service_body(&said, e) == 0) {
		buf_add(out, slice_buf(&answer.body));
		ret = 0;
	}
out:
	http_free(&answer);
	buf_free(&v->ask.bearer);
	buf_free(&route);
	return ret;
}

int
vault_roots(const char *path, struct certs *roots, struct err *e)
{
	struct buf text = {0};
	int ret;

	if (path == NULL && http_roots(NULL, &path, e) < 0)
		return err_hint(e, "--release-roots FILE names the roots");
	if ((ret = io_read(path, AKV_ROOTS_MAX, &text, e)) == 0 &&
	    (ret = certs_add_bundle(roots, slice_buf(&text), e)) < 0)
		(void)err_in(e, "%s", path);
	buf_free(&text);
	return ret;
}

int
vault_key(const char *path, struct key **out, struct err *e)
{
	struct keys keys = {0};
	bool good;

	if (keyfile_read(path, NULL, NULL, JWK_DECRYPT, &keys, e) < 0)
		return e->hint[0] != '\0' || e->code > E_INPUT ? -1 :
		    err_hint(e, "-k is the private key that key-release -G "
		    "wrote; what that printed is the runtime data, -r");
	good = keys.n == 1 && key_type(keys.v[0]) == KEY_RSA;
	if (good)
		*out = keys_take(&keys, 0);
	keys_free(&keys);
	return good ? 0 : err_set(e, E_INPUT, "%s: not one private RSA key",
	    io_name(path));
}

int
vault_token(const char *path, const struct key *wrap, struct buf *token,
    struct err *e)
{
	struct buf text = {0};
	int ret;

	if (path == NULL)
		return 0;
	if ((ret = io_read(path, JWS_MAX, &text, e)) == 0 &&
	    ((ret = jws_token(slice_buf(&text), token, e)) < 0 ||
	    (ret = akv_target(slice_buf(token), wrap, e)) < 0)) {
		(void)err_in(e, "%s", io_name(path));
		if (e->code == E_INPUT && e->hint[0] == '\0')
			(void)err_hint(e, "a token is what maa-token prints: "
			    "one line, three parts with dots between");
	}
	buf_free(&text);
	return ret;
}

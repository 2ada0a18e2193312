/* vault.c -- see vault.h. */
#include "world/vault.h"

#include "ground/io.h"

int
vault_release(struct vault *v, const struct endpoint_key *key,
    const struct buf *body, struct buf *out, struct err *e)
{
	struct http_answer answer = {0};
	struct service_answer said;
	struct buf route = {0};
	int ret;

	if (v->bearer_path == NULL) {
		(void)err_set(e, E_USAGE, "no access token for the vault");
		return err_hint(e, "--access-token-file FILE holds one");
	}
	if (ask_bearer_file(v->bearer_path, &v->ask.bearer, e) < 0)
		return -1;
	akv_route(key, v->api_version, &route);
	ret = ask(&v->ask, slice_buf(&key->base), (const char *)route.p, body,
	    &answer, e);
	said = http_service(&answer);
	if (ret == 0 && answer.status != 200)
		ret = akv_refused(&said, e);
	else if (ret == 0 && (ret = service_body(&said, e)) == 0)
		buf_add(out, slice_buf(&answer.body));
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

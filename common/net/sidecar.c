/* sidecar.c -- see sidecar.h. */
#include "net/sidecar.h"

#include <string.h>

#include "jose/jwk.h"

int
sidecar_ask(const struct ask *how, const char *base, const char *route,
    const struct buf *json, struct buf *out, struct err *e)
{
	struct http_answer answer = {0};
	struct service_answer said;
	int ret;

	ret = ask(how, slice_str(base), route, json, &answer, e);
	if (ret < 0 && e->code == E_NETWORK)
		(void)err_hint(e, "%s", strstr(e->text, "in time") != NULL ?
		    "the sidecar waits without end for the services behind "
		    "it: can it reach them?" :
		    "is the sidecar running, and does it listen there?");
	said = http_service(&answer);
	said.who = base;
	if (ret == 0 && answer.status != 200)
		ret = skr_refused(&said, e);
	else if (ret == 0 && (ret = service_body(&said, e)) == 0)
		buf_add(out, slice_buf(&answer.body));
	http_free(&answer);
	return ret;
}

int
sidecar_report(const char *base, struct slice runtime, struct buf *report,
    struct err *e)
{
	const struct ask how = {.timeout = HTTP_TIMEOUT};
	struct buf json = {0}, body = {0}, r = {0};
	int ret;

	skr_raw_request(runtime, &json);
	ret = sidecar_ask(&how, base, "/attest/raw", &json, &body, e);
	if (ret == 0 && ((ret = skr_raw_answer(slice_buf(&body), &r, e)) < 0 ||
	    (ret = snp_binds(slice_buf(&r), runtime, e)) < 0))
		(void)err_in(e, "%s", base);
	if (ret == 0)
		buf_add(report, slice_buf(&r));
	buf_free(&json);
	buf_free(&body);
	buf_free(&r);
	return ret;
}

int
sidecar_evidence(const char *base, struct slice runtime,
    struct skr_combined *out, struct err *e)
{
	const struct ask how = {.timeout = HTTP_TIMEOUT};
	struct buf json = {0}, body = {0};
	struct skr_combined c = {0};
	int ret;

	skr_raw_request(runtime, &json);
	ret = sidecar_ask(&how, base, "/attest/combined", &json, &body, e);
	if (ret == 0 && ((ret = skr_combined_answer(slice_buf(&body), &c,
	    e)) < 0 || (ret = snp_binds(slice_buf(&c.report), runtime,
	    e)) < 0))
		(void)err_in(e, "%s", base);
	if (ret == 0)
		*out = c;
	else
		skr_combined_free(&c);
	buf_free(&json);
	buf_free(&body);
	return ret;
}

int
sidecar_token(const struct ask *how, const char *base,
    const struct maa_asked *asked, struct buf *token, struct err *e)
{
	struct buf json = {0}, body = {0};
	int ret;

	if (!maa_runtime_is_json(asked->runtime))
		return err_set(e, E_INPUT, "runtime data: no JSON object, "
		    "which is all that a sidecar takes");
	/* it wants a host, and would take a URL for the name of one */
	skr_maa_request(slice_from(asked->issuer, strlen("https://")),
	    asked->runtime, &json);
	ret = sidecar_ask(how, base, "/attest/maa", &json, &body, e);
	if (ret == 0 && ((ret = skr_maa_answer(slice_buf(&body), token,
	    e)) < 0 || (ret = maa_check(slice_buf(token), asked, e)) < 0))
		(void)err_in(e, "%s", base);
	buf_free(&json);
	buf_free(&body);
	return ret;
}

/* The sidecar's JWK has no kid, which says where a key is from. */
static int
name_key(struct slice jwk, const struct endpoint_key *url, struct buf *out,
    struct err *e)
{
	struct json *doc = NULL;
	struct key *key = NULL;
	struct buf kid = {0};
	struct json_val root;
	int ret = -1;

	if (json_parse(jwk, &doc, e) < 0)
		return -1;
	root = json_root(doc);
	if (jwk_key(root, &key, e) < 0 || (json_has(json_get(root, "kid")) &&
	    json_text(json_get(root, "kid"), "kid", &kid, e) < 0))
		goto out;
	if (kid.n == 0) {
		buf_add(&kid, slice_buf(&url->base));
		buf_adds(&kid, "/keys/");
		buf_add(&kid, slice_buf(&url->name));
		if (url->version.n > 0)
			buf_addc(&kid, '/');
		buf_add(&kid, slice_buf(&url->version));
	}
	jwk_write(key, true, slice_buf(&kid), json_get(root, "key_ops"), out);
	ret = 0;
out:
	buf_free(&kid);
	key_free(key);
	json_free(doc);
	return ret;
}

/* A release of which nobody knows how far it came is not asked for again. */
static int
release(const struct ask *by, const char *base, struct slice maa_host,
    const struct endpoint_key *url, struct slice bearer, struct buf *jwk,
    struct err *e)
{
	struct buf name = {0}, json = {0}, body = {0}, key = {0};
	struct ask how = *by;
	int ret;

	how.once = true;

	buf_add(&name, slice_buf(&url->name));
	if (url->version.n > 0)
		buf_addc(&name, '/');
	buf_add(&name, slice_buf(&url->version));
	skr_release_request(maa_host, slice_from(slice_buf(&url->base),
	    strlen("https://")), slice_buf(&name), bearer, &json);
	ret = sidecar_ask(&how, base, "/key/release", &json, &body, e);
	if (ret == 0 && ((ret = skr_release_answer(slice_buf(&body), &key,
	    e)) < 0 || (ret = name_key(slice_buf(&key), url, jwk, e)) < 0))
		(void)err_in(e, "%s", base);
	buf_free(&name);
	buf_free(&json);
	buf_free(&body);
	buf_free(&key);
	return ret;
}

/* Say which claims are not as the key's release policy wants them: of a token
 * for runtime data of ours, as the one that was refused is the sidecar's. */
static void
compare(struct vault *v, const char *base, struct slice issuer,
    const struct endpoint_key *url, struct err *e)
{
	static const char runtime[] = "{\"keys\":[]}";
	uint8_t data[SNP_REPORT_DATA_SIZE];
	struct buf token = {0};
	struct err ignored;

	snp_runtime_report_data(slice_str(runtime), data);
	if (sidecar_token(&v->ask, base, &(struct maa_asked){.issuer = issuer,
	    .runtime = slice_str(runtime), .report_data = slice_of(data,
	    sizeof data)}, &token, &ignored) == 0)
		vault_compare(v, url, slice_buf(&token), e);
	buf_free(&token);
}

int
sidecar_release(struct vault *v, const char *address, const char *endpoint,
    const struct endpoint_key *url, struct buf *jwk, struct err *e)
{
	struct buf base = {0}, issuer = {0}, bearer = {0};
	int ret = -1;

	if (endpoint_sidecar(address, &base, e) < 0 ||
	    endpoint_issuer(endpoint, &issuer, e) < 0 ||
	    (v->bearer_path != NULL &&
	    ask_bearer_file(v->bearer_path, &bearer, e) < 0))
		goto out;
	buf_addc(&base, '\0');
	ret = release(&v->ask, (const char *)base.p,
	    slice_from(slice_buf(&issuer), strlen("https://")), url,
	    slice_buf(&bearer), jwk, e);
	if (ret < 0 && skr_refused_target(e->text))
		compare(v, (const char *)base.p, slice_buf(&issuer), url, e);
out:
	buf_free(&base);
	buf_free(&issuer);
	buf_free(&bearer);
	return ret;
}

int
sidecar_status(const struct ask *how, const char *base, struct err *e)
{
	struct buf body = {0};
	int ret;

	ret = sidecar_ask(how, base, "/status", NULL, &body, e);
	if (ret == 0 && (ret = skr_status_answer(slice_buf(&body), e)) < 0)
		(void)err_in(e, "%s", base);
	buf_free(&body);
	return ret;
}

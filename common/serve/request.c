/* request.c -- see request.h. */
#include "serve/request.h"

#include <stdlib.h>
#include <strings.h>

#include "azure/bearer.h"
#include "azure/maa.h"
#include "codec/b64.h"
#include "value/json.h"

enum { NONCE_MAX = 256 };	/* characters, as on the command line */

static const struct {
	const char *path;
	enum route route;
	bool post;
} paths[] = {
	{"/status", ROUTE_STATUS, false},
	{"/", ROUTE_STATUS, false},
	{"/attest/raw", ROUTE_RAW, true},
	{"/attest/combined", ROUTE_COMBINED, true},
	{"/attest/maa", ROUTE_MAA, true},
	{"/key/release", ROUTE_RELEASE, true},
	{"/aa/evidence", ROUTE_AA_EVIDENCE, false},
	{"/aa/token", ROUTE_AA_TOKEN, false},
	{"/metrics", ROUTE_METRICS, false},
};

enum { PATHS = sizeof paths / sizeof *paths };

enum route
route_of(const char *method, const char *path)
{
	size_t i, n = strlen(path);

	for (i = 0; i < PATHS; i++) {
		if (strcmp(method, paths[i].post ? "POST" : "GET") != 0)
			continue;
		if (strcmp(path, paths[i].path) == 0)
			return paths[i].route;
		if (n == strlen(paths[i].path) + 1 && path[n - 1] == '/' &&
		    strncmp(path, paths[i].path, n - 1) == 0 && n > 2)
			return ROUTE_MOVED;
	}
	return ROUTE_NONE;
}

const char *
route_name(enum route route)
{
	size_t i;

	for (i = 0; i < PATHS; i++)
		if (paths[i].route == route)
			return paths[i].path;
	return "other";
}

/* The member of that name in any letter case; two such members are no
 * request. */
static int
find(struct json_val object, const char *name, struct json_val *out,
    struct err *e)
{
	struct buf text = {0};
	struct json_val v;
	int ret = 0;

	*out = (struct json_val){0};
	for (v = json_first(object); json_has(v) && ret == 0;
	    v = json_next(v)) {
		buf_cut(&text, 0);
		if (json_text(json_name(v), name, &text, e) < 0 ||
		    text.n != strlen(name) || strncasecmp(
		    (const char *)text.p, name, text.n) != 0)
			continue;
		if (json_has(*out))
			ret = err_set(e, E_INPUT, "%s: there twice", name);
		*out = v;
	}
	buf_free(&text);
	return ret;
}

/* Append a member's text; null and "" count as not there. */
static int
member(struct json_val object, const char *name, bool needed, struct buf *out,
    struct err *e)
{
	struct json_val v;

	if (find(object, name, &v, e) < 0)
		return -1;
	if (json_has(v) && !json_is(v, JSON_NULL) &&
	    json_text(v, name, out, e) < 0)
		return -1;
	if (slice_find(slice_buf(out), '\0') < out->n)
		return err_set(e, E_INPUT, "%s: a NUL in it", name);
	if (needed && out->n == 0)
		return err_set(e, E_INPUT, "%s: missing", name);
	return 0;
}

static int
read_runtime(struct json_val object, enum route route, struct buf *out,
    struct err *e)
{
	struct buf text = {0};
	int ret;

	ret = member(object, "runtime_data", true, &text, e);
	if (ret == 0 && (ret = b64_decode(slice_buf(&text), B64_POLICY, out,
	    e)) < 0)
		(void)err_in(e, "runtime_data");
	else if (ret == 0 && out->n == 0)
		ret = err_set(e, E_INPUT, "runtime_data: empty");
	else if (ret == 0 && route == ROUTE_MAA &&
	    !maa_runtime_is_json(slice_buf(out)))
		ret = err_set(e, E_INPUT, "runtime_data: no JSON object, "
		    "which a provider wants it to be");
	buf_free(&text);
	return ret;
}

/* An address as people write it, without the slashes behind it. */
static int
read_host(struct json_val object, const char *name, struct buf *out,
    struct err *e)
{
	struct buf text = {0};
	char *host;
	int ret;

	if ((ret = member(object, name, true, &text, e)) == 0) {
		while (text.n > 0 && text.p[text.n - 1] == '/')
			buf_cut(&text, text.n - 1);
		host = slice_dup(slice_buf(&text));
		if ((ret = endpoint_issuer(host, out, e)) < 0) {
			e->code = E_INPUT;
			(void)err_in(e, "%s", name);
		}
		free(host);
	}
	buf_free(&text);
	return ret;
}

static int
read_key(struct json_val object, struct endpoint_key *out, struct err *e)
{
	struct buf url = {0}, kid = {0};
	int ret = -1;

	if (read_host(object, "akv_endpoint", &url, e) < 0 ||
	    member(object, "kid", true, &kid, e) < 0)
		goto out;
	buf_adds(&url, "/keys/");
	buf_add(&url, slice_buf(&kid));
	buf_addc(&url, '\0');
	ret = endpoint_key((const char *)url.p, out, e);
	if (ret < 0)
		ret = err_set(e, E_INPUT, "kid: neither NAME nor NAME/VERSION");
out:
	buf_free(&url);
	buf_free(&kid);
	return ret;
}

static int
read_bearer(struct json_val object, struct buf *out, struct err *e)
{
	struct buf text = {0};
	int ret;

	ret = member(object, "access_token", false, &text, e);
	if (ret == 0 && text.n > BEARER_MAX)
		ret = err_set(e, E_INPUT, "access_token: too large");
	else if (ret == 0 && text.n > 0 &&
	    bearer_read(slice_buf(&text), out, e) < 0)
		/* what is wrong with it is not repeated */
		ret = err_set(e, E_INPUT, "access_token: no bearer token");
	buf_free(&text);
	return ret;
}

static int
read_nonce(struct json_val object, struct buf *out, struct err *e)
{
	size_t i;

	if (member(object, "nonce", false, out, e) < 0)
		return -1;
	for (i = 0; i < out->n; i++)
		if (i >= NONCE_MAX || out->p[i] < ' ' || out->p[i] > '~')
			return err_set(e, E_INPUT, "nonce: not up to %d "
			    "characters of printable ASCII", NONCE_MAX);
	if (out->n > 0)
		buf_addc(out, '\0');
	return 0;
}

static int
read_object(enum route route, struct json_val object, struct request *out,
    struct err *e)
{
	if (!json_is(object, JSON_OBJECT))
		return err_set(e, E_INPUT, "no JSON object");
	if (route != ROUTE_RELEASE &&
	    read_runtime(object, route, &out->runtime, e) < 0)
		return -1;
	if ((route == ROUTE_MAA || route == ROUTE_RELEASE) &&
	    (read_host(object, "maa_endpoint", &out->issuer, e) < 0 ||
	    read_nonce(object, &out->nonce, e) < 0))
		return -1;
	if (route == ROUTE_RELEASE &&
	    (read_key(object, &out->key, e) < 0 ||
	    read_bearer(object, &out->bearer, e) < 0))
		return -1;
	return 0;
}

int
request_read(enum route route, struct slice body, struct request *out,
    struct err *e)
{
	struct request got = {0};
	struct json *doc = NULL;
	int ret;

	if (slice_trim(body).n == 0)
		ret = err_set(e, E_INPUT, "empty");
	else if ((ret = json_parse(body, &doc, e)) == 0)
		ret = read_object(route, json_root(doc), &got, e);
	json_free(doc);
	if (ret == 0) {
		*out = got;
		return 0;
	}
	request_free(&got);
	return err_in(e, "request");
}

void
request_free(struct request *r)
{
	buf_free(&r->runtime);
	buf_free(&r->issuer);
	endpoint_key_free(&r->key);
	buf_free(&r->bearer);
	buf_free(&r->nonce);
}

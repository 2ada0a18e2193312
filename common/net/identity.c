/* identity.c -- see identity.h. */
#include "net/identity.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "azure/bearer.h"
#include "azure/endpoint.h"
#include "azure/entra.h"
#include "ground/io.h"

/* A variable with something in it, or NULL. */
static const char *
env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : NULL;
}

static void
add_pair(const char *name, struct slice value, struct buf *out)
{
	if (out->n > 0)
		buf_addc(out, '&');
	buf_addf(out, "%s=", name);
	http_escape(value, out);
}

typedef int refused(const struct service_answer *, struct err *);

/* The document every one of these services answers with. */
static int
exchange(const struct identity *id, struct http_request *rq, refused *why,
    struct buf *bearer, struct err *e)
{
	struct http_answer answer = {0};
	struct service_answer said;
	int ret;

	rq->ms = ask_left(id->how);
	rq->retries = id->how->retries;
	rq->verbose = id->how->verbose;
	rq->body_max = BEARER_MAX;
	if (rq->awaited != NULL && rq->ms > IDENTITY_WAIT * 1000)
		rq->ms = IDENTITY_WAIT * 1000;
	ret = http_do(rq, &answer, e);
	if (ret == 0)
		ask_saw(id->how, &answer);
	if (ret < 0 && rq->awaited != NULL && e->code == E_NETWORK)
		(void)err_hint(e, "no managed identity here? "
		    "--access-token-file takes a token from elsewhere");
	said = http_service(&answer);
	if (ret == 0 && answer.status != 200)
		ret = why(&said, e);
	else if (ret == 0 && (ret = service_body(&said, e)) == 0 &&
	    (ret = bearer_answer(said.body, bearer, e)) < 0)
		(void)err_in(e, "%s", said.who);
	http_free(&answer);
	return ret;
}

static void
note(const struct identity *id, const char *what)
{
	if (id->how->verbose)
		http_note("identity: %s", what);
}

static int
missing(const char *name, const char *with, struct err *e)
{
	(void)err_set(e, E_USAGE, "identity: %s is empty", name);
	return err_hint(e, "%s is set and needs it", with);
}

/* A JWT of the cluster for one of Entra ID (RFC 7523 section 2.2). */
static int
workload(const struct identity *id, const char *file, struct buf *bearer,
    struct err *e)
{
	const char *client = env("AZURE_CLIENT_ID");
	const char *tenant = env("AZURE_TENANT_ID");
	const char *host = env("AZURE_AUTHORITY_HOST");
	struct buf assertion = {0}, scope = {0}, form = {0}, url = {0};
	struct http_request rq = {.method = "POST", .cacert = id->how->cacert,
	    .content_type = "application/x-www-form-urlencoded"};
	int ret = -1;

	note(id, "workload identity");
	if (client == NULL)
		return missing("AZURE_CLIENT_ID", "AZURE_FEDERATED_TOKEN_FILE",
		    e);
	if (tenant == NULL)
		return missing("AZURE_TENANT_ID", "AZURE_FEDERATED_TOKEN_FILE",
		    e);
	if (ask_bearer_file(file, &assertion, e) < 0 ||
	    endpoint_issuer(host != NULL ? host :
	    "https://login.microsoftonline.com", &url, e) < 0)
		goto out;
	buf_addc(&url, '/');
	http_escape(slice_str(tenant), &url);
	buf_adds(&url, "/oauth2/v2.0/token");
	buf_addc(&url, '\0');
	buf_addf(&scope, "%s/.default", id->resource);
	add_pair("client_id", slice_str(client), &form);
	add_pair("grant_type", slice_str("client_credentials"), &form);
	add_pair("scope", slice_buf(&scope), &form);
	add_pair("client_assertion_type", slice_str("urn:ietf:params:oauth:"
	    "client-assertion-type:jwt-bearer"), &form);
	add_pair("client_assertion", slice_buf(&assertion), &form);
	rq.url = (const char *)url.p;
	rq.body = slice_buf(&form);
	ret = exchange(id, &rq, entra_refused, bearer, e);
out:
	buf_free(&assertion);
	buf_free(&scope);
	buf_free(&form);
	buf_free(&url);
	return ret;
}

/* url?api-version=...&resource=...[&client_id=...], and a NUL. */
static void
managed_url(const char *url, const char *version, const char *resource,
    struct buf *out)
{
	struct buf query = {0};

	add_pair("api-version", slice_str(version), &query);
	add_pair("resource", slice_str(resource), &query);
	if (env("AZURE_CLIENT_ID") != NULL)
		add_pair("client_id", slice_str(env("AZURE_CLIENT_ID")),
		    &query);
	buf_addf(out, "%s?", url);
	buf_add(out, slice_buf(&query));
	buf_addc(out, '\0');
	buf_free(&query);
}

static int
secret_refused(const struct service_answer *a, struct err *e)
{
	(void)service_refused(a, e);
	if (a->status == 401 || a->status == 403)
		(void)err_hint(e, "the endpoint does not know the secret in "
		    "IDENTITY_HEADER");
	return -1;
}

static int
metadata_refused(const struct service_answer *a, struct err *e)
{
	(void)service_refused(a, e);
	if (e->code == E_REFUSED)
		(void)err_hint(e, "assign an identity to the container group; "
		    "of several, AZURE_CLIENT_ID chooses");
	return -1;
}

/* App Service and its kin; with a thumbprint Service Fabric. */
static int
endpoint(const struct identity *id, const char *at, struct buf *bearer,
    struct err *e)
{
	const char *secret = env("IDENTITY_HEADER");
	const char *pin = env("IDENTITY_SERVER_THUMBPRINT");
	const char *headers[2] = {NULL, NULL};
	struct http_request rq = {.method = "GET", .cacert = id->how->cacert,
	    .headers = headers};
	struct buf header = {0}, url = {0};
	int ret;

	note(id, pin != NULL ? "identity endpoint, by its thumbprint" :
	    "identity endpoint");
	if (secret == NULL)
		return missing("IDENTITY_HEADER", "IDENTITY_ENDPOINT", e);
	if (strpbrk(secret, "\r\n") != NULL)
		return err_set(e, E_USAGE, "identity: IDENTITY_HEADER: a line "
		    "end in it");
	buf_addf(&header, "%s: %s", pin != NULL ? "Secret" :
	    "X-IDENTITY-HEADER", secret);
	buf_addc(&header, '\0');
	headers[0] = (const char *)header.p;
	managed_url(at, pin != NULL ? "2019-07-01-preview" : "2019-08-01",
	    id->resource, &url);
	rq.url = (const char *)url.p;
	/* a thumbprint means nothing without TLS */
	if (pin != NULL && strncasecmp(at, "https://", 8) != 0)
		ret = err_set(e, E_USAGE, "identity: IDENTITY_ENDPOINT: not "
		    "https, but IDENTITY_SERVER_THUMBPRINT is set");
	else {
		rq.thumbprint = pin;
		ret = exchange(id, &rq, secret_refused, bearer, e);
	}
	buf_free(&header);
	buf_free(&url);
	return ret;
}

/* In a container group its proxy comes up seconds after the first container,
 * so that refused connections and 404 are waited out. */
static int
metadata(const struct identity *id, struct buf *bearer, struct err *e)
{
	static const char *const headers[] = {"Metadata: true", NULL};
	const char *base = env("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	struct http_request rq = {.method = "GET", .headers = headers,
	    .awaited = "the identity endpoint"};
	struct buf at = {0}, url = {0};
	int ret;

	note(id, "metadata service");
	if (base == NULL)
		base = "http://169.254.169.254";
	if (!slice_starts(slice_str(base), "http://") ||
	    !endpoint_local(endpoint_host(slice_str(base))))
		return err_set(e, E_USAGE, "AZURE_POD_IDENTITY_AUTHORITY_HOST:"
		    " not http:// and a loopback or link-local address: %s",
		    base);
	buf_add(&at, slice_str(base));
	while (at.n > 0 && at.p[at.n - 1] == '/')
		buf_cut(&at, at.n - 1);
	buf_adds(&at, "/metadata/identity/oauth2/token");
	buf_addc(&at, '\0');
	managed_url((const char *)at.p, "2018-02-01", id->resource, &url);
	rq.url = (const char *)url.p;
	ret = exchange(id, &rq, metadata_refused, bearer, e);
	buf_free(&at);
	buf_free(&url);
	return ret;
}

int
identity_token(const struct identity *id, struct buf *bearer, struct err *e)
{
	const char *file = env("AZURE_FEDERATED_TOKEN_FILE");
	const char *at = env("IDENTITY_ENDPOINT");

	if (id->file != NULL) {
		note(id, "--access-token-file");
		return ask_bearer_file(id->file, bearer, e);
	}
	if (file != NULL)
		return workload(id, file, bearer, e);
	if (at != NULL)
		return endpoint(id, at, bearer, e);
	return metadata(id, bearer, e);
}

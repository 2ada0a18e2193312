/* identity.c -- see identity.h: which identity it is, and the managed ones. */
#include "net/identity.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "azure/bearer.h"
#include "azure/endpoint.h"
#include "net/identity_in.h"

const char *
identity_env(const char *name)
{
	const char *v = getenv(name);

	return v != NULL && *v != '\0' ? v : NULL;
}

void
identity_pair(const char *name, struct slice value, struct buf *out)
{
	if (out->n > 0)
		buf_addc(out, '&');
	buf_addf(out, "%s=", name);
	http_escape(value, out);
}

/* The document every one of these services answers with. */
int
identity_ask(const struct identity *id, struct http_request *rq,
    identity_refused *why, struct buf *bearer, struct err *e)
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
	if (rq->awaited != NULL && !id->how->exact)
		rq->gone_ms = IDENTITY_GONE * 1000;
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

void
identity_note(const struct identity *id, const char *what,
    const char *because)
{
	if (id->how->verbose)
		http_note("identity: %s (%s)", what, because);
}

int
identity_missing(const char *name, const char *with, struct err *e)
{
	(void)err_set(e, E_USAGE, "identity: %s is empty", name);
	return err_hint(e, "%s is set and needs it", with);
}

/* How each kind of endpoint calls what --identity names. */
static const struct {
	const char *prefix, *metadata, *endpoint;
} ids[] = {
	{"client:", "client_id", "client_id"},
	{"object:", "object_id", "object_id"},
	{"resource:", "msi_res_id", "mi_res_id"},
};

static bool
which_ok(const char *which)
{
	size_t i, n;

	for (i = 0; i < sizeof ids / sizeof *ids; i++) {
		n = strlen(ids[i].prefix);
		if (strncmp(which, ids[i].prefix, n) == 0)
			return which[n] != '\0';
	}
	return false;
}

int
identity_options(const char *file, const char *secret, const char *which,
    struct err *e)
{
	if ((file != NULL) + (secret != NULL) + (which != NULL) > 1)
		return err_set(e, E_USAGE, "--access-token-file, "
		    "--client-secret-file and --identity exclude each other");
	if (which != NULL && !which_ok(which))
		return err_set(e, E_USAGE, "--identity: not client:ID, "
		    "object:ID or resource:ID: %s", which);
	return 0;
}

/* Which of several identities: the one named, else $AZURE_CLIENT_ID. */
static void
add_which(const struct identity *id, bool metadata, struct buf *query)
{
	const char *client = identity_env("AZURE_CLIENT_ID");
	size_t i, n;

	if (id->which == NULL) {
		if (client != NULL)
			identity_pair("client_id", slice_str(client), query);
		return;
	}
	for (i = 0; i < sizeof ids / sizeof *ids; i++) {
		n = strlen(ids[i].prefix);
		if (strncmp(id->which, ids[i].prefix, n) == 0)
			identity_pair(metadata ? ids[i].metadata :
			    ids[i].endpoint, slice_str(id->which + n), query);
	}
}

/* url?api-version=...&resource=...[&client_id=...], and a NUL. */
static void
managed_url(const struct identity *id, const char *url, const char *version,
    struct buf *out)
{
	bool metadata = strcmp(version, "2018-02-01") == 0;
	struct buf query = {0};

	identity_pair("api-version", slice_str(version), &query);
	identity_pair("resource", slice_str(id->resource), &query);
	/* in Service Fabric the application says whose identity it has */
	if (strcmp(version, "2019-07-01-preview") != 0)
		add_which(id, metadata, &query);
	buf_addf(out, "%s%c", url, strchr(url, '?') != NULL ? '&' : '?');
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
	struct slice body = slice_trim(a->body);

	(void)service_refused(a, e);
	if (e->code != E_REFUSED)
		return -1;
	/* the service speaks JSON: this is some gateway on the way */
	if (slice_starts(body, "<") ||
	    strncasecmp(a->content_type, "text/html", 9) == 0) {
		(void)err_set(e, E_NETWORK, "%s: no identity endpoint here: "
		    "%ld, and the body is HTML", a->who, a->status);
		return err_hint(e, "--access-token-file takes a token from "
		    "elsewhere");
	}
	return err_hint(e, "assign an identity to the container group; of "
	    "several, --identity or AZURE_CLIENT_ID chooses");
}

/* App Service and its kin; with a thumbprint Service Fabric. */
static int
endpoint(const struct identity *id, const char *at, struct buf *bearer,
    struct err *e)
{
	const char *secret = identity_env("IDENTITY_HEADER");
	const char *pin = identity_env("IDENTITY_SERVER_THUMBPRINT");
	const char *headers[2] = {NULL, NULL};
	struct http_request rq = {.method = "GET", .cacert = id->how->cacert,
	    .headers = headers};
	struct buf header = {0}, url = {0};
	int ret;

	identity_note(id, pin != NULL ?
	    "managed identity of Service Fabric" :
	    "managed identity of an endpoint", id->which != NULL ?
	    "--identity, IDENTITY_ENDPOINT" : "IDENTITY_ENDPOINT");
	if (pin != NULL && id->which != NULL)
		return err_set(e, E_USAGE, "identity: Service Fabric gives the "
		    "application's identity alone: leave --identity out");
	if (secret == NULL)
		return identity_missing("IDENTITY_HEADER",
		    "IDENTITY_ENDPOINT", e);
	if (strpbrk(secret, "\r\n") != NULL)
		return err_set(e, E_USAGE, "identity: IDENTITY_HEADER: a line "
		    "end in it");
	buf_addf(&header, "%s: %s", pin != NULL ? "Secret" :
	    "X-IDENTITY-HEADER", secret);
	buf_addc(&header, '\0');
	headers[0] = (const char *)header.p;
	managed_url(id, at, pin != NULL ? "2019-07-01-preview" : "2019-08-01",
	    &url);
	rq.url = (const char *)url.p;
	/* a thumbprint means nothing without TLS */
	if (pin != NULL && strncasecmp(at, "https://", 8) != 0)
		ret = err_set(e, E_USAGE, "identity: IDENTITY_ENDPOINT: not "
		    "https, but IDENTITY_SERVER_THUMBPRINT is set");
	else {
		rq.thumbprint = pin;
		ret = identity_ask(id, &rq, secret_refused, bearer, e);
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
	const char *base = identity_env("AZURE_POD_IDENTITY_AUTHORITY_HOST");
	struct http_request rq = {.method = "GET", .headers = headers,
	    .awaited = "the identity endpoint"};
	struct buf at = {0}, url = {0};
	int ret;

	identity_note(id, "managed identity of the metadata service",
	    id->which != NULL ? "--identity" : "no other is set");
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
	managed_url(id, (const char *)at.p, "2018-02-01", &url);
	rq.url = (const char *)url.p;
	ret = identity_ask(id, &rq, metadata_refused, bearer, e);
	buf_free(&at);
	buf_free(&url);
	return ret;
}

int
identity_token(const struct identity *id, struct buf *bearer, struct err *e)
{
	const char *at = identity_env("IDENTITY_ENDPOINT");

	if (id->file != NULL) {
		identity_note(id, "an access token", "--access-token-file");
		return ask_bearer_file(id->file, bearer, e);
	}
	if (id->secret != NULL)
		return principal_token(id, BY_SECRET_FILE, bearer, e);
	if (id->which == NULL) {
		if (identity_env("AZURE_CLIENT_SECRET") != NULL)
			return principal_token(id, BY_SECRET, bearer, e);
		if (identity_env("AZURE_CLIENT_CERTIFICATE_PATH") != NULL)
			return principal_token(id, BY_CERTIFICATE, bearer, e);
		if (identity_env("AZURE_FEDERATED_TOKEN_FILE") != NULL)
			return principal_token(id, BY_WORKLOAD, bearer, e);
	}
	if (at != NULL)
		return endpoint(id, at, bearer, e);
	return metadata(id, bearer, e);
}

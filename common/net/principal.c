/* principal.c -- an access token of Microsoft Entra ID for an application, by
 * whatever proves that it is one; see identity_in.h. */
#include <stdlib.h>
#include <strings.h>
#include <time.h>

#include "azure/assertion.h"
#include "azure/bearer.h"
#include "azure/endpoint.h"
#include "azure/entra.h"
#include "ground/io.h"
#include "net/identity_in.h"

/* By kind: the variable that holds the proof or its file's name, what stands
 * for it in messages, and what it makes of the process. */
static const struct {
	const char *variable, *from, *what;
} kinds[] = {
	[BY_SECRET] = {"AZURE_CLIENT_SECRET", "AZURE_CLIENT_SECRET",
	    "service principal with a secret"},
	[BY_SECRET_FILE] = {NULL, "--client-secret-file",
	    "service principal with a secret"},
	[BY_CERTIFICATE] = {"AZURE_CLIENT_CERTIFICATE_PATH",
	    "AZURE_CLIENT_CERTIFICATE_PATH",
	    "service principal with a certificate"},
	[BY_WORKLOAD] = {"AZURE_FEDERATED_TOKEN_FILE",
	    "AZURE_FEDERATED_TOKEN_FILE", "workload identity"},
};

/* The secret of a file: its text without a line end. */
static int
secret_file(const char *path, struct buf *out, struct err *e)
{
	struct buf text = {0};
	struct slice s;
	int ret;

	if ((ret = io_read(path, IDENTITY_SECRET_MAX, &text, e)) == 0) {
		s = slice_trim(slice_buf(&text));
		if (s.n == 0 || slice_find(s, '\n') < s.n)
			ret = err_set(e, E_INPUT, "%s: no client secret, which "
			    "is one line", io_name(path));
		else
			buf_add(out, s);
	}
	buf_free(&text);
	return ret;
}

static int
certificate(const char *path, const char *client, const char *url,
    struct buf *out, struct err *e)
{
	const char *password = identity_env(
	    "AZURE_CLIENT_CERTIFICATE_PASSWORD");
	const char *chain = identity_env("AZURE_CLIENT_SEND_CERTIFICATE_CHAIN");
	struct buf pem = {0}, jti = {0};
	int ret;

	ask_nonce(&jti);
	if ((ret = io_read(path, ASSERTION_FILE_MAX, &pem, e)) == 0 &&
	    (ret = assertion_make(&(struct assertion){.pem = slice_buf(&pem),
	    .password = password != NULL ? slice_str(password) :
	    (struct slice){0}, .client = client, .audience = url, .jti =
	    (const char *)jti.p, .chain = chain != NULL &&
	    (strcasecmp(chain, "true") == 0 || strcmp(chain, "1") == 0)},
	    (int64_t)time(NULL), out, e)) < 0)
		(void)err_in(e, "%s", path);
	buf_free(&pem);
	buf_free(&jti);
	return ret;
}

/* Append what proves it to the form. */
static int
prove(const struct identity *id, enum principal kind, const char *client,
    const char *url, struct buf *form, struct err *e)
{
	const char *value = kinds[kind].variable != NULL ?
	    identity_env(kinds[kind].variable) : id->secret;
	struct buf proof = {0};
	int ret = 0;

	if (kind == BY_SECRET)
		buf_adds(&proof, value);
	else if (kind == BY_SECRET_FILE)
		ret = secret_file(value, &proof, e);
	else if (kind == BY_CERTIFICATE)
		ret = certificate(value, client, url, &proof, e);
	else
		ret = ask_bearer_file(value, &proof, e);
	if (ret == 0 && (kind == BY_SECRET || kind == BY_SECRET_FILE)) {
		identity_pair("client_secret", slice_buf(&proof), form);
	} else if (ret == 0) {
		/* a JWT for one of Entra ID, RFC 7523 section 2.2 */
		identity_pair("client_assertion_type", slice_str("urn:ietf:"
		    "params:oauth:client-assertion-type:jwt-bearer"), form);
		identity_pair("client_assertion", slice_buf(&proof), form);
	}
	buf_free(&proof);
	return ret;
}

/* Append the address that tokens of the tenant are asked of, and a NUL. */
static int
token_url(const char *tenant, struct buf *url, struct err *e)
{
	const char *host = identity_env("AZURE_AUTHORITY_HOST");

	if (endpoint_issuer(host != NULL ? host :
	    "https://login.microsoftonline.com", url, e) < 0)
		return -1;
	buf_addc(url, '/');
	http_escape(slice_str(tenant), url);
	buf_adds(url, "/oauth2/v2.0/token");
	buf_addc(url, '\0');
	return 0;
}

int
principal_token(const struct identity *id, enum principal kind,
    struct buf *bearer, struct err *e)
{
	const char *client = identity_env("AZURE_CLIENT_ID");
	const char *tenant = identity_env("AZURE_TENANT_ID");
	struct buf scope = {0}, form = {0}, url = {0};
	struct http_request rq = {.method = "POST", .cacert = id->how->cacert,
	    .content_type = "application/x-www-form-urlencoded"};
	int ret = -1;

	identity_note(id, kinds[kind].what, kinds[kind].from);
	if (client == NULL)
		return identity_missing("AZURE_CLIENT_ID", kinds[kind].from,
		    e);
	if (tenant == NULL)
		return identity_missing("AZURE_TENANT_ID", kinds[kind].from,
		    e);
	if (token_url(tenant, &url, e) < 0)
		goto out;
	buf_addf(&scope, "%s/.default", id->resource);
	identity_pair("client_id", slice_str(client), &form);
	identity_pair("grant_type", slice_str("client_credentials"), &form);
	identity_pair("scope", slice_buf(&scope), &form);
	if (prove(id, kind, client, (const char *)url.p, &form, e) < 0)
		goto out;
	rq.url = (const char *)url.p;
	rq.body = slice_buf(&form);
	ret = identity_ask(id, &rq, entra_refused, bearer, e);
out:
	buf_free(&scope);
	buf_free(&form);
	buf_free(&url);
	return ret;
}

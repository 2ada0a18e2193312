/* attest.c -- see attest.h. */
#include "net/attest.h"

#include <string.h>
#include <time.h>

#include "azure/maa.h"
#include "azure/maapolicy.h"

static int
exchange(const struct attest *a, const char *route, const struct buf *body,
    struct buf *out, struct err *e)
{
	struct http_answer answer = {0};
	struct service_answer said;
	int ret;

	ask_whom(&a->ask, "maa");
	ret = ask(&a->ask, a->issuer, route, body, &answer, e);
	if (ret == 0)
		ask_saw(&a->ask, &answer);
	if (ret < 0 && strstr(e->text, "no such host") != NULL)
		(void)err_hint(e, "shared providers are called sharedREGION."
		    "REGION.attest.azure.net, as sharedeus.eus and "
		    "sharedweu.weu");
	said = http_service(&answer);
	if (ret == 0 && answer.status != 200)
		ret = maa_refused(&said, e);
	else if (ret == 0 && (ret = service_body(&said, e)) == 0)
		buf_add(out, slice_buf(&answer.body));
	http_free(&answer);
	return ret;
}

/* The same by the version asked for, and with the access token, if any. */
static int
exchange_as(struct attest *a, const char *route, const struct buf *body,
    struct buf *out, struct err *e)
{
	struct buf whole = {0};
	int ret;

	if (a->bearer_path != NULL &&
	    ask_bearer_file(a->bearer_path, &a->ask.bearer, e) < 0)
		return -1;
	buf_addf(&whole, "%s?api-version=%s", route, a->api_version);
	buf_addc(&whole, '\0');
	ret = exchange(a, (const char *)whole.p, body, out, e);
	buf_free(&a->ask.bearer);
	buf_free(&whole);
	return ret;
}

int
attest_token(struct attest *a, const struct buf *body, struct buf *out,
    struct err *e)
{
	return exchange_as(a, "/attest/SevSnpVm", body, out, e);
}

int
attest_keys(struct attest *a, struct buf *out, struct err *e)
{
	struct slice host = slice_from(a->issuer, strlen("https://"));
	struct buf openid = {0}, body = {0};
	int ret = -1;

	ask_begin(&a->ask);
	if (exchange(a, "/.well-known/openid-configuration", NULL, &openid,
	    e) < 0 || exchange(a, "/certs", NULL, &body, e) < 0)
		goto out;
	if ((ret = maa_openid(slice_buf(&openid), a->issuer, e)) < 0 ||
	    (ret = maa_keys(slice_buf(&body), out, e)) < 0)
		(void)err_in(e, "%.*s", (int)host.n, (const char *)host.p);
out:
	buf_free(&openid);
	buf_free(&body);
	return ret;
}

int
attest_policy(struct attest *a, struct buf *out, struct err *e)
{
	struct slice host = slice_from(a->issuer, strlen("https://"));
	struct buf keys = {0}, body = {0};
	struct maapolicy policy = {0};
	int ret = -1;

	if (attest_keys(a, &keys, e) < 0 ||
	    exchange_as(a, MAAPOLICY_ROUTE, NULL, &body, e) < 0)
		goto out;
	if ((ret = maapolicy_read(slice_buf(&body), slice_buf(&keys),
	    a->issuer, (int64_t)time(NULL), &policy, e)) < 0) {
		(void)err_in(e, "%.*s", (int)host.n, (const char *)host.p);
		goto out;
	}
	buf_add(out, slice_buf(&policy.text));
	if (a->ask.verbose)
		http_note("policy: x-ms-policy-hash %.*s, %s",
		    (int)policy.hash.n, (const char *)policy.hash.p,
		    policy.is_signed ? "signed" : "unsigned");
out:
	maapolicy_free(&policy);
	buf_free(&keys);
	buf_free(&body);
	return ret;
}

/* certpath.c -- see cert.h: a chain verified up to given roots. */
#include "crypto/cert.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include "crypto/cert_in.h"
#include "crypto/need.h"

enum { LEVEL = 2 };	/* OpenSSL's security level: 112 bits, no SHA-1 */

/* What a host name is made of.  OpenSSL takes ".example" for every name below
 * it, and "*.example" would match a wildcard letter by letter. */
static bool
is_name(const char *host)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

	return host[0] != '\0' && host[0] != '.' &&
	    host[strspn(host, letters)] == '\0';
}

/* false if host has a form that no certificate can name. */
static bool
set_host(X509_VERIFY_PARAM *param, const char *host)
{
	ASN1_OCTET_STRING *ip = a2i_IPADDRESS(host);

	ERR_clear_error();
	if (ip != NULL) {
		ASN1_OCTET_STRING_free(ip);
		return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1;
	}
	/* RFC 9525: the common name is not looked at, "f*.example" is no
	 * wildcard */
	X509_VERIFY_PARAM_set_hostflags(param,
	    X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
	    X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return is_name(host) &&
	    X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

static int
set_param(X509_STORE_CTX *ctx, int64_t at, const char *host, struct err *e)
{
	X509_VERIFY_PARAM *param = X509_STORE_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_time(param, (time_t)at);
	X509_VERIFY_PARAM_set_auth_level(param, LEVEL);
	X509_VERIFY_PARAM_set_depth(param, CERT_CHAIN_MAX);
	need(X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_X509_STRICT) == 1,
	    "X.509 verification");
	if (host == NULL) {
		need(X509_VERIFY_PARAM_set_flags(param,
		    X509_V_FLAG_PARTIAL_CHAIN) == 1, "X.509 verification");
		return 0;
	}
	need(X509_VERIFY_PARAM_set_purpose(param,
	    X509_PURPOSE_SSL_SERVER) == 1, "X.509 verification");
	if (!set_host(param, host))
		return err_set(e, E_NO, "%s: no host name", host);
	return 0;
}

/* What the verification said, with the certificate it said it of. */
static int
refused(X509_STORE_CTX *ctx, const char *host, struct err *e)
{
	int code = X509_STORE_CTX_get_error(ctx);
	X509 *x = X509_STORE_CTX_get_current_cert(ctx);
	struct cert c = {x, {NULL, 0, 0}};
	struct buf name = {0};

	need(code != X509_V_ERR_OUT_OF_MEM, "memory");
	if (x != NULL)
		cert_subject_cn(&c, &name);
	if (code == X509_V_ERR_HOSTNAME_MISMATCH ||
	    code == X509_V_ERR_IP_ADDRESS_MISMATCH)
		(void)err_set(e, E_NO, "not for %s", host);
	else
		(void)err_set(e, E_NO, "%s",
		    X509_verify_cert_error_string(code));
	if (code == X509_V_ERR_CERT_HAS_EXPIRED && x != NULL)
		(void)err_set(e, E_NO, "expired at %s",
		    cert_when(X509_get0_notAfter(x)).text);
	(void)err_in(e, "certificate %d (%.*s)",
	    X509_STORE_CTX_get_error_depth(ctx), (int)name.n,
	    name.n > 0 ? (const char *)name.p : "");
	buf_free(&name);
	return -1;
}

/* Whether the root may have issued one of the chain, by the bytes of its name:
 * as good as all write the name of an issuer as it wrote its own. */
static bool
may_be_issuer(const struct cert *root, const struct certs *chain)
{
	const uint8_t *name;
	size_t i, n;

	for (i = 0; i < chain->n; i++)
		if (X509_NAME_get0_der(X509_get_issuer_name(chain->v[i]->x),
		    &name, &n) == 1 && memmem(root->der.p, root->der.n, name,
		    n) != NULL)
			return true;
	return false;
}

/* The roots that matter; of a bundle mostly one, and all if none has the name,
 * which may be written otherwise. */
static int
add_roots(X509_STORE *store, const struct certs *roots,
    const struct certs *chain, struct err *e)
{
	bool some = false;
	size_t i;

	for (i = 0; i < roots->n && !some; i++)
		some = may_be_issuer(roots->v[i], chain);
	for (i = 0; i < roots->n; i++) {
		if (some && !may_be_issuer(roots->v[i], chain))
			continue;
		if (cert_decode(roots->v[i], e) < 0)
			return err_in(e, "root %zu", i + 1);
		need(X509_STORE_add_cert(store, roots->v[i]->x) == 1,
		    "memory");
	}
	return 0;
}

int
cert_chain_verify(const struct certs *chain, const struct certs *roots,
    int64_t at, const char *host, struct err *e)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	X509_STORE *store = X509_STORE_new();
	size_t i;
	int ret = -1;

	need(others != NULL && ctx != NULL && store != NULL, "memory");
	if (chain->n == 0) {
		(void)err_set(e, E_INPUT, "no certificate");
		goto out;
	}
	if (add_roots(store, roots, chain, e) < 0)
		goto out;
	for (i = 1; i < chain->n; i++)
		need(sk_X509_push(others, chain->v[i]->x) > 0, "memory");
	need(X509_STORE_CTX_init(ctx, store, chain->v[0]->x, others) == 1,
	    "memory");
	if (set_param(ctx, at, host, e) < 0)
		goto out;
	ret = X509_verify_cert(ctx) == 1 ? 0 : refused(ctx, host, e);
out:
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	sk_X509_free(others);
	ERR_clear_error();
	return ret;
}

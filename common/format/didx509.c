/* didx509.c -- see didx509.h. */
#include "format/didx509.h"

#include <stdlib.h>

#include "codec/b64.h"

static const char prefix[] = "did:x509:0:sha256:";

/* The authority of the chain with that fingerprint, or NULL. */
static struct cert *
authority(const struct certs *chain, struct slice fingerprint)
{
	uint8_t sum[SHA256_SIZE];
	size_t i;

	for (i = 1; i < chain->n; i++) {
		cert_sha256(chain->v[i], sum);
		if (slice_eq(fingerprint, slice_of(sum, sizeof sum)))
			return chain->v[i];
	}
	return NULL;
}

/* Where the next "::" stands in s, or s.n. */
static size_t
next_policy(struct slice s)
{
	size_t i;

	for (i = 0; i + 1 < s.n; i++)
		if (s.p[i] == ':' && s.p[i + 1] == ':')
			return i;
	return s.n;
}

static int
check_policy(struct slice policy, const struct cert *leaf, struct err *e)
{
	char *oid;
	int ret = 0;

	if (!slice_starts(policy, "eku:"))
		return err_set(e, E_NO, "did:x509: policy %.*s is not known",
		    (int)policy.n, (const char *)policy.p);
	oid = slice_dup(slice_from(policy, 4));
	if (!cert_has_eku(leaf, oid))
		ret = err_set(e, E_NO, "did:x509: the leaf is not for the "
		    "usage %s", oid);
	free(oid);
	return ret;
}

int
didx509_resolve(struct slice did, const struct certs *chain, int64_t at,
    struct err *e)
{
	struct slice rest = slice_from(did, sizeof prefix - 1), policy;
	struct buf print = {0};
	struct cert *root;
	struct certs roots = {&root, 1};
	size_t n;
	int ret = -1;

	n = next_policy(rest);
	/* one policy at least: a fingerprint alone names all it ever signed */
	if (!slice_starts(did, prefix) || n == rest.n ||
	    b64_decode(slice_head(rest, n), B64_JOSE, &print, e) < 0) {
		(void)err_set(e, E_NO, "did:x509: %.*s is none with "
		    "SHA-256 and a policy",
		    (int)did.n, (const char *)did.p);
		goto out;
	}
	if ((root = authority(chain, slice_buf(&print))) == NULL) {
		(void)err_set(e, E_NO, "did:x509: no authority of the chain "
		    "has its fingerprint");
		goto out;
	}
	if (cert_chain_verify(chain, &roots, at, NULL, e) < 0)
		goto out;
	while (n < rest.n) {
		rest = slice_from(rest, n + 2);
		n = next_policy(rest);
		policy = slice_head(rest, n);
		if (check_policy(policy, chain->v[0], e) < 0)
			goto out;
	}
	ret = 0;
out:
	buf_free(&print);
	return ret;
}

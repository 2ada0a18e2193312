/* didx509.c -- see didx509.h. */
#include "evidence/didx509.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "codec/hex.h"

static const char prefix[] = "did:x509:0:";

/* Take what stands before the next ':' away from *s, and the ':'. */
static struct slice
take(struct slice *s)
{
	struct slice first = slice_head(*s, slice_find(*s, ':'));

	*s = slice_from(*s, first.n < s->n ? first.n + 1 : first.n);
	return first;
}

/* The authority of the chain with that fingerprint, or NULL. */
static struct cert *
authority(const struct certs *chain, enum hash hash, struct slice fingerprint)
{
	uint8_t sum[HASH_SIZE_MAX];
	size_t i;

	for (i = 1; i < chain->n; i++) {
		hash_of(hash, cert_der(chain->v[i]), sum);
		if (slice_eq(fingerprint, slice_of(sum, hash_size(hash))) &&
		    cert_is_ca(chain->v[i]))
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

/* A policy's value as it was before it was percent-encoded; false for a
 * character that is none of a DID's (DID 1.0, section 3.1), or for nothing. */
static bool
unescape(struct slice s, struct buf *out)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789.-_";
	uint8_t byte;
	struct err e;
	size_t i;

	buf_cut(out, 0);
	for (i = 0; i < s.n; i++) {
		byte = s.p[i];
		if (byte == '%') {
			if (hex_exact(slice_head(slice_from(s, i + 1), 2),
			    &byte, 1, &e) < 0)
				return false;
			i += 2;
		} else if (byte == '\0' || strchr(plain, byte) == NULL) {
			return false;
		}
		buf_addc(out, byte);
	}
	return s.n > 0;
}

/* An object identifier, dotted; to be freed, or NULL. */
static char *
dotted(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if ((s.p[i] < '0' || s.p[i] > '9') && s.p[i] != '.')
			return NULL;
	return s.n > 0 ? slice_dup(s) : NULL;
}

static bool
eku(struct slice value, const struct cert *leaf)
{
	char *oid = dotted(value);
	bool holds = oid != NULL && cert_has_eku(leaf, oid);

	free(oid);
	return holds;
}

/* RFC 4514 section 3 has the short names. */
static char *
attribute(struct slice key)
{
	static const struct {
		const char *name, *oid;
	} keys[] = {
		{"CN", "2.5.4.3"}, {"L", "2.5.4.7"}, {"ST", "2.5.4.8"},
		{"O", "2.5.4.10"}, {"OU", "2.5.4.11"}, {"C", "2.5.4.6"},
		{"STREET", "2.5.4.9"},
	};
	size_t i;

	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (slice_is(key, keys[i].name))
			return slice_dup(slice_str(keys[i].oid));
	return dotted(key);
}

static bool
subject(struct slice value, const struct cert *leaf)
{
	struct buf text = {0};
	/* take() would not see that nothing stands behind the last ':' */
	bool holds = value.n > 0 && value.p[value.n - 1] != ':';
	char *oid;

	while (holds && value.n > 0) {
		oid = attribute(take(&value));
		holds = oid != NULL && unescape(take(&value), &text) &&
		    cert_subject_is(leaf, oid, slice_buf(&text));
		free(oid);
	}
	buf_free(&text);
	return holds;
}

static bool
san(struct slice value, const struct cert *leaf)
{
	static const char *const kinds[] = {
		[CERT_DNS] = "dns", [CERT_EMAIL] = "email", [CERT_URI] = "uri",
	};
	struct slice kind = take(&value);
	struct buf text = {0};
	bool holds = false;
	size_t i;

	for (i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (slice_is(kind, kinds[i]))
			holds = unescape(value, &text) && cert_has_name(leaf,
			    (enum cert_name)i, slice_buf(&text));
	buf_free(&text);
	return holds;
}

/* Fulcio's extension 1.1 is the address as it is, not DER. */
static bool
fulcio_issuer(struct slice value, const struct cert *leaf)
{
	struct buf host = {0}, want = {0}, is = {0};
	bool holds;

	holds = unescape(value, &host) &&
	    cert_extension(leaf, "1.3.6.1.4.1.57264.1.1", &is);
	buf_adds(&want, "https://");
	buf_add(&want, slice_buf(&host));
	holds = holds && slice_eq(slice_buf(&want), slice_buf(&is));
	buf_free(&host);
	buf_free(&want);
	buf_free(&is);
	return holds;
}

static int
check_policy(struct slice policy, const struct cert *leaf, struct err *e)
{
	static const struct {
		const char *name;
		bool (*holds)(struct slice value, const struct cert *leaf);
	} policies[] = {
		{"eku", eku}, {"subject", subject}, {"san", san},
		{"fulcio-issuer", fulcio_issuer},
	};
	struct slice value = policy, name = take(&value);
	size_t i;

	for (i = 0; i < sizeof policies / sizeof *policies; i++) {
		if (!slice_is(name, policies[i].name))
			continue;
		if (policies[i].holds(value, leaf))
			return 0;
		return err_set(e, E_NO, "did:x509: %.*s does not hold of the "
		    "leaf", (int)policy.n, (const char *)policy.p);
	}
	return err_set(e, E_NO, "did:x509: policy %.*s is not known",
	    (int)policy.n, (const char *)policy.p);
}

/* ALG:FINGERPRINT, which names an authority of the chain. */
static int
find_authority(struct slice id, const struct certs *chain, struct cert **out,
    struct err *e)
{
	static const enum hash known[] = {HASH_SHA256, HASH_SHA384,
	    HASH_SHA512};
	struct slice alg = take(&id);
	struct buf print = {0};
	size_t i;

	*out = NULL;
	if (b64_decode(id, B64_JOSE, &print, e) == 0)
		for (i = 0; i < sizeof known / sizeof *known; i++)
			if (slice_is(alg, hash_name(known[i])))
				*out = authority(chain, known[i],
				    slice_buf(&print));
	buf_free(&print);
	return *out != NULL ? 0 : err_set(e, E_NO, "did:x509: no authority "
	    "of the chain has its fingerprint");
}

int
didx509_resolve(struct slice did, const struct certs *chain, int64_t at,
    struct err *e)
{
	struct slice rest = slice_from(did, sizeof prefix - 1);
	struct cert *root;
	const struct certs roots = {&root, 1};
	size_t n = next_policy(rest);

	/* one policy at least: a fingerprint alone names all it ever signed */
	if (!slice_starts(did, prefix) || n == rest.n)
		return err_set(e, E_NO, "did:x509: %.*s is none of version 0 "
		    "with a policy", (int)did.n, (const char *)did.p);
	if (find_authority(slice_head(rest, n), chain, &root, e) < 0 ||
	    cert_chain_verify(chain, &roots, at, NULL, e) < 0)
		return -1;
	while (n < rest.n) {
		rest = slice_from(rest, n + 2);
		n = next_policy(rest);
		if (check_policy(slice_head(rest, n), chain->v[0], e) < 0)
			return -1;
	}
	return 0;
}

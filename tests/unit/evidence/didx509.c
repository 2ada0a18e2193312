/* did:x509: which authority it names, and what it asks of the leaf. */
#include "evidence/didx509.h"

#include <stdio.h>

#include "unit/cert_make.h"
#include "codec/b64.h"
#include "unit/tap.h"

#define CA_EXT "basicConstraints", "critical,CA:TRUE", \
	"keyUsage", "critical,keyCertSign,cRLSign", \
	"subjectKeyIdentifier", "hash"
#define AKI "authorityKeyIdentifier", "keyid:always"

static struct certs chain;	/* leaf, ca, root */

/* Append did:x509:0:ALG:FINGERPRINT of one of the chain. */
static void
identify(size_t place, enum hash hash, struct buf *out)
{
	uint8_t sum[HASH_SIZE_MAX];

	hash_of(hash, cert_der(chain.v[place]), sum);
	buf_addf(out, "did:x509:0:%s:", hash_name(hash));
	b64_encode(slice_of(sum, hash_size(hash)), B64_URL, out);
}

static enum status
resolve(struct slice did)
{
	struct err e = {.code = E_OK};

	(void)didx509_resolve(did, &chain, NOW, &e);
	return e.code;
}

static enum status
with(size_t place, enum hash hash, const char *policies)
{
	struct buf did = {0};
	enum status ret;

	identify(place, hash, &did);
	buf_adds(&did, policies);
	ret = resolve(slice_buf(&did));
	buf_free(&did);
	return ret;
}

static void
authorities(void)
{
	static const char any[] = "::eku:1.3.6.1.4.1.311.1";
	static const enum hash good[] = {HASH_SHA256, HASH_SHA384,
	    HASH_SHA512};
	size_t i;

	for (i = 0; i < 3; i++)
		CHECK(with(2, good[i], any) == E_OK, "the root, by %s",
		    hash_name(good[i]));
	CHECK(with(1, HASH_SHA256, any) == E_OK, "an authority below it");
	CHECK(with(0, HASH_SHA256, any) == E_NO, "the leaf is none");
	CHECK(with(2, HASH_SHA1, any) == E_NO, "SHA-1");
	CHECK(with(2, HASH_SHA256, "") == E_NO, "without a policy");
	CHECK(resolve(slice_str("did:x509:0:sha256:AAAA::eku:1.2")) == E_NO,
	    "another fingerprint");
	CHECK(resolve(slice_str("did:x509:0:sha256:!::eku:1.2")) == E_NO,
	    "no fingerprint");
	CHECK(resolve(slice_str("did:x509:1:sha256:AAAA::eku:1.2")) == E_NO &&
	    resolve(slice_str("did:web:a")) == E_NO &&
	    resolve(slice_str("")) == E_NO, "no did:x509 of version 0");
}

static void
policies(void)
{
	static const char *const good[] = {
		"::eku:1.3.6.1.4.1.311.1", "::eku:1.3.6.1.5.5.7.3.3",
		"::subject:CN:A%20Leaf%2C%20%C3%A9",
		"::subject:2.5.4.3:A%20Leaf%2c%20%c3%a9",
		"::san:dns:a.example", "::san:email:a%40b.example",
		"::san:uri:https%3A%2F%2Fx.example%2Fy",
		"::fulcio-issuer:token.actions.example",
		("::eku:1.3.6.1.4.1.311.1::san:dns:a.example"
		"::fulcio-issuer:token.actions.example"),
	};
	static const char *const bad[] = {
		"::eku:1.3.6.1.4.1.311.2", "::eku:", "::eku",
		"::eku:codeSigning", "::eku:1.3.6.1.5.5.7.3.3:",
		"::subject:CN:A%20leaf%2C%20%C3%A9", "::subject:CN:",
		"::subject:CN", "::subject:", "::subject",
		"::subject:CN:A%20Leaf%2C%20%C3%A9:",
		"::subject:CN:A Leaf, \xc3\xa9", "::subject:CN:A%20Leaf%2",
		"::subject:CN:A%20Leaf%2C%20%C3%A9:O:x",
		"::subject:cn:A%20Leaf%2C%20%C3%A9",
		"::subject:commonName:A%20Leaf%2C%20%C3%A9",
		"::san:dns:A.example", "::san:dns:b.example", "::san:dns:",
		"::san:dns", "::san:email:a.example", "::san:ip:a.example",
		"::san:dns:a.example:x",
		"::fulcio-issuer:other.example", "::fulcio-issuer:",
		"::any:x", "::", "::EKU:1.3.6.1.5.5.7.3.3",
		"::eku:1.3.6.1.4.1.311.1::", "::eku:1.3.6.1.4.1.311.1::x",
		"::eku:1.3.6.1.4.1.311.1::san:dns:b.example",
	};
	size_t i;

	for (i = 0; i < sizeof good / sizeof *good; i++)
		CHECK(with(2, HASH_SHA256, good[i]) == E_OK, "%s", good[i]);
	for (i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(with(2, HASH_SHA256, bad[i]) == E_NO, "not %s", bad[i]);
}

/* The root named is beside the chain, not above it. */
static void
stranger(EVP_PKEY *key, X509 *leaf, X509 *ca)
{
	struct make m = {.cn = "root", .key = key, .serial = 9,
	    .ext = {CA_EXT}};
	X509 *other = make_x509(&m);

	certs_free(&chain);
	CHECK(make_add(leaf, &chain) && make_add(ca, &chain) &&
	    make_add(other, &chain), "a chain with a stranger's root");
	CHECK(with(2, HASH_SHA256, "::eku:1.3.6.1.4.1.311.1") == E_NO,
	    "which signed none of it");
	CHECK(with(1, HASH_SHA256, "::eku:1.3.6.1.4.1.311.1") == E_OK,
	    "but the authority did");
	X509_free(other);
}

static void
twice(EVP_PKEY *ca_key, X509 *ca, EVP_PKEY *key)
{
	struct make m = {.cn = "twice", .cn2 = "twice", .key = key,
	    .issuer = ca, .by = ca_key, .serial = 4,
	    .ext = {AKI, "subjectKeyIdentifier", "hash"}};
	X509 *leaf = make_x509(&m);

	certs_free(&chain);
	CHECK(make_add(leaf, &chain) && make_add(ca, &chain),
	    "a leaf with two common names");
	CHECK(with(1, HASH_SHA256, "::subject:CN:twice") == E_NO,
	    "has neither");
	X509_free(leaf);
}

int
main(void)
{
	EVP_PKEY *root_key = EVP_RSA_gen(2048), *ca_key = EVP_RSA_gen(2048);
	EVP_PKEY *leaf_key = EVP_EC_gen("P-256");
	struct make root_is = {.cn = "root", .key = root_key, .serial = 1,
	    .ext = {CA_EXT}};
	X509 *root = make_x509(&root_is);
	struct make ca_is = {.cn = "ca", .key = ca_key, .issuer = root,
	    .by = root_key, .serial = 2, .ext = {CA_EXT, AKI}};
	X509 *ca = make_x509(&ca_is);
	struct make leaf_is = {.cn = "A Leaf, \xc3\xa9", .key = leaf_key,
	    .issuer = ca, .by = ca_key, .serial = 3, .ext = {
	    "subjectAltName",
	    "DNS:a.example,email:a@b.example,URI:https://x.example/y",
	    "extendedKeyUsage",
	    "codeSigning,1.3.6.1.4.1.311.1", AKI, "subjectKeyIdentifier",
	    "hash", "1.3.6.1.4.1.57264.1.1",
	    /* https://token.actions.example */
	    "DER:68747470733a2f2f746f6b656e2e616374696f6e732e6578616d706c65"}};
	X509 *leaf = make_x509(&leaf_is);

	if (!make_add(leaf, &chain) || !make_add(ca, &chain) ||
	    !make_add(root, &chain))
		return 1;
	authorities();
	policies();
	stranger(leaf_key, leaf, ca);
	twice(ca_key, ca, leaf_key);
	certs_free(&chain);
	X509_free(leaf);
	X509_free(ca);
	X509_free(root);
	EVP_PKEY_free(leaf_key);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(root_key);
	return tap_done();
}

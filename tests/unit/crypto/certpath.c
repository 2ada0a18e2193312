/* Chains up to given roots, and revocation lists. */
#include <stdio.h>

#include "unit/cert_make.h"
#include "crypto/cert.h"
#include "unit/tap.h"

#define CA_EXT "basicConstraints", "critical,CA:TRUE", \
	"keyUsage", "critical,keyCertSign,cRLSign", \
	"subjectKeyIdentifier", "hash"
#define AKI "authorityKeyIdentifier", "keyid:always"
#define SAN \
	"DNS:vault.example,DNS:*.vault.example,IP:192.0.2.1,IP:2001:db8::1"

static EVP_PKEY *root_key, *ca_key, *leaf_key;
static X509 *root, *ca, *leaf;
static struct certs roots;

static struct make
root_make(void)
{
	return (struct make){.cn = "root", .key = root_key, .serial = 1,
	    .ext = {CA_EXT}};
}

static struct make
ca_make(void)
{
	return (struct make){.cn = "ca", .key = ca_key, .issuer = root,
	    .by = root_key, .serial = 2, .ext = {CA_EXT, AKI}};
}

static struct make
leaf_make(void)
{
	return (struct make){.cn = "leaf", .key = leaf_key, .issuer = ca,
	    .by = ca_key, .serial = 3, .ext = {"subjectAltName", SAN,
	    "extendedKeyUsage", "serverAuth", AKI,
	    "subjectKeyIdentifier", "hash"}};
}

/* Verify one, two and so on (as many as are not NULL) at at for host;
 * what is said goes to e. */
static enum status
verify(X509 *const *chain, int64_t at, const char *host, struct err *e)
{
	struct certs c = {0};

	e->code = E_OK;
	e->text[0] = '\0';
	for (; *chain != NULL; chain++)
		if (!make_add(*chain, &c))
			CHECK(false, "  a certificate is read");
	(void)cert_chain_verify(&c, &roots, at, host, e);
	certs_free(&c);
	return e->code;
}

static void
hosts(void)
{
	static const struct {
		const char *host;
		enum status want;
	} cases[] = {
		{"vault.example", E_OK}, {"VAULT.example", E_OK},
		{"a.vault.example", E_OK}, {"192.0.2.1", E_OK},
		{"2001:db8::1", E_OK}, {"2001:db8:0::1", E_OK},
		{"a.b.vault.example", E_NO}, {"vault.example.org", E_NO},
		{"example", E_NO}, {"leaf", E_NO}, {"", E_NO},
		{"*.vault.example", E_NO}, {".vault.example", E_NO},
		{"192.0.2.2", E_NO}, {"2001:db8::2", E_NO},
	};
	X509 *const chain[] = {leaf, ca, NULL};
	struct err e;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
		CHECK(verify(chain, NOW, cases[i].host, &e) == cases[i].want,
		    "a leaf %s \"%s\"", cases[i].want == E_OK ? "for" :
		    "not for", cases[i].host);
	CHECK(verify(chain, NOW, "other.example", &e) == E_NO &&
	    strcmp(e.text, "certificate 0 (leaf): not for other.example") == 0,
	    "  the reason: %s", e.text);
}

static void
chains(void)
{
	X509 *const whole[] = {leaf, ca, root, NULL};
	X509 *const plain[] = {leaf, ca, NULL};
	X509 *const mixed[] = {leaf, root, ca, NULL};
	X509 *const gap[] = {leaf, NULL};
	X509 *const self[] = {root, NULL};
	X509 *const none[] = {NULL};
	struct err e;

	CHECK(verify(plain, NOW, NULL, &e) == E_OK, "leaf and CA");
	CHECK(verify(whole, NOW, NULL, &e) == E_OK, "  with the root");
	CHECK(verify(mixed, NOW, NULL, &e) == E_OK, "  in any order");
	CHECK(verify(self, NOW, NULL, &e) == E_OK, "  a root itself");
	CHECK(verify(gap, NOW, NULL, &e) == E_NO, "  without the CA: %s",
	    e.text);
	CHECK(verify(none, NOW, NULL, &e) == E_INPUT, "  nothing: %s",
	    e.text);
	CHECK(verify(plain, NOW + 2 * DAY, NULL, &e) == E_NO,
	    "  too late: %s", e.text);
	CHECK(verify(plain, NOW - 2 * DAY, NULL, &e) == E_NO,
	    "  too early: %s", e.text);
}

/* The same chain with one thing wrong with its CA or leaf. */
static void
forgeries(void)
{
	struct {
		const char *name;
		struct make ca, leaf;
	} cases[] = {
		{"a CA signed by another key", ca_make(), leaf_make()},
		{"a CA that is none", ca_make(), leaf_make()},
		{"a CA without basic constraints", ca_make(), leaf_make()},
		{"a CA that may not sign certificates", ca_make(),
		    leaf_make()},
		{"a leaf signed by another key", ca_make(), leaf_make()},
		{"a leaf that is no server", ca_make(), leaf_make()},
		{"a leaf signed with SHA-1", ca_make(), leaf_make()},
		{"a leaf with an unknown critical extension", ca_make(),
		    leaf_make()},
		{"an expired CA", ca_make(), leaf_make()},
		{"a leaf without subject alternative name", ca_make(),
		    leaf_make()},
	};
	X509 *chain[3] = {NULL};
	struct err e;
	size_t i;

	cases[0].ca.by = leaf_key;
	cases[1].ca.ext[1] = "critical,CA:FALSE";
	cases[2].ca.ext[0] = "nsComment";
	cases[2].ca.ext[1] = "none";
	cases[3].ca.ext[3] = "critical,cRLSign";
	cases[4].leaf.by = root_key;
	cases[5].leaf.ext[3] = "clientAuth";
	cases[6].leaf.md = "sha1";
	cases[7].leaf.ext[8] = "1.2.3.4";
	cases[7].leaf.ext[9] = "critical,DER:0500";
	cases[8].ca.from = NOW - 2 * DAY;
	cases[8].ca.to = NOW - DAY;
	cases[9].leaf.cn = "vault.example";
	cases[9].leaf.ext[0] = "nsComment";
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		chain[1] = make_x509(&cases[i].ca);
		cases[i].leaf.issuer = chain[1];
		chain[0] = make_x509(&cases[i].leaf);
		CHECK(verify(chain, NOW, "vault.example", &e) == E_NO,
		    "%s: %s", cases[i].name, e.text);
		X509_free(chain[0]);
		X509_free(chain[1]);
	}
}

/* A chain that is sound in itself. */
/* An authority as the root: of a document's chain, not of a server's. */
static void
anchor(void)
{
	struct certs was = roots;
	struct err e;

	roots = (struct certs){0};
	if (!CHECK(make_add(ca, &roots), "an intermediate as the root"))
		return;
	CHECK(verify((X509 *[]){leaf, NULL}, NOW, NULL, &e) == E_OK,
	    "ends a document's chain");
	CHECK(verify((X509 *[]){leaf, ca, NULL}, NOW, "vault.example", &e) ==
	    E_NO, "but not a server's: %s", e.text);
	CHECK(verify((X509 *[]){root, NULL}, NOW, NULL, &e) == E_NO,
	    "and proves nothing above it: %s", e.text);
	certs_free(&roots);
	roots = was;
}

static void
own_root(void)
{
	struct make stranger = root_make();
	struct make good_ca = ca_make(), good_leaf = leaf_make();
	X509 *chain[2];
	struct err e;

	stranger.key = leaf_key;
	good_ca.issuer = make_x509(&stranger);
	good_ca.by = leaf_key;
	chain[1] = make_x509(&good_ca);
	good_leaf.issuer = chain[1];
	chain[0] = make_x509(&good_leaf);
	CHECK(verify((X509 *[]){chain[0], chain[1], good_ca.issuer, NULL},
	    NOW, "vault.example", &e) == E_NO,
	    "a chain that brings its own root: %s", e.text);
	X509_free(chain[0]);
	X509_free(chain[1]);
	X509_free(good_ca.issuer);
}

/* A leaf that issues another leaf. */
static void
leaf_as_ca(void)
{
	struct make m = {.cn = "sub", .key = leaf_key, .issuer = leaf,
	    .by = leaf_key, .serial = 9, .ext = {"subjectAltName",
	    "DNS:victim.example", AKI}};
	X509 *x = make_x509(&m);
	struct err e;

	CHECK(verify((X509 *[]){x, leaf, ca, NULL}, NOW, "victim.example",
	    &e) == E_NO, "a leaf issued by a leaf: %s", e.text);
	X509_free(x);
}

/* A list that revokes one serial number. */
struct list {
	X509 *issuer;
	EVP_PKEY *by;
	const char *md, *mgf1;
	int64_t last, next;	/* next 0: none */
	long revoked;
	const char *ext;	/* name and value of one, or NULL */
	const char *value;
};

static struct buf
make_crl(const struct list *l, bool pem)
{
	X509_CRL *crl = X509_CRL_new();
	ASN1_TIME *t = ASN1_TIME_new();
	ASN1_INTEGER *serial = ASN1_INTEGER_new();
	X509_REVOKED *r = X509_REVOKED_new();
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	BIO *bio = BIO_new(BIO_s_mem());
	X509_EXTENSION *ext;
	struct buf b = {0};
	char *p;
	long n;

	(void)X509_CRL_set_version(crl, X509_CRL_VERSION_2);
	(void)X509_CRL_set_issuer_name(crl, X509_get_subject_name(l->issuer));
	(void)X509_CRL_set1_lastUpdate(crl, ASN1_TIME_set(t, l->last));
	if (l->next != 0)
		(void)X509_CRL_set1_nextUpdate(crl, ASN1_TIME_set(t, l->next));
	(void)ASN1_INTEGER_set(serial, l->revoked);
	(void)X509_REVOKED_set_serialNumber(r, serial);
	(void)X509_REVOKED_set_revocationDate(r, ASN1_TIME_set(t, l->last));
	(void)X509_CRL_add0_revoked(crl, r);
	if (l->ext != NULL) {
		ext = X509V3_EXT_conf(NULL, NULL, l->ext, l->value);
		(void)X509_CRL_add_ext(crl, ext, -1);
		X509_EXTENSION_free(ext);
	}
	make_sign_ctx(ctx, l->by, l->md, l->mgf1, 48);
	(void)X509_CRL_sign_ctx(crl, ctx);
	(void)(pem ? PEM_write_bio_X509_CRL(bio, crl) :
	    i2d_X509_CRL_bio(bio, crl));
	n = BIO_get_mem_data(bio, &p);
	buf_add(&b, slice_of(p, (size_t)n));
	BIO_free(bio);
	EVP_MD_CTX_free(ctx);
	ASN1_INTEGER_free(serial);
	ASN1_TIME_free(t);
	X509_CRL_free(crl);
	return b;
}

static enum status
crl_says(struct slice text, const struct certs *certs, struct err *e)
{
	e->code = E_OK;
	e->text[0] = '\0';
	(void)cert_crl_check(text, roots.v[0], certs, NOW, e);
	return e->code;
}

static void
crl_cases(const struct certs *certs)
{
	struct list good = {.issuer = root, .by = root_key, .last = NOW - DAY,
	    .next = NOW + DAY, .revoked = 77};
	struct {
		const char *name;
		struct list list;
		enum status want;
	} cases[] = {
		{"a CRL that names no one of ours", good, E_OK},
		{"one signed with PSS SHA-384", good, E_OK},
		{"one that revokes the CA", good, E_NO},
		{"one that revokes the leaf", good, E_NO},
		{"one signed by another key", good, E_NO},
		{"one of another issuer", good, E_NO},
		{"one signed with SHA-1", good, E_NO},
		{"one that has run out", good, E_NO},
		{"one from the future", good, E_NO},
		{"one without an end", good, E_NO},
		{"one of parts", good, E_INPUT},
	};
	struct buf b;
	struct err e;
	size_t i;

	cases[1].list.md = cases[1].list.mgf1 = "sha384";
	cases[2].list.revoked = 2;
	cases[3].list.revoked = 3;
	cases[4].list.by = ca_key;
	cases[5].list.issuer = ca;
	cases[6].list.md = "sha1";
	cases[7].list.next = NOW - 1;
	cases[8].list.last = NOW + 1;
	cases[9].list.next = 0;
	cases[10].list.ext = "2.5.29.27";
	cases[10].list.value = "critical,DER:020101";
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		b = make_crl(&cases[i].list, false);
		CHECK(crl_says(slice_buf(&b), certs, &e) == cases[i].want,
		    "%s: %s", cases[i].name, e.text);
		buf_free(&b);
	}
}

/* An issuer whose key libcrypto makes nothing of: the point of its curve is
 * in no form there is. */
static void
crl_by_nobody(const struct certs *certs)
{
	const struct make m = {.cn = "root", .key = leaf_key};
	const struct list l = {.issuer = root, .by = leaf_key,
	    .last = NOW - DAY, .next = NOW + DAY, .revoked = 77};
	struct buf der = {0}, crl = make_crl(&l, false);
	struct certs issuer = {0};
	struct err e = {.code = E_OK};
	uint8_t *point, *spki = NULL;
	X509 *x = make_x509(&m);
	int n = i2d_PUBKEY(leaf_key, &spki);

	make_text(x, false, &der);
	point = memmem(der.p, der.n, spki, (size_t)n);
	if (CHECK(point != NULL && certs_add_der(&issuer, slice_buf(&der), 2,
	    &e) == 0 && cert_crl_check(slice_buf(&crl), issuer.v[0], certs,
	    NOW, &e) == 0, "a CRL by a key on a curve: %s", e.text)) {
		point[n - 65] = 9;
		CHECK(certs_add_der(&issuer, slice_buf(&der), 2, &e) == 0 &&
		    cert_crl_check(slice_buf(&crl), issuer.v[1], certs, NOW,
		    &e) < 0 && e.code == E_NO && strcmp(e.text, "CRL: signed "
		    "in a way libcrypto cannot read") == 0,
		    "  by one that is none: %s", e.text);
	}
	certs_free(&issuer);
	buf_free(&der);
	buf_free(&crl);
	OPENSSL_free(spki);
	X509_free(x);
}

static void
crl_text(const struct certs *certs)
{
	struct list good = {.issuer = root, .by = root_key, .last = NOW - DAY,
	    .next = NOW + DAY, .revoked = 77};
	struct buf b = make_crl(&good, true), cut = make_crl(&good, false);
	struct err e;
	size_t i, yes = 0;

	CHECK(crl_says(slice_buf(&b), certs, &e) == E_OK, "a CRL in PEM");
	buf_adds(&b, "text\n-----BEGIN CERTIFICATE-----\nAAAA\n"
	    "-----END CERTIFICATE-----\n");
	CHECK(crl_says(slice_buf(&b), certs, &e) == E_OK,
	    "  with other objects behind");
	buf_add(&b, slice_str("-----BEGIN X509 CRL-----\nAAAA\n"
	    "-----END X509 CRL-----\n"));
	CHECK(crl_says(slice_buf(&b), certs, &e) == E_INPUT,
	    "  with a second one: %s", e.text);
	CHECK(crl_says(slice_str(""), certs, &e) == E_INPUT, "no CRL: %s",
	    e.text);
	for (i = 0; i < cut.n; i++)
		if (crl_says(slice_head(slice_buf(&cut), i), certs, &e) !=
		    E_INPUT)
			CHECK(false, "  cut to %zu bytes", i);
	for (i = 0; i < cut.n; i++) {
		cut.p[i] ^= (uint8_t)(1 << i % 8);
		yes += crl_says(slice_buf(&cut), certs, &e) == E_OK;
		cut.p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(yes == 0, "a flipped bit in any byte is refused");
	buf_free(&b);
	buf_free(&cut);
}

/* A PEM certificate of root's DER with the byte at at replaced by c. */
static void
add_spoilt(size_t at, uint8_t c, struct buf *out)
{
	BIO *bio = BIO_new(BIO_s_mem());
	struct buf der = {0};
	char *p;
	long n;

	make_text(root, false, &der);
	der.p[at] = c;
	(void)PEM_write_bio(bio, "CERTIFICATE", "", der.p, (long)der.n);
	n = BIO_get_mem_data(bio, &p);
	buf_add(out, slice_of(p, (size_t)n));
	BIO_free(bio);
	buf_free(&der);
}

/* The leaf's chain against a bundle. */
static enum status
verify_in(const struct buf *bundle)
{
	struct certs c = {0}, in = {0};
	struct err e = {.code = E_OK};

	if (!make_add(leaf, &c) || !make_add(ca, &c))
		CHECK(false, "  the chain is read");
	if (certs_add_bundle(&in, slice_buf(bundle), &e) == 0)
		(void)cert_chain_verify(&c, &in, NOW, "vault.example", &e);
	certs_free(&in);
	certs_free(&c);
	return e.code;
}

static void
bundles(void)
{
	struct make m = {.cn = "another root", .key = leaf_key,
	    .ext = {CA_EXT}};
	struct make twin = root_make();
	X509 *another = make_x509(&m), *other;
	struct buf b = {0};

	twin.key = ca_key;
	other = make_x509(&twin);
	make_text(another, true, &b);
	CHECK(verify_in(&b) == E_NO, "a bundle without the root");
	make_text(other, true, &b);
	CHECK(verify_in(&b) == E_NO, "  with one of its name");
	make_text(root, true, &b);
	make_text(another, true, &b);
	CHECK(verify_in(&b) == E_OK, "  with the root among others");
	buf_cut(&b, 0);
	make_text(root, true, &b);
	add_spoilt(8, 0xbf, &b);
	CHECK(verify_in(&b) == E_INPUT, "  with a malformed one of its name");
	buf_cut(&b, 0);
	add_spoilt(1, 0x81, &b);
	CHECK(verify_in(&b) == E_INPUT, "  with one that is no DER");
	buf_free(&b);
	X509_free(another);
	X509_free(other);
}

int
main(void)
{
	struct certs certs = {0};
	struct make m;

	root_key = EVP_RSA_gen(2048);
	ca_key = EVP_RSA_gen(2048);
	leaf_key = EVP_EC_gen("P-256");
	m = root_make();
	root = make_x509(&m);
	m = ca_make();
	ca = make_x509(&m);
	m = leaf_make();
	leaf = make_x509(&m);
	if (!make_add(root, &roots) || !make_add(ca, &certs) ||
	    !make_add(leaf, &certs))
		return 1;
	chains();
	hosts();
	forgeries();
	own_root();
	anchor();
	bundles();
	leaf_as_ca();
	crl_cases(&certs);
	crl_by_nobody(&certs);
	crl_text(&certs);
	certs_free(&roots);
	certs_free(&certs);
	X509_free(root);
	X509_free(ca);
	X509_free(leaf);
	EVP_PKEY_free(root_key);
	EVP_PKEY_free(ca_key);
	EVP_PKEY_free(leaf_key);
	return tap_done();
}

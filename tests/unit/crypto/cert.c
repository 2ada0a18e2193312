/* Certificates: read, looked into, and signatures one at a time. */
#include "crypto/cert.h"

#include <stdio.h>
#include <stdlib.h>

#include "unit/cert_make.h"
#include "ground/io.h"
#include "unit/tap.h"

static EVP_PKEY *rsa, *rsa2, *ec;

static enum status
pem_reads(struct slice text, size_t max, size_t *n)
{
	struct certs c = {0};
	struct err e = {.code = E_OK};

	if (certs_add_pem(&c, text, max, &e) < 0 && c.n != 0)
		CHECK(false, "  refused without a trace");
	*n = c.n;
	certs_free(&c);
	return e.code;
}

static void
many_pem(void)
{
	static const struct {
		const char *name, *before, *between, *after;
		enum status want;
	} cases[] = {
		{"two certificates", "", "", "", E_OK},
		{"blank lines between", " \n", "\n\r\n", "\n", E_OK},
		{"text in front", "x\n", "", "", E_INPUT},
		{"text between", "", "x\n", "", E_INPUT},
		{"text behind", "", "", "x\n", E_INPUT},
		{"a key between", "", "-----BEGIN PUBLIC KEY-----\nMAA=\n"
		    "-----END PUBLIC KEY-----\n", "", E_INPUT},
		{"one that is none behind", "", "",
		    "-----BEGIN CERTIFICATE-----\nMAE=\n"
		    "-----END CERTIFICATE-----\n", E_INPUT},
	};
	struct make m = {.cn = "one", .key = rsa};
	X509 *x = make_x509(&m);
	struct buf one = {0}, b = {0};
	size_t i, n;

	make_text(x, true, &one);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		buf_cut(&b, 0);
		buf_adds(&b, cases[i].before);
		buf_add(&b, slice_buf(&one));
		buf_adds(&b, cases[i].between);
		buf_add(&b, slice_buf(&one));
		buf_adds(&b, cases[i].after);
		CHECK(pem_reads(slice_buf(&b), 8, &n) == cases[i].want &&
		    n == (cases[i].want == E_OK ? 2 : 0), "%s",
		    cases[i].name);
	}
	CHECK(pem_reads(slice_str(""), 8, &n) == E_INPUT, "nothing");
	buf_cut(&b, 0);
	for (i = 0; i < 3; i++)
		buf_add(&b, slice_buf(&one));
	CHECK(pem_reads(slice_buf(&b), 3, &n) == E_OK && n == 3,
	    "as many as allowed");
	CHECK(pem_reads(slice_buf(&b), 2, &n) == E_INPUT, "one more");
	for (i = 0; i + 1 < one.n; i++)
		if (pem_reads(slice_head(slice_buf(&one), i), 8, &n) !=
		    E_INPUT)
			CHECK(false, "cut to %zu bytes", i);
	buf_free(&one);
	buf_free(&b);
	X509_free(x);
}

static void
one_der(void)
{
	struct make m = {.cn = "one", .key = ec};
	X509 *x = make_x509(&m);
	struct buf b = {0}, kept = {0};
	struct certs c = {0};
	struct err e;
	size_t i;

	make_text(x, false, &b);
	CHECK(certs_add_der(&c, slice_buf(&b), 2, &e) == 0 && c.n == 1 &&
	    slice_eq(cert_der(c.v[0]), slice_buf(&b)), "a DER certificate");
	for (i = 0; i < b.n; i++)
		if (certs_add_der(&c, slice_head(slice_buf(&b), i), 2,
		    &e) == 0 || e.code != E_INPUT)
			CHECK(false, "  cut to %zu bytes", i);
	buf_add(&kept, slice_buf(&b));
	buf_addc(&b, 0);
	CHECK(certs_add_der(&c, slice_buf(&b), 2, &e) < 0 &&
	    e.code == E_INPUT && c.n == 1, "  with a byte behind");
	CHECK(certs_add_der(&c, slice_buf(&kept), 1, &e) < 0 &&
	    e.code == E_INPUT && c.n == 1, "  one more than allowed");
	buf_cut(&b, 0);
	memset(buf_more(&b, CERT_MAX + 1), 0x30, CERT_MAX + 1);
	CHECK(certs_add_der(&c, slice_buf(&b), 2, &e) < 0 &&
	    e.code == E_INPUT && c.n == 1, "  one too large");
	certs_free(&c);
	buf_free(&b);
	buf_free(&kept);
	X509_free(x);
}

static void
bundle(void)
{
	struct make m = {.cn = "one", .key = rsa};
	X509 *x = make_x509(&m);
	struct buf b = {0};
	struct certs c = {0};
	struct err e;

	buf_adds(&b, "# roots -----BEGIN CERTIFICATE-----\n");
	make_text(x, true, &b);
	buf_adds(&b, "-----BEGIN TRUSTED CERTIFICATE-----\nAAAA\n"
	    "-----END TRUSTED CERTIFICATE-----\nanother\n");
	make_text(x, true, &b);
	buf_adds(&b, "the end");
	CHECK(certs_add_bundle(&c, slice_buf(&b), &e) == 0 && c.n == 2,
	    "a bundle with text and other objects");
	buf_adds(&b, "\n-----BEGIN CERTIFICATE-----\nMAE=\n"
	    "-----END CERTIFICATE-----\n");
	CHECK(certs_add_bundle(&c, slice_buf(&b), &e) < 0 &&
	    e.code == E_INPUT && c.n == 2, "  with one that is none");
	CHECK(certs_add_bundle(&c, slice_str("no roots\n"), &e) < 0 &&
	    e.code == E_INPUT, "  with none at all");
	CHECK(certs_add_bundle(&c, slice_str("-----BEGIN CERTIFICATE-----\n"),
	    &e) < 0 && e.code == E_INPUT, "  with half of one");
	certs_free(&c);
	buf_free(&b);
	X509_free(x);
}

/* One certificate made, read and handed over. */
static const struct cert *
read_back(const struct make *m, struct certs *c)
{
	X509 *x = make_x509(m);
	bool ok = make_add(x, c);

	X509_free(x);
	if (!ok)
		CHECK(ok, "a certificate is read");
	return ok ? c->v[c->n - 1] : NULL;
}

static bool
cn_is(const struct cert *c, bool issuer, const char *want)
{
	struct buf b = {0};
	bool same;

	if (issuer)
		cert_issuer_cn(c, &b);
	else
		cert_subject_cn(c, &b);
	same = slice_is(slice_buf(&b), want);
	buf_free(&b);
	return same;
}

static void
names(void)
{
	struct make ca = {.cn = "root", .key = rsa};
	struct make leaf = {.cn = "leaf \xc3\xa9", .key = ec, .by = rsa};
	struct make none = {.key = rsa};
	struct make two = {.cn = "one", .cn2 = "two", .key = rsa};
	struct certs c = {0};
	const struct cert *x;

	leaf.issuer = make_x509(&ca);
	x = read_back(&leaf, &c);
	CHECK(cn_is(x, false, "leaf \xc3\xa9") && cn_is(x, true, "root"),
	    "common names");
	CHECK(cert_subject_is(x, "2.5.4.3", slice_str("leaf \xc3\xa9")) &&
	    !cert_subject_is(x, "2.5.4.3", slice_str("leaf")) &&
	    !cert_subject_is(x, "2.5.4.4", slice_str("leaf \xc3\xa9")) &&
	    !cert_subject_is(x, "none", slice_str("leaf \xc3\xa9")),
	    "  by the number of what they are");
	x = read_back(&none, &c);
	CHECK(cn_is(x, false, "") && cn_is(x, true, ""), "  none");
	x = read_back(&two, &c);
	CHECK(cn_is(x, false, ""), "  two are as good as none");
	X509_free(leaf.issuer);
	certs_free(&c);
}

static void
digests(void)
{
	struct make m = {.cn = "one", .key = rsa};
	uint8_t sum[SHA256_SIZE], want[SHA256_SIZE];
	struct buf spki = {0};
	struct certs c = {0};
	struct key *k = NULL;
	struct err e;
	const struct cert *x = read_back(&m, &c);

	cert_sha256(x, sum);
	hash_sha256(cert_der(x), want);
	CHECK(memcmp(sum, want, sizeof sum) == 0, "digest of a certificate");
	CHECK(cert_key(x, &k, &e) == 0 && key_type(k) == KEY_RSA &&
	    !key_private(k), "  its key");
	key_to_spki(k, &spki);
	cert_spki_sha256(x, sum);
	hash_sha256(slice_buf(&spki), want);
	CHECK(memcmp(sum, want, sizeof sum) == 0, "  and that key's digest");
	buf_free(&spki);
	key_free(k);
	certs_free(&c);
}

static void
extensions(void)
{
	static const char oid[] = "1.3.6.1.4.1.3704.1.3.1";
	struct make m = {.cn = "one", .key = ec, .ext = {
	    oid, "DER:ff00", "1.3.6.1.4.1.3704.1.4", "DER:020115",
	    "extendedKeyUsage", "serverAuth,1.2.3.4"}};
	struct certs c = {0};
	struct buf b = {0};
	const struct cert *x = read_back(&m, &c);

	CHECK(cert_extension(x, oid, &b) &&
	    slice_eq(slice_buf(&b), slice_of("\xff\x00", 2)),
	    "an extension that is no DER");
	CHECK(cert_extension(x, "1.3.6.1.4.1.3704.1.4", &b) && b.n == 5,
	    "  one that is");
	CHECK(!cert_extension(x, "1.3.6.1.4.1.3704.1.3.2", &b) && b.n == 5,
	    "  one that is absent");
	CHECK(cert_has_eku(x, "1.3.6.1.5.5.7.3.1") &&
	    cert_has_eku(x, "1.2.3.4"), "extended key usages");
	CHECK(!cert_has_eku(x, "1.3.6.1.5.5.7.3.2") &&
	    !cert_has_eku(x, "1.2.3"), "  and others");
	m.ext[2] = oid;
	m.ext[4] = NULL;
	x = read_back(&m, &c);
	CHECK(!cert_extension(x, oid, &b) && b.n == 5,
	    "an extension that is there twice");
	CHECK(!cert_has_eku(x, "1.2.3.4"), "no extended key usage");
	certs_free(&c);
	buf_free(&b);
}

static void
authority(void)
{
	static const struct {
		const char *basic, *usage;
		bool ca;
		int pathlen;
	} cases[] = {
		{NULL, NULL, false, -1},
		{NULL, "keyCertSign", false, -1},
		{"CA:TRUE", NULL, true, -1},
		{"critical,CA:TRUE,pathlen:0", NULL, true, 0},
		{"critical,CA:TRUE,pathlen:3", "keyCertSign", true, 3},
		{"CA:TRUE", "digitalSignature,cRLSign", false, -1},
		{"CA:FALSE", "keyCertSign", false, -1},
		{"DER:ffff", NULL, false, -1},
		{"CA:TRUE", "DER:ffff", false, -1},
	};
	struct certs c = {0};
	const struct cert *x;
	struct make m;
	size_t i, n;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		m = (struct make){.cn = "ca", .key = ec};
		n = 0;
		if (cases[i].basic != NULL) {
			m.ext[n++] = "basicConstraints";
			m.ext[n++] = cases[i].basic;
		}
		if (cases[i].usage != NULL) {
			m.ext[n++] = "keyUsage";
			m.ext[n++] = cases[i].usage;
		}
		x = read_back(&m, &c);
		CHECK(cert_is_ca(x) == cases[i].ca &&
		    cert_pathlen(x) == cases[i].pathlen, "%s, %s: %s",
		    cases[i].basic != NULL ? cases[i].basic : "nothing",
		    cases[i].usage != NULL ? cases[i].usage : "nothing",
		    cases[i].ca ? "a CA" : "no CA");
	}
	certs_free(&c);
}

static void
validity(void)
{
	struct make m = {.cn = "one", .key = ec, .from = 1700000000,
	    .to = 1765406061};
	struct certs c = {0};
	struct err e;
	const struct cert *x = read_back(&m, &c);

	CHECK(cert_valid_at(x, 1700000000, &e) == 0, "valid from its first");
	CHECK(cert_valid_at(x, 1765406061, &e) == 0, "  to its last second");
	CHECK(cert_valid_at(x, 1699999999, &e) < 0 && e.code == E_NO &&
	    strcmp(e.text, "not valid before 2023-11-14T22:13:20Z") == 0,
	    "  not before");
	CHECK(cert_valid_at(x, 1765406062, &e) < 0 && e.code == E_NO &&
	    strcmp(e.text, "expired at 2025-12-10T22:34:21Z") == 0,
	    "  not after");
	CHECK(cert_valid_at(x, INT64_MIN / 2, &e) < 0 && e.code == E_NO &&
	    cert_valid_at(x, INT64_MAX / 2, &e) < 0 && e.code == E_NO &&
	    cert_valid_at(x, 0, &e) < 0 && cert_valid_at(x, -1, &e) < 0,
	    "  nor ever else");
	certs_free(&c);
}

/* No byte of a certificate can be changed and its signature still hold. */
static void
flips(const struct cert *x, const struct cert *issuer)
{
	struct buf b = {0};
	struct certs c = {0};
	struct err e;
	size_t i, yes = 0;

	buf_add(&b, cert_der(x));
	for (i = 0; i < b.n; i++) {
		b.p[i] ^= (uint8_t)(1 << i % 8);
		if (certs_add_der(&c, slice_buf(&b), 1, &e) == 0)
			yes += cert_signed_by(c.v[0], issuer, &e) == 0;
		certs_free(&c);
		b.p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(yes == 0, "  a flipped bit in any byte is refused");
	buf_free(&b);
}

static void
signatures(void)
{
	static const struct {
		const char *name, *md, *mgf1;
		int salt;
		EVP_PKEY **by;
		bool amd;
	} cases[] = {
		{"PKCS#1 SHA-384", "sha384", NULL, 0, &rsa, false},
		{"PSS SHA-384", "sha384", "sha384", 48, &rsa, true},
		{"PSS SHA-384, salt 32", "sha384", "sha384", 32, &rsa, false},
		{"PSS SHA-384, salt 47", "sha384", "sha384", 47, &rsa, false},
		{"PSS SHA-384, MGF1 SHA-256", "sha384", "sha256", 48, &rsa,
		    false},
		{"PSS SHA-256", "sha256", "sha256", 32, &rsa, false},
		{"PSS SHA-512", "sha512", "sha512", 48, &rsa, false},
		{"ECDSA SHA-384", "sha384", NULL, 0, &ec, false},
	};
	struct make m, ca = {.cn = "ca", .key = rsa}, no = {.cn = "ca",
	    .key = rsa2};
	struct certs c = {0};
	const struct cert *x, *issuer, *other;
	struct err e;
	size_t i;

	other = read_back(&no, &c);
	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		ca.key = *cases[i].by;
		issuer = read_back(&ca, &c);
		m = (struct make){.cn = "one", .key = ec, .by = ca.key,
		    .md = cases[i].md, .mgf1 = cases[i].mgf1,
		    .salt = cases[i].salt};
		x = read_back(&m, &c);
		CHECK(cert_signed_by(x, issuer, &e) == 0, "%s",
		    cases[i].name);
		CHECK(cert_signed_by(x, other, &e) < 0 && e.code == E_NO,
		    "  by nobody else");
		CHECK(cert_pss_sha384(x) == cases[i].amd, "  %s",
		    cases[i].amd ? "is AMD's kind" : "is not AMD's kind");
		flips(x, issuer);
	}
	certs_free(&c);
}

static void
weak(void)
{
	EVP_PKEY *small = EVP_RSA_gen(1024), *ed = EVP_PKEY_Q_keygen(NULL,
	    NULL, "ED25519");
	struct make sha1 = {.cn = "sha1", .key = rsa, .md = "sha1"};
	struct make pss = {.cn = "sha1", .key = rsa, .md = "sha1",
	    .mgf1 = "sha1", .salt = 20};
	struct make bits = {.cn = "small", .key = small};
	struct make kind = {.cn = "ed", .key = ed, .by = rsa};
	struct certs c = {0};
	struct key *k;
	struct err e;
	const struct cert *x;

	x = read_back(&sha1, &c);
	CHECK(cert_signed_by(x, x, &e) < 0 && e.code == E_NO,
	    "a signature with SHA-1 is refused");
	x = read_back(&pss, &c);
	CHECK(cert_signed_by(x, x, &e) < 0 && e.code == E_NO,
	    "  so is PSS with SHA-1");
	x = read_back(&bits, &c);
	CHECK(cert_signed_by(x, x, &e) < 0 && e.code == E_NO,
	    "  so is one by an RSA key of 1024 bits");
	CHECK(cert_key(x, &k, &e) < 0 && e.code == E_INPUT,
	    "  which is no key at all");
	x = read_back(&kind, &c);
	CHECK(cert_key(x, &k, &e) < 0 && e.code == E_INPUT,
	    "  nor is Ed25519");
	certs_free(&c);
	EVP_PKEY_free(small);
	EVP_PKEY_free(ed);
}

/* AMD's own: leaf, ASK and ARK as they lie beside a report. */
static void
amd(const char *dir, const char *name, const char *leaf)
{
	struct buf text = {0}, ext = {0};
	struct certs c = {0};
	struct key *k = NULL;
	char path[4096];
	struct err e;
	size_t i;

	(void)snprintf(path, sizeof path, "%s/snp/%s/chain.pem", dir, name);
	if (dir[0] == '\0' || io_read(path, 1 << 20, &text, &e) < 0) {
		tap_skip(name, "no vectors");
		goto out;
	}
	if (CHECK(certs_add_pem(&c, slice_buf(&text), CERT_CHAIN_MAX,
	    &e) == 0, "%s", name) && c.n == 3) {
		for (i = 0; i < 3; i++)
			CHECK(cert_pss_sha384(c.v[i]) && cert_signed_by(c.v[i],
			    c.v[i < 2 ? i + 1 : 2], &e) == 0,
			    "  certificate %zu is signed as it must be", i);
		CHECK(cert_signed_by(c.v[0], c.v[2], &e) < 0,
		    "  and by no other");
		CHECK(cn_is(c.v[0], false, leaf) && !cert_is_ca(c.v[0]) &&
		    cert_is_ca(c.v[1]) && cert_is_ca(c.v[2]), "  names");
		CHECK(cert_extension(c.v[0], "1.3.6.1.4.1.3704.1.3.1", &ext) &&
		    ext.n == 3 && ext.p[0] == 2, "  its TCB");
		CHECK(cert_key(c.v[0], &k, &e) == 0 &&
		    key_sig_fits(k, SIG_ES384), "  a key on P-384");
		flips(c.v[0], c.v[1]);
	}
out:
	certs_free(&c);
	key_free(k);
	buf_free(&text);
	buf_free(&ext);
}

int
main(void)
{
	const char *dir = getenv("VECTORS");

	rsa = EVP_RSA_gen(2048);
	rsa2 = EVP_RSA_gen(2048);
	ec = EVP_EC_gen("P-384");
	many_pem();
	one_der();
	bundle();
	names();
	digests();
	extensions();
	authority();
	validity();
	signatures();
	weak();
	if (dir == NULL)
		dir = "";
	amd(dir, "aci-v3-milan-svn101", "SEV-VCEK");
	amd(dir, "aws-v3-milan-vlek", "SEV-VLEK");
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(rsa2);
	EVP_PKEY_free(ec);
	return tap_done();
}

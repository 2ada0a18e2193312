/* Signatures: one made by libcrypto for each algorithm, and its forgeries. */
#include "crypto/key.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <stdlib.h>

#include "unit/tap.h"

#define DATA "what was signed"

static EVP_PKEY *rsa, *curve[3], *stranger;

static const struct row {
	const char *name, *md;
	enum key_sig sig;
	int pad;
	int curve;	/* -1: RSA */
	int size;	/* bytes of r and of s */
} rows[] = {
	{"RS256", "sha256", SIG_RS256, RSA_PKCS1_PADDING, -1, 0},
	{"RS384", "sha384", SIG_RS384, RSA_PKCS1_PADDING, -1, 0},
	{"RS512", "sha512", SIG_RS512, RSA_PKCS1_PADDING, -1, 0},
	{"PS256", "sha256", SIG_PS256, RSA_PKCS1_PSS_PADDING, -1, 0},
	{"PS384", "sha384", SIG_PS384, RSA_PKCS1_PSS_PADDING, -1, 0},
	{"PS512", "sha512", SIG_PS512, RSA_PKCS1_PSS_PADDING, -1, 0},
	{"ES256", "sha256", SIG_ES256, 0, 0, 32},
	{"ES384", "sha384", SIG_ES384, 0, 1, 48},
	{"ES512", "sha512", SIG_ES512, 0, 2, 66},
};

enum { ROWS = sizeof rows / sizeof rows[0] };

static struct key *
public_of(EVP_PKEY *pkey)
{
	unsigned char *der = NULL;
	int n = i2d_PUBKEY(pkey, &der);
	struct key *k = NULL;
	struct err e;

	CHECK(n > 0 && key_from_spki(slice_of(der, (size_t)n), &k, &e) == 0,
	    "a public key");
	OPENSSL_free(der);
	return k;
}

/* A signature as libcrypto writes it; mgf1 NULL is md, salt -1 its size. */
static struct buf
signed_by(EVP_PKEY *pkey, const char *md, int pad, const char *mgf1, int salt)
{
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	EVP_PKEY_CTX *p;
	struct buf out = {0};
	size_t n = 1024;

	(void)EVP_DigestSignInit_ex(ctx, &p, md, NULL, NULL, pkey, NULL);
	if (pad != 0)
		(void)EVP_PKEY_CTX_set_rsa_padding(p, pad);
	if (pad == RSA_PKCS1_PSS_PADDING) {
		(void)EVP_PKEY_CTX_set_rsa_mgf1_md_name(p,
		    mgf1 != NULL ? mgf1 : md, NULL);
		(void)EVP_PKEY_CTX_set_rsa_pss_saltlen(p, salt);
	}
	if (EVP_DigestSign(ctx, buf_more(&out, n), &n,
	    (const uint8_t *)DATA, strlen(DATA)) != 1)
		n = 0;
	buf_cut(&out, n);
	EVP_MD_CTX_free(ctx);
	return out;
}

/* r || s of a signature in DER. */
static void
flatten(struct buf *sig, int size)
{
	const uint8_t *p = sig->p;
	ECDSA_SIG *rs = d2i_ECDSA_SIG(NULL, &p, (long)sig->n);

	buf_cut(sig, 0);
	(void)buf_more(sig, 2 * (size_t)size);
	(void)BN_bn2binpad(ECDSA_SIG_get0_r(rs), sig->p, size);
	(void)BN_bn2binpad(ECDSA_SIG_get0_s(rs), sig->p + size, size);
	ECDSA_SIG_free(rs);
}

static EVP_PKEY *
key_for(const struct row *row)
{
	return row->curve < 0 ? rsa : curve[row->curve];
}

static bool
verifies(const struct key *k, enum key_sig s, struct slice data,
    struct slice sig)
{
	struct err e = {.code = E_OK};
	bool yes = key_verify(k, s, data, sig, &e) == 0;

	if (!yes && e.code != E_NO)
		CHECK(false, "  refused as 1: %s", e.text);
	return yes;
}

static void
forgeries(const struct row *row, const struct key *k, struct buf *sig)
{
	struct slice data = slice_str(DATA), s;
	struct buf longer = {0};
	size_t i, yes = 0;

	for (i = 0; i < sig->n; i++) {
		sig->p[i] ^= (uint8_t)(1 << i % 8);
		yes += verifies(k, row->sig, data, slice_buf(sig));
		sig->p[i] ^= (uint8_t)(1 << i % 8);
	}
	CHECK(yes == 0, "  a flipped bit in any byte is refused");
	s = slice_buf(sig);
	for (i = 0; i < s.n; i++)
		yes += verifies(k, row->sig, data, slice_head(s, i));
	CHECK(yes == 0, "  so is every shorter one");
	buf_add(&longer, s);
	buf_addc(&longer, 0);
	yes += verifies(k, row->sig, data, slice_buf(&longer));
	buf_cut(&longer, 0);
	buf_addc(&longer, 0);
	buf_add(&longer, s);
	yes += verifies(k, row->sig, data, slice_buf(&longer));
	CHECK(yes == 0, "  so is a longer one");
	memset(longer.p, 0, longer.n);
	yes += verifies(k, row->sig, data,
	    slice_head(slice_buf(&longer), s.n));
	memset(longer.p, 0xff, longer.n);
	yes += verifies(k, row->sig, data,
	    slice_head(slice_buf(&longer), s.n));
	CHECK(yes == 0, "  so are all zeros and all ones");
	CHECK(!verifies(k, row->sig, slice_str(DATA "!"), s) &&
	    !verifies(k, row->sig, slice_of(NULL, 0), s),
	    "  so is other data");
	buf_free(&longer);
}

static void
one(const struct row *row)
{
	struct buf sig = signed_by(key_for(row), row->md, row->pad, NULL, -1);
	struct key *k = public_of(key_for(row));
	struct buf der = {0};
	enum key_sig s;
	size_t i, wrong = 0;

	CHECK(key_sig_by_name(slice_str(row->name), &s) && s == row->sig &&
	    strcmp(key_sig_name(s), row->name) == 0, "%s", row->name);
	if (row->curve >= 0) {
		buf_add(&der, slice_buf(&sig));
		flatten(&sig, row->size);
		CHECK(!verifies(k, row->sig, slice_str(DATA),
		    slice_buf(&der)), "  as DER it is refused");
	}
	CHECK(verifies(k, row->sig, slice_str(DATA), slice_buf(&sig)),
	    "  verifies");
	forgeries(row, k, &sig);
	for (i = 0; i < ROWS; i++) {
		if (&rows[i] == row)
			continue;
		wrong += verifies(k, rows[i].sig, slice_str(DATA),
		    slice_buf(&sig));
		wrong += key_sig_fits(k, rows[i].sig) !=
		    (row->curve == rows[i].curve);
	}
	CHECK(wrong == 0, "  under no other algorithm");
	key_free(k);
	buf_free(&sig);
	buf_free(&der);
}

static void
strangers(void)
{
	struct key *k = public_of(stranger), *oct;
	struct buf sig;
	struct err e;
	size_t i, yes = 0;

	for (i = 0; i < 6; i++) {
		sig = signed_by(rsa, rows[i].md, rows[i].pad, NULL, -1);
		yes += verifies(k, rows[i].sig, slice_str(DATA),
		    slice_buf(&sig));
		buf_free(&sig);
	}
	CHECK(yes == 0, "another key verifies none");
	key_free(k);
	(void)key_from_oct(slice_str("0123456789abcdef"), &oct, &e);
	for (i = 0; i < ROWS; i++)
		yes += key_sig_fits(oct, rows[i].sig) || verifies(oct,
		    rows[i].sig, slice_str(DATA), slice_str("sig"));
	CHECK(yes == 0, "a symmetric key fits none");
	key_free(oct);
}

/* PSS as other parameters have it: RFC 7518 knows one set for each name. */
static void
pss(void)
{
	static const struct {
		const char *name, *mgf1;
		int salt;
		bool want;
	} cases[] = {
		{"PSS with a salt of 32", "sha256", 32, true},
		{"PSS with a salt of 31", "sha256", 31, false},
		{"PSS with a salt of 33", "sha256", 33, false},
		{"PSS with no salt", "sha256", 0, false},
		{"PSS with the longest salt", "sha256", -3, false},
		{"PSS with MGF1 SHA-1", "sha1", 32, false},
		{"PSS with MGF1 SHA-512", "sha512", 32, false},
	};
	struct key *k = public_of(rsa);
	struct buf sig;
	size_t i;

	for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		sig = signed_by(rsa, "sha256", RSA_PKCS1_PSS_PADDING,
		    cases[i].mgf1, cases[i].salt);
		CHECK(sig.n == 256 && verifies(k, SIG_PS256, slice_str(DATA),
		    slice_buf(&sig)) == cases[i].want, "%s %s",
		    cases[i].name, cases[i].want ? "verifies" : "is refused");
		buf_free(&sig);
	}
	key_free(k);
}

/* What is signed here verifies here, as one() has shown libcrypto's to. */
static void
ours(void)
{
	struct key *own, *public;
	struct buf sig = {0};
	struct err e;
	int i;

	if (key_generate_rsa(2048, &own, &e) < 0)
		abort();
	public = public_of(rsa);
	for (i = SIG_RS256; i <= SIG_PS512; i++) {
		buf_cut(&sig, 0);
		buf_adds(&sig, "x");
		CHECK(key_sign(own, (enum key_sig)i, slice_str(DATA), &sig,
		    &e) == 0 && sig.n == 257 && verifies(own, (enum key_sig)i,
		    slice_str(DATA), slice_from(slice_buf(&sig), 1)) &&
		    !verifies(own, (enum key_sig)i, slice_str(DATA "."),
		    slice_from(slice_buf(&sig), 1)), "%s is made",
		    key_sig_name((enum key_sig)i));
	}
	buf_cut(&sig, 0);
	CHECK(key_sign(public, SIG_PS256, slice_str(DATA), &sig, &e) < 0 &&
	    e.code == E_NO && sig.n == 0, "not by a public key");
	CHECK(key_sign(own, SIG_ES256, slice_str(DATA), &sig, &e) < 0 &&
	    e.code == E_NO && sig.n == 0, "not for another algorithm");
	buf_free(&sig);
	key_free(own);
	key_free(public);
}

int
main(void)
{
	static const char *const no[] = {"none", "", "rs256", "RS2566",
	    "RS25", "HS256", "ES256K", "EdDSA", "RSA1_5"};
	static const char *const curves[] = {"P-256", "P-384", "P-521"};
	enum key_sig s;
	size_t i;

	rsa = EVP_RSA_gen(2048);
	stranger = EVP_RSA_gen(2048);
	for (i = 0; i < 3; i++)
		curve[i] = EVP_EC_gen(curves[i]);
	for (i = 0; i < ROWS; i++)
		one(&rows[i]);
	strangers();
	pss();
	ours();
	for (i = 0; i < sizeof no / sizeof no[0]; i++)
		CHECK(!key_sig_by_name(slice_str(no[i]), &s),
		    "\"%s\" is none of ours", no[i]);
	CHECK(!key_sig_by_name(slice_of("RS256", 6), &s),
	    "nor is RS256 and a NUL");
	for (i = 0; i < 3; i++)
		EVP_PKEY_free(curve[i]);
	EVP_PKEY_free(rsa);
	EVP_PKEY_free(stranger);
	return tap_done();
}

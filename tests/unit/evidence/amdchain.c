/* AMD's chains, each wrong in one way, signed by keys made here. */
#include "evidence/amdchain.h"

#include "codec/hex.h"
#include "evidence/amdcerts.h"
#include "unit/cert_make.h"
#include "unit/tap.h"

#define CA "critical,CA:TRUE"

/* Of one key: that ARK and ASK share it hides none of these mistakes. */
static EVP_PKEY *amd, *chip;

/* 4096 bits of four primes are found sooner, and nobody sees them. */
static EVP_PKEY *
four_primes(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_id(EVP_PKEY_RSA, NULL);
	EVP_PKEY *pkey = NULL;

	if (EVP_PKEY_keygen_init(ctx) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 4096) == 1 &&
	    EVP_PKEY_CTX_set_rsa_keygen_primes(ctx, 4) == 1)
		(void)EVP_PKEY_generate(ctx, &pkey);
	EVP_PKEY_CTX_free(ctx);
	return pkey;
}

static X509 *
signed_by_amd(const char *cn, EVP_PKEY *key, X509 *issuer,
    const char *constraints)
{
	const struct make m = {.cn = cn, .key = key, .issuer = issuer,
	    .by = amd, .md = "sha384", .mgf1 = "sha384", .salt = 48,
	    .ext = {"basicConstraints", constraints}};

	return make_x509(&m);
}

/* What is other than it should be; NULL: it is as it should be. */
struct row {
	const char *ark_constraints, *ask_issuer, *leaf, *leaf_issuer, *says;
};

static void
judge(const struct row *r)
{
	X509 *ark = signed_by_amd("ARK-Milan", amd, NULL,
	    r->ark_constraints != NULL ? r->ark_constraints : CA);
	X509 *other = signed_by_amd(r->ask_issuer != NULL ? r->ask_issuer :
	    r->leaf_issuer != NULL ? r->leaf_issuer : "none", amd, NULL, CA);
	X509 *ask = signed_by_amd("SEV-Milan", amd, r->ask_issuer != NULL ?
	    other : ark, CA ",pathlen:0");
	X509 *leaf = signed_by_amd(r->leaf != NULL ? r->leaf : "SEV-VCEK",
	    chip, r->leaf_issuer != NULL ? other : ask, "critical,CA:FALSE");
	struct certs certs = {0};
	struct err e = {.code = E_OK};
	int ret;

	if (CHECK(make_add(leaf, &certs) && make_add(ask, &certs) &&
	    make_add(ark, &certs), "a chain")) {
		ret = amd_chain(&certs, certs.v[AMD_ARK], NOW, &e);
		CHECK(r->says == NULL ? ret == 0 : ret < 0 && e.code == E_NO &&
		    strcmp(e.text, r->says) == 0, "  %s",
		    r->says != NULL ? r->says : "as it should be");
	}
	certs_free(&certs);
	X509_free(ark);
	X509_free(other);
	X509_free(ask);
	X509_free(leaf);
}

static void
chains(void)
{
	static const struct row rows[] = {
		{.says = NULL},
		{.leaf = "SEV-VLEK-Milan", .says = "leaf: named neither "
		    "SEV-VCEK nor SEV-VLEK"},
		{.leaf = "SEV-VCEX", .says = "leaf: named neither SEV-VCEK "
		    "nor SEV-VLEK"},
		{.leaf_issuer = "SEV-Genoa",
		    .says = "leaf: another issuer than the ASK"},
		{.ask_issuer = "ARK-Genoa",
		    .says = "ASK: another issuer than the ARK"},
		{.ark_constraints = CA ",pathlen:0",
		    .says = "ARK: path length is 0"},
	};
	size_t i;

	for (i = 0; i < sizeof rows / sizeof *rows; i++)
		judge(&rows[i]);
}

/* AMD's own key under another's name: the key is one of the pins, and still
 * it is not that product's. */
static void
renamed(void)
{
	static const char pinned[] = "ARK-Milan", other[] = "ARK-Genoa";
	const struct amd_cert *a = amd_certs;
	struct certs real = {0}, certs = {0};
	struct buf der = {0};
	struct err e = {.code = E_OK};
	uint8_t *at;
	size_t i;

	while (a->name != NULL && strcmp(a->name, pinned) != 0)
		a++;
	CHECK(a->name != NULL && certs_add_pem(&real, slice_str(a->pem),
	    1, &e) == 0, "AMD's ARK of Milan");
	if (real.n != 1 || real.v == NULL)
		return;
	CHECK(amd_ark(real.v[0], NULL) == PRODUCT_MILAN, "  by its key");
	buf_add(&der, cert_der(real.v[0]));
	while ((at = memmem(der.p, der.n, pinned, sizeof pinned - 1)) != NULL)
		memcpy(at, other, sizeof other - 1);
	for (i = 0; i < AMD_CHAIN; i++)
		(void)certs_add_der(&certs, slice_buf(&der), AMD_CHAIN, &e);
	CHECK(certs.n == AMD_CHAIN && amd_chain(&certs, NULL, NOW, &e) < 0 &&
	    e.code == E_NO && strcmp(e.text, "ARK: its name is not that of "
	    "its key") == 0, "  named ARK-Genoa: %s", e.text);
	certs_free(&real);
	certs_free(&certs);
	buf_free(&der);
}

static bool
hex_is(const uint8_t sum[SHA256_SIZE], const char *want)
{
	struct buf hex = {0};
	bool same;

	hex_encode(slice_of(sum, SHA256_SIZE), &hex);
	same = slice_is(slice_buf(&hex), want);
	buf_free(&hex);
	return same;
}

/* One of the tool's own: the name and the two hashes beside it are its own. */
static void
constant(const struct amd_cert *a, const struct cert *c)
{
	uint8_t whole[SHA256_SIZE], key[SHA256_SIZE];
	struct buf cn = {0};

	cert_sha256(c, whole);
	cert_spki_sha256(c, key);
	cert_subject_cn(c, &cn);
	CHECK(slice_is(slice_buf(&cn), a->name) && hex_is(whole, a->sha256) &&
	    hex_is(key, a->spki), "%s and its hashes", a->name);
	buf_free(&cn);
}

/* ARK, ASK and ASVK of each product, in this order: the first is one of the
 * pins and signed all three. */
static void
constants(void)
{
	static const enum product products[] = {PRODUCT_MILAN, PRODUCT_GENOA,
	    PRODUCT_TURIN};
	const struct amd_cert *a = amd_certs;
	struct certs c = {0};
	struct err e = {.code = E_OK};
	size_t i, ark;

	for (; a->name != NULL && certs_add_pem(&c, slice_str(a->pem), 9,
	    &e) == 0; a++)
		;
	if (!CHECK(c.n == 9 && a->name == NULL, "nine constants: %s", e.text))
		return;
	for (i = 0; i < c.n; i++) {
		ark = i / 3 * 3;
		constant(&amd_certs[i], c.v[i]);
		CHECK(amd_ark(c.v[ark], NULL) == products[i / 3] &&
		    cert_names_issuer(c.v[i], c.v[ark]) &&
		    cert_signed_by(c.v[i], c.v[ark], &e) == 0,
		    "  signed by %s: %s", amd_certs[ark].name, e.text);
	}
	certs_free(&c);
}

int
main(void)
{
	amd = four_primes();
	chip = EVP_EC_gen("P-384");
	if (amd == NULL || chip == NULL) {
		(void)printf("Bail out! no keys\n");
		return 1;
	}
	chains();
	renamed();
	constants();
	EVP_PKEY_free(amd);
	EVP_PKEY_free(chip);
	return tap_done();
}

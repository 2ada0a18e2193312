/* amdchain.c -- see amdchain.h. */
#include "evidence/amdchain.h"

enum { ARK_BITS = 4096, LEAF_BITS = 384 };

/* SHA-256 of each ARK's SubjectPublicKeyInfo. */
static const struct {
	enum product product;
	uint8_t spki[SHA256_SIZE];
} pins[] = {
	{PRODUCT_MILAN, {
		0x9f, 0x05, 0x6b, 0xee, 0x44, 0x37, 0x7e, 0x29,
		0x30, 0x8c, 0xb5, 0xff, 0xa8, 0x95, 0xbd, 0xfb,
		0x62, 0xd1, 0x88, 0x81, 0xfa, 0x6b, 0xed, 0x8d,
		0x6f, 0x07, 0x5b, 0x02, 0x04, 0x08, 0x9c, 0xb9}},
	{PRODUCT_GENOA, {
		0x42, 0x9a, 0x69, 0xc9, 0x42, 0x2a, 0xa2, 0x58,
		0xee, 0x4d, 0x8d, 0xb5, 0xfc, 0xda, 0x9c, 0x64,
		0x70, 0xef, 0x15, 0xf8, 0xcd, 0x5a, 0x9c, 0xeb,
		0xd6, 0xcb, 0xc7, 0xd9, 0x0b, 0x86, 0x38, 0x31}},
	{PRODUCT_TURIN, {
		0x4f, 0x12, 0x54, 0x10, 0x56, 0x3a, 0x2a, 0xb9,
		0xa5, 0x03, 0x56, 0xf9, 0x24, 0x3f, 0x6f, 0xe0,
		0xb6, 0xf7, 0x3d, 0xe9, 0x86, 0x03, 0xf5, 0x3f,
		0x90, 0x33, 0x9c, 0x70, 0xe9, 0xd7, 0xad, 0x08}},
};

static const char *const places[AMD_CHAIN] = {"leaf", "ASK", "ARK"};

static bool
same_key(const struct cert *a, const struct cert *b)
{
	uint8_t x[SHA256_SIZE], y[SHA256_SIZE];

	cert_spki_sha256(a, x);
	cert_spki_sha256(b, y);
	return memcmp(x, y, sizeof x) == 0;
}

/* "ARK-Milan" names a product behind its prefix. */
static enum product
named(const struct cert *c, const char *prefix)
{
	enum product p = PRODUCT_UNKNOWN;
	struct buf cn = {0};

	cert_subject_cn(c, &cn);
	if (slice_starts(slice_buf(&cn), prefix))
		p = product_by_name(slice_from(slice_buf(&cn),
		    strlen(prefix)));
	buf_free(&cn);
	return p;
}

enum product
amd_ark(const struct cert *ark, const struct cert *root)
{
	uint8_t sum[SHA256_SIZE];
	size_t i;

	if (root != NULL)
		return same_key(ark, root) ? named(ark, "ARK-") :
		    PRODUCT_UNKNOWN;
	cert_spki_sha256(ark, sum);
	for (i = 0; i < sizeof pins / sizeof *pins; i++)
		if (memcmp(sum, pins[i].spki, sizeof sum) == 0)
			return pins[i].product;
	return PRODUCT_UNKNOWN;
}

static int
anchor(const struct cert *ark, const struct cert *root, struct err *e)
{
	enum product p = amd_ark(ark, root);

	if (p == PRODUCT_UNKNOWN && root != NULL)
		return err_set(e, E_NO, "ARK: its key is not the given "
		    "root's, or its name no ARK's");
	if (p == PRODUCT_UNKNOWN)
		return err_set(e, E_NO, "ARK: its key is none of AMD's for "
		    "Milan, Genoa and Turin");
	if (named(ark, "ARK-") != p)
		return err_set(e, E_NO, "ARK: its name is not that of its key");
	return 0;
}

static int
check_key(const struct cert *c, bool leaf, struct err *e)
{
	struct key *key;
	int ret = 0;

	if (cert_key(c, &key, e) < 0) {
		e->code = E_NO;
		return -1;
	}
	if (leaf && !key_sig_fits(key, SIG_ES384))
		ret = err_set(e, E_NO, "its key is not on P-384");
	else if (!leaf && (key_type(key) != KEY_RSA ||
	    key_bits(key) != ARK_BITS))
		ret = err_set(e, E_NO, "its key is not RSA-%d", ARK_BITS);
	key_free(key);
	return ret;
}

/* The ASK's name says whose leaves it signs; a VLEK's has a signer of its
 * own. */
static int
check_names(const struct certs *c, enum product p, struct err *e)
{
	struct buf cn = {0}, by = {0};
	bool vlek;
	int ret = 0;

	cert_subject_cn(c->v[AMD_LEAF], &cn);
	vlek = slice_is(slice_buf(&cn), "SEV-VLEK");
	if (!vlek && !slice_is(slice_buf(&cn), "SEV-VCEK"))
		ret = err_set(e, E_NO, "leaf: named neither SEV-VCEK nor "
		    "SEV-VLEK");
	else if (named(c->v[AMD_ASK], vlek ? "SEV-VLEK-" : "SEV-") != p)
		ret = err_set(e, E_NO, "ASK: not the signer of %s %ss",
		    product_name(p), vlek ? "VLEK" : "VCEK");
	buf_cut(&cn, 0);
	cert_subject_cn(c->v[AMD_ASK], &cn);
	cert_issuer_cn(c->v[AMD_LEAF], &by);
	if (ret == 0 && !slice_eq(slice_buf(&cn), slice_buf(&by)))
		ret = err_set(e, E_NO, "leaf: another issuer than the ASK");
	buf_cut(&cn, 0);
	buf_cut(&by, 0);
	cert_subject_cn(c->v[AMD_ARK], &cn);
	cert_issuer_cn(c->v[AMD_ASK], &by);
	if (ret == 0 && !slice_eq(slice_buf(&cn), slice_buf(&by)))
		ret = err_set(e, E_NO, "ASK: another issuer than the ARK");
	buf_free(&cn);
	buf_free(&by);
	return ret;
}

/* All that is asked of each certificate but its name and its issuer's key. */
static int
check_one(const struct cert *c, size_t place, int64_t at, struct err *e)
{
	if (check_key(c, place == AMD_LEAF, e) < 0)
		return -1;
	if (!cert_pss_sha384(c))
		return err_set(e, E_NO, "not signed with RSASSA-PSS, SHA-384 "
		    "and a salt of 48 bytes");
	if (!cert_understood(c))
		return err_set(e, E_NO, "an extension that is malformed, or "
		    "critical and not known");
	if (cert_is_ca(c) != (place != AMD_LEAF))
		return err_set(e, E_NO, place != AMD_LEAF ?
		    "no certificate authority" : "a certificate authority");
	if (place == AMD_ASK && cert_pathlen(c) != 0)
		return err_set(e, E_NO, "path length is not 0");
	if (place == AMD_ARK && cert_pathlen(c) == 0)
		return err_set(e, E_NO, "path length is 0");
	return cert_valid_at(c, at, e);
}

int
amd_chain(const struct certs *c, const struct cert *root, int64_t at,
    struct err *e)
{
	size_t i, issuer;

	if (anchor(c->v[AMD_ARK], root, e) < 0)
		return -1;
	/* from the root on, so that the first wrong link is the one named */
	for (i = AMD_CHAIN; i-- > 0; ) {
		issuer = i < AMD_ARK ? i + 1 : AMD_ARK;
		if (check_one(c->v[i], i, at, e) < 0 ||
		    cert_signed_by(c->v[i], c->v[issuer], e) < 0)
			return err_in(e, "%s", places[i]);
	}
	return check_names(c, amd_ark(c->v[AMD_ARK], root), e);
}

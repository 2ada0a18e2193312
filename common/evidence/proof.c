/* proof.c -- see proof.h. */
#include "evidence/proof.h"

#include "evidence/amdchain.h"
#include "evidence/vcek.h"

enum {
	ALGO_P384 = 1,		/* ECDSA P-384 with SHA-384 */

	KEY_MASK_CHIP = 1 << 1,	/* key_info: the chip key is masked */

	POLICY_ONE = 1 << 17,	/* reserved, always set */

	NUMBER = 48,		/* bytes of r and of s */
	NUMBER_ROOM = 72,	/* and of the place each has */
};

int
snp_format(struct slice r, struct checks *c, struct err *e)
{
	uint32_t version = snp_version(r);
	size_t at;

	if (snp_check(r, e) < 0)
		return -1;
	at = snp_reserved_set(r);
	if (version > SNP_VERSION_MAX) {
		(void)err_set(e, E_INPUT, "report: version %u, of which "
		    "nothing is known", version);
		return err_hint(e, "--show prints what is where in versions "
		    "2 to %d", SNP_VERSION_MAX);
	}
	if (snp_number(r, SNP_SIGNATURE_ALGO) != ALGO_P384)
		return err_set(e, E_INPUT, "report: signature algorithm %u, "
		    "not 1 (ECDSA P-384 with SHA-384)",
		    (unsigned)snp_number(r, SNP_SIGNATURE_ALGO));
	if ((snp_number(r, SNP_POLICY) & POLICY_ONE) == 0)
		return err_set(e, E_INPUT, "report: bit 17 of the policy is "
		    "not set");
	checks_set(c, CHECK_FORMAT, RESULT_PASS, "version %u%s", version,
	    version == 4 ? ", which AMD has not published, read as 3" : "");
	if (at < SNP_SIZE)
		checks_also(c, CHECK_FORMAT, RESULT_PASS, "reserved bytes are "
		    "not zero, the first at 0x%03zx", at);
	return 0;
}

/* r and s, least significant byte first in 72 bytes each, as r || s of 48
 * big-endian bytes; false if one is larger than that. */
static bool
reverse(struct slice sig, uint8_t out[2 * NUMBER])
{
	size_t i, half;

	for (half = 0; half < 2; half++) {
		if (!slice_zero(slice_of(sig.p + half * NUMBER_ROOM + NUMBER,
		    NUMBER_ROOM - NUMBER)))
			return false;
		for (i = 0; i < NUMBER; i++)
			out[half * NUMBER + i] =
			    sig.p[half * NUMBER_ROOM + NUMBER - 1 - i];
	}
	return true;
}

static int
signed_with(struct slice r, const struct key *key, struct err *e)
{
	uint8_t sig[2 * NUMBER];

	if (!reverse(snp_get(r, SNP_SIGNATURE), sig))
		return err_set(e, E_NO, "r or s is longer than %d bytes",
		    NUMBER);
	return key_verify(key, SIG_ES384, slice_head(r, SNP_SIGNED),
	    slice_of(sig, sizeof sig), e);
}

/* A key that is none signs nothing. */
static int
leaf_key(const struct cert *leaf, struct key **key, struct err *e)
{
	if (cert_key(leaf, key, e) == 0)
		return 0;
	*key = NULL;
	e->code = E_NO;
	return -1;
}

int
snp_signed_by(struct slice r, const struct cert *leaf, struct err *e)
{
	struct key *key;
	int ret;

	if (leaf_key(leaf, &key, e) < 0)
		return -1;
	ret = signed_with(r, key, e);
	key_free(key);
	return ret;
}

static void
check_signer(struct slice r, const struct vcek *leaf, struct checks *c)
{
	unsigned signer = snp_signer(r);

	if (signer == SNP_SIGNER_NONE)
		checks_set(c, CHECK_SIGNER, RESULT_FAIL, "the report says it "
		    "is not signed");
	else if (signer != SNP_SIGNER_VCEK && signer != SNP_SIGNER_VLEK)
		checks_set(c, CHECK_SIGNER, RESULT_FAIL, "the report names "
		    "signing key %u, which is none known", signer);
	else if (signer == SNP_SIGNER_VLEK && leaf->vlek &&
	    leaf->csp_size == 0)
		checks_set(c, CHECK_SIGNER, RESULT_FAIL, "the leaf is a VLEK "
		    "that names no provider");
	else if (signer == SNP_SIGNER_VLEK ? !leaf->vlek : !leaf->vcek)
		checks_set(c, CHECK_SIGNER, RESULT_FAIL, "the report names a "
		    "%s, the leaf is no such", signer == SNP_SIGNER_VLEK ?
		    "VLEK" : "VCEK");
	else if (signer == SNP_SIGNER_VCEK)
		checks_set(c, CHECK_SIGNER, RESULT_PASS, "VCEK, by report and "
		    "leaf");
	else
		checks_set(c, CHECK_SIGNER, RESULT_PASS, "VLEK, by report and "
		    "leaf, of the provider %.*s", (int)leaf->csp_size,
		    (const char *)leaf->csp);
}

static void
check_product(struct slice r, const struct vcek *leaf, enum product ark,
    struct checks *c)
{
	enum product cpuid = product_by_cpuid(r);
	struct slice id = snp_get(r, SNP_CPUID);

	if (ark == PRODUCT_UNKNOWN)
		checks_set(c, CHECK_PRODUCT, RESULT_FAIL, "the ARK is of no "
		    "product that is known");
	else if (leaf->product != ark)
		checks_set(c, CHECK_PRODUCT, RESULT_FAIL, "the leaf is of "
		    "%s, the ARK of %s", product_name(leaf->product),
		    product_name(ark));
	else if (snp_version(r) < 3)
		checks_set(c, CHECK_PRODUCT, RESULT_PASS, "%s, by leaf and "
		    "ARK; a report of version 2 does not say",
		    product_name(ark));
	else if (cpuid != ark)
		checks_set(c, CHECK_PRODUCT, RESULT_FAIL, "the report is of "
		    "family 0x%02x model 0x%02x (%s), the leaf of %s",
		    id.p[0], id.p[1], product_name(cpuid), product_name(ark));
	else
		checks_set(c, CHECK_PRODUCT, RESULT_PASS, "%s, by report, "
		    "leaf and ARK", product_name(ark));
}

/* The key that signs is derived for reported_tcb, so the leaf's numbers must
 * be its, all of them, and nothing may hide between. */
static void
check_tcb(struct slice r, const struct vcek *leaf, struct checks *c)
{
	struct slice tcb = snp_get(r, SNP_REPORTED_TCB);
	struct buf text = {0};
	int i, is;

	for (i = 0; i < TCB_PARTS; i++) {
		is = tcb_value(leaf->product, tcb, (enum tcb_part)i);
		if (is == leaf->spl[i])
			continue;
		if (is < 0 || leaf->spl[i] < 0)
			checks_set(c, CHECK_TCB, RESULT_FAIL, "the leaf %s %s",
			    is < 0 ? "has a component that its product has "
			    "not:" : "does not say", tcb_name((enum
			    tcb_part)i));
		else
			checks_set(c, CHECK_TCB, RESULT_FAIL, "%s: reported "
			    "%d, but %d in the leaf", tcb_name((enum
			    tcb_part)i), is, leaf->spl[i]);
		return;
	}
	if (leaf->product == PRODUCT_UNKNOWN ||
	    !tcb_rest_zero(leaf->product, tcb)) {
		checks_set(c, CHECK_TCB, RESULT_FAIL, "reported_tcb is not of "
		    "the form of %s", product_name(leaf->product));
		return;
	}
	tcb_text(leaf->product, tcb, &text);
	checks_set(c, CHECK_TCB, RESULT_PASS, "%.*s, by report and leaf",
	    (int)text.n, (const char *)text.p);
	buf_free(&text);
}

/* A VLEK is the provider's and names no chip; a masked id is all zeros. */
static void
check_chip_id(struct slice r, const struct vcek *leaf, struct checks *c)
{
	struct slice id = snp_get(r, SNP_CHIP_ID);
	bool masked = (snp_number(r, SNP_KEY_INFO) & KEY_MASK_CHIP) != 0;

	if (leaf->vlek)
		checks_set(c, CHECK_CHIP_ID, RESULT_PASS, "a VLEK is tied to "
		    "no chip; chip_id is %s", slice_zero(id) ? "masked" :
		    "not proved");
	else if (slice_zero(id) && masked)
		checks_set(c, CHECK_CHIP_ID, RESULT_PASS, "masked by the "
		    "host: which chip it was is not proved");
	else if (slice_zero(id))
		checks_set(c, CHECK_CHIP_ID, RESULT_FAIL, "chip_id is zero, "
		    "and the report does not say that it is masked");
	else if (leaf->chip_id_size == 0)
		checks_set(c, CHECK_CHIP_ID, RESULT_FAIL, "the leaf names no "
		    "chip");
	else if (leaf->chip_id_size != product_chip_id_size(leaf->product))
		checks_set(c, CHECK_CHIP_ID, RESULT_FAIL, "the leaf's chip id "
		    "has %zu bytes, %s's has %zu", leaf->chip_id_size,
		    product_name(leaf->product),
		    product_chip_id_size(leaf->product));
	else if (!slice_eq(id, slice_of(leaf->chip_id, sizeof leaf->chip_id)))
		checks_set(c, CHECK_CHIP_ID, RESULT_FAIL, "the leaf is of "
		    "another chip");
	else
		checks_set(c, CHECK_CHIP_ID, RESULT_PASS, "the leaf's, %zu "
		    "bytes", leaf->chip_id_size);
}

static int
check_crl(const struct certs *certs, const struct snp_trust *t,
    struct checks *c, struct err *e)
{
	/* the ARK lists what it and the ASK signed, not itself */
	struct certs listed = {certs->v, AMD_ARK};
	int ret;

	if (t->crl.n == 0)
		return 0;
	ret = cert_crl_check(t->crl, certs->v[AMD_ARK], &listed, t->at, e);
	if (ret < 0 && e->code != E_NO)
		return -1;
	checks_by(c, CHECK_CRL, ret, e, "signed by the ARK, current, and "
	    "lists neither leaf nor ASK");
	return 0;
}

static bool
all_in_time(const struct certs *certs, int64_t at)
{
	struct err e;
	size_t i;

	for (i = 0; i < AMD_CHAIN; i++)
		if (cert_valid_at(certs->v[i], at, &e) < 0)
			return false;
	return true;
}

int
snp_chain_judge(const struct certs *certs, const struct snp_trust *t,
    struct snp_chain *out, struct err *e)
{
	const struct cert *leaf = certs->v[AMD_LEAF];
	struct snp_chain c = {.ark = amd_ark(certs->v[AMD_ARK], t->root),
	    .in_time = all_in_time(certs, t->at)};
	int ret;

	if (vcek_read(leaf, &c.leaf, e) < 0)
		return err_in(e, "certificates: leaf");
	if (check_crl(certs, t, &c.made, e) < 0) {
		checks_free(&c.made);
		return -1;
	}
	if (leaf_key(leaf, &c.key, e) < 0)
		checks_set(&c.made, CHECK_SIGNATURE, RESULT_FAIL, "%s",
		    e->text);
	ret = amd_chain(certs, t->root, t->at, e);
	checks_by(&c.made, CHECK_CHAIN, ret, e, "leaf, ASK, ARK-%s%s",
	    product_name(c.ark), t->root != NULL ? ", the given root" :
	    ", pinned");
	*out = c;
	return 0;
}

void
snp_chain_free(struct snp_chain *c)
{
	key_free(c->key);
	checks_free(&c->made);
	c->key = NULL;
}

static void
check_signature(struct slice r, const struct snp_chain *chain,
    struct checks *c)
{
	struct err e;
	int ret;

	if (chain->key == NULL)
		return;
	ret = signed_with(r, chain->key, &e);
	checks_by(c, CHECK_SIGNATURE, ret, &e, "ECDSA P-384 with SHA-384, of "
	    "bytes 0x000 to 0x29f by the leaf's key");
}

void
snp_prove_by(struct slice r, const struct snp_chain *chain, struct checks *c)
{
	int i;

	for (i = 0; i < CHECKS; i++)
		if (chain->made.v[i].result != RESULT_NONE)
			checks_set(c, (enum check)i, chain->made.v[i].result,
			    "%.*s", (int)chain->made.v[i].detail.n,
			    (const char *)chain->made.v[i].detail.p);
	check_signature(r, chain, c);
	check_signer(r, &chain->leaf, c);
	check_product(r, &chain->leaf, chain->ark, c);
	check_tcb(r, &chain->leaf, c);
	check_chip_id(r, &chain->leaf, c);
	if (slice_zero(snp_get(r, SNP_TRAILER)))
		checks_set(c, CHECK_TRAILER, RESULT_PASS, "%u bytes after the "
		    "signature are zero", snp_fields[SNP_TRAILER].n);
	else
		checks_set(c, CHECK_TRAILER, RESULT_FAIL, "bytes after the "
		    "signature are not zero");
}

bool
snp_chain_lasts(const struct snp_chain *chain, const struct certs *certs,
    int64_t at)
{
	return chain->key != NULL && chain->in_time &&
	    chain->made.v[CHECK_CHAIN].result == RESULT_PASS &&
	    all_in_time(certs, at);
}

int
snp_prove(struct slice r, const struct certs *certs,
    const struct snp_trust *t, struct checks *c, struct err *e)
{
	struct snp_chain chain;

	if (snp_chain_judge(certs, t, &chain, e) < 0)
		return -1;
	snp_prove_by(r, &chain, c);
	snp_chain_free(&chain);
	return 0;
}

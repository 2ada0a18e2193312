/* kds.c -- see kds.h. */
#include "evidence/kds.h"

#include "codec/hex.h"

const char *
kds_no_leaf(struct slice r, enum product product)
{
	if (snp_signer(r) == SNP_SIGNER_VLEK)
		return "it was signed by a VLEK, which AMD hands to the "
		    "provider alone";
	if (snp_signer(r) != SNP_SIGNER_VCEK)
		return "it says that no VCEK signed it";
	if (slice_zero(snp_get(r, SNP_CHIP_ID)))
		return "its host masks the chip id, by which AMD's server "
		    "finds a VCEK";
	if (product == PRODUCT_UNKNOWN)
		return "it is of a processor that is not known";
	return NULL;
}

/* The components in decimal, by these names. */
bool
kds_leaf(struct slice r, enum product product, struct buf *out)
{
	struct slice tcb = snp_get(r, SNP_REPORTED_TCB);
	const char *lead = "?";
	int i, v;

	if (kds_no_leaf(r, product) != NULL)
		return false;
	buf_addf(out, "/vcek/v1/%s/", product_name(product));
	hex_encode(slice_head(snp_get(r, SNP_CHIP_ID),
	    product_chip_id_size(product)), out);
	for (i = 0; i < TCB_PARTS; i++)
		if ((v = tcb_value(product, tcb, (enum tcb_part)i)) >= 0) {
			buf_addf(out, "%s%sSPL=%d", lead,
			    tcb_name((enum tcb_part)i), v);
			lead = "&";
		}
	return true;
}

void
kds_chain(enum product p, bool vlek, struct buf *out)
{
	buf_addf(out, "/%s/v1/%s/cert_chain", vlek ? "vlek" : "vcek",
	    product_name(p));
}

void
kds_crl(enum product p, bool vlek, struct buf *out)
{
	buf_addf(out, "/%s/v1/%s/crl", vlek ? "vlek" : "vcek",
	    product_name(p));
}

/* fit.c -- see fit.h. */
#include "evidence/fit.h"

#include "codec/hex.h"
#include "crypto/cert.h"
#include "evidence/amdchain.h"
#include "evidence/kds.h"
#include "evidence/proof.h"
#include "evidence/vcek.h"

enum { SHOWN = 8 };	/* bytes of a chip id in a message */

/* Where certificates that fit are to be had. */
static int
fresh(struct slice r, enum product product, struct err *e)
{
	if (kds_no_leaf(r, product) == NULL)
		return err_hint(e, "snp-certs -o FILE REPORT gets those that "
		    "fit from AMD, and snp-report --certs-out FILE the host's");
	return err_hint(e, "snp-report --certs-out FILE gets the host's, and "
	    "AMD gives none: %s", kds_no_leaf(r, product));
}

/* As tcb_text() has it. */
static void
leaf_text(const struct vcek *leaf, struct buf *out)
{
	int i;

	for (i = 0; i < TCB_PARTS; i++)
		if (leaf->spl[i] >= 0)
			buf_addf(out, "%s%s %d", out->n > 0 ? " " : "",
			    tcb_name((enum tcb_part)i), leaf->spl[i]);
}

static int
check_tcb(struct slice r, const struct vcek *leaf, struct err *e)
{
	struct slice tcb = snp_get(r, SNP_REPORTED_TCB);
	struct buf is = {0}, was = {0};

	if (vcek_of_tcb(leaf, tcb))
		return 0;
	tcb_text(leaf->product, tcb, &is);
	leaf_text(leaf, &was);
	(void)err_set(e, E_NO, "certificates: of TCB %.*s, but the report's is "
	    "%.*s", (int)was.n, (const char *)was.p, (int)is.n,
	    (const char *)is.p);
	buf_free(&is);
	buf_free(&was);
	return fresh(r, leaf->product, e);
}

/* A VLEK names no chip, and a masked chip id none either. */
static int
check_chip(struct slice r, const struct vcek *leaf, struct err *e)
{
	struct slice id = snp_get(r, SNP_CHIP_ID);
	struct slice of = slice_of(leaf->chip_id, sizeof leaf->chip_id);
	struct buf hex = {0};

	if (leaf->vlek || leaf->chip_id_size == 0 || slice_zero(id) ||
	    vcek_of_chip(leaf, id))
		return 0;
	hex_encode(slice_head(of, SHOWN), &hex);
	buf_adds(&hex, "..., but the report's is ");
	hex_encode(slice_head(id, SHOWN), &hex);
	(void)err_set(e, E_NO, "certificates: of chip %.*s...", (int)hex.n,
	    (const char *)hex.p);
	buf_free(&hex);
	return fresh(r, leaf->product, e);
}

/* The leaf's PEM, which stands first: to read a certificate costs as much as
 * to verify a signature. */
static struct slice
first_pem(struct slice pem)
{
	static const char end[] = "-----END CERTIFICATE-----";

	return slice_head(pem, slice_search(pem, end) + sizeof end - 1);
}

int
snp_fits(struct slice r, struct slice pem, struct err *e)
{
	struct certs certs = {0};
	struct vcek leaf;
	int ret = -1;

	if (certs_add_pem(&certs, first_pem(pem), 1, e) < 0 ||
	    vcek_read(certs.v[AMD_LEAF], &leaf, e) < 0)
		(void)err_in(e, "certificates");
	else if (check_chip(r, &leaf, e) == 0 && check_tcb(r, &leaf, e) == 0) {
		ret = snp_signed_by(r, certs.v[AMD_LEAF], e);
		if (ret < 0) {
			(void)err_in(e, "report, by the certificates' key");
			(void)fresh(r, leaf.product, e);
		}
	}
	certs_free(&certs);
	return ret;
}

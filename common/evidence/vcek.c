/* vcek.c -- see vcek.h. */
#include "evidence/vcek.h"

#define AMD "1.3.6.1.4.1.3704.1."

enum { INTEGER = 0x02, OCTETS = 0x04, IA5STRING = 0x16 };	/* DER tags */

static const char *const spl_oids[TCB_PARTS] = {
	[TCB_FMC] = AMD "3.9",
	[TCB_BL] = AMD "3.1",
	[TCB_TEE] = AMD "3.2",
	[TCB_SNP] = AMD "3.3",
	[TCB_UCODE] = AMD "3.8",
};

static const char *const reserved_oids[] = {AMD "3.4", AMD "3.5", AMD "3.6",
    AMD "3.7"};

/* The content of one DER value with that tag and nothing behind it; at most
 * 127 bytes, whose length is one byte. */
static bool
content(struct slice der, uint8_t tag, struct slice *out)
{
	if (der.n < 2 || der.p[0] != tag || der.p[1] > 0x7f ||
	    der.n != (size_t)der.p[1] + 2)
		return false;
	*out = slice_from(der, 2);
	return true;
}

/* An INTEGER from 0 to 255: from 128 on a zero byte stands before it. */
static bool
small(struct slice der, int *out)
{
	struct slice n;

	if (!content(der, INTEGER, &n))
		return false;
	if (n.n == 2 && n.p[0] == 0 && n.p[1] >= 0x80)
		n = slice_from(n, 1);
	else if (n.n != 1 || n.p[0] >= 0x80)
		return false;
	*out = n.p[0];
	return true;
}

static int
read_spl(const struct cert *c, const char *oid, int *out, struct err *e)
{
	struct buf der = {0};
	int ret = 0;

	*out = -1;
	if (cert_extension(c, oid, &der) && !small(slice_buf(&der), out))
		ret = err_set(e, E_INPUT, "extension %s: no number from 0 to "
		    "255", oid);
	buf_free(&der);
	return ret;
}

static int
read_product(const struct cert *c, struct vcek *v, struct err *e)
{
	struct buf der = {0};
	struct slice name;
	int ret = 0;

	if (!cert_extension(c, AMD "2", &der))
		ret = err_set(e, E_INPUT, "no product name");
	else if (!content(slice_buf(&der), IA5STRING, &name))
		ret = err_set(e, E_INPUT, "product name: malformed");
	else
		v->product = product_by_name(name);
	buf_free(&der);
	return ret;
}

/* AMD writes the id's bytes as they are; wrapped as DER wants it is taken
 * too. */
static int
read_chip_id(const struct cert *c, struct vcek *v, struct err *e)
{
	struct buf der = {0};
	struct slice id;
	int ret = 0;

	if (!cert_extension(c, AMD "4", &der))
		return 0;
	if (!content(slice_buf(&der), OCTETS, &id))
		id = slice_buf(&der);
	if (id.n == 8 || id.n == SNP_CHIP_ID_SIZE) {
		memcpy(v->chip_id, id.p, id.n);
		v->chip_id_size = id.n;
	} else {
		ret = err_set(e, E_INPUT, "chip id: %zu bytes", id.n);
	}
	buf_free(&der);
	return ret;
}

static int
read_csp(const struct cert *c, struct vcek *v, struct err *e)
{
	struct buf der = {0};
	struct slice name;
	int ret = 0;

	if (!cert_extension(c, AMD "5", &der))
		return 0;
	if (content(slice_buf(&der), IA5STRING, &name)) {
		memcpy(v->csp, name.p, name.n);
		v->csp_size = name.n;
	} else {
		ret = err_set(e, E_INPUT, "provider's name: malformed");
	}
	buf_free(&der);
	return ret;
}

int
vcek_read(const struct cert *c, struct vcek *out, struct err *e)
{
	struct vcek v = {0};
	struct buf name = {0};
	size_t i;
	int n;

	for (i = 0; i < TCB_PARTS; i++)
		if (read_spl(c, spl_oids[i], &v.spl[i], e) < 0)
			return -1;
	for (i = 0; i < sizeof reserved_oids / sizeof *reserved_oids; i++) {
		if (read_spl(c, reserved_oids[i], &n, e) < 0)
			return -1;
		if (n > 0)
			return err_set(e, E_INPUT, "extension %s: %d where "
			    "only 0 is known", reserved_oids[i], n);
	}
	if (read_product(c, &v, e) < 0 || read_chip_id(c, &v, e) < 0 ||
	    read_csp(c, &v, e) < 0)
		return -1;
	cert_subject_cn(c, &name);
	v.vcek = slice_is(slice_buf(&name), "SEV-VCEK");
	v.vlek = slice_is(slice_buf(&name), "SEV-VLEK");
	buf_free(&name);
	*out = v;
	return 0;
}

bool
vcek_of_chip(const struct vcek *v, struct slice chip_id)
{
	return v->chip_id_size > 0 && slice_eq(chip_id, slice_of(v->chip_id,
	    sizeof v->chip_id));
}

bool
vcek_of_tcb(const struct vcek *v, struct slice tcb)
{
	int i;

	for (i = 0; i < TCB_PARTS; i++)
		if (tcb_at(v->product, (enum tcb_part)i) >= 0 &&
		    tcb_value(v->product, tcb, (enum tcb_part)i) != v->spl[i])
			return false;
	return true;
}

/* tcb.c -- see tcb.h. */
#include "evidence/tcb.h"

#include "codec/hex.h"

static const struct layout {
	const char *name;
	int at[TCB_PARTS];	/* -1: no such component */
	size_t chip_id;		/* bytes */
} layouts[] = {
	[PRODUCT_UNKNOWN] = {"unknown", {-1, -1, -1, -1, -1}, 64},
	[PRODUCT_MILAN] = {"Milan", {-1, 0, 1, 6, 7}, 64},
	[PRODUCT_GENOA] = {"Genoa", {-1, 0, 1, 6, 7}, 64},
	[PRODUCT_TURIN] = {"Turin", {0, 1, 2, 3, 7}, 8},
};

static const char *const names[TCB_PARTS] = {"fmc", "bl", "tee", "snp",
    "ucode"};

/* Family and model, extended bits included, first and last model. */
static const struct {
	uint8_t family, first, last;
	enum product product;
} models[] = {
	{0x19, 0x00, 0x0f, PRODUCT_MILAN},
	{0x19, 0x10, 0x1f, PRODUCT_GENOA},
	{0x19, 0xa0, 0xaf, PRODUCT_GENOA},	/* Bergamo, Siena */
	{0x1a, 0x00, 0x11, PRODUCT_TURIN},
};

const char *
product_name(enum product p)
{
	return layouts[p].name;
}

enum product
product_by_name(struct slice s)
{
	int p;

	s = slice_head(s, slice_find(s, '-'));
	for (p = PRODUCT_MILAN; p <= PRODUCT_TURIN; p++)
		if (slice_is(s, layouts[p].name))
			return (enum product)p;
	return PRODUCT_UNKNOWN;
}

enum product
product_by_cpuid(struct slice r)
{
	struct slice id = snp_get(r, SNP_CPUID);
	size_t i;

	if (snp_version(r) < 3)
		return PRODUCT_UNKNOWN;
	for (i = 0; i < sizeof models / sizeof *models; i++)
		if (id.p[0] == models[i].family && id.p[1] >=
		    models[i].first && id.p[1] <= models[i].last)
			return models[i].product;
	return PRODUCT_UNKNOWN;
}

enum product
product_guess(struct slice r)
{
	struct slice id = snp_get(r, SNP_CHIP_ID);

	if (snp_version(r) >= 3)
		return product_by_cpuid(r);
	if (!slice_zero(id) && slice_zero(slice_from(id, 8)))
		return PRODUCT_TURIN;
	return PRODUCT_MILAN;
}

size_t
product_chip_id_size(enum product p)
{
	return layouts[p].chip_id;
}

const char *
tcb_name(enum tcb_part part)
{
	return names[part];
}

int
tcb_at(enum product p, enum tcb_part part)
{
	return layouts[p].at[part];
}

int
tcb_value(enum product p, struct slice tcb, enum tcb_part part)
{
	int at = layouts[p].at[part];

	return at < 0 ? -1 : tcb.p[at];
}

bool
tcb_rest_zero(enum product p, struct slice tcb)
{
	uint8_t rest[SNP_TCB_SIZE];
	int i;

	memcpy(rest, tcb.p, sizeof rest);
	for (i = 0; i < TCB_PARTS; i++)
		if (layouts[p].at[i] >= 0)
			rest[layouts[p].at[i]] = 0;
	return slice_zero(slice_of(rest, sizeof rest));
}

void
tcb_text(enum product p, struct slice tcb, struct buf *out)
{
	const char *lead = "";
	int i;

	if (p == PRODUCT_UNKNOWN) {
		hex_encode(tcb, out);
		return;
	}
	for (i = 0; i < TCB_PARTS; i++)
		if (layouts[p].at[i] >= 0) {
			buf_addf(out, "%s%s %d", lead, names[i],
			    tcb.p[layouts[p].at[i]]);
			lead = " ";
		}
}

/* One "name=N" of a floor. */
static int
floor_part(struct slice s, struct tcb_floor *f, struct err *e)
{
	struct slice name = slice_head(s, slice_find(s, '='));
	struct slice digits = slice_from(s, name.n + 1);
	int i, n = 0;
	size_t j;

	for (i = 0; i < TCB_PARTS && !slice_is(name, names[i]); i++)
		;
	if (i == TCB_PARTS)
		return err_set(e, E_USAGE, "minimum TCB: no component %.*s: "
		    "fmc, bl, tee, snp, ucode", (int)name.n,
		    (const char *)name.p);
	if (f->part[i] >= 0)
		return err_set(e, E_USAGE, "minimum TCB: %s twice", names[i]);
	for (j = 0; j < digits.n && digits.p[j] >= '0' &&
	    digits.p[j] <= '9' && n <= 255; j++)
		n = n * 10 + digits.p[j] - '0';
	if (digits.n == 0 || j != digits.n || n > 255)
		return err_set(e, E_USAGE, "minimum TCB: %s is no number from "
		    "0 to 255", names[i]);
	f->part[i] = n;
	return 0;
}

int
tcb_floor_parse(const char *text, struct tcb_floor *out, struct err *e)
{
	struct tcb_floor f = {{-1, -1, -1, -1, -1}};
	struct slice s = slice_str(text);
	size_t n;

	do {
		n = slice_find(s, ',');
		if (floor_part(slice_head(s, n), &f, e) < 0)
			return -1;
		/* a comma at the end leaves one more, empty part */
		if (n == s.n)
			break;
		s = slice_from(s, n + 1);
	} while (true);
	*out = f;
	return 0;
}

int
tcb_floor_check(const struct tcb_floor *f, enum product p, struct slice tcb,
    struct err *e)
{
	int i, is;

	for (i = 0; i < TCB_PARTS; i++) {
		if (f->part[i] < 0)
			continue;
		if ((is = tcb_value(p, tcb, (enum tcb_part)i)) < 0)
			return err_set(e, E_NO, "%s has no component %s",
			    product_name(p), names[i]);
		if (is < f->part[i])
			return err_set(e, E_NO, "%s %d is below %d", names[i],
			    is, f->part[i]);
	}
	return 0;
}

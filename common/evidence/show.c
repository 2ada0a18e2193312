/* show.c -- see show.h. */
#include "evidence/show.h"

#include <inttypes.h>

#include "codec/hex.h"
#include "evidence/kds.h"
#include "value/json.h"

/* Flags by their bit; a bit without a name is shown by its number. */
static const struct flag {
	enum snp_id id;
	unsigned bit;
	const char *name;
} flags[] = {
	{SNP_POLICY, 16, "smt"},
	{SNP_POLICY, 18, "migrate_ma"},
	{SNP_POLICY, 19, "debug"},
	{SNP_POLICY, 20, "single_socket"},
	{SNP_POLICY, 21, "cxl_allow"},
	{SNP_POLICY, 22, "mem_aes_256_xts"},
	{SNP_POLICY, 23, "rapl_dis"},
	{SNP_POLICY, 24, "ciphertext_hiding_dram"},
	{SNP_POLICY, 25, "page_swap_disable"},
	{SNP_PLATFORM_INFO, 0, "smt_en"},
	{SNP_PLATFORM_INFO, 1, "tsme_en"},
	{SNP_PLATFORM_INFO, 2, "ecc_en"},
	{SNP_PLATFORM_INFO, 3, "rapl_dis"},
	{SNP_PLATFORM_INFO, 4, "ciphertext_hiding_dram_en"},
	{SNP_PLATFORM_INFO, 5, "alias_check_complete"},
	{SNP_PLATFORM_INFO, 6, "iommu_write_safe"},
	{SNP_PLATFORM_INFO, 7, "tio_en"},
	{SNP_KEY_INFO, 0, "author_key_en"},
	{SNP_KEY_INFO, 1, "mask_chip_key"},
};

enum {
	POLICY_MINOR = 0xff, POLICY_MAJOR_SHIFT = 8, POLICY_ONE = 17,
	SIGNER_BITS = 7 << 2,
};

static const char *
flag_name(enum snp_id id, unsigned bit)
{
	size_t i;

	for (i = 0; i < sizeof flags / sizeof *flags; i++)
		if (flags[i].id == id && flags[i].bit == bit)
			return flags[i].name;
	return NULL;
}

static const char *
signer_name(struct slice r)
{
	switch (snp_signer(r)) {
	case SNP_SIGNER_VCEK:
		return "signed by vcek";
	case SNP_SIGNER_VLEK:
		return "signed by vlek";
	case SNP_SIGNER_NONE:
		return "not signed";
	default:
		return "signed by an unknown key";
	}
}

/* The part of the field that is no flag goes first, then the flags set. */
static void
flags_text(struct slice r, enum snp_id id, struct buf *out)
{
	uint64_t v = snp_number(r, id), left = v;
	const char *name, *lead = " (";
	unsigned bit;

	if (id == SNP_POLICY) {
		buf_addf(out, "%sabi %u.%u", lead,
		    (unsigned)(v >> POLICY_MAJOR_SHIFT & POLICY_MINOR),
		    (unsigned)(v & POLICY_MINOR));
		left &= ~(uint64_t)0xffff & ~((uint64_t)1 << POLICY_ONE);
		lead = ", ";
	} else if (id == SNP_KEY_INFO) {
		buf_addf(out, "%s%s", lead, signer_name(r));
		left &= ~(uint64_t)SIGNER_BITS;
		lead = ", ";
	}
	for (bit = 0; bit < 64; bit++) {
		if ((left >> bit & 1) == 0)
			continue;
		if ((name = flag_name(id, bit)) != NULL)
			buf_addf(out, "%s%s", lead, name);
		else
			buf_addf(out, "%sbit %u", lead, bit);
		lead = ", ";
	}
	if (strcmp(lead, ", ") == 0)
		buf_addc(out, ')');
}

static void
value_text(struct slice r, enum snp_id id, enum product product,
    struct buf *out)
{
	struct slice s = snp_get(r, id);

	switch (snp_fields[id].kind) {
	case SNP_AS_UINT:
		buf_addf(out, "%" PRIu64, snp_number(r, id));
		break;
	case SNP_AS_FLAGS:
	case SNP_AS_VECTOR:
		buf_addf(out, "0x%" PRIx64, snp_number(r, id));
		flags_text(r, id, out);
		break;
	case SNP_AS_BUILD:
		buf_addf(out, "%u.%u.%u", s.p[2], s.p[1], s.p[0]);
		break;
	case SNP_AS_CPUID:
		buf_addf(out, "family %u model %u stepping %u (%s)", s.p[0],
		    s.p[1], s.p[2], product_name(product_by_cpuid(r)));
		break;
	case SNP_AS_TCB:
		hex_encode(s, out);
		if (product == PRODUCT_UNKNOWN)
			break;
		buf_addf(out, " (%s: ", product_name(product));
		tcb_text(product, s, out);
		buf_addc(out, ')');
		break;
	default:
		hex_encode(s, out);
	}
}

bool
snp_field_text(struct slice r, enum snp_id id, enum product product,
    struct buf *name, struct buf *value)
{
	const struct snp_field *f = &snp_fields[id];
	bool reserved = f->kind == SNP_AS_RESERVED || !snp_has(r, id);

	if (reserved && slice_zero(snp_get(r, id)))
		return false;
	if (reserved) {
		buf_addf(name, "reserved_0x%03x", f->at);
		hex_encode(snp_get(r, id), value);
	} else {
		buf_adds(name, f->name);
		value_text(r, id, product, value);
	}
	return true;
}

void
snp_text(struct slice r, enum product product, struct buf *out)
{
	struct buf value = {0};
	int i;

	for (i = 0; i < SNP_FIELDS; i++) {
		buf_cut(&value, 0);
		if (!snp_field_text(r, (enum snp_id)i, product, out, &value))
			continue;
		buf_adds(out, ": ");
		buf_add(out, slice_buf(&value));
		buf_addc(out, '\n');
	}
	buf_free(&value);
}

static void
value_json(struct slice r, enum snp_id id, struct buf *out)
{
	struct slice s = snp_get(r, id);

	switch (snp_fields[id].kind) {
	case SNP_AS_UINT:
		buf_addf(out, "%" PRIu64, snp_number(r, id));
		break;
	case SNP_AS_FLAGS:
		buf_addf(out, "\"0x%" PRIx64 "\"", snp_number(r, id));
		break;
	case SNP_AS_BUILD:
		buf_addf(out, "\"%u.%u.%u\"", s.p[2], s.p[1], s.p[0]);
		break;
	case SNP_AS_CPUID:
		buf_addf(out, "{\"family\":%u,\"model\":%u,\"stepping\":%u}",
		    s.p[0], s.p[1], s.p[2]);
		break;
	default:
		buf_addc(out, '"');
		hex_encode(s, out);
		buf_addc(out, '"');
	}
}

void
snp_json(struct slice r, struct buf *out)
{
	const char *lead = "{";
	int i;

	for (i = 0; i < SNP_FIELDS; i++) {
		if (snp_fields[i].kind == SNP_AS_RESERVED ||
		    snp_fields[i].kind == SNP_AS_SIGNATURE)
			continue;
		buf_addf(out, "%s\"%s\":", lead, snp_fields[i].name);
		value_json(r, (enum snp_id)i, out);
		lead = ",";
	}
	buf_addc(out, '}');
}

bool
snp_kds_url(struct slice r, enum product product, struct buf *out)
{
	size_t was = out->n;

	buf_adds(out, KDS_BASE);
	if (kds_leaf(r, product, out))
		return true;
	buf_cut(out, was);
	return false;
}

void
snp_show_text(struct slice r, struct buf *out)
{
	struct buf url = {0};

	snp_text(r, product_guess(r), out);
	if (snp_kds_url(r, product_guess(r), &url))
		buf_addf(out, "kds_url: %.*s\n", (int)url.n,
		    (const char *)url.p);
	buf_free(&url);
}

void
snp_show_json(struct slice r, struct buf *out)
{
	struct buf url = {0};

	buf_adds(out, "{\"report\":");
	snp_json(r, out);
	buf_adds(out, ",\"kds_url\":");
	if (snp_kds_url(r, product_guess(r), &url))
		json_quote(slice_buf(&url), out);
	else
		buf_adds(out, "null");
	buf_adds(out, "}\n");
	buf_free(&url);
}

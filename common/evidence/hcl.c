/* hcl.c -- see hcl.h. */
#include "evidence/hcl.h"

#include "codec/bytes.h"
#include "codec/hex.h"
#include "evidence/report.h"
#include "value/json.h"

/* Offsets in the blob; the area for a report holds the largest of any
 * platform, of which SNP uses all. */
enum {
	VERSION = 0x04,
	REQUEST_TYPE = 0x0c,
	STATUS = 0x10,
	REPORT = 0x20,
	DATA_SIZE = 0x4c0,	/* of what begins here */
	DATA_VERSION = 0x4c4,
	REPORT_TYPE = 0x4c8,
	HASH_TYPE = 0x4cc,
	JSON_SIZE = 0x4d0,
	JSON = 0x4d4,

	REQUEST_ATTESTATION = 2,
	REPORT_SNP = 2,
};

bool
hcl_is(struct slice blob)
{
	return slice_starts(blob, "HCLA");
}

static int
wrong(struct err *e, const char *what, uint32_t value)
{
	return err_set(e, E_INPUT, "hcl: %s %u", what, value);
}

int
hcl_read(struct slice blob, struct hcl *out, struct err *e)
{
	static const enum hash hashes[] = {0, HASH_SHA256, HASH_SHA384,
	    HASH_SHA512};
	uint32_t size, hash;

	if (!hcl_is(blob) || blob.n < JSON)
		return err_set(e, E_INPUT, "hcl: cut short");
	if (le32(blob.p + VERSION) < 1 || le32(blob.p + VERSION) > 2)
		return wrong(e, "unknown version", le32(blob.p + VERSION));
	if (le32(blob.p + REQUEST_TYPE) != REQUEST_ATTESTATION)
		return wrong(e, "unknown request type",
		    le32(blob.p + REQUEST_TYPE));
	if (le32(blob.p + STATUS) != 0)
		return wrong(e, "made with status", le32(blob.p + STATUS));
	if (le32(blob.p + DATA_VERSION) != 1)
		return wrong(e, "unknown version of the runtime data",
		    le32(blob.p + DATA_VERSION));
	if (le32(blob.p + REPORT_TYPE) != REPORT_SNP)
		return wrong(e, "not a report of SEV-SNP but of type",
		    le32(blob.p + REPORT_TYPE));
	hash = le32(blob.p + HASH_TYPE);
	if (hash < 1 || hash >= sizeof hashes / sizeof *hashes)
		return wrong(e, "unknown hash type", hash);
	size = le32(blob.p + JSON_SIZE);
	if (size > blob.n - JSON || le32(blob.p + DATA_SIZE) !=
	    size + (JSON - DATA_SIZE))
		return wrong(e, "runtime data of a wrong size,", size);
	if (!slice_zero(slice_from(blob, JSON + size)))
		return err_set(e, E_INPUT, "hcl: bytes after the runtime data");
	out->report = slice_of(blob.p + REPORT, SNP_SIZE);
	out->runtime = slice_of(blob.p + JSON, size);
	out->hash = hashes[hash];
	return 0;
}

int
hcl_binds(const struct hcl *h, struct slice report_data, struct err *e)
{
	uint8_t want[HASH_SIZE_MAX] = {0};

	hash_of(h->hash, h->runtime, want);
	if (slice_eq(report_data, slice_of(want, sizeof want)))
		return 0;
	return err_set(e, E_NO, "the %s of the blob's runtime data differs",
	    hash_name(h->hash));
}

int
hcl_user_data(const struct hcl *h, uint8_t out[HCL_USER_DATA_SIZE],
    struct err *e)
{
	struct buf hex = {0};
	struct json *json;
	int ret;

	if (json_parse(h->runtime, &json, e) < 0)
		return err_in(e, "hcl: runtime data");
	ret = json_text(json_get(json_root(json), "user-data"), "user-data",
	    &hex, e);
	if (ret == 0)
		ret = hex_exact(slice_buf(&hex), out, HCL_USER_DATA_SIZE, e);
	json_free(json);
	buf_free(&hex);
	return ret == 0 ? 0 : err_in(e, "hcl: user-data");
}

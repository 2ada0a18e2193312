/* report.c -- see report.h. */
#include "evidence/report.h"

#include "codec/b64.h"
#include "codec/bytes.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "evidence/hcl.h"
#include "evidence/instead.h"

/* AMD 56860 rev. 1.58, table 23. */
const struct snp_field snp_fields[SNP_FIELDS] = {
	[SNP_VERSION] = {"version", 0x000, 4, SNP_AS_UINT},
	[SNP_GUEST_SVN] = {"guest_svn", 0x004, 4, SNP_AS_UINT},
	[SNP_POLICY] = {"policy", 0x008, 8, SNP_AS_FLAGS},
	[SNP_FAMILY_ID] = {"family_id", 0x010, 16, SNP_AS_BYTES},
	[SNP_IMAGE_ID] = {"image_id", 0x020, 16, SNP_AS_BYTES},
	[SNP_VMPL] = {"vmpl", 0x030, 4, SNP_AS_UINT},
	[SNP_SIGNATURE_ALGO] = {"signature_algo", 0x034, 4, SNP_AS_UINT},
	[SNP_CURRENT_TCB] = {"current_tcb", 0x038, 8, SNP_AS_TCB},
	[SNP_PLATFORM_INFO] = {"platform_info", 0x040, 8, SNP_AS_FLAGS},
	[SNP_KEY_INFO] = {"key_info", 0x048, 4, SNP_AS_FLAGS},
	[SNP_RESERVED_4C] = {"reserved", 0x04c, 4, SNP_AS_RESERVED},
	[SNP_REPORT_DATA] = {"report_data", 0x050, 64, SNP_AS_BYTES},
	[SNP_MEASUREMENT] = {"measurement", 0x090, 48, SNP_AS_BYTES},
	[SNP_HOST_DATA] = {"host_data", 0x0c0, 32, SNP_AS_BYTES},
	[SNP_ID_KEY_DIGEST] = {"id_key_digest", 0x0e0, 48, SNP_AS_BYTES},
	[SNP_AUTHOR_KEY_DIGEST] =
	    {"author_key_digest", 0x110, 48, SNP_AS_BYTES},
	[SNP_REPORT_ID] = {"report_id", 0x140, 32, SNP_AS_BYTES},
	[SNP_REPORT_ID_MA] = {"report_id_ma", 0x160, 32, SNP_AS_BYTES},
	[SNP_REPORTED_TCB] = {"reported_tcb", 0x180, 8, SNP_AS_TCB},
	[SNP_CPUID] = {"cpuid", 0x188, 3, SNP_AS_CPUID},
	[SNP_RESERVED_18B] = {"reserved", 0x18b, 21, SNP_AS_RESERVED},
	[SNP_CHIP_ID] = {"chip_id", 0x1a0, 64, SNP_AS_BYTES},
	[SNP_COMMITTED_TCB] = {"committed_tcb", 0x1e0, 8, SNP_AS_TCB},
	[SNP_CURRENT_VERSION] = {"current_version", 0x1e8, 3, SNP_AS_BUILD},
	[SNP_RESERVED_1EB] = {"reserved", 0x1eb, 1, SNP_AS_RESERVED},
	[SNP_COMMITTED_VERSION] =
	    {"committed_version", 0x1ec, 3, SNP_AS_BUILD},
	[SNP_RESERVED_1EF] = {"reserved", 0x1ef, 1, SNP_AS_RESERVED},
	[SNP_LAUNCH_TCB] = {"launch_tcb", 0x1f0, 8, SNP_AS_TCB},
	[SNP_LAUNCH_MIT_VECTOR] =
	    {"launch_mit_vector", 0x1f8, 8, SNP_AS_VECTOR},
	[SNP_CURRENT_MIT_VECTOR] =
	    {"current_mit_vector", 0x200, 8, SNP_AS_VECTOR},
	[SNP_RESERVED_208] = {"reserved", 0x208, 152, SNP_AS_RESERVED},
	[SNP_SIGNATURE] = {"signature", 0x2a0, 144, SNP_AS_SIGNATURE},
	[SNP_TRAILER] = {"trailer", 0x330, 368, SNP_AS_RESERVED},
};

struct slice
snp_get(struct slice r, enum snp_id id)
{
	return slice_of(r.p + snp_fields[id].at, snp_fields[id].n);
}

uint64_t
snp_number(struct slice r, enum snp_id id)
{
	struct slice s = snp_get(r, id);
	uint64_t v = 0;

	while (s.n-- > 0)
		v = v << 8 | s.p[s.n];
	return v;
}

bool
snp_has(struct slice r, enum snp_id id)
{
	switch (id) {
	case SNP_CPUID:
		return snp_version(r) >= 3;
	case SNP_LAUNCH_MIT_VECTOR:
	case SNP_CURRENT_MIT_VECTOR:
		return snp_version(r) >= 5;
	default:
		return true;
	}
}

size_t
snp_reserved_set(struct slice r)
{
	size_t at, end;
	int i;

	for (i = 0; i < SNP_TRAILER; i++) {
		if (snp_fields[i].kind != SNP_AS_RESERVED &&
		    snp_has(r, (enum snp_id)i))
			continue;
		end = (size_t)snp_fields[i].at + snp_fields[i].n;
		for (at = snp_fields[i].at; at < end; at++)
			if (r.p[at] != 0)
				return at;
	}
	return SNP_SIZE;
}

uint32_t
snp_version(struct slice r)
{
	return le32(r.p);
}

unsigned
snp_signer(struct slice r)
{
	return snp_number(r, SNP_KEY_INFO) >> 2 & 7;
}

struct slice
snp_report_data(struct slice r)
{
	return snp_get(r, SNP_REPORT_DATA);
}

struct slice
snp_host_data(struct slice r)
{
	return snp_get(r, SNP_HOST_DATA);
}

struct slice
snp_measurement(struct slice r)
{
	return snp_get(r, SNP_MEASUREMENT);
}

int
snp_check(struct slice r, struct err *e)
{
	if (r.n != SNP_SIZE)
		return err_set(e, E_INPUT, "report: %zu bytes instead of %d",
		    r.n, SNP_SIZE);
	if (slice_zero(r))
		return err_set(e, E_INPUT, "report: nothing but zeros");
	if (snp_version(r) < SNP_VERSION_MIN)
		return err_set(e, E_INPUT, "report: version %u, not 2 or "
		    "later", snp_version(r));
	return 0;
}

static bool
is_line_end(uint8_t c)
{
	return c == '\n' || c == '\r';
}

static bool
is_hex(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
	    (c >= 'A' && c <= 'F');
}

/* Text, because no byte is outside ASCII's printable ones and blanks: a raw
 * report has zeros from byte 1 on. */
static bool
is_text(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] != '\t' && !is_line_end(s.p[i]) &&
		    (s.p[i] < ' ' || s.p[i] > '~'))
			return false;
	return true;
}

static int
decode(struct slice text, struct buf *out, struct err *e)
{
	struct buf line = {0};
	bool hex = true;
	size_t i;
	int ret;

	for (i = 0; i < text.n; i++) {
		if (is_line_end(text.p[i]))
			continue;
		hex = hex && is_hex(text.p[i]);
		buf_addc(&line, text.p[i]);
	}
	if (line.n == 0)
		ret = err_set(e, E_INPUT, "empty");
	else if (hex)
		ret = hex_decode(slice_buf(&line), out, e);
	else
		ret = b64_decode(text, B64_TEXT, out, e);
	buf_free(&line);
	return ret;
}

int
snp_decode(struct slice text, struct buf *out, struct err *e)
{
	if (!is_text(text))
		buf_add(out, text);
	else if (decode(text, out, e) < 0)
		return err_in(e, "report");
	return 0;
}

int
snp_read(struct slice text, struct buf *out, struct err *e)
{
	struct buf raw = {0};
	struct slice r;
	struct hcl hcl;
	int ret;

	ret = snp_decode(text, &raw, e);
	r = slice_buf(&raw);
	if (ret == 0 && hcl_is(r) && (ret = hcl_read(r, &hcl, e)) == 0)
		r = hcl.report;
	if (ret == 0 && (ret = snp_check(r, e)) == 0)
		buf_add(out, r);
	if (ret < 0)
		instead_of_report(text, e);
	buf_free(&raw);
	return ret;
}

void
snp_runtime_report_data(struct slice runtime,
    uint8_t out[SNP_REPORT_DATA_SIZE])
{
	memset(out, 0, SNP_REPORT_DATA_SIZE);
	hash_sha256(runtime, out);
}

int
snp_hex_report_data(const char *hex, uint8_t out[SNP_REPORT_DATA_SIZE],
    struct err *e)
{
	struct buf raw = {0};

	if (hex_decode(slice_str(hex), &raw, e) < 0) {
		e->code = E_USAGE;
		return err_in(e, "report data");
	}
	if (raw.n != 64 && raw.n != 48 && raw.n != 32) {
		(void)err_set(e, E_USAGE, "report data: %zu bytes, not 64, "
		    "or 32 or 48 for a digest", raw.n);
		buf_free(&raw);
		return err_hint(e, "to bind a file of any length use -r FILE");
	}
	memset(out, 0, SNP_REPORT_DATA_SIZE);
	memcpy(out, raw.p, raw.n);
	buf_free(&raw);
	return 0;
}

int
snp_binds(struct slice r, struct slice runtime, struct err *e)
{
	uint8_t want[SNP_REPORT_DATA_SIZE];
	struct buf is = {0}, sum = {0};

	snp_runtime_report_data(runtime, want);
	if (slice_eq(snp_report_data(r), slice_of(want, sizeof want)))
		return 0;
	hex_encode(snp_report_data(r), &is);
	hex_encode(slice_of(want, SHA256_SIZE), &sum);
	(void)err_set(e, E_NO, "report data: %.*s is not the runtime data's "
	    "SHA-256 %.*s and zeros", (int)is.n, (const char *)is.p,
	    (int)sum.n, (const char *)sum.p);
	buf_free(&is);
	buf_free(&sum);
	return -1;
}

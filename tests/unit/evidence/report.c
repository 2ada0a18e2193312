/* report.c -- the report: its table, its encodings, what it binds. */
#include "evidence/report.h"

#include <stdlib.h>

#include "codec/b64.h"
#include "codec/bytes.h"
#include "codec/hex.h"
#include "crypto/hash.h"
#include "unit/tap.h"

static uint8_t report[SNP_SIZE];

static void
make(void)
{
	size_t i;

	for (i = 0; i < sizeof report; i++)
		report[i] = (uint8_t)(i * 7 + 1);
	put_le32(report, 3);
}

static void
table(void)
{
	size_t at = 0, i;

	for (i = 0; i < SNP_FIELDS; i++) {
		CHECK(snp_fields[i].at == at, "%s begins at 0x%zx",
		    snp_fields[i].name, at);
		at += snp_fields[i].n;
	}
	CHECK(at == SNP_SIZE, "the fields end where the report does");
	CHECK(snp_fields[SNP_SIGNATURE].at == SNP_SIGNED,
	    "the signature follows what it signs");
	CHECK(snp_number(slice_of(report, sizeof report), SNP_CPUID) ==
	    (0xb9u | 0xc0u << 8 | 0xc7u << 16), "little endian");
}

static int
reads(struct slice text)
{
	struct buf out = {0};
	struct err e = {0};
	int ret = snp_read(text, &out, &e);

	if (ret == 0 && !slice_eq(slice_buf(&out),
	    slice_of(report, sizeof report)))
		ret = 99;
	if (ret < 0 && out.n == 0)
		ret = (int)e.code;
	buf_free(&out);
	return ret;
}

static void
accepted(void)
{
	struct slice r = slice_of(report, sizeof report);
	struct buf b = {0}, folded = {0};
	size_t i;

	CHECK(reads(r) == 0, "raw");
	hex_encode(r, &b);
	CHECK(reads(slice_buf(&b)) == 0, "hex");
	buf_adds(&b, "\r\n");
	CHECK(reads(slice_buf(&b)) == 0, "hex and CRLF");
	for (i = 0; i + 2 < b.n; i += 64) {
		buf_add(&folded, slice_of(b.p + i,
		    b.n - 2 - i < 64 ? b.n - 2 - i : 64));
		buf_addc(&folded, '\n');
	}
	CHECK(reads(slice_buf(&folded)) == 0, "hex in lines");
	for (i = 0; i < b.n; i++)
		if (b.p[i] >= 'a')
			b.p[i] -= 32;
	CHECK(reads(slice_buf(&b)) == 0, "hex in capitals");
	buf_cut(&b, 0);
	b64_encode(r, B64_STD | B64_PAD, &b);
	CHECK(reads(slice_buf(&b)) == 0, "base64");
	buf_cut(&b, 0);
	b64_encode(r, B64_URL, &b);
	CHECK(reads(slice_buf(&b)) == 0, "base64url");
	buf_free(&b);
	buf_free(&folded);
}

static void
refused(void)
{
	static const char *const texts[] = {"", "\n", "00", "0", "AAAA",
	    "no report", "{\"report\":\"00\"}", "HCLA"};
	struct slice r = slice_of(report, sizeof report);
	struct buf b = {0};
	size_t i, bad = 0;

	for (i = 0; i < sizeof texts / sizeof *texts; i++)
		CHECK(reads(slice_str(texts[i])) == E_INPUT, "refused: '%s'",
		    texts[i]);
	for (i = 0; i < SNP_SIZE; i++)
		bad += reads(slice_head(r, i)) != E_INPUT;
	CHECK(bad == 0, "every truncation");
	hex_encode(r, &b);
	for (i = 0, bad = 0; i < b.n; i++)
		bad += reads(slice_head(slice_buf(&b), i)) != E_INPUT;
	CHECK(bad == 0, "every truncation of the hex");
	buf_addc(&b, '0');
	CHECK(reads(slice_buf(&b)) == E_INPUT, "a digit more");
	buf_cut(&b, 0);
	buf_add(&b, r);
	buf_addc(&b, 0);
	CHECK(reads(slice_buf(&b)) == E_INPUT, "a byte more");
	for (i = 0; i < 2; i++) {
		put_le32(b.p, (uint32_t)i);
		CHECK(reads(slice_head(slice_buf(&b), SNP_SIZE)) == E_INPUT,
		    "version %zu", i);
	}
	memset(b.p, 0, b.n);
	CHECK(reads(slice_head(slice_buf(&b), SNP_SIZE)) == E_INPUT,
	    "all zeros");
	buf_free(&b);
}

static void
binding(void)
{
	uint8_t data[SNP_REPORT_DATA_SIZE], hex[3][SNP_REPORT_DATA_SIZE];
	struct slice r = slice_of(report, sizeof report);
	struct buf text = {0};
	struct err e;
	size_t i;

	snp_runtime_report_data(slice_str("abc"), data);
	CHECK(data[0] == 0xba && data[31] == 0xad, "SHA-256 of the data");
	CHECK(slice_zero(slice_of(data + 32, 32)), "then zeros");
	CHECK(snp_binds(r, slice_str("abc"), &e) < 0 && e.code == E_NO,
	    "another's report is no");
	memcpy(report + 0x50, data, sizeof data);
	CHECK(snp_binds(r, slice_str("abc"), &e) == 0, "ours is");
	CHECK(snp_binds(r, slice_str("abc\n"), &e) < 0, "a byte more is no");
	report[0x50 + 32] = 1;
	CHECK(snp_binds(r, slice_str("abc"), &e) < 0, "zeros must be zeros");

	hex_encode(slice_of(data, sizeof data), &text);
	buf_addc(&text, '\0');
	for (i = 0; i < 3; i++) {
		text.p[i == 0 ? 128 : i == 1 ? 96 : 64] = '\0';
		CHECK(snp_hex_report_data((char *)text.p, hex[i], &e) == 0 &&
		    slice_eq(slice_of(hex[i], sizeof data),
		    slice_of(data, sizeof data)), "hex of %d bytes",
		    i == 0 ? 64 : i == 1 ? 48 : 32);
	}
	text.p[62] = '\0';
	CHECK(snp_hex_report_data((char *)text.p, hex[0], &e) < 0 &&
	    e.code == E_USAGE, "31 bytes are not padded");
	CHECK(snp_hex_report_data("", hex[0], &e) < 0, "nor none");
	text.p[61] = '\0';
	CHECK(snp_hex_report_data((char *)text.p, hex[0], &e) < 0 &&
	    e.code == E_USAGE, "an odd digit");
	buf_free(&text);
}

int
main(void)
{
	make();
	table();
	accepted();
	refused();
	binding();
	return tap_done();
}

/* report.h -- the SEV-SNP attestation report (AMD 56860, table ATTESTATION
 * REPORT), versions 2 to 5.  One table of fields drives check, decode, text
 * and JSON.  Pure. */
#ifndef EVIDENCE_REPORT_H
#define EVIDENCE_REPORT_H

#include "ground/buf.h"
#include "ground/err.h"

enum {
	SNP_SIZE = 1184,		/* bytes of a report */
	SNP_SIGNED = 0x2a0,		/* of which are signed */
	SNP_REPORT_DATA_SIZE = 64,
	SNP_HOST_DATA_SIZE = 32,
	SNP_MEASUREMENT_SIZE = 48,
	SNP_CHIP_ID_SIZE = 64,
	SNP_TCB_SIZE = 8,
	SNP_TEXT_MAX = 16 << 10,	/* bytes of a report in any encoding */
	SNP_RUNTIME_MAX = 1 << 20,	/* bytes of runtime data */
	SNP_VERSION_MIN = 2,
	SNP_VERSION_MAX = 5,		/* the last one this table knows */
};

/* How a field's bytes are to be read. */
enum snp_kind {
	SNP_AS_UINT,	/* little-endian, decimal */
	SNP_AS_FLAGS,	/* little-endian, bits with names, 0x... */
	SNP_AS_VECTOR,	/* little-endian, bits that AMD names nowhere */
	SNP_AS_BYTES,	/* hex in file order */
	SNP_AS_TCB,	/* SNP_TCB_SIZE bytes, one a component by product */
	SNP_AS_BUILD,	/* build, minor, major: a byte each */
	SNP_AS_CPUID,	/* family, model, stepping: a byte each */
	SNP_AS_RESERVED,	/* zero, until a later version defines it */
	SNP_AS_SIGNATURE, /* r and s, 72 bytes each, least significant first */
};

struct snp_field {
	const char *name;
	uint16_t at, n;		/* bytes */
	enum snp_kind kind;
};

/* The fields in file order. */
enum snp_id {
	SNP_VERSION, SNP_GUEST_SVN, SNP_POLICY, SNP_FAMILY_ID, SNP_IMAGE_ID,
	SNP_VMPL, SNP_SIGNATURE_ALGO, SNP_CURRENT_TCB, SNP_PLATFORM_INFO,
	SNP_KEY_INFO, SNP_RESERVED_4C, SNP_REPORT_DATA, SNP_MEASUREMENT,
	SNP_HOST_DATA, SNP_ID_KEY_DIGEST, SNP_AUTHOR_KEY_DIGEST,
	SNP_REPORT_ID, SNP_REPORT_ID_MA, SNP_REPORTED_TCB, SNP_CPUID,
	SNP_RESERVED_18B, SNP_CHIP_ID, SNP_COMMITTED_TCB, SNP_CURRENT_VERSION,
	SNP_RESERVED_1EB, SNP_COMMITTED_VERSION, SNP_RESERVED_1EF,
	SNP_LAUNCH_TCB, SNP_LAUNCH_MIT_VECTOR, SNP_CURRENT_MIT_VECTOR,
	SNP_RESERVED_208, SNP_SIGNATURE, SNP_TRAILER,
	SNP_FIELDS
};

/* Every byte of the report once. */
extern const struct snp_field snp_fields[SNP_FIELDS];

/* A report in file order, borrowed: r.n is SNP_SIZE in all that follows.
 * E_INPUT unless it has that size, a version from 2 on, and is not all
 * zeros.  Versions after SNP_VERSION_MAX pass: who relies on a field must
 * look at the version. */
int snp_check(struct slice r, struct err *);

/* A report as people have it: raw, hex or base64 text, or wrapped in an
 * HCLA blob (hcl.h), recognised by its bytes; line ends in text are ignored.
 * Appended to out raw and checked with snp_check(). */
int snp_read(struct slice text, struct buf *out, struct err *);
/* The first half of that: append what hex or base64 text stands for, which
 * may be a report or a blob; what is no text goes on as it is. */
int snp_decode(struct slice text, struct buf *out, struct err *);

/* A field's bytes, and its value as a little-endian number (for fields of at
 * most 8 bytes). */
struct slice snp_get(struct slice r, enum snp_id);
uint64_t snp_number(struct slice r, enum snp_id);

/* The report's version has the field, whose bytes are reserved else.  Of
 * version 4 nothing was published; it is taken for 3. */
bool snp_has(struct slice r, enum snp_id);
/* Where reserved bytes, as the version has them, are first not zero, those
 * behind the signature aside; SNP_SIZE if nowhere. */
size_t snp_reserved_set(struct slice r);

uint32_t snp_version(struct slice r);
/* Who signed, as key_info says. */
enum snp_signer {
	SNP_SIGNER_VCEK = 0,
	SNP_SIGNER_VLEK = 1,
	SNP_SIGNER_NONE = 7,
};
unsigned snp_signer(struct slice r);
struct slice snp_report_data(struct slice r);	/* 64 bytes, borrowed */
struct slice snp_host_data(struct slice r);	/* 32 bytes, borrowed */
struct slice snp_measurement(struct slice r);	/* 48 bytes, borrowed */

/* Report data for runtime data: SHA-256 of it, then 32 zero bytes. */
void snp_runtime_report_data(struct slice runtime,
    uint8_t out[SNP_REPORT_DATA_SIZE]);
/* Report data from hex: 64 bytes, or 32 or 48 (a digest), then zeros.
 * Other lengths, and what is no hex, are E_USAGE. */
int snp_hex_report_data(const char *hex, uint8_t out[SNP_REPORT_DATA_SIZE],
    struct err *);
/* E_NO, naming both values, unless REPORT_DATA is that of the runtime. */
int snp_binds(struct slice r, struct slice runtime, struct err *);

#endif

/* checks.h -- the checks of a verification: their names, their order, what
 * came of them, and how that is printed.  Pure. */
#ifndef EVIDENCE_CHECKS_H
#define EVIDENCE_CHECKS_H

#include "ground/buf.h"
#include "ground/err.h"

/* In the order they are printed.  The first CHECKS_MANDATORY are always
 * made; those from CHECK_GUEST_SVN on are printed only when asked for. */
enum check {
	CHECK_FORMAT, CHECK_SIGNATURE, CHECK_CHAIN, CHECK_SIGNER,
	CHECK_PRODUCT, CHECK_TCB, CHECK_CHIP_ID, CHECK_TRAILER, CHECK_DEBUG,
	CHECK_MIGRATION, CHECK_VMPL,
	CHECKS_MANDATORY,
	CHECK_REPORT_DATA = CHECKS_MANDATORY,
	CHECK_HOST_DATA, CHECK_OPEN_POLICY, CHECK_MEASUREMENT,
	CHECK_ENDORSEMENT, CHECK_UVM_SVN, CHECK_MIN_TCB, CHECK_CRL,
	CHECK_GUEST_SVN, CHECK_FAMILY_ID, CHECK_IMAGE_ID, CHECK_ID_KEY,
	CHECK_AUTHOR_KEY, CHECK_ID_BLOCK, CHECK_REPORT_ID, CHECK_REPORT_ID_MA,
	CHECK_FIRMWARE, CHECK_ABI, CHECK_POLICY, CHECK_PLATFORM,
	CHECK_LAUNCH_TCB, CHECK_COMMITTED, CHECK_LAUNCH_MIT,
	CHECK_CURRENT_MIT,
	CHECKS
};

enum result { RESULT_NONE, RESULT_PASS, RESULT_FAIL, RESULT_SKIP };

/* {0} is empty; checks_free() releases. */
struct checks {
	struct {
		enum result result;
		struct buf detail;	/* what was compared, or why not */
	} v[CHECKS];
};

/* Say what came of a check; the text replaces what was said before. */
void checks_set(struct checks *, enum check, enum result, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));
/* A check made twice passes only if it passed both times: as checks_set(),
 * but a failure stays, and the text of a second pass goes behind the first. */
void checks_also(struct checks *, enum check, enum result, const char *fmt,
    ...) __attribute__((format(printf, 4, 5)));
/* ret of a function and its err: passed with the text, or failed with e's. */
void checks_by(struct checks *, enum check, int ret, const struct err *,
    const char *fmt, ...) __attribute__((format(printf, 5, 6)));
void checks_free(struct checks *);

/* 0 if none failed and every mandatory one passed; else E_NO naming those. */
int checks_verdict(const struct checks *, struct err *);

/* Its name, as it is printed. */
const char *checks_name(enum check);

/* How many columns the names take that checks_text() prints. */
int checks_width(const struct checks *);
/* Append a line a check: "pass  name  what", with control characters in the
 * details escaped. */
void checks_text(const struct checks *, struct buf *out);
/* Whether it is spoken of at all, and what was compared, borrowed, as it
 * came. */
bool checks_shown(const struct checks *, enum check);
struct slice checks_detail(const struct checks *, enum check);
/* Append a JSON array of {"name","result","detail"}. */
void checks_json(const struct checks *, struct buf *out);

#endif

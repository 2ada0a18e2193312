/* uvmcheck.c -- see uvmcheck.h. */
#include "evidence/uvmcheck.h"

#include <inttypes.h>

#include "codec/hex.h"

static bool
check_endorsement(const struct uvm *u, struct slice report,
    const struct uvm_want *w, struct checks *c)
{
	struct slice is = snp_measurement(report);
	struct slice want = slice_of(u->measurement, sizeof u->measurement);
	struct buf hex = {0};
	const char *who;
	struct err e;

	if (uvm_prove(u, w->issuer, w->feed, &who, &e) < 0) {
		checks_set(c, CHECK_ENDORSEMENT, RESULT_FAIL, "%s", e.text);
		return false;
	}
	hex_encode(want, &hex);
	if (slice_eq(is, want))
		checks_set(c, CHECK_ENDORSEMENT, RESULT_PASS, "signed for %s, "
		    "%.*s; of the report's measurement", who,
		    (int)u->feed.n, (const char *)u->feed.p);
	else
		checks_set(c, CHECK_ENDORSEMENT, RESULT_FAIL, "signed for "
		    "%s, but of another measurement than the report's, %.*s",
		    who, (int)hex.n, (const char *)hex.p);
	buf_free(&hex);
	return true;
}

bool
uvm_check(const struct uvm *u, struct slice report, const struct uvm_want *w,
    struct checks *c)
{
	bool sound = check_endorsement(u, report, w, c);

	if (w->min_svn < 0 && u->has_svn)
		checks_set(c, CHECK_UVM_SVN, RESULT_SKIP, "%" PRIu64
		    ", nothing given to compare with", u->svn);
	else if (w->min_svn >= 0 && !u->has_svn)
		checks_set(c, CHECK_UVM_SVN, RESULT_FAIL, "the endorsement "
		    "has none");
	else if (w->min_svn >= 0 && u->svn < (uint64_t)w->min_svn)
		checks_set(c, CHECK_UVM_SVN, RESULT_FAIL, "%" PRIu64
		    " is below %" PRId64, u->svn, w->min_svn);
	else if (w->min_svn >= 0)
		checks_set(c, CHECK_UVM_SVN, RESULT_PASS, "%" PRIu64
		    ", at least %" PRId64, u->svn, w->min_svn);
	return sound;
}

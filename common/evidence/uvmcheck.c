/* uvmcheck.c -- see uvmcheck.h. */
#include "evidence/uvmcheck.h"

#include <inttypes.h>

#include "codec/hex.h"

/* What came along that nobody here can judge. */
static void
say_receipts(const struct cose *c, struct checks *checks)
{
	struct buf *out = &checks->v[CHECK_ENDORSEMENT].detail;

	if (c->receipts > 0)
		buf_addf(out, "; %zu receipt%s of a transparency service, not "
		    "checked", c->receipts, c->receipts > 1 ? "s" : "");
	else if (c->receipts_odd)
		buf_adds(out, "; what is in the place of receipts is none");
}

int
uvm_judge(struct slice cose, const struct uvm_want *w,
    struct uvm_judged *out, struct err *e)
{
	struct uvm_judged j = {0};

	if (uvm_read(cose, &j.uvm, e) < 0)
		return -1;
	j.sound = uvm_prove(&j.uvm, w->issuer, w->feed, &j.who, &j.why) == 0;
	*out = j;
	return 0;
}

void
uvm_judged_free(struct uvm_judged *j)
{
	uvm_free(&j->uvm);
}

static void
check_endorsement(const struct uvm_judged *j, struct slice report,
    struct checks *c)
{
	const struct uvm *u = &j->uvm;
	struct slice is = snp_measurement(report);
	struct slice want = slice_of(u->measurement, sizeof u->measurement);
	struct buf hex = {0};

	if (!j->sound) {
		checks_set(c, CHECK_ENDORSEMENT, RESULT_FAIL, "%s",
		    j->why.text);
		return;
	}
	hex_encode(want, &hex);
	if (slice_eq(is, want))
		checks_set(c, CHECK_ENDORSEMENT, RESULT_PASS, "signed for %s, "
		    "%.*s; of the report's measurement", j->who,
		    (int)u->feed.n, (const char *)u->feed.p);
	else
		checks_set(c, CHECK_ENDORSEMENT, RESULT_FAIL, "signed for "
		    "%s, but of another measurement than the report's, %.*s",
		    j->who, (int)hex.n, (const char *)hex.p);
	buf_free(&hex);
}

void
uvm_check(const struct uvm_judged *j, struct slice report,
    const struct uvm_want *w, struct checks *c)
{
	const struct uvm *u = &j->uvm;

	check_endorsement(j, report, c);
	say_receipts(&u->cose, c);
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
}

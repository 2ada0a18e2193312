/* want.c -- see want.h. */
#include "evidence/want.h"

#include "codec/hex.h"
#include "policy/hostdata.h"

enum {
	POLICY_MIGRATE_MA = 1 << 18,
	POLICY_DEBUG = 1 << 19,
	VMPL_MAX = 3,
};

static void
check_flag(struct slice r, enum check i, uint32_t bit, bool allow,
    const char *what, struct checks *c)
{
	bool set = (snp_number(r, SNP_POLICY) & bit) != 0;

	if (!set)
		checks_set(c, i, RESULT_PASS, "the guest policy forbids %s",
		    what);
	else if (allow)
		checks_set(c, i, RESULT_PASS, "the guest policy allows %s, "
		    "which was asked to be accepted", what);
	else
		checks_set(c, i, RESULT_FAIL, "the guest policy allows %s",
		    what);
}

/* 0xffffffff marks a report that the host asked for: never the guest's. */
static void
check_vmpl(struct slice r, int want, struct checks *c)
{
	uint32_t is = (uint32_t)snp_number(r, SNP_VMPL);

	if (is > VMPL_MAX)
		checks_set(c, CHECK_VMPL, RESULT_FAIL, is == UINT32_MAX ?
		    "asked for by the host, not by a guest" :
		    "no level from 0 to 3");
	else if (want != SNP_VMPL_ANY && is != (uint32_t)want)
		checks_set(c, CHECK_VMPL, RESULT_FAIL, "%u instead of %d", is,
		    want);
	else
		checks_set(c, CHECK_VMPL, RESULT_PASS, "%u%s", is, want ==
		    SNP_VMPL_ANY ? ", any was asked to be accepted" : "");
}

/* A field against the bytes wanted, if any. */
static void
check_bytes(struct slice r, enum check i, enum snp_id id, struct slice want,
    const char *whose, struct checks *c)
{
	struct buf is = {0}, hex = {0};

	if (want.n == 0)
		return;
	hex_encode(snp_get(r, id), &is);
	hex_encode(want, &hex);
	if (slice_eq(snp_get(r, id), want))
		checks_also(c, i, RESULT_PASS, "%s, %.*s", whose, (int)is.n,
		    (const char *)is.p);
	else
		checks_also(c, i, RESULT_FAIL, "%.*s is not %s, %.*s",
		    (int)is.n, (const char *)is.p, whose, (int)hex.n,
		    (const char *)hex.p);
	buf_free(&is);
	buf_free(&hex);
}

/* A confidential VM's own data is in the blob that its report binds. */
static bool
is_user_data(const struct snp_want *w)
{
	uint8_t is[HCL_USER_DATA_SIZE];
	struct err ignored;

	return w->report_data.n > 0 && w->hcl != NULL &&
	    hcl_user_data(w->hcl, is, &ignored) == 0 &&
	    slice_eq(w->report_data, slice_of(is, sizeof is));
}

static void
check_report_data(struct slice r, const struct snp_want *w, struct checks *c)
{
	struct err e;
	int ret;

	if (is_user_data(w))
		checks_set(c, CHECK_REPORT_DATA, RESULT_PASS, "the one given "
		    "is the blob's user-data");
	else
		check_bytes(r, CHECK_REPORT_DATA, SNP_REPORT_DATA,
		    w->report_data, "the one given", c);
	if (w->hcl == NULL)
		return;
	ret = hcl_binds(w->hcl, snp_report_data(r), &e);
	checks_also(c, CHECK_REPORT_DATA, ret == 0 ? RESULT_PASS :
	    RESULT_FAIL, "%s", ret < 0 ? e.text : "the hash of the blob's "
	    "runtime data");
}

static void
check_host_data(struct slice r, const struct snp_want *w, struct checks *c)
{
	check_bytes(r, CHECK_HOST_DATA, SNP_HOST_DATA, w->host_data,
	    "the one given", c);
	check_bytes(r, CHECK_HOST_DATA, SNP_HOST_DATA, w->policy_digest,
	    "the policy's hash", c);
}

/* Whatever it is compared with: a guest that runs what anyone gives it proves
 * nothing about what it runs. */
static void
check_open_policy(struct slice r, const struct snp_want *w, struct checks *c)
{
	const char *open = hostdata_open(snp_host_data(r));

	if (open == NULL)
		checks_set(c, CHECK_OPEN_POLICY, RESULT_PASS, "host_data is "
		    "no published policy that allows everything");
	else
		checks_set(c, CHECK_OPEN_POLICY, w->allow_open_policy ?
		    RESULT_PASS : RESULT_FAIL, "host_data is a published "
		    "policy that allows everything (%s)%s", open,
		    w->allow_open_policy ? ", which was asked to be accepted" :
		    "");
}

static void
check_min_tcb(struct slice r, const struct snp_want *w, struct checks *c)
{
	struct slice tcb = snp_get(r, SNP_REPORTED_TCB);
	struct buf text = {0};
	struct err e;
	int ret;

	if (w->min_tcb == NULL)
		return;
	tcb_text(w->product, tcb, &text);
	ret = tcb_floor_check(w->min_tcb, w->product, tcb, &e);
	checks_by(c, CHECK_MIN_TCB, ret, &e, "reported_tcb, %.*s", (int)text.n,
	    (const char *)text.p);
	buf_free(&text);
}

static void
check_svn(struct slice r, int64_t min, struct checks *c)
{
	uint64_t is = snp_number(r, SNP_GUEST_SVN);

	if (min < 0)
		return;
	if (is >= (uint64_t)min)
		checks_set(c, CHECK_GUEST_SVN, RESULT_PASS, "%u, at least %u",
		    (unsigned)is, (unsigned)min);
	else
		checks_set(c, CHECK_GUEST_SVN, RESULT_FAIL, "%u is below %u",
		    (unsigned)is, (unsigned)min);
}

void
snp_compare(struct slice r, const struct snp_want *w, struct checks *c)
{
	check_flag(r, CHECK_DEBUG, POLICY_DEBUG, w->allow_debug,
	    "debugging by the host", c);
	check_flag(r, CHECK_MIGRATION, POLICY_MIGRATE_MA, w->allow_migration,
	    "a migration agent", c);
	check_vmpl(r, w->vmpl, c);
	check_report_data(r, w, c);
	check_host_data(r, w, c);
	check_open_policy(r, w, c);
	check_bytes(r, CHECK_MEASUREMENT, SNP_MEASUREMENT, w->measurement,
	    "the one given", c);
	check_min_tcb(r, w, c);
	check_svn(r, w->min_svn, c);
	check_bytes(r, CHECK_CHIP_ID, SNP_CHIP_ID, w->chip_id,
	    "the one given", c);
	check_bytes(r, CHECK_FAMILY_ID, SNP_FAMILY_ID, w->family_id,
	    "the one given", c);
	check_bytes(r, CHECK_IMAGE_ID, SNP_IMAGE_ID, w->image_id,
	    "the one given", c);
	check_bytes(r, CHECK_ID_KEY, SNP_ID_KEY_DIGEST, w->id_key,
	    "the one given", c);
	check_bytes(r, CHECK_AUTHOR_KEY, SNP_AUTHOR_KEY_DIGEST,
	    w->author_key, "the one given", c);
}

/* rulescheck.c -- see rules.h: a report against the rules. */
#include "evidence/rules.h"

#include <inttypes.h>

#include "codec/hex.h"
#include "evidence/rules_in.h"

static bool
accepts(struct slice r, const struct snp_rules *rules, size_t which)
{
	const struct rules_field *f = &rules_fields[which];
	struct slice all = slice_buf(&rules->list[which]);
	struct slice is = snp_get(r, f->id);

	while (all.n > 0 && !slice_eq(slice_head(all, f->n), is))
		all = slice_from(all, f->n);
	return all.n > 0;
}

static void
check_list(struct slice r, const struct snp_rules *rules, size_t which,
    struct checks *c)
{
	const struct rules_field *f = &rules_fields[which];
	size_t n = rules->list[which].n / f->n;
	struct slice is = snp_get(r, f->id);
	struct buf hex = {0};

	if (n == 0)
		return;
	hex_encode(is, &hex);
	if (accepts(r, rules, which))
		checks_also(c, f->check, RESULT_PASS, "the rules accept %.*s",
		    (int)hex.n, (const char *)hex.p);
	else
		checks_also(c, f->check, RESULT_FAIL, "%.*s is none of the "
		    "%zu that the rules accept", (int)hex.n,
		    (const char *)hex.p, n);
	buf_free(&hex);
}

static void
check_product(const struct snp_rules *rules, enum product p,
    struct checks *c)
{
	if (!rules->said_product)
		return;
	if (rules->product[p])
		checks_also(c, CHECK_PRODUCT, RESULT_PASS, "the rules accept "
		    "it");
	else
		checks_also(c, CHECK_PRODUCT, RESULT_FAIL, "the rules do not "
		    "accept %s", product_name(p));
}

static void
check_floor(struct slice tcb, const struct tcb_floor *floors,
    const bool *said, enum product p, enum check check, struct checks *c)
{
	struct buf text = {0};
	struct err e;
	bool any = said[PRODUCT_MILAN] || said[PRODUCT_GENOA] ||
	    said[PRODUCT_TURIN];

	if (!any)
		return;
	tcb_text(p, tcb, &text);
	if (!said[p])
		checks_also(c, check, RESULT_FAIL, "the rules have no floor "
		    "for %s", product_name(p));
	else if (tcb_floor_check(&floors[p], p, tcb, &e) < 0)
		checks_also(c, check, RESULT_FAIL, "%s", e.text);
	else
		checks_also(c, check, RESULT_PASS, "%.*s, as the rules want",
		    (int)text.n, (const char *)text.p);
	buf_free(&text);
}

static void
check_vmpl(struct slice r, const struct snp_rules *rules, struct checks *c)
{
	uint64_t is = snp_number(r, SNP_VMPL);

	if (rules->vmpl == 0)
		return;
	if (is <= 3 && (rules->vmpl >> is & 1) != 0)
		checks_also(c, CHECK_VMPL, RESULT_PASS, "the rules accept it");
	else
		checks_also(c, CHECK_VMPL, RESULT_FAIL, "the rules do not "
		    "accept %" PRIu64, is);
}

static void
check_svn(struct slice r, const struct snp_rules *rules, struct checks *c)
{
	int64_t is = (int64_t)snp_number(r, SNP_GUEST_SVN);

	if (rules->guest_svn < 0)
		return;
	checks_also(c, CHECK_GUEST_SVN, is >= rules->guest_svn ? RESULT_PASS :
	    RESULT_FAIL, "%" PRId64 "%s %" PRId64, is, is >= rules->guest_svn ?
	    ", at least" : " is below", rules->guest_svn);
}

/* The first number that differs decides. */
static void
check_version(const int *is, const int *want, int n, enum check check,
    struct checks *c)
{
	struct buf text = {0};
	int i;

	if (want[0] < 0)
		return;
	for (i = 0; i < n; i++)
		buf_addf(&text, "%s%d", i > 0 ? "." : "", is[i]);
	for (i = 0; i < n - 1 && is[i] == want[i]; i++)
		;
	checks_set(c, check, is[i] >= want[i] ? RESULT_PASS : RESULT_FAIL,
	    "%.*s is %s what the rules want", (int)text.n,
	    (const char *)text.p, is[i] >= want[i] ? "at least" : "below");
	buf_free(&text);
}

static void
check_versions(struct slice r, const struct snp_rules *rules,
    struct checks *c)
{
	struct slice f = snp_get(r, SNP_CURRENT_VERSION);
	struct slice policy = snp_get(r, SNP_POLICY);
	const int firmware[] = {f.p[2], f.p[1], f.p[0]};
	const int abi[] = {policy.p[1], policy.p[0]};

	check_version(firmware, rules->firmware, 3, CHECK_FIRMWARE, c);
	check_version(abi, rules->abi, 2, CHECK_ABI, c);
}

static void
check_policy(struct slice r, const struct snp_rules *rules, struct checks *c)
{
	uint64_t is = snp_number(r, SNP_POLICY);
	const struct rules_bit *b;
	uint64_t bit;

	if (!rules->said_policy)
		return;
	checks_set(c, CHECK_POLICY, RESULT_PASS, "0x%" PRIx64 ", as the rules "
	    "want", is);
	for (b = rules_bits; b->name != NULL; b++) {
		bit = (uint64_t)1 << b->bit;
		if ((rules->policy_not & bit & is) != 0)
			checks_set(c, CHECK_POLICY, RESULT_FAIL, "it allows "
			    "%s, which the rules do not", b->name);
		else if ((rules->policy_must & bit & ~is) != 0)
			checks_set(c, CHECK_POLICY, RESULT_FAIL, "it lacks "
			    "%s, which the rules want", b->name);
	}
}

static void
check_platform(struct slice r, const struct snp_rules *rules,
    struct checks *c)
{
	uint64_t is = snp_number(r, SNP_PLATFORM_INFO);
	uint64_t more = is & ~rules->platform;

	if (!rules->said_platform)
		return;
	if (more == 0)
		checks_set(c, CHECK_PLATFORM, RESULT_PASS, "0x%" PRIx64
		    " has nothing that the rules do not allow", is);
	else
		checks_set(c, CHECK_PLATFORM, RESULT_FAIL, "0x%" PRIx64 " has "
		    "0x%" PRIx64 ", which the rules do not allow", is, more);
}

/* A report before version 5 says nothing of mitigations. */
static void
check_mitigations(struct slice r, enum snp_id id, bool said, uint64_t must,
    enum check check, struct checks *c)
{
	uint64_t is = snp_number(r, id);

	if (!said)
		return;
	if (!snp_has(r, id))
		checks_set(c, check, RESULT_FAIL, "a report of version %u "
		    "does not say", snp_version(r));
	else if ((must & ~is) != 0)
		checks_set(c, check, RESULT_FAIL, "0x%" PRIx64 " lacks 0x%"
		    PRIx64 ", which the rules want", is, must & ~is);
	else
		checks_set(c, check, RESULT_PASS, "0x%" PRIx64 " has all that "
		    "the rules want", is);
}

static void
check_committed(struct slice r, const struct snp_rules *rules,
    struct checks *c)
{
	bool same = slice_eq(snp_get(r, SNP_CURRENT_TCB), snp_get(r,
	    SNP_COMMITTED_TCB)) && slice_eq(snp_get(r, SNP_CURRENT_VERSION),
	    snp_get(r, SNP_COMMITTED_VERSION));

	if (!rules->committed)
		return;
	checks_set(c, CHECK_COMMITTED, same ? RESULT_PASS : RESULT_FAIL,
	    same ? "the firmware that runs is committed" : "the firmware that "
	    "runs is provisional: the host can go back behind it");
}

static bool
has_author(struct slice r)
{
	return (snp_number(r, SNP_KEY_INFO) & 1) != 0 &&
	    !slice_zero(snp_get(r, SNP_AUTHOR_KEY_DIGEST));
}

/* A guest without an ID block has zeros for its keys. */
static void
check_block(struct slice r, const struct snp_rules *rules, struct checks *c)
{
	bool there = !slice_zero(snp_get(r, SNP_ID_KEY_DIGEST));

	if (rules->list[RULES_BLOCK_ID].n + rules->list[RULES_BLOCK_AUTHOR].n
	    == 0)
		return;
	if (there && has_author(r) && accepts(r, rules, RULES_BLOCK_AUTHOR))
		checks_set(c, CHECK_ID_BLOCK, RESULT_PASS, "the rules accept "
		    "its author key");
	else if (there && accepts(r, rules, RULES_BLOCK_ID))
		checks_set(c, CHECK_ID_BLOCK, RESULT_PASS, "the rules accept "
		    "its ID key");
	else
		checks_set(c, CHECK_ID_BLOCK, RESULT_FAIL, there ? "signed by "
		    "no key that the rules accept" : "there is none");
}

static void
check_author(struct slice r, const struct snp_rules *rules, struct checks *c)
{
	bool there = has_author(r);

	if (!rules->author_key)
		return;
	checks_also(c, CHECK_AUTHOR_KEY, there ? RESULT_PASS : RESULT_FAIL,
	    there ? "an author key signed the ID key" : "no author key signed "
	    "the ID key");
}

void
snp_rules_check(struct slice r, const struct snp_rules *rules,
    enum product p, struct checks *c)
{
	size_t i;

	for (i = 0; i < RULES_ALONE; i++)
		check_list(r, rules, i, c);
	check_product(rules, p, c);
	check_floor(snp_get(r, SNP_REPORTED_TCB), rules->tcb, rules->said_tcb,
	    p, CHECK_MIN_TCB, c);
	check_floor(snp_get(r, SNP_LAUNCH_TCB), rules->launch,
	    rules->said_launch, p, CHECK_LAUNCH_TCB, c);
	check_vmpl(r, rules, c);
	check_svn(r, rules, c);
	check_versions(r, rules, c);
	check_policy(r, rules, c);
	check_platform(r, rules, c);
	check_committed(r, rules, c);
	check_mitigations(r, SNP_LAUNCH_MIT_VECTOR, rules->said_launch_mit,
	    rules->launch_mit, CHECK_LAUNCH_MIT, c);
	check_mitigations(r, SNP_CURRENT_MIT_VECTOR, rules->said_current_mit,
	    rules->current_mit, CHECK_CURRENT_MIT, c);
	check_author(r, rules, c);
	check_block(r, rules, c);
}

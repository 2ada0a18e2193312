/* verify.c -- see verify.h. */
#include "evidence/verify.h"

#include "evidence/amdchain.h"
#include "evidence/explain.h"
#include "policy/hostdata.h"
#include "evidence/kds.h"
#include "evidence/show.h"
#include "ground/text.h"
#include "value/json.h"

/* What was asked for, or what a folder should have, is not just skipped. */
static void
miss(struct checks *c, enum check i, const char *context, const char *file,
    bool without)
{
	if (without)
		checks_set(c, i, RESULT_SKIP, "%s has no %s; asked to do "
		    "without", context, file);
	else
		checks_set(c, i, RESULT_FAIL, "%s has no %s", context, file);
}

static void
judge_policy(const struct snp_case *in, struct snp_outcome *out)
{
	if (in->context != NULL && in->want.policy_digest.n == 0)
		miss(&out->checks, CHECK_HOST_DATA, in->context,
		    "security-policy-base64", in->without_policy);
	out->open_policy = hostdata_open(snp_host_data(in->report));
}

static int
judge_endorsement(const struct snp_case *in, struct snp_outcome *out,
    struct err *e)
{
	const struct uvm_judged *j = in->judged;
	struct uvm_judged now = {0};

	if (in->endorsement.n > 0) {
		if (j == NULL && uvm_judge(in->endorsement, &in->uvm, &now,
		    e) < 0)
			return -1;
		if (j == NULL)
			j = &now;
		uvm_check(j, in->report, &in->uvm, &out->checks);
		out->endorsement_sound = j->sound;
		out->endorsed = out->checks.v[CHECK_ENDORSEMENT].result ==
		    RESULT_PASS;
		out->early_svn = j->uvm.has_svn && j->uvm.svn <
		    UVM_SVN_PRODUCTION;
		uvm_judged_free(&now);
		return 0;
	}
	if (in->context != NULL)
		miss(&out->checks, CHECK_ENDORSEMENT, in->context,
		    "reference-info-base64", in->without_endorsement);
	else if (in->uvm.issuer != NULL)
		checks_set(&out->checks, CHECK_ENDORSEMENT, RESULT_FAIL,
		    "an issuer was given, but no endorsement");
	if (in->uvm.min_svn >= 0)
		checks_set(&out->checks, CHECK_UVM_SVN, RESULT_FAIL,
		    "no endorsement to read it from");
	return 0;
}

/* Whose certificates they were, whether they are sound or not. */
static void
say_picked(const struct picked *p, struct checks *c)
{
	if (p == NULL)
		return;
	buf_adds(&c->v[CHECK_CHAIN].detail, "; ");
	picked_text(p, &c->v[CHECK_CHAIN].detail);
}

static int
verify(const struct snp_case *in, const struct snp_chain *chain,
    struct snp_outcome *o, struct err *e)
{
	struct snp_want want = in->want;

	want.product = chain->ark;
	if (want.product == PRODUCT_UNKNOWN)
		want.product = product_guess(in->report);
	o->leaf = chain->leaf;
	o->ark = chain->ark;
	o->product = want.product;
	o->in_time = chain->in_time;
	if (snp_format(in->report, &o->checks, e) < 0)
		return -1;
	snp_prove_by(in->report, chain, &o->checks);
	say_picked(in->picked, &o->checks);
	judge_policy(in, o);
	snp_compare(in->report, &want, &o->checks);
	if (in->rules != NULL)
		snp_rules_check(in->report, in->rules, want.product,
		    &o->checks);
	return judge_endorsement(in, o, e);
}

int
snp_verify(const struct snp_case *in, struct snp_outcome *out, struct err *e)
{
	struct snp_outcome o = {0};
	struct snp_chain chain = {0};
	int ret = 0;

	if (in->chain == NULL)
		ret = snp_chain_judge(in->certs, &in->trust, &chain, e);
	if (ret == 0)
		ret = verify(in, in->chain != NULL ? in->chain : &chain, &o,
		    e);
	snp_chain_free(&chain);
	if (ret == 0)
		*out = o;
	else
		snp_outcome_free(&o);
	return ret;
}

static bool
failed(const struct snp_outcome *o, enum check i)
{
	return o->checks.v[i].result == RESULT_FAIL;
}

/* What most often is the matter, with what to do: certificates fetched for
 * another chip, or for the current TCB instead of the reported one; a policy
 * that is not byte for byte the one that the guest was started with. */
int
snp_outcome_verdict(const struct snp_case *in, const struct snp_outcome *o,
    struct err *e)
{
	if (checks_verdict(&o->checks, e) == 0)
		return 0;
	if (failed(o, CHECK_SIGNATURE) && !failed(o, CHECK_CHAIN) &&
	    (failed(o, CHECK_TCB) || failed(o, CHECK_CHIP_ID)) &&
	    kds_no_leaf(in->report, product_guess(in->report)) == NULL)
		(void)err_hint(e, "the leaf is not this report's, which "
		    "snp-certs gets from AMD");
	else if (failed(o, CHECK_HOST_DATA) && in->want.policy_digest.n > 0)
		(void)err_hint(e, "policy-hash -c @%s %s knows the usual ways "
		    "to miss it: line ends, encodings", in->report_name,
		    in->policy_name);
	else if (failed(o, CHECK_OPEN_POLICY))
		(void)err_hint(e, "such a guest runs what its host gives it; "
		    "--allow-open-policy accepts that, for trying things out");
	return -1;
}

void
snp_outcome_free(struct snp_outcome *o)
{
	checks_free(&o->checks);
}

static void
trust_line(int width, const char *what, const char *name,
    const char *instead, struct buf *out)
{
	buf_addf(out, "trust %-*s  ", width, what);
	text_escape(slice_str(name), out);
	buf_addf(out, ", instead of %s\n", instead);
}

void
snp_outcome_text(const struct snp_case *in, const struct snp_outcome *o,
    struct buf *out)
{
	int width = checks_width(&o->checks);

	if (in->trust.root != NULL)
		trust_line(width, "root", in->root_name, "AMD's pinned ARKs",
		    out);
	if (in->uvm.issuer != NULL)
		trust_line(width, "endorser", in->uvm.issuer, "Microsoft",
		    out);
	checks_text(&o->checks, out);
	if (in->explain)
		snp_explain_text(in, o, out);
}

void
snp_outcome_json(const struct snp_case *in, const struct snp_outcome *o,
    struct buf *out)
{
	struct err ignored;

	buf_addf(out, "{\"verified\":%s,\"trust\":{\"root\":",
	    checks_verdict(&o->checks, &ignored) == 0 ? "true" : "false");
	json_quote(slice_str(in->trust.root != NULL ? in->root_name : "AMD"),
	    out);
	buf_adds(out, ",\"endorser\":");
	json_quote(slice_str(in->uvm.issuer != NULL ? in->uvm.issuer :
	    "Microsoft"), out);
	buf_adds(out, "},\"certificates\":");
	if (in->picked != NULL)
		picked_json(in->picked, out);
	else
		buf_adds(out, "null");
	buf_adds(out, ",\"checks\":");
	checks_json(&o->checks, out);
	if (in->explain) {
		buf_adds(out, ",\"explanations\":");
		snp_explain_json(in, o, out);
	}
	buf_adds(out, ",\"report\":");
	snp_json(in->report, out);
	buf_adds(out, "}\n");
}

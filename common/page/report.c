/* report.c -- see report.h. */
#include "page/report.h"

#include "evidence/explain.h"
#include "evidence/show.h"
#include "ground/text.h"
#include "page/policy.h"

/* For people: what a check is about, what is left open where it was not made,
 * and the option that makes it. */
static const struct {
	const char *means, *open, *option;
} about[CHECKS] = {
	[CHECK_FORMAT] = {"Whether the bytes are a report of a version that is "
	    "known.", NULL, NULL},
	[CHECK_SIGNATURE] = {"Whether the processor's key signed these bytes.",
	    NULL, NULL},
	[CHECK_CHAIN] = {"Whether the root that is trusted vouches for the "
	    "key.", NULL, NULL},
	[CHECK_SIGNER] = {"Whether the key is of the kind that the report "
	    "names.", NULL, NULL},
	[CHECK_PRODUCT] = {"Whether the certificates are of the processor's "
	    "family.", NULL, NULL},
	[CHECK_TCB] = {"Whether the key is that of the firmware that the "
	    "report names.", NULL, NULL},
	[CHECK_CHIP_ID] = {"Whether the key is this very processor's.", NULL,
	    NULL},
	[CHECK_TRAILER] = {"Whether something stands behind the signed bytes.",
	    NULL, NULL},
	[CHECK_DEBUG] = {"Whether the host may read and change the guest's "
	    "memory.", NULL, NULL},
	[CHECK_MIGRATION] = {"Whether an agent may move the guest to another "
	    "machine.", NULL, NULL},
	[CHECK_VMPL] = {"Which privilege level asked for the report.", NULL,
	    NULL},
	[CHECK_REPORT_DATA] = {"What the guest put into the report, such as "
	    "the hash of its new key.", "Whose report it is, and that it is "
	    "new: the report data was compared with nothing.",
	    "-r FILE or -d HEX"},
	[CHECK_HOST_DATA] = {"The hash of the policy that says which "
	    "containers may run.", "Which containers may run: the host data "
	    "was compared with nothing.", "-p FILE or --host-data HEX"},
	[CHECK_OPEN_POLICY] = {"Whether it is a published policy that allows "
	    "everything.", "That a policy holds the guest to anything.", NULL},
	[CHECK_MEASUREMENT] = {"What was in the guest's memory at launch.",
	    "What the guest was started with, unless an endorsement says so.",
	    "--measurement HEX"},
	[CHECK_ENDORSEMENT] = {"Whether its maker signed for the guest's "
	    "system.", "That the guest's system is one that its maker signed "
	    "for.", "-u FILE or -C DIR"},
	[CHECK_UVM_SVN] = {"How new the guest's system is.",
	    "That the guest's system is new enough.", "--min-uvm-svn N"},
	[CHECK_MIN_TCB] = {"Whether the firmware is new enough.",
	    "That the machine's firmware is new enough.", "--min-tcb LIST"},
	[CHECK_CRL] = {"Whether AMD revoked the certificates.",
	    "That AMD has not revoked the certificates.", "--crl FILE"},
	[CHECK_GUEST_SVN] = {"The version in the guest's identity block.",
	    NULL, NULL},
	[CHECK_FAMILY_ID] = {"The family in the guest's identity block.",
	    NULL, NULL},
	[CHECK_IMAGE_ID] = {"The image in the guest's identity block.", NULL,
	    NULL},
	[CHECK_ID_KEY] = {"The key that signed the identity block.", NULL,
	    NULL},
	[CHECK_AUTHOR_KEY] = {"The key that signed that key.", NULL, NULL},
	[CHECK_ID_BLOCK] = {"Who vouches for the guest by an identity block.",
	    NULL, NULL},
	[CHECK_REPORT_ID] = {"The running guest, until it is started again.",
	    NULL, NULL},
	[CHECK_REPORT_ID_MA] = {"The agent that may move the running guest.",
	    NULL, NULL},
	[CHECK_FIRMWARE] = {"The version of the SNP firmware.", NULL, NULL},
	[CHECK_ABI] = {"The version of the interface that the guest's policy "
	    "asks for.", NULL, NULL},
	[CHECK_POLICY] = {"The guest's policy, flag by flag.", NULL, NULL},
	[CHECK_PLATFORM] = {"The state of the machine, flag by flag.", NULL,
	    NULL},
	[CHECK_LAUNCH_TCB] = {"The firmware at the guest's start.", NULL,
	    NULL},
	[CHECK_COMMITTED] = {"The firmware that the machine cannot go back "
	    "behind.", NULL, NULL},
	[CHECK_LAUNCH_MIT] = {"The mitigations at the guest's start.", NULL,
	    NULL},
	[CHECK_CURRENT_MIT] = {"The mitigations that the firmware vouches "
	    "for.", NULL, NULL},
};

/* The six, by the checks that decide them: all must have passed. */
enum { DECIDE = 5 };
static const struct {
	const char *name;
	enum check by[DECIDE];	/* ends at the first repeated CHECK_FORMAT */
	const char *means;	/* that they did */
} features[] = {
	{"AMD SEV-SNP TEE", {CHECK_SIGNATURE, CHECK_CHAIN, CHECK_SIGNER,
	    CHECK_PRODUCT, CHECK_CHIP_ID}, "An AMD processor signed this "
	    "report."},
	{"memory encryption", {CHECK_SIGNATURE, CHECK_CHAIN, CHECK_VMPL},
	    "A guest asked for the report, and its memory is encrypted."},
	{"data confidentiality", {CHECK_SIGNATURE, CHECK_CHAIN,
	    CHECK_ENDORSEMENT}, "The guest's system is one that its maker "
	    "signed for."},
	{"security policy", {CHECK_SIGNATURE, CHECK_CHAIN, CHECK_HOST_DATA,
	    CHECK_OPEN_POLICY}, "The containers that may run are those of a "
	    "policy that was compared."},
	{"remote attestation", {CHECK_SIGNATURE, CHECK_CHAIN, CHECK_TCB},
	    "The signature and all that vouches for it were verified here."},
	{"runtime protection", {CHECK_SIGNATURE, CHECK_CHAIN, CHECK_DEBUG,
	    CHECK_MIGRATION}, "The host can neither debug the guest nor move "
	    "it."},
};

static enum html_mark
mark_of(enum result r)
{
	return r == RESULT_PASS ? HTML_YES : r == RESULT_FAIL ? HTML_NO :
	    HTML_OPEN;
}

static const char *
word_of(enum result r)
{
	return r == RESULT_PASS ? "pass" : r == RESULT_FAIL ? "FAIL" : "skip";
}

static void
put_trust(const struct snp_case *in, struct buf *out)
{
	struct buf text = {0};

	if (in->trust.root != NULL)
		buf_addf(&text, "The root that was trusted is %s, instead of "
		    "AMD's.", in->root_name);
	html_line(slice_buf(&text), out);
	buf_cut(&text, 0);
	if (in->uvm.issuer != NULL)
		buf_addf(&text, "The endorser that was trusted is %s, instead "
		    "of Microsoft.", in->uvm.issuer);
	html_line(slice_buf(&text), out);
	buf_free(&text);
}

static void
put_verdict(const struct page_report *p, struct buf *out)
{
	bool shown = p->outcome == NULL;
	struct buf status = {0};

	html_verdict(shown ? HTML_OPEN : p->no != NULL ? HTML_NO : HTML_YES,
	    shown ? "NOT VERIFIED" : p->no != NULL ? "FAIL" : "PASS",
	    "SEV-SNP attestation report", out);
	html_line(slice_str(shown ? "The report was decoded and nothing of it "
	    "proved: anybody could have written these bytes." :
	    p->no != NULL ? "Not every check holds." :
	    "The report is genuine, and every check that was made holds."),
	    out);
	if (!shown)
		put_trust(p->in, out);
	if (p->no != NULL) {
		html_line(slice_str(p->no->text), out);
		html_line(slice_str(p->no->hint), out);
	}
	buf_addf(&status, "Exit status %d of snp-verify; %s.",
	    p->no != NULL ? (int)p->no->code : E_OK, p->name);
	html_line(slice_buf(&status), out);
	html_verdict_end(out);
	buf_free(&status);
}

/* The worst of the checks that decide, which is named: one that failed, else
 * one that was not made. */
static void
put_feature(const struct checks *c, size_t i, struct buf *out)
{
	struct html_row row = {.name = slice_str(features[i].name)};
	enum result worst = RESULT_PASS, r;
	struct buf why = {0};
	size_t k;

	for (k = 0; k < DECIDE && features[i].by[k] != CHECK_FORMAT; k++) {
		r = c->v[features[i].by[k]].result;
		if (r == RESULT_PASS || worst == RESULT_FAIL)
			continue;
		if (r == RESULT_FAIL || worst == RESULT_PASS) {
			worst = r;
			buf_cut(&why, 0);
			buf_addf(&why, "%s: ", checks_name(features[i].by[k]));
			buf_add(&why, checks_detail(c, features[i].by[k]));
		}
	}
	row.mark = worst == RESULT_PASS ? HTML_YES : worst == RESULT_FAIL ?
	    HTML_NO : HTML_OPEN;
	row.word = worst == RESULT_PASS ? "yes" : worst == RESULT_FAIL ?
	    "no" : "not proved";
	row.value = slice_buf(&why);
	row.means = worst == RESULT_PASS ? features[i].means : NULL;
	html_row(&row, out);
	buf_free(&why);
}

static void
put_features(const struct checks *c, struct buf *out)
{
	size_t i;

	html_section("Six features", "Each by the checks that decide it.",
	    out);
	html_rows(true, out);
	for (i = 0; i < sizeof features / sizeof *features; i++)
		put_feature(c, i, out);
	html_rows_end(out);
	html_section_end(out);
}

/* One that failed with what that means, and the command that settles it. */
static void
put_check(const struct page_report *p, enum check i, struct buf *out)
{
	const struct checks *c = &p->outcome->checks;
	struct html_row row = {.mark = mark_of(c->v[i].result),
	    .word = word_of(c->v[i].result),
	    .name = slice_str(checks_name(i)), .value = checks_detail(c, i),
	    .means = about[i].means};
	struct explained why = {0};

	if (c->v[i].result == RESULT_FAIL) {
		snp_explain(p->in, p->outcome, i, &why);
		row.note = slice_buf(&why.text);
		row.command = slice_buf(&why.command);
	}
	html_row(&row, out);
	explained_free(&why);
}

static void
put_checks(const struct page_report *p, struct buf *out)
{
	enum check i;

	html_section("What was checked", NULL, out);
	html_rows(false, out);
	for (i = 0; i < CHECKS; i++)
		if (checks_shown(&p->outcome->checks, i))
			put_check(p, i, out);
	html_rows_end(out);
	html_section_end(out);
}

static void
gap(const char *name, const char *means, const char *option, struct buf *out)
{
	html_row(&(struct html_row){.mark = HTML_OPEN,
	    .word = html_gap(option), .name = slice_str(name),
	    .means = means, .option = option}, out);
}

static void
put_gaps(const struct checks *c, struct buf *out)
{
	enum check i;

	html_section("What was not proved", "A check that was not asked for "
	    "was not made, and some things no report can prove.", out);
	html_rows(false, out);
	if (c == NULL)
		gap("anything", "Neither signature nor certificates were "
		    "looked at.", "no --show", out);
	for (i = 0; c != NULL && i < CHECKS; i++)
		if (checks_shown(c, i) && c->v[i].result != RESULT_PASS &&
		    c->v[i].result != RESULT_FAIL)
			gap(checks_name(i), about[i].open != NULL ?
			    about[i].open : about[i].means, about[i].option,
			    out);
	gap("the present", "A report has no date. That it is new shows only "
	    "from something new in its report data.", NULL, out);
	gap("the software", "A policy says which containers run, not what "
	    "they do with the data they are given.", NULL, out);
	gap("the hardware", "That the processor keeps what it promises: it is "
	    "trusted, with the firmware of the versions named here.", NULL,
	    out);
	html_rows_end(out);
	html_section_end(out);
}

static void
put_fields(struct slice r, enum product product, struct buf *out)
{
	struct buf name = {0}, value = {0};
	int i;

	for (i = 0; i < SNP_FIELDS; i++) {
		buf_cut(&name, 0);
		buf_cut(&value, 0);
		if (snp_field_text(r, (enum snp_id)i, product, &name, &value))
			html_row(&(struct html_row){.name = slice_buf(&name),
			    .value = slice_buf(&value)}, out);
	}
	buf_free(&name);
	buf_free(&value);
}

static void
put_evidence(const struct page_report *p, struct buf *out)
{
	struct buf text = {0};

	html_section("Evidence", p->outcome != NULL ? "The certificates, and "
	    "every field of the report." : "Every field of the report.", out);
	html_rows(false, out);
	if (p->outcome != NULL && p->in->picked != NULL) {
		picked_text(p->in->picked, &text);
		html_row(&(struct html_row){
		    .name = slice_str("certificates"),
		    .value = slice_buf(&text)}, out);
		buf_cut(&text, 0);
	}
	if (p->outcome != NULL) {
		text_time(p->in->trust.at, &text);
		html_row(&(struct html_row){.name = slice_str("judged at"),
		    .value = slice_buf(&text)}, out);
		buf_cut(&text, 0);
	}
	put_fields(p->in->report, product_guess(p->in->report), out);
	if (snp_kds_url(p->in->report, product_guess(p->in->report), &text))
		html_row(&(struct html_row){.name = slice_str("kds_url"),
		    .value = slice_buf(&text), .means = "Where AMD has the "
		    "certificate of the key that signed."}, out);
	html_rows_end(out);
	html_section_end(out);
	buf_free(&text);
}

static bool
passed(const struct checks *c, enum check i)
{
	return c->v[i].result == RESULT_PASS;
}

void
page_report(const struct page_report *p, struct buf *out)
{
	const struct checks *c = p->outcome != NULL ? &p->outcome->checks :
	    NULL;

	html_begin("SEV-SNP attestation report", out);
	put_verdict(p, out);
	if (c != NULL) {
		put_features(c, out);
		put_checks(p, out);
	}
	put_gaps(c, out);
	if (c != NULL && p->policy.n > 0)
		page_policy(p->policy, passed(c, CHECK_SIGNATURE) &&
		    passed(c, CHECK_CHAIN) && passed(c, CHECK_HOST_DATA), out);
	put_evidence(p, out);
	html_end(out);
}

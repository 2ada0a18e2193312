/* snp-verify -- see snp-verify(1). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "codec/hex.h"
#include "evidence/show.h"
#include "evidence/verify.h"
#include "flow/reportstream.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "host/context.h"
#include "host/evidence.h"
#include "host/rulesfile.h"
#include "host/terminal.h"
#include "page/report.h"

static struct evidence_files files;
static const char level[] = "0";
static const char *output, *rules_path, *data_hex, *floor_text, *vmpl = level;
static struct opt_list missing;
static struct opt_num svn = {.max = UINT32_MAX}, uvm_svn = {.max = INT64_MAX};
static struct opt_num threads = {.min = 1, .max = WORK_THREADS_MAX};
static struct opt_time at;
static bool explain, html, json, show, show_rules, by_line;
static bool no_endorsement, no_policy;
static struct snp_want want;
static struct snp_rules rules;
static struct uvm_want uvm = {.min_svn = -1};

/* Values given in hex, and how long they are; Turin's chip id is shorter. */
enum { HOST, MEASURED, CHIP, FAMILY, IMAGE, ID_KEY, AUTHOR, WANTED };
static struct wanted {
	const char *name;
	struct slice *to;
	size_t n, or_n;
	const char *hex;
	uint8_t value[SNP_CHIP_ID_SIZE];
} wanted[WANTED] = {
	[HOST] = {"host-data", &want.host_data, 32, 32, NULL, {0}},
	[MEASURED] = {"measurement", &want.measurement, 48, 48, NULL, {0}},
	[CHIP] = {"chip-id", &want.chip_id, 64, 8, NULL, {0}},
	[FAMILY] = {"family-id", &want.family_id, 16, 16, NULL, {0}},
	[IMAGE] = {"image-id", &want.image_id, 16, 16, NULL, {0}},
	[ID_KEY] = {"id-key-digest", &want.id_key, 48, 48, NULL, {0}},
	[AUTHOR] = {"author-key-digest", &want.author_key, 48, 48, NULL, {0}},
};

static const struct opt opts[] = {
	{0, "allow-debug", OPT_FLAG, &want.allow_debug, NULL,
	    "accept a guest that the host may debug"},
	{0, "allow-migration", OPT_FLAG, &want.allow_migration, NULL,
	    "accept a guest that may have a migration agent"},
	{0, "allow-missing", OPT_LIST, &missing, "endorsement|policy",
	    "do without a file that the context has not"},
	{0, "allow-open-policy", OPT_FLAG, &want.allow_open_policy, NULL,
	    "accept a published policy that allows everything"},
	{0, "at", OPT_TIME, &at, "TIME", "judge certificates by TIME, not now"},
	{0, "author-key-digest", OPT_TEXT_ONCE, &wanted[AUTHOR].hex, "HEX",
	    "digest of the author key"},
	{0, "certs", OPT_LIST, &files.certs, "FILE",
	    "the leaf, and what leads to it, in any form; or a folder"},
	{0, "chip-id", OPT_TEXT_ONCE, &wanted[CHIP].hex, "HEX", "chip id"},
	{'C', "context", OPT_TEXT, &files.context, "DIR",
	    "security context ($UVM_SECURITY_CONTEXT_DIR)"},
	{0, "crl", OPT_TEXT_ONCE, &files.crl, "FILE",
	    "the ARK's revocation list"},
	{0, "explain", OPT_FLAG, &explain, NULL,
	    "say of each check that failed what it means"},
	{0, "family-id", OPT_TEXT_ONCE, &wanted[FAMILY].hex, "HEX",
	    "family id"},
	{0, "host-data", OPT_TEXT_ONCE, &wanted[HOST].hex, "HEX", "host data"},
	{0, "html", OPT_FLAG, &html, NULL, "print a page to look at"},
	{0, "id-key-digest", OPT_TEXT_ONCE, &wanted[ID_KEY].hex, "HEX",
	    "digest of the ID key"},
	{0, "image-id", OPT_TEXT_ONCE, &wanted[IMAGE].hex, "HEX", "image id"},
	{0, "json", OPT_FLAG, &json, NULL, "print JSON"},
	{0, "lines", OPT_FLAG, &by_line, NULL,
	    "one report a line, one JSON object a line, in order"},
	{0, "measurement", OPT_TEXT_ONCE, &wanted[MEASURED].hex, "HEX",
	    "launch measurement"},
	{0, "min-svn", OPT_NUM_ONCE, &svn, "N", "lowest SVN of the guest"},
	{0, "min-tcb", OPT_TEXT_ONCE, &floor_text, "LIST",
	    "lowest TCB: bl=N,tee=N,snp=N,ucode=N,fmc=N"},
	{0, "min-uvm-svn", OPT_NUM_ONCE, &uvm_svn, "N",
	    "lowest SVN of the endorsement"},
	{'o', "output", OPT_TEXT, &output, "FILE", "write to FILE"},
	{'p', "policy", OPT_TEXT_ONCE, &files.policy, "FILE",
	    "host data: this policy's hash"},
	{'d', "report-data", OPT_TEXT_ONCE, &data_hex, "HEX",
	    "report data: 64 bytes, or a digest of 32 or 48"},
	{0, "root", OPT_TEXT, &files.root, "FILE",
	    "trust this ARK, not AMD's"},
	{0, "rules", OPT_TEXT_ONCE, &rules_path, "FILE",
	    "what is accepted, as YAML or JSON"},
	{'r', "runtime-data", OPT_TEXT_ONCE, &files.runtime, "FILE",
	    "report data: the file's SHA-256, then zeros"},
	{0, "show", OPT_FLAG, &show, NULL, "decode only, prove nothing"},
	{0, "show-rules", OPT_FLAG, &show_rules, NULL,
	    "print what --rules says, as JSON, and judge nothing"},
	{0, "threads", OPT_NUM, &threads, "N",
	    "workers of --lines (one a core)"},
	{0, "uvm-feed", OPT_TEXT, &uvm.feed, "FEED",
	    "that endorser's feed"},
	{'u', "uvm-endorsement", OPT_TEXT, &files.endorsement, "FILE",
	    "the UVM's endorsement: COSE_Sign1 or its base64"},
	{0, "uvm-issuer", OPT_TEXT, &uvm.issuer, "DID",
	    "trust this endorser instead of Microsoft"},
	{'l', "vmpl", OPT_CHOICE, &vmpl, "0|1|2|3|any",
	    "the privilege level it must be for (default 0)"},
	{0},
};

static const struct tool tool = {
	.name = "snp-verify",
	.summary = "verify or decode an SEV-SNP attestation report",
	.usage = "[-C DIR] [--certs FILE]... [-u FILE] [-p FILE] "
	    "[-r FILE | -d HEX] [--json | --html] [REPORT]\n"
	    "--lines [-C DIR] [--certs FILE]... [-o FILE] [REPORTS]\n"
	    "--show [--json | --html] [-o FILE] [REPORT]\n"
	    "--show-rules --rules FILE [-o FILE]",
	.operand = "REPORT", .min = 0, .max = 1, .opts = opts,
	.common = "context certs uvm-endorsement policy runtime-data explain "
	    "html json show output",
	.example = "snp-verify -C \"$UVM_SECURITY_CONTEXT_DIR\" -r "
	    "runtime.json report.bin",
};

static void
read_wanted(void)
{
	struct wanted *w;
	struct buf raw = {0};
	struct err e;

	for (w = wanted; w < wanted + WANTED; w++) {
		if (w->hex == NULL)
			continue;
		buf_cut(&raw, 0);
		if (hex_decode(slice_str(w->hex), &raw, &e) < 0)
			opt_wrong("--%s: %s", w->name, e.text);
		if (raw.n != w->n && raw.n != w->or_n)
			opt_wrong("--%s: %zu bytes where %zu belong", w->name,
			    raw.n, w->n);
		memcpy(w->value, raw.p, raw.n);
		*w->to = slice_of(w->value, w->n);
	}
	buf_free(&raw);
}

static void
command_line(void)
{
	static uint8_t data[SNP_REPORT_DATA_SIZE];
	static struct tcb_floor floor;
	struct err e;
	size_t i;

	if (html && (json || by_line || show_rules))
		opt_wrong("--html excludes --json, --lines and --show-rules");
	files.keep_policy = html;
	if (files.runtime != NULL && data_hex != NULL)
		opt_wrong("-r and -d exclude each other");
	if ((uvm.issuer == NULL) != (uvm.feed == NULL))
		opt_wrong("--uvm-issuer and --uvm-feed go together");
	for (i = 0; i < missing.n; i++)
		if (strcmp(missing.v[i], "endorsement") == 0)
			no_endorsement = true;
		else if (strcmp(missing.v[i], "policy") == 0)
			no_policy = true;
		else
			opt_wrong_word("allow-missing", "endorsement|policy",
			    missing.v[i]);
	if (data_hex != NULL) {
		if (snp_hex_report_data(data_hex, data, &e) < 0)
			opt_wrong("-d: %s", e.text);
		want.report_data = slice_of(data, sizeof data);
	}
	if (floor_text != NULL) {
		if (tcb_floor_parse(floor_text, &floor, &e) < 0)
			opt_wrong("--min-tcb: %s", e.text);
		want.min_tcb = &floor;
	}
	read_wanted();
	want.vmpl = strcmp(vmpl, "any") == 0 ? SNP_VMPL_ANY : vmpl[0] - '0';
	want.min_svn = svn.set ? (int64_t)svn.value : -1;
	if (uvm_svn.set)
		uvm.min_svn = (int64_t)uvm_svn.value;
}

/* --show proves nothing, so nobody shall think it compared something. */
static void
show_alone(void)
{
	const struct opt *o;
	bool set;

	for (o = opts; show && o->name != NULL; o++) {
		if (o->to == &json || o->to == &html || o->to == &show ||
		    o->to == &output)
			continue;
		set = o->kind == OPT_FLAG ? *(bool *)o->to :
		    o->kind == OPT_NUM_ONCE || o->kind == OPT_NUM ?
		    ((struct opt_num *)o->to)->set :
		    o->kind == OPT_TIME ? ((struct opt_time *)o->to)->set :
		    o->kind == OPT_LIST ? ((struct opt_list *)o->to)->n > 0 :
		    o->kind != OPT_CHOICE && *(const char **)o->to != NULL;
		if (set)
			opt_wrong("--show proves nothing: --%s has no place "
			    "beside it", o->name);
	}
}

/* What is said twice would leave open which counts. */
static void
rules_alone(void)
{
	struct wanted *w;
	const struct {
		const char *name, *option;
		bool given;
	} also[] = {
		{"min-tcb", "min-tcb", floor_text != NULL},
		{"guest-svn", "min-svn", svn.set},
		{"uvm-svn", "min-uvm-svn", uvm_svn.set},
		{"vmpl", "vmpl", vmpl != level},
		{"debug", "allow-debug", want.allow_debug},
		{"migration", "allow-migration", want.allow_migration},
		{"open-policy", "allow-open-policy", want.allow_open_policy},
		{"endorser", "uvm-issuer", uvm.issuer != NULL},
	};
	size_t i;

	for (w = wanted; w < wanted + WANTED; w++)
		if (w->hex != NULL && snp_rules_says(&rules, w->name))
			opt_wrong("--%s: the rules say it too", w->name);
	for (i = 0; i < sizeof also / sizeof *also; i++)
		if (also[i].given && snp_rules_says(&rules, also[i].name))
			opt_wrong("--%s: the rules say it too: %s",
			    also[i].option, also[i].name);
}

/* What the rules say takes the place of the options they stand for. */
static void
take_rules(void)
{
	if (rules_path == NULL)
		return;
	rules_alone();
	want.allow_debug = want.allow_debug || rules.debug;
	want.allow_migration = want.allow_migration || rules.migration;
	want.allow_open_policy = want.allow_open_policy || rules.open_policy;
	if (rules.vmpl != 0)
		want.vmpl = SNP_VMPL_ANY;
	if (rules.uvm_svn >= 0)
		uvm.min_svn = rules.uvm_svn;
	if (rules.issuer.n > 0) {
		uvm.issuer = (const char *)rules.issuer.p;
		uvm.feed = (const char *)rules.feed.p;
	}
}

static int
print_rules(struct err *e)
{
	struct buf out = {0};
	int ret;

	if (rules_path == NULL)
		opt_missing(NULL, "the rules to show, --rules,");
	buf_add(&out, slice_buf(&rules.text));
	buf_addc(&out, '\n');
	ret = io_write(output, 0, slice_buf(&out), e);
	buf_free(&out);
	return ret < 0 ? err_report(e) : E_OK;
}

/* What policy-hash -c is to be given, as far as there are files. */
static void
name_files(const struct evidence *v, struct snp_case *in, struct buf *policy)
{
	in->report_name = files.report != NULL &&
	    strcmp(files.report, "-") != 0 ? files.report : "REPORT";
	if (files.policy != NULL)
		buf_adds(policy, strcmp(files.policy, "-") != 0 ?
		    files.policy : "FILE");
	else if (v->context != NULL)
		buf_addf(policy, "%s/%s", v->context,
		    context_name(CONTEXT_POLICY));
	buf_addc(policy, '\0');
	in->policy_name = (const char *)policy->p;
}

/* What was asked for, but for the report. */
static struct snp_case
whole_case(const struct evidence *v)
{
	struct snp_case in = {
	    .rules = rules_path != NULL ? &rules : NULL,
	    .trust = {v->root.n > 0 ? v->root.v[0] : NULL,
	    at.set ? at.at : (int64_t)time(NULL), slice_buf(&v->crl)},
	    .root_name = files.root, .want = want, .uvm = uvm,
	    .endorsement = slice_buf(&v->endorsement), .context = v->context,
	    .without_endorsement = no_endorsement, .without_policy = no_policy,
	    .explain = explain};

	if (v->has_runtime)
		in.want.report_data = slice_of(v->report_data,
		    sizeof v->report_data);
	if (v->has_policy)
		in.want.policy_digest = slice_of(v->policy, sizeof v->policy);
	return in;
}

/* Returns the verdict; the text is appended in any case but an error. */
static int
verify(const struct evidence *v, struct buf *out, struct err *e)
{
	struct snp_case in = whole_case(v);
	struct snp_outcome o = {0};
	struct buf policy = {0};
	int ret;

	in.report = v->report;
	in.certs = &v->certs;
	in.picked = &v->picked;
	if (v->in_hcl)
		in.want.hcl = &v->hcl;
	if (snp_verify(&in, &o, e) < 0)
		return -1;
	name_files(v, &in, &policy);
	if (o.open_policy != NULL && want.allow_open_policy)
		err_warn("the host data is a published policy that allows "
		    "everything: %s", o.open_policy);
	if (o.early_svn)
		err_warn("the endorsement's SVN is below %d: not for "
		    "production", UVM_SVN_PRODUCTION);
	ret = snp_outcome_verdict(&in, &o, e);
	if (html)
		page_report(&(struct page_report){io_name(files.report), &in,
		    &o, slice_buf(&v->policy_text), ret < 0 ? e : NULL}, out);
	else if (json)
		snp_outcome_json(&in, &o, out);
	else
		snp_outcome_text(&in, &o, out);
	if (!html && !json)
		lay_report(out, terminal_lay(output));
	buf_free(&policy);
	snp_outcome_free(&o);
	return ret;
}

/* Returns the highest status of the lines. */
static int
verify_lines(struct err *e)
{
	struct reportstream how = {.threads = (unsigned)threads.value,
	    .terminal = io_is_std(output) && terminal_is()};
	struct evidence v = {0};
	int worst = E_OK, ret;

	if ((ret = evidence_common(&files, &v, e)) == 0) {
		how.common = whole_case(&v);
		how.pile = &v.pile;
		hash_ready();
		ret = reportstream_run(files.report, output, &how, &worst, e);
	}
	evidence_free(&v);
	return ret < 0 ? err_report(e) : worst;
}

/* What --show prints. */
static void
decode(struct slice report, struct buf *out)
{
	struct snp_case in = {.report = report};

	if (html)
		page_report(&(struct page_report){.in = &in,
		    .name = io_name(files.report)}, out);
	else
		(json ? snp_show_json : snp_show_text)(report, out);
}

/* One report; the answer no is printed as the answer yes is, and then said. */
static int
one_report(void)
{
	struct evidence v = {0};
	struct buf out = {0};
	struct err e, write_error;
	int ret = 0, status = E_OK;

	if (evidence_report(&files, &v, &e) < 0 ||
	    (!show && evidence_rest(&files, &v, &e) < 0))
		ret = -1;
	else if (!show)
		ret = verify(&v, &out, &e);
	else
		decode(v.report, &out);
	if (show && ret == 0 && snp_version(v.report) > SNP_VERSION_MAX)
		err_warn("version %u is not known: fields may have moved",
		    snp_version(v.report));
	if (out.n > 0 && io_write(output, 0, slice_buf(&out),
	    &write_error) < 0)
		status = err_report(&write_error);
	else if (ret < 0)
		status = err_report(&e);
	buf_free(&out);
	evidence_free(&v);
	return status;
}

int
main(int argc, char **argv)
{
	struct err e;
	int status = E_OK;

	if (opt_parse(&tool, argc, &argv) > 0)
		files.report = argv[0];
	show_alone();
	command_line();
	if (rules_path != NULL && rulesfile_read(rules_path, &rules, &e) < 0)
		status = err_report(&e);
	else
		take_rules();
	if (status == E_OK)
		status = show_rules ? print_rules(&e) : by_line ?
		    verify_lines(&e) : one_report();
	if (rules_path != NULL)
		snp_rules_free(&rules);
	free(files.certs.v);
	free(missing.v);
	return status;
}

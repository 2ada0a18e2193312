/* jwt-claims -- verify a token against a key set, check its claims, print
 * them. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "policy/hostdata.h"
#include "token/claims.h"
#include "token/claimtable.h"
#include "token/features.h"
#include "token/out.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "host/guard.h"
#include "host/terminal.h"
#include "host/tokenfiles.h"
#include "flow/tokenstream.h"
#include "page/token.h"

static const char *out_path, *program, *format = "json", *min_tcb, *vmpl;
static struct tokenfiles files;
static struct lay lay;	/* of the features */
static bool unverified, raw, by_line, all_features;
static struct opt_list checks, requires;
static struct opt_num leeway = {CLAIMS_LEEWAY, 0, CLAIMS_LEEWAY_MAX, false};
static struct opt_num min_uvm_svn = {0, 1, 1 << 30, false};
static struct opt_num threads = {0, 1, WORK_THREADS_MAX, false};
static struct opt_time at;
static struct token_rules rules = {.alg = "RS256"};

static const struct opt options[] = {
	{'a', "alg", OPT_CHOICE, &rules.alg, "RS256|RS384|RS512|PS256|PS384|"
	    "PS512|ES256|ES384|ES512", "the one algorithm accepted (RS256)"},
	{0, "any-kid", OPT_FLAG, &rules.any_kid, NULL,
	    "a lone key without a kid verifies a token that has one"},
	{0, "at", OPT_TIME, &at, "TIME", "judge times by TIME, not by now"},
	{'c', "check", OPT_LIST, &checks, "NAME=VALUE",
	    "the claim must have that value (NAME:=JSON: that JSON value)"},
	{'f', "format", OPT_CHOICE, &format, "json|header|features|table|html",
	    "what to print (json: the claims)"},
	{'i', "issuer", OPT_TEXT_ONCE, &rules.issuer, "ISSUER",
	    "iss must be exactly this, and jku its /certs"},
	{'j', "filter", OPT_TEXT, &program, "FILTER",
	    "print what this jq program makes of the claims"},
	{'k', "key", OPT_TEXT_ONCE, &files.keys, "FILE",
	    "keys to verify with: JWK Set, JWK, or one key in PEM"},
	{0, "leeway", OPT_NUM, &leeway, "SECONDS",
	    "tolerance for exp, nbf and iat (60)"},
	{0, "lines", OPT_FLAG, &by_line, NULL,
	    "one token a line, one JSON value a line, in order"},
	{0, "min-tcb", OPT_TEXT_ONCE, &min_tcb, "LIST",
	    "least firmware versions: bl=N,tee=N,snp=N,ucode=N"},
	{0, "min-uvm-svn", OPT_NUM_ONCE, &min_uvm_svn, "N",
	    "least version of the UVM endorsement"},
	{0, "nonce", OPT_TEXT_ONCE, &rules.nonce, "TEXT",
	    "nonce must be exactly this"},
	{'o', "output", OPT_TEXT, &out_path, "FILE",
	    "write to FILE, whole or not at all"},
	{'p', "policy", OPT_TEXT_ONCE, &files.policy, "FILE",
	    "host data must be this policy's hash"},
	{0, "provider-policy", OPT_TEXT_ONCE, &files.provider, "HASH|@FILE",
	    "x-ms-policy-hash must be it, or that of the policy"},
	{0, "raw", OPT_FLAG, &raw, NULL, "print strings of -j without quotes"},
	{0, "refuse-open-policy", OPT_FLAG, &rules.refuse_open_policy, NULL,
	    "refuse a published policy that allows everything"},
	{0, "release-policy", OPT_TEXT_ONCE, &files.release, "FILE",
	    "a vault with this release policy must accept the token"},
	{0, "require", OPT_LIST, &requires, "EXPR",
	    "this jq expression over the claims must be true"},
	{0, "require-features", OPT_FLAG, &all_features, NULL,
	    "with -f features or html: 1 if one is missing"},
	{'r', "runtime-data", OPT_TEXT_ONCE, &files.runtime, "FILE",
	    "report data must be this file's hash"},
	{0, "threads", OPT_NUM, &threads, "N",
	    "workers of --lines (one a core)"},
	{'U', "unverified", OPT_FLAG, &unverified, NULL,
	    "do without a key: neither signature nor times are checked"},
	{'l', "vmpl", OPT_CHOICE, &vmpl, "0|1|2|3|any",
	    "the guest's privilege level; any: of a guest, not the host"},
	{0},
};

/* What -c may be about. */
static void
claim_words(struct buf *out)
{
	buf_adds(out, "words\tcheck\t");
	claimtable_names(out);
	buf_addc(out, '\n');
}

static const struct tool tool = {
	.name = "jwt-claims",
	.summary = "verify an attestation token and check and print its claims",
	.usage = "-k FILE [-i ISSUER] [-c NAME=VALUE]... [-f FORMAT] [TOKEN]\n"
	    "-k FILE --lines [TOKENS]\n"
	    "-U [-c NAME=VALUE]... [TOKEN]",
	.operand = "TOKEN", .min = 0, .max = 1, .opts = options,
	.common = "key issuer check policy runtime-data format output "
	    "unverified",
	.example = "jwt-claims -k jwks.json -i https://maa.example -p app.rego "
	    "token.jwt",
	.words = claim_words,
};

static void
command_line(const char *token)
{
	bool html = strcmp(format, "html") == 0;
	bool features = strcmp(format, "features") == 0;
	bool lone = html || features || strcmp(format, "table") == 0;

	if (files.keys == NULL && !unverified)
		opt_missing("-U instead prints claims that nothing vouches "
		    "for", "the issuer's keys, -k,");
	if (files.keys != NULL && unverified)
		opt_wrong("-k and -U exclude each other");
	if (files.keys != NULL && strcmp(files.keys, "-") == 0 &&
	    io_is_std(token))
		opt_wrong("standard input cannot be both keys and token");
	if (raw && (program == NULL || by_line))
		opt_wrong("--raw goes with -j, and without --lines");
	if (program != NULL && strcmp(format, "json") != 0)
		opt_wrong("-j and -f %s exclude each other", format);
	if (by_line && lone)
		opt_wrong("--lines and -f %s exclude each other", format);
	if (all_features && !features && !html)
		opt_wrong("--require-features goes with -f features or html");
	files.keep_policy = html;
}

/* Everything that is asked, from the options and the files they name. */
static int
gather_rules(struct err *e)
{
	size_t i;

	rules.times = !unverified || at.set;
	rules.now = at.set ? at.at : (int64_t)time(NULL);
	rules.leeway = (unsigned)leeway.value;
	rules.checks = checks.v;
	rules.nchecks = checks.n;
	rules.min_uvm_svn = (int64_t)min_uvm_svn.value;
	rules.has_min_tcb = min_tcb != NULL;
	rules.has_vmpl = vmpl != NULL;
	rules.vmpl = vmpl == NULL || strcmp(vmpl, "any") == 0 ?
	    CLAIMS_VMPL_ANY : vmpl[0] - '0';
	for (i = 0; i < checks.n; i++)
		if (claims_check_form(checks.v[i], e) < 0)
			return -1;
	if (min_tcb != NULL && tcb_floor_parse(min_tcb, &rules.min_tcb, e) < 0)
		return err_in(e, "--min-tcb");
	if (files.keys != NULL)
		hash_ready();
	return tokenfiles_read(&files, &rules, e);
}

/* The policy asked for is worth nothing, whatever the token says. */
static void
warn_policy(void)
{
	const char *open = !rules.has_host_data ? NULL :
	    hostdata_open(slice_of(rules.host_data, sizeof rules.host_data));

	if (open != NULL)
		err_warn("%s is a published policy that allows everything: %s",
		    io_name(files.policy), open);
}

/* What the keys are worth. */
static void
warn(void)
{
	if (unverified)
		err_warn("nothing vouches for these claims: the signature was "
		    "not checked");
	else if (rules.issuer == NULL)
		err_warn("any issuer whose key is in %s would do; name the "
		    "expected one with -i", io_name(files.keys));
}

/* What a person should know of a token that passed. */
static void
remark(const struct token *t)
{
	const char *open = claims_open_policy(t->claims);
	struct slice twice = json_span(claims_twice(t->claims));

	if (claims_of_host(t->claims))
		err_warn("x-ms-sevsnpvm-vmpl is 4294967295: the host asked "
		    "for the report, not a guest");
	if (claims_debuggable(t->claims))
		err_warn("x-ms-sevsnpvm-is-debuggable is true: the host may "
		    "read and change the guest");
	if (twice.n > 0)
		err_warn("the claim %.*s stands at the top and under %s with "
		    "different values", (int)twice.n, (const char *)twice.p,
		    CLAIMS_NESTED);
	if (open != NULL && !rules.has_host_data)
		err_warn("the host data is a published policy that allows "
		    "everything: %s", open);
	if (t->held.n > 0 && !err_quiet)
		err_note("release policy: %.*s holds", (int)t->held.n,
		    (const char *)t->held.p);
}

static int
one_token(const char *path, const struct token_style *style, struct err *e)
{
	struct token_keys cache = {0};
	struct token_programs programs = {0};
	struct token t = {0};
	struct buf text = {0}, out = {0};
	bool complete = true;
	int ret = -1;

	if (token_programs_new(program, requires.v, requires.n, &programs,
	    e) < 0 || io_read(path, JWS_MAX, &text, e) < 0 ||
	    io_prepare(out_path, 0, e) < 0)
		goto out;
	(void)guard_filter(false);
	if (token_judge(slice_buf(&text), &rules, &cache, &t, e) < 0 ||
	    token_require(&t, &programs, e) < 0) {
		(void)err_in(e, "%s", io_name(path));
		goto out;
	}
	warn();
	remark(&t);
	ret = token_print(&t, style, &programs, &out, &complete, e);
	if (style->format == TOKEN_FEATURES)
		lay_report(&out, lay);
	if (ret == 0)
		ret = io_write(out_path, 0, slice_buf(&out), e);
	if (ret == 0 && all_features && !complete)
		ret = err_set(e, E_NO, "%s: not all features are there",
		    io_name(path));
out:
	token_programs_free(&programs);
	token_keys_free(&cache);
	token_free(&t);
	buf_free(&text);
	buf_free(&out);
	return ret;
}

/* Judge it, and go on where the answer is no: that is for the page to say.  A
 * token that is not genuine stays empty. */
static int
judge_page(struct slice text, const struct token_programs *programs,
    struct token *t, struct answers *answers, struct err *e)
{
	struct token_keys cache = {0};
	struct feature f[FEATURES];
	int ret = token_open(text, &rules, &cache, t, e);

	token_keys_free(&cache);
	if (ret < 0)
		return -1;
	ret = asked_of(t, &rules, e);
	if (ret == 0)
		ret = token_require(t, programs, e);
	answers_to(t, &rules, answers);
	token_require_answers(t, programs, requires.v, answers);
	if (ret == 0 && all_features) {
		if (!features_of(t->claims, !unverified, f))
			ret = err_set(e, E_NO, "not all features are there");
		features_free(f);
	}
	return ret;
}

/* A page, of a token that passes and of one that does not. */
static int
one_page(const char *path, struct err *e)
{
	struct token_programs programs = {0};
	struct answers answers = {0};
	struct token t = {0};
	struct buf text = {0}, out = {0};
	struct page_token page = {io_name(path), &rules, NULL, &answers,
	    {0}, NULL};
	struct err write_error;
	int ret = -1;

	if (token_programs_new(NULL, requires.v, requires.n, &programs,
	    e) < 0 || io_read(path, JWS_MAX, &text, e) < 0 ||
	    io_prepare(out_path, 0, e) < 0)
		goto out;
	(void)guard_filter(false);
	ret = judge_page(slice_buf(&text), &programs, &t, &answers, e);
	if (ret < 0)
		(void)err_in(e, "%s", io_name(path));
	if (ret < 0 && e->code != E_NO)
		goto out;
	warn();
	if (t.doc != NULL) {
		remark(&t);
		page.token = &t;
	}
	page.policy = slice_buf(&files.policy_text);
	page.no = ret < 0 ? e : NULL;
	page_token(&page, &out);
	if (io_write(out_path, 0, slice_buf(&out), &write_error) < 0) {
		*e = write_error;
		ret = -1;
	}
out:
	token_programs_free(&programs);
	answers_free(&answers);
	token_free(&t);
	buf_free(&text);
	buf_free(&out);
	return ret;
}

int
main(int argc, char **argv)
{
	const char *path = opt_parse(&tool, argc, &argv) > 0 ? argv[0] : NULL;
	bool shown = io_is_std(out_path);
	struct token_style style = {.format = token_format_by_name(format),
	    .raw = raw, .verified = !unverified,
	    .terminal = shown && terminal_is(),
	    .marks = shown && terminal_is() && terminal_marks(),
	    .width = terminal_width()};
	struct err e = {0};
	int status = E_OK, ret;

	lay = terminal_lay(out_path);
	command_line(path);
	ret = gather_rules(&e);
	warn_policy();
	if (ret == 0 && by_line) {
		warn();
		ret = tokenstream_run(path, out_path, &rules, &style,
		    &(struct tokenstream){program, requires.v, requires.n,
		    (unsigned)threads.value}, &status, &e);
	} else if (ret == 0 && style.format == TOKEN_HTML) {
		ret = one_page(path, &e);
	} else if (ret == 0) {
		ret = one_token(path, &style, &e);
	}
	if (ret < 0)
		status = err_report(&e);
	tokenfiles_free(&files);
	free(checks.v);
	free(requires.v);
	return status;
}

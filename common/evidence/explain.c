/* explain.c -- see explain.h. */
#include "evidence/explain.h"

#include <stdarg.h>
#include <stdio.h>

#include "evidence/explain_in.h"
#include "evidence/kds.h"
#include "ground/lay.h"
#include "ground/text.h"
#include "value/json.h"

enum {
	SENTENCE_MAX = 1024,	/* bytes */
	INDENT = 4, COLUMNS = 79,
};

/* What cannot fail as a check has none: a report of another format is not
 * judged. */
static void (*const explainers[CHECKS])(const struct explain *) = {
	[CHECK_SIGNATURE] = explain_signature,
	[CHECK_CHAIN] = explain_chain,
	[CHECK_SIGNER] = explain_signer,
	[CHECK_PRODUCT] = explain_product,
	[CHECK_TCB] = explain_tcb,
	[CHECK_CHIP_ID] = explain_chip_id,
	[CHECK_TRAILER] = explain_trailer,
	[CHECK_DEBUG] = explain_debug,
	[CHECK_MIGRATION] = explain_migration,
	[CHECK_VMPL] = explain_vmpl,
	[CHECK_REPORT_DATA] = explain_report_data,
	[CHECK_HOST_DATA] = explain_host_data,
	[CHECK_OPEN_POLICY] = explain_open_policy,
	[CHECK_MEASUREMENT] = explain_measurement,
	[CHECK_ENDORSEMENT] = explain_endorsement,
	[CHECK_UVM_SVN] = explain_uvm_svn,
	[CHECK_MIN_TCB] = explain_min_tcb,
	[CHECK_CRL] = explain_crl,
	[CHECK_GUEST_SVN] = explain_id_block,
	[CHECK_FAMILY_ID] = explain_id_block,
	[CHECK_IMAGE_ID] = explain_id_block,
	[CHECK_ID_KEY] = explain_id_keys,
	[CHECK_AUTHOR_KEY] = explain_id_keys,
	[CHECK_ID_BLOCK] = explain_id_keys,
	[CHECK_REPORT_ID] = explain_report_id,
	[CHECK_REPORT_ID_MA] = explain_report_id_ma,
	[CHECK_FIRMWARE] = explain_firmware,
	[CHECK_ABI] = explain_abi,
	[CHECK_POLICY] = explain_policy_bits,
	[CHECK_PLATFORM] = explain_platform,
	[CHECK_LAUNCH_TCB] = explain_launch_tcb,
	[CHECK_COMMITTED] = explain_committed,
	[CHECK_LAUNCH_MIT] = explain_launch_mit,
	[CHECK_CURRENT_MIT] = explain_current_mit,
};

void
explain_say(const struct explain *x, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	if (x->to->text.n > 0)
		buf_addc(&x->to->text, ' ');
	buf_adds(&x->to->text, text);
}

void
explain_run(const struct explain *x, const char *fmt, ...)
{
	char text[SENTENCE_MAX];
	va_list ap;

	if (x->to->command.n > 0)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	buf_adds(&x->to->command, text);
}

/* A shell takes it as it is, and no tool as an option. */
const char *
explain_file(const char *path, const char *other)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz0123456789._/+,:-";

	if (path == NULL || *path == '\0' || *path == '-' ||
	    path[strspn(path, plain)] != '\0')
		return other;
	return path;
}

const char *
explain_report(const struct explain *x)
{
	return explain_file(x->in->report_name, "REPORT");
}

const char *
explain_policy(const struct explain *x)
{
	return explain_file(x->in->policy_name, "FILE");
}

void
explain_run_certs(const struct explain *x)
{
	const char *r = explain_report(x);

	if (kds_no_leaf(x->r, x->product) == NULL)
		explain_run(x, "snp-certs -o certs.pem %s && snp-verify "
		    "--certs certs.pem %s", r, r);
	else
		explain_run(x, "snp-report --certs-out certs.pem -o new.bin && "
		    "snp-verify --certs certs.pem new.bin");
}

void
explain_run_report(const struct explain *x)
{
	explain_run(x, "snp-report -o new.bin && snp-verify new.bin");
}

void
explain_run_show(const struct explain *x, const char *field)
{
	explain_run(x, "snp-verify --show %s | grep %s", explain_report(x),
	    field);
}

bool
explain_failed(const struct explain *x, enum check i)
{
	return x->o->checks.v[i].result == RESULT_FAIL;
}

void
snp_explain(const struct snp_case *in, const struct snp_outcome *o,
    enum check i, struct explained *out)
{
	const struct explain x = {.in = in, .o = o, .r = in->report,
	    .product = o->product, .to = out};

	if (explainers[i] != NULL)
		explainers[i](&x);
	explain_run_show(&x, "^version");
}

void
explained_free(struct explained *t)
{
	buf_free(&t->text);
	buf_free(&t->command);
}

void
snp_explain_text(const struct snp_case *in, const struct snp_outcome *o,
    struct buf *out)
{
	struct explained t = {0};
	struct buf plain = {0};
	int i;

	for (i = 0; i < CHECKS; i++) {
		if (o->checks.v[i].result != RESULT_FAIL)
			continue;
		snp_explain(in, o, (enum check)i, &t);
		buf_addf(out, "\n%s:\n%*s", checks_name((enum check)i),
		    INDENT, "");
		buf_cut(&plain, 0);
		text_escape(slice_buf(&t.text), &plain);
		lay_wrap(slice_buf(&plain), INDENT, INDENT, COLUMNS, out);
		buf_addf(out, "\n%*s$ ", INDENT, "");
		text_escape(slice_buf(&t.command), out);
		buf_addc(out, '\n');
		explained_free(&t);
	}
	buf_free(&plain);
}

void
snp_explain_json(const struct snp_case *in, const struct snp_outcome *o,
    struct buf *out)
{
	struct explained t = {0};
	const char *lead = "[";
	int i;

	for (i = 0; i < CHECKS; i++) {
		if (o->checks.v[i].result != RESULT_FAIL)
			continue;
		snp_explain(in, o, (enum check)i, &t);
		buf_addf(out, "%s{\"name\":\"%s\",\"text\":", lead,
		    checks_name((enum check)i));
		json_quote(slice_buf(&t.text), out);
		buf_adds(out, ",\"command\":");
		json_quote(slice_buf(&t.command), out);
		buf_addc(out, '}');
		explained_free(&t);
		lead = ",";
	}
	buf_adds(out, *lead == '[' ? "[]" : "]");
}

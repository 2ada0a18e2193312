/* maa-token -- exchange a report for an attestation token. */
#include <stdlib.h>
#include <string.h>

#include "azure/endpoint.h"
#include "azure/maa.h"
#include "azure/saved.h"
#include "evidence/fit.h"
#include "evidence/hcl.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "ground/text.h"
#include "net/askopt.h"
#include "net/attest.h"
#include "host/guard.h"
#include "host/platform.h"
#include "host/runtimefile.h"
#include "net/sidecar.h"

static const char *endpoint, *runtime_path, *uvm_path, *context;
static struct opt_list certs;
static const char *answer_path, *output, *nonce, *sidecar;
static bool keys, policy, dry, status;
static struct attest maa = {.api_version = MAA_API_VERSION};
static struct opt_num timeout = ASKOPT_TIMEOUT_NUM;
static struct opt_num retry = ASKOPT_RETRY_NUM;

static const struct opt opts[] = {
	{0, "access-token-file", OPT_TEXT, &maa.bearer_path, "FILE",
	    "a bearer token, for providers that ask for one"},
	{0, "api-version", OPT_TEXT, &maa.api_version, "VERSION",
	    "of the service (default " MAA_API_VERSION ")"},
	ASKOPT_CACERT(maa.ask),
	{0, "certs", OPT_LIST, &certs, "FILE",
	    "the leaf, and what leads to it, in any form; or a folder"},
	{'C', "context", OPT_TEXT, &context, "DIR",
	    "security context with certificates and endorsement"},
	{'n', "dry-run", OPT_FLAG, &dry, NULL,
	    "print the body of the request and send nothing"},
	{'e', "endpoint", OPT_TEXT, &endpoint, "ENDPOINT",
	    "attestation provider: host[:port] or its https address"},
	{0, "keys", OPT_FLAG, &keys, NULL,
	    "print the provider's signing keys instead"},
	{0, "nonce", OPT_TEXT, &nonce, "TEXT",
	    "put TEXT into the token (default random)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE, whole or not at all"},
	{0, "provider-policy", OPT_FLAG, &policy, NULL,
	    "print the provider's policy for SEV-SNP instead"},
	{'R', "response", OPT_TEXT, &answer_path, "FILE",
	    "read the service's answer from FILE and send nothing"},
	ASKOPT_RETRY(retry),
	{'r', "runtime-data", OPT_TEXT, &runtime_path, "FILE",
	    "what the report data is the SHA-256 of"},
	{0, "skr", OPT_TEXT, &sidecar, "URL",
	    "let this SKR sidecar make the report and ask the provider"},
	{0, "status", OPT_FLAG, &status, NULL,
	    "ask the sidecar whether it is ready"},
	ASKOPT_TIMEOUT(timeout),
	{'u', "uvm-endorsement", OPT_TEXT, &uvm_path, "FILE",
	    "the utility VM's endorsement: COSE_Sign1 or its base64"},
	ASKOPT_VERBOSE(maa.ask),
	{0},
};

static const struct tool tool = {
	.name = "maa-token",
	.summary = "exchange an SEV-SNP report for an attestation token",
	.usage = "-e ENDPOINT [-r FILE] [--certs FILE]... [-u FILE] [-C DIR] "
	    "[REPORT]\n-e ENDPOINT --keys\n"
	    "-e ENDPOINT --provider-policy [--access-token-file FILE]\n"
	    "--skr URL -e ENDPOINT -r FILE\n--skr URL --status",
	.operand = "REPORT", .min = 0, .max = 1, .opts = opts,
	.common = "endpoint runtime-data context keys skr output",
	.example = "maa-token -e sharedeus.eus.attest.azure.net -r "
	    "runtime.json report.bin",
};

/* All that goes in, owned. */
struct input {
	struct buf report, certs, endorsement, runtime;
	bool in_blob;	/* of a confidential VM: runtime is the blob's */
};

static void
command_line(int operands, const char *report)
{
	size_t i, n = io_is_std(report);
	bool evidence = operands > 0 || dry || answer_path != NULL ||
	    nonce != NULL || certs.n > 0 || uvm_path != NULL ||
	    context != NULL;

	if (endpoint == NULL && !status)
		opt_missing("such as -e sharedeus.eus.attest.azure.net",
		    "the provider, -e,");
	if (status && (sidecar == NULL || endpoint != NULL || keys ||
	    policy))
		opt_wrong("--status goes with --skr alone");
	if (keys && policy)
		opt_wrong("--keys and --provider-policy exclude each other");
	if ((keys || policy) && (sidecar != NULL || evidence ||
	    runtime_path != NULL))
		opt_wrong("--%s takes nothing but -e and network options",
		    keys ? "keys" : "provider-policy");
	if (sidecar != NULL && (evidence || maa.bearer_path != NULL))
		opt_wrong("a sidecar makes the report and finds the rest by "
		    "itself: --skr takes only -e and -r");
	if (sidecar != NULL && !status && runtime_path == NULL)
		opt_missing(NULL, "the runtime data, -r,");
	if (dry && answer_path != NULL)
		opt_wrong("-n and -R exclude each other");
	for (i = 0; i < certs.n; i++)
		n += io_is_std(certs.v[i]);
	n += uvm_path != NULL && io_is_std(uvm_path);
	n += runtime_path != NULL && io_is_std(runtime_path);
	if (n > 1 && sidecar == NULL)
		opt_wrong("standard input cannot be both report and runtime "
		    "data, certificates or endorsement");
	if (!ask_version_ok(maa.api_version))
		opt_wrong("--api-version: no version: %s", maa.api_version);
	if (nonce != NULL && !ask_nonce_ok(nonce))
		opt_wrong("--nonce: not 1 to %d characters of printable ASCII",
		    ASK_NONCE_MAX);
}

/* In a blob, the report binds the blob's runtime data, which is what goes to
 * the service, and that has a member for what the guest binds. */
static int
take_blob(struct slice blob, struct input *in, struct err *e)
{
	uint8_t want[SNP_REPORT_DATA_SIZE], is[HCL_USER_DATA_SIZE];
	struct buf runtime = {0};
	struct hcl hcl;
	int ret;

	if (hcl_read(blob, &hcl, e) < 0 ||
	    hcl_binds(&hcl, snp_report_data(hcl.report), e) < 0)
		return -1;
	in->in_blob = true;
	buf_add(&in->runtime, hcl.runtime);
	if (runtime_path == NULL)
		return 0;
	if ((ret = runtimefile_read(runtime_path, &runtime, e)) == 0 &&
	    (ret = hcl_user_data(&hcl, is, e)) == 0) {
		snp_runtime_report_data(slice_buf(&runtime), want);
		if (memcmp(is, want, sizeof is) != 0)
			ret = err_set(e, E_NO, "the blob's user-data is not "
			    "the SHA-256 of %s and zeros",
			    io_name(runtime_path));
	}
	buf_free(&runtime);
	return ret;
}

static int
read_report(const char *path, struct input *in, struct err *e)
{
	struct buf text = {0}, raw = {0};
	int ret;

	if ((ret = io_read(path, SNP_TEXT_MAX, &text, e)) == 0 &&
	    ((ret = snp_read(slice_buf(&text), &in->report, e)) < 0 ||
	    (ret = snp_decode(slice_buf(&text), &raw, e)) < 0 ||
	    (hcl_is(slice_buf(&raw)) &&
	    (ret = take_blob(slice_buf(&raw), in, e)) < 0)))
		(void)err_in(e, "%s", io_name(path));
	buf_free(&text);
	buf_free(&raw);
	if (ret < 0 || runtime_path == NULL || in->in_blob)
		return ret;
	if (runtimefile_read(runtime_path, &in->runtime, e) < 0)
		return -1;
	return snp_binds(slice_buf(&in->report), slice_buf(&in->runtime), e);
}

/* What the service would refuse, and not say why, is refused here. */
static int
read_proof(struct input *in, struct err *e)
{
	const char *missing;

	if (platform_certs(&certs, context, slice_buf(&in->report),
	    &in->certs, e) < 0 ||
	    platform_endorsement(uvm_path, context, &in->endorsement,
	    &missing, e) < 0 ||
	    snp_fits(slice_buf(&in->report), slice_buf(&in->certs), e) < 0)
		return -1;
	if (missing != NULL)
		err_warn("%s has no endorsement of the utility VM: the token "
		    "will lack x-ms-compliance-status", missing);
	if (runtime_path != NULL && !in->in_blob &&
	    !maa_runtime_is_json(slice_buf(&in->runtime)))
		err_warn("%s is no JSON object: it goes as Binary and makes no "
		    "claim x-ms-runtime", io_name(runtime_path));
	return 0;
}

/* Read the token out of an answer and see that it is the one asked for. */
static int
judge(struct slice answer, const struct input *in, const char *asked,
    struct buf *out, struct err *e)
{
	struct maa_asked want = {.issuer = maa.issuer, .nonce = asked,
	    .report_data = snp_report_data(slice_buf(&in->report)),
	    .chip_id = snp_get(slice_buf(&in->report), SNP_CHIP_ID),
	    .runtime = slice_buf(&in->runtime)};

	if (maa_answer(answer, out, e) == 0 &&
	    maa_check(slice_buf(out), &want, e) == 0)
		return 0;
	return err_in(e, "%s", answer_path != NULL ? io_name(answer_path) :
	    endpoint);
}

static int
get_token(const char *path, struct input *in, struct buf *out, struct err *e)
{
	struct buf body = {0}, answer = {0}, fresh = {0};
	const char *asked = nonce;
	int ret = -1;

	if (read_report(path, in, e) < 0)
		return -1;
	if (answer_path != NULL) {
		if ((ret = io_read(answer_path, MAA_ANSWER_MAX, &answer,
		    e)) == 0)
			ret = saved_maa(slice_buf(&answer),
			    io_name(answer_path), e);
		goto out;
	}
	ask_nonce(&fresh);
	asked = nonce != NULL ? nonce : (const char *)fresh.p;
	if (read_proof(in, e) < 0)
		goto out;
	maa_body(&(struct maa_request){.report = slice_buf(&in->report),
	    .certs = slice_buf(&in->certs), .nonce = asked,
	    .endorsement = slice_buf(&in->endorsement),
	    .runtime = slice_buf(&in->runtime)}, &body);
	if (dry)
		buf_add(out, slice_buf(&body));
	ret = dry ? 0 : attest_token(&maa, &body, &answer, e);
out:
	if (ret == 0 && !dry)
		ret = judge(slice_buf(&answer), in, asked, out, e);
	buf_free(&body);
	buf_free(&answer);
	buf_free(&fresh);
	return ret;
}

static int
ask_sidecar(struct buf *out, struct err *e)
{
	uint8_t data[SNP_REPORT_DATA_SIZE];
	struct buf base = {0}, runtime = {0};
	int ret = -1;

	if (endpoint_sidecar(sidecar, &base, e) < 0)
		return -1;
	buf_addc(&base, '\0');
	if (status) {
		ret = sidecar_status(&maa.ask, (const char *)base.p, e);
		buf_adds(out, "Status OK");
	} else if (runtimefile_read(runtime_path, &runtime, e) == 0) {
		snp_runtime_report_data(slice_buf(&runtime), data);
		ret = sidecar_token(&maa.ask, (const char *)base.p, &(struct
		    maa_asked){.issuer = maa.issuer, .runtime =
		    slice_buf(&runtime), .report_data = slice_of(data,
		    sizeof data)}, out, e);
	}
	buf_free(&base);
	buf_free(&runtime);
	return ret;
}

int
main(int argc, char **argv)
{
	struct buf issuer = {0}, out = {0};
	struct input in = {0};
	struct err e;
	int n, ret = 0;

	guard_secrets();
	n = opt_parse(&tool, argc, &argv);
	command_line(n, n > 0 ? argv[0] : NULL);
	maa.ask.timeout = (unsigned)timeout.value;
	maa.ask.retries = (unsigned)retry.value;
	if (endpoint != NULL)
		ret = endpoint_issuer(endpoint, &issuer, &e);
	maa.issuer = slice_buf(&issuer);
	guard_may(GUARD_READ, maa.ask.cacert);
	guard_may(GUARD_READ, maa.bearer_path);
	http_guard(maa.ask.verbose);
	if (ret == 0)
		ret = io_prepare(output, 0, &e);
	if (ret == 0)
		ret = sidecar != NULL ? ask_sidecar(&out, &e) :
		    keys ? attest_keys(&maa, &out, &e) :
		    policy ? attest_policy(&maa, &out, &e) :
		    get_token(n > 0 ? argv[0] : NULL, &in, &out, &e);
	/* a policy's bytes are what its hash is of */
	if (!policy)
		buf_addc(&out, '\n');
	if (ret == 0)
		ret = io_write(output, text_is_plain(slice_buf(&out)) ? 0 :
		    IO_BINARY, slice_buf(&out), &e);
	buf_free(&in.report);
	buf_free(&in.certs);
	buf_free(&in.endorsement);
	buf_free(&in.runtime);
	buf_free(&issuer);
	buf_free(&out);
	free(certs.v);
	return ret < 0 ? err_report(&e) : E_OK;
}

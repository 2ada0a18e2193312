/* maa-token -- exchange a report for an attestation token. */
#include <stdlib.h>
#include <string.h>

#include "format/endpoint.h"
#include "format/maa.h"
#include "format/snp.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "world/ask.h"
#include "world/platform.h"

static const char *endpoint, *runtime_path, *certs_path, *uvm_path, *context;
static const char *answer_path, *output, *cacert, *nonce, *bearer_path;
static const char *api_version = MAA_API_VERSION;
static bool keys, dry, verbose;
static struct opt_num timeout = {HTTP_TIMEOUT, 1, HTTP_TIMEOUT_MAX, false};
static struct opt_num retry = {HTTP_RETRIES, 0, HTTP_RETRIES_MAX, false};

static const struct opt opts[] = {
	{0, "access-token-file", OPT_TEXT, &bearer_path, "FILE",
	    "a bearer token, for providers that ask for one"},
	{0, "api-version", OPT_TEXT, &api_version, "VERSION",
	    "of the service (default " MAA_API_VERSION ")"},
	{0, "cacert", OPT_TEXT, &cacert, "FILE",
	    "trust these TLS roots, not the system's"},
	{0, "certs", OPT_TEXT, &certs_path, "FILE",
	    "the platform's certificates: THIM JSON or PEM"},
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
	{'R', "response", OPT_TEXT, &answer_path, "FILE",
	    "read the service's answer from FILE and send nothing"},
	{0, "retry", OPT_NUM, &retry, "N",
	    "attempts after the first one (default 3)"},
	{'r', "runtime-data", OPT_TEXT, &runtime_path, "FILE",
	    "what the report data is the SHA-256 of"},
	{0, "timeout", OPT_NUM, &timeout, "SECONDS",
	    "for the whole exchange (default 60)"},
	{'u', "uvm-endorsement", OPT_TEXT, &uvm_path, "FILE",
	    "the utility VM's endorsement: COSE_Sign1 or its base64"},
	{'v', "verbose", OPT_FLAG, &verbose, NULL,
	    "say what is asked and how long it took"},
	{0},
};

static const struct tool tool = {
	.name = "maa-token",
	.summary = "exchange an SEV-SNP report for an attestation token",
	.usage = "-e ENDPOINT [-r FILE] [--certs FILE] [-u FILE] [-C DIR] "
	    "[REPORT]\n-e ENDPOINT --keys",
	.operand = "REPORT", .min = 0, .max = 1, .opts = opts,
};

/* All that goes in, owned. */
struct input {
	struct buf report, certs, endorsement, runtime;
};

static void
command_line(int operands, const char *report)
{
	bool from_stdin = report == NULL || strcmp(report, "-") == 0;

	if (endpoint == NULL)
		opt_wrong_hint("-e names the provider, such as "
		    "sharedeus.eus.attest.azure.net", "no -e");
	if (keys && (operands > 0 || dry || answer_path != NULL ||
	    runtime_path != NULL || nonce != NULL))
		opt_wrong("--keys takes no report, and no -r, -n, -R or "
		    "--nonce");
	if (dry && answer_path != NULL)
		opt_wrong("-n and -R exclude each other");
	if (runtime_path != NULL && strcmp(runtime_path, "-") == 0 &&
	    from_stdin)
		opt_wrong("standard input cannot be both report and runtime "
		    "data");
	if (!ask_version_ok(api_version))
		opt_wrong("--api-version: no version: %s", api_version);
	if (nonce != NULL && !ask_nonce_ok(nonce))
		opt_wrong("--nonce: not 1 to %d characters of printable ASCII",
		    ASK_NONCE_MAX);
}

/* Everything MAA would check at once is checked before it is asked. */
static int
read_input(const char *path, struct input *in, struct err *e)
{
	struct buf text = {0};
	const char *missing;
	int ret = -1;

	if (io_read(path, SNP_TEXT_MAX, &text, e) < 0)
		goto out;
	if (snp_read(slice_buf(&text), &in->report, e) < 0) {
		(void)err_in(e, "%s", io_name(path));
		goto out;
	}
	if (runtime_path != NULL &&
	    (io_read(runtime_path, SNP_RUNTIME_MAX, &in->runtime, e) < 0 ||
	    snp_binds(slice_buf(&in->report), slice_buf(&in->runtime),
	    e) < 0))
		goto out;
	if (answer_path != NULL) {
		ret = 0;
		goto out;
	}
	if (platform_certs(certs_path, context, &in->certs, e) < 0 ||
	    platform_endorsement(uvm_path, context, &in->endorsement,
	    &missing, e) < 0)
		goto out;
	if (missing != NULL)
		err_warn("%s has no endorsement of the utility VM: the token "
		    "will lack x-ms-compliance-status", missing);
	if (runtime_path != NULL && !maa_runtime_is_json(slice_buf(
	    &in->runtime)))
		err_warn("%s is no JSON object: it goes as Binary and makes no "
		    "claim x-ms-runtime", io_name(runtime_path));
	ret = 0;
out:
	buf_free(&text);
	return ret;
}

/* POST body, or GET without one, and append the body of a 200. */
static int
ask_maa(struct slice issuer, const char *route, const struct buf *body,
    struct buf *out, struct err *e)
{
	struct ask how = {.cacert = cacert, .verbose = verbose,
	    .timeout = (unsigned)timeout.value,
	    .retries = (unsigned)retry.value};
	struct http_answer answer = {0};
	struct service_answer said;
	int ret;

	if (bearer_path != NULL && body != NULL &&
	    ask_bearer_file(bearer_path, &how.bearer, e) < 0)
		return -1;
	ret = ask(&how, issuer, route, body, &answer, e);
	said = http_service(&answer);
	if (ret == 0 && answer.status != 200)
		ret = maa_refused(&said, e);
	else if (ret == 0 && (ret = service_body(&said, e)) == 0)
		buf_add(out, slice_buf(&answer.body));
	http_free(&answer);
	buf_free(&how.bearer);
	return ret;
}

static int
get_keys(struct slice issuer, struct buf *out, struct err *e)
{
	struct buf body = {0};
	int ret;

	if ((ret = ask_maa(issuer, "/certs", NULL, &body, e)) == 0)
		ret = maa_keys(slice_buf(&body), out, e);
	buf_free(&body);
	return ret;
}

static int
get_token(struct slice issuer, const char *path, struct buf *out,
    struct err *e)
{
	struct buf body = {0}, answer = {0}, fresh = {0}, route = {0};
	struct slice from = answer_path != NULL ?
	    slice_str(io_name(answer_path)) :
	    slice_from(issuer, strlen("https://"));
	struct input in = {0};
	int ret;

	ask_nonce(&fresh);
	if ((ret = read_input(path, &in, e)) < 0)
		goto out;
	maa_body(&(struct maa_request){.report = slice_buf(&in.report),
	    .certs = slice_buf(&in.certs), .runtime = slice_buf(&in.runtime),
	    .endorsement = slice_buf(&in.endorsement), .nonce = nonce != NULL ?
	    nonce : (const char *)fresh.p}, &body);
	if (dry) {
		buf_add(out, slice_buf(&body));
		goto out;
	}
	buf_addf(&route, "/attest/SevSnpVm?api-version=%s", api_version);
	buf_addc(&route, '\0');
	ret = answer_path != NULL ?
	    io_read(answer_path, MAA_ANSWER_MAX, &answer, e) :
	    ask_maa(issuer, (const char *)route.p, &body, &answer, e);
	if (ret < 0)
		goto out;
	if ((ret = maa_answer(slice_buf(&answer), out, e)) == 0)
		ret = maa_check(slice_buf(out), &(struct maa_asked){
		    .issuer = issuer, .runtime = slice_buf(&in.runtime),
		    .report_data = snp_report_data(slice_buf(&in.report)),
		    .nonce = nonce != NULL || answer_path != NULL ? nonce :
		    (const char *)fresh.p}, e);
	if (ret < 0)
		(void)err_in(e, "%.*s", (int)from.n, from.p);
out:
	buf_free(&in.report);
	buf_free(&in.certs);
	buf_free(&in.endorsement);
	buf_free(&in.runtime);
	buf_free(&body);
	buf_free(&answer);
	buf_free(&fresh);
	buf_free(&route);
	return ret;
}

int
main(int argc, char **argv)
{
	struct buf issuer = {0}, out = {0};
	struct err e;
	int n = opt_parse(&tool, argc, &argv), status = E_OK, ret;

	command_line(n, n > 0 ? argv[0] : NULL);
	ret = endpoint_issuer(endpoint, &issuer, &e);
	if (ret == 0)
		ret = keys ? get_keys(slice_buf(&issuer), &out, &e) :
		    get_token(slice_buf(&issuer), n > 0 ? argv[0] : NULL,
		    &out, &e);
	buf_addc(&out, '\n');
	if (ret < 0 || io_write(output, 0, slice_buf(&out), &e) < 0)
		status = err_report(&e);
	buf_free(&issuer);
	buf_free(&out);
	return status;
}

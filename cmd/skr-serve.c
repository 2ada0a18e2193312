/* skr-serve -- the secure key release sidecar's HTTP interface. */
#include <stdlib.h>
#include <string.h>

#include "azure/endpoint.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "host/guard.h"
#include "net/http.h"
#include "net/identity.h"
#include "serve/allow.h"
#include "serve/listen.h"
#include "serve/serve.h"
#include "serve/skrargs.h"

static struct serve_config config;
static struct opt_list listen_at, allow;
static struct opt_num port = {SERVE_PORT, 0, 65535, false};
static struct opt_num timeout = {SERVE_TIMEOUT, 1, HTTP_TIMEOUT_MAX, false};
static struct opt_num retry = {SERVE_RETRIES, 0, HTTP_RETRIES_MAX, false};
static struct opt_num waiting = {SERVE_WAITING, 1, SERVE_WAITING_MAX, false};
static const char *base64, *level, *output, *server_type = "http";
static bool dry;

static const struct opt opts[] = {
	{0, "access-token-file", OPT_TEXT, &config.bearer_path, "FILE",
	    "the bearer token for vaults, if a request brings none"},
	{0, "allow-endpoint", OPT_LIST, &allow, "PATTERN",
	    "let requests name this host: HOST, *.SUFFIX, HOST:PORT"},
	{0, "base64", OPT_TEXT, &base64, "TEXT",
	    "settings: base64 of the original's JSON"},
	{0, "cacert", OPT_TEXT, &config.cacert, "FILE",
	    "trust these TLS roots, not the system's"},
	{0, "certs", OPT_LIST, &config.files.certs, "FILE",
	    "the leaf, and what leads to it, in any form; or a folder"},
	{0, "client-secret-file", OPT_TEXT, &config.secret_path, "FILE",
	    "the secret of the application that AZURE_CLIENT_ID names"},
	{0, "compat", OPT_FLAG, &config.compat, NULL,
	    "answer 403 wherever the original does"},
	{'C', "context", OPT_TEXT, &config.files.context, "DIR",
	    "security context ($UVM_SECURITY_CONTEXT_DIR)"},
	{'n', "dry-run", OPT_FLAG, &dry, NULL,
	    "read the files, print what would be served, and exit"},
	{'e', "endpoint", OPT_TEXT, &config.aa_endpoint, "ENDPOINT",
	    "the attestation provider of /aa/token"},
	{0, "identity", OPT_TEXT, &config.identity, "KIND:ID",
	    "the managed identity client:ID, object:ID or resource:ID"},
	{0, "listen", OPT_LIST, &listen_at, "ADDR",
	    "listen on ADDR[:PORT] or unix:PATH (default loopback)"},
	{0, "log-file", OPT_TEXT, &config.log_path, "FILE",
	    "append the log to FILE, not standard error"},
	{0, "log-json", OPT_FLAG, &config.log_json, NULL,
	    "log lines are JSON, not logfmt"},
	{0, "log-level", OPT_TEXT, &level, "error|warning|info|debug",
	    "what is logged (default info)"},
	{0, "max-waiting", OPT_NUM, &waiting, "N",
	    "requests that may wait for a thread (default 64)"},
	{0, "metrics", OPT_FLAG, &config.metrics, NULL,
	    "offer GET /metrics in Prometheus's text format"},
	{0, "no-verify-report", OPT_FLAG, &config.no_verify, NULL,
	    "hand reports out as the device gives them"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "with -n: write to FILE"},
	{0, "port", OPT_NUM, &port, "N", "port to listen on (default 8080)"},
	{0, "release-roots", OPT_TEXT, &config.release_roots, "FILE",
	    "trust these roots for releases, not the system's"},
	{0, "resource", OPT_TEXT, &config.resource, "URL",
	    "what access tokens are for (default by the vault's host)"},
	{0, "retry", OPT_NUM, &retry, "N",
	    "attempts after the first one (default 3)"},
	{0, "root", OPT_TEXT, &config.root, "FILE",
	    "trust this ARK, not AMD's"},
	{0, "server-type", OPT_CHOICE, &server_type, "http|grpc",
	    "http; grpc is not offered"},
	{0, "timeout", OPT_NUM, &timeout, "SECONDS",
	    "for each service a request needs (default 25)"},
	{'u', "uvm-endorsement", OPT_TEXT, &config.files.endorsement, "FILE",
	    "the utility VM's endorsement: COSE_Sign1 or its base64"},
	{0, "uvm-feed", OPT_TEXT, &config.uvm_feed, "FEED",
	    "that endorser's feed"},
	{0, "uvm-issuer", OPT_TEXT, &config.uvm_issuer, "DID",
	    "trust this endorser instead of Microsoft"},
	{0},
};

static const struct tool tool = {
	.name = "skr-serve",
	.summary = "serve reports, tokens and keys to a container group",
	.usage = "[--port N] [--listen ADDR]... [-C DIR] "
	    "[--allow-endpoint PATTERN]...\n"
	    "-n [-o FILE]",
	.min = 0, .max = 0, .opts = opts,
	.common = "port listen context allow-endpoint endpoint metrics "
	    "log-level dry-run",
	.example = "skr-serve --port 8080 -C \"$UVM_SECURITY_CONTEXT_DIR\"",
};

/* The provider of /aa/token, so that no request is the first to see it. */
static void
check_endpoint(void)
{
	struct buf issuer = {0};
	struct err e;

	if (config.aa_endpoint != NULL &&
	    endpoint_issuer(config.aa_endpoint, &issuer, &e) < 0)
		opt_wrong_hint(e.hint, "--endpoint: %s", e.text);
	buf_free(&issuer);
}

static void
command_line(void)
{
	struct err e;
	size_t i;

	config.level = LOG_INFO;
	if (strcmp(server_type, "grpc") == 0)
		opt_wrong_hint("key-release and blob-decrypt -f oaep do what "
		    "its key provider does", "--server-type: grpc is not "
		    "offered");
	if (level != NULL && !log_level_by_name(level, &config.level))
		opt_wrong_word("log-level", "error|warning|info|debug", level);
	if (identity_options(config.bearer_path, config.secret_path,
	    config.identity, &e) < 0)
		opt_wrong("%s", e.text);
	if ((config.uvm_issuer == NULL) != (config.uvm_feed == NULL))
		opt_wrong("--uvm-issuer and --uvm-feed go together");
	if (output != NULL && !dry)
		opt_wrong("-o goes with -n");
	for (i = 0; i < config.files.certs.n; i++)
		if (io_is_std(config.files.certs.v[i]))
			opt_wrong("--certs: read more than once, which "
			    "standard input cannot be");
	for (i = 0; i < listen_at.n; i++)
		if (!listen_ok(listen_at.v[i]))
			opt_wrong("--listen: neither an address nor "
			    "unix:PATH: %s", listen_at.v[i]);
	for (i = 0; i < allow.n; i++)
		if (!allow_pattern_ok(allow.v[i]))
			opt_wrong("--allow-endpoint: no HOST, *.SUFFIX or "
			    "HOST:PORT: %s", allow.v[i]);
	check_endpoint();
	config.listen = listen_at.v;
	config.nlisten = listen_at.n;
	config.allow = allow.v;
	config.nallow = allow.n;
	config.port = (unsigned)port.value;
	config.timeout = (unsigned)timeout.value;
	config.retries = (unsigned)retry.value;
	config.waiting = (size_t)waiting.value;
	config.files.cacert = config.cacert;
}

static const char *
text(const struct buf *b)
{
	return b->n > 0 ? (const char *)b->p : NULL;
}

/* The original's settings; its client_id is the one of several managed
 * identities, and no other application's than the environment's. */
static void
settings(struct skr_settings *s)
{
	struct err e;

	if (base64 == NULL)
		return;
	if (skrargs_read(base64, s, &e) < 0)
		opt_wrong("--base64: %s", e.text);
	config.files.source = s->source;
	config.files.cache = text(&s->cache);
	config.files.tee_type = text(&s->tee_type);
	config.files.query = text(&s->query);
	if (s->client_id.n > 0)
		(void)setenv("AZURE_CLIENT_ID", text(&s->client_id),
		    getenv("AZURE_TENANT_ID") == NULL);
}

int
main(int argc, char **argv)
{
	struct skr_settings s = {0};
	struct buf out = {0};
	struct err e;
	int ret;

	guard_secrets();
	argv = skrargs(&argc, argv);
	(void)opt_parse(&tool, argc, &argv);
	command_line();
	settings(&s);
	if (!dry)
		ret = serve_run(&config, &e);
	else if ((ret = serve_check(&config, &out, &e)) == 0)
		ret = io_write(output, 0, slice_buf(&out), &e);
	buf_free(&out);
	skrargs_free(&s);
	free(listen_at.v);
	free(allow.v);
	free(config.files.certs.v);
	return ret < 0 ? err_report(&e) : E_OK;
}

/* key-release -- make a wrapping key; exchange a token for a released key. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "azure/saved.h"
#include "jose/jwk.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "host/guard.h"
#include "net/askopt.h"
#include "net/identity.h"
#include "net/sidecar.h"
#include "net/vault.h"

static const char *key_path, *token_path, *answer_path, *output, *roots_path;
static const char *nonce, *sidecar, *endpoint, *enc = AKV_ENC;
static bool generate, again, dry, force, show;
static struct vault vault = {.api_version = AKV_API_VERSION};
static struct opt_num bits = {2048, KEY_RSA_MIN, 4096, false};
static struct opt_num timeout = ASKOPT_TIMEOUT_NUM;
static struct opt_num retry = ASKOPT_RETRY_NUM;

static const struct opt opts[] = {
	{0, "access-token-file", OPT_TEXT, &vault.bearer_path, "FILE",
	    "the bearer token that the vault wants to see"},
	{0, "api-version", OPT_TEXT, &vault.api_version, "VERSION",
	    "of the vault (default " AKV_API_VERSION ")"},
	{0, "bits", OPT_NUM, &bits, "N",
	    "size of the key made by -G, 2048 to 4096 (default 2048)"},
	ASKOPT_CACERT(vault.ask),
	{'n', "dry-run", OPT_FLAG, &dry, NULL,
	    "print the body of the request without the token, send nothing"},
	{0, "client-secret-file", OPT_TEXT, &vault.secret_path, "FILE",
	    "the secret of the application that AZURE_CLIENT_ID names"},
	{0, "enc", OPT_CHOICE, &enc, AKV_ENCS,
	    "how the vault wraps the key (default " AKV_ENC ")"},
	{'e', "endpoint", OPT_TEXT, &endpoint, "ENDPOINT",
	    "with --skr: the attestation provider"},
	{0, "force", OPT_FLAG, &force, NULL,
	    "let -G replace a file that is there"},
	{'G', "generate", OPT_FLAG, &generate, NULL,
	    "make a wrapping key and print its runtime data"},
	{0, "identity", OPT_TEXT, &vault.identity, "KIND:ID",
	    "the managed identity client:ID, object:ID or resource:ID"},
	{'k', "key", OPT_TEXT, &key_path, "FILE",
	    "the private wrapping key; with -G where to write it"},
	{0, "nonce", OPT_TEXT, &nonce, "TEXT",
	    "what the vault must sign (default random)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE, made with mode 0600"},
	{0, "public", OPT_FLAG, &again, NULL,
	    "print the runtime data of a wrapping key again"},
	{0, "release-roots", OPT_TEXT, &roots_path, "FILE",
	    "trust these roots for the release, not the system's"},
	{0, "resource", OPT_TEXT, &vault.resource, "URL",
	    "what the access token is for (default by the vault's host)"},
	{'R', "response", OPT_TEXT, &answer_path, "FILE",
	    "read the vault's answer from FILE and send nothing"},
	ASKOPT_RETRY(retry),
	{0, "show", OPT_FLAG, &show, NULL,
	    "print the vault's public half of the key and its release policy"},
	{0, "skr", OPT_TEXT, &sidecar, "URL",
	    "let this SKR sidecar attest and release the key"},
	ASKOPT_TIMEOUT(timeout),
	{'t', "token", OPT_TEXT, &token_path, "FILE",
	    "the attestation token"},
	ASKOPT_VERBOSE(vault.ask),
	{0},
};

static const struct tool tool = {
	.name = "key-release",
	.summary = "release a key from a vault to an attested environment",
	.usage = "-k FILE -t TOKEN [-o FILE] KEYURL\n"
	    "-G -k FILE [--bits N] [--force] [-o FILE]\n"
	    "--public -k FILE [-o FILE]\n"
	    "--skr URL -e ENDPOINT [-o FILE] KEYURL\n"
	    "--show [-o FILE] KEYURL",
	.operand = "KEYURL", .min = 0, .max = 1, .opts = opts,
	.common = "key token output generate public skr endpoint",
	.example = "key-release -k wrap.pem -t token.jwt -o key.jwk \\\n    "
	    "https://myvault.vault.azure.net/keys/mykey",
};

/* One way to say who one is. */
static void
check_identity(void)
{
	struct err e;

	if (identity_options(vault.bearer_path, vault.secret_path,
	    vault.identity, &e) < 0)
		opt_wrong("%s", e.text);
	if (sidecar != NULL && (vault.secret_path != NULL ||
	    vault.identity != NULL))
		opt_wrong_hint("identity in SkrSideCarArgs says which, "
		    "--access-token-file shows it a token", "a sidecar has an "
		    "identity of its own");
}

static void
need_address(int operands)
{
	if (operands == 0)
		opt_missing("such as https://VAULT.vault.azure.net/keys/NAME",
		    "the key's address, KEYURL,");
	if (!ask_version_ok(vault.api_version))
		opt_wrong("--api-version: no version: %s",
		    vault.api_version);
}

static void
command_line(int operands)
{
	check_identity();
	if (sidecar != NULL) {
		if (key_path != NULL || token_path != NULL || generate ||
		    again || dry || show || answer_path != NULL ||
		    nonce != NULL)
			opt_wrong("a sidecar makes the key and the token by "
			    "itself: --skr takes only -e and KEYURL");
		if (endpoint == NULL)
			opt_missing(NULL, "the provider, -e,");
		need_address(operands);
		return;
	}
	if (endpoint != NULL)
		opt_wrong("-e goes with --skr");
	if (show) {
		if (key_path != NULL || token_path != NULL || generate ||
		    again || dry || answer_path != NULL || nonce != NULL ||
		    force || bits.set)
			opt_wrong("--show takes KEYURL and options of the "
			    "network and the identity only");
		need_address(operands);
		return;
	}
	if (key_path == NULL && !dry)
		opt_missing(generate ? "it is the file to write it to" :
		    "key-release -G makes it", "the wrapping key, -k,");
	if (generate || again) {
		if (generate && again)
			opt_wrong("-G and --public exclude each other");
		if (operands > 0 || token_path != NULL || dry ||
		    answer_path != NULL)
			opt_wrong("%s takes no key address, and no -t, -n or "
			    "-R", generate ? "-G" : "--public");
	}
	if (generate) {
		if (bits.value % 8 != 0)
			opt_wrong("--bits: not a multiple of 8");
		if (strcmp(key_path, "-") == 0)
			opt_wrong("-G writes the private key to a file only");
		return;
	}
	if (bits.set || force)
		opt_wrong("--bits and --force go with -G");
	if (again)
		return;
	need_address(operands);
	if (dry && answer_path != NULL)
		opt_wrong("-n and -R exclude each other");
	if (token_path == NULL && answer_path == NULL && !dry)
		opt_missing("maa-token gets it",
		    "the attestation token, -t,");
	if (key_path != NULL && token_path != NULL &&
	    strcmp(key_path, "-") == 0 && strcmp(token_path, "-") == 0)
		opt_wrong("standard input can be read only once");
	if (nonce != NULL && !ask_nonce_ok(nonce))
		opt_wrong("--nonce: not 1 to %d characters of printable ASCII",
		    ASK_NONCE_MAX);
}

/* What is printed must not take the place of the private key. */
static int
beside_key(struct err *e)
{
	struct stat key, out;

	if (io_is_std(output) || stat(key_path, &key) < 0 ||
	    stat(output, &out) < 0 || key.st_dev != out.st_dev ||
	    key.st_ino != out.st_ino)
		return 0;
	return err_set(e, E_USAGE, "%s: -k and -o name the same file", output);
}

static int
print_runtime(const struct key *key, struct err *e)
{
	struct buf runtime = {0};
	int ret;

	if (beside_key(e) < 0)
		return -1;
	jwk_runtime_data(key, &runtime);
	buf_addc(&runtime, '\n');
	ret = io_write(output, 0, slice_buf(&runtime), e);
	buf_free(&runtime);
	return ret;
}

static int
make_key(struct err *e)
{
	struct buf pem = {0};
	struct key *key = NULL;
	int ret = -1;

	if (io_may_write(key_path, force ? 0 : IO_NEW, e) < 0)
		return err_hint(e, "--public prints its runtime data again, "
		    "--force replaces it");
	if (beside_key(e) < 0 ||
	    key_generate_rsa((unsigned)bits.value, &key, e) < 0)
		return -1;
	key_to_pkcs8_pem(key, &pem);
	ret = io_write(key_path, IO_SECRET | (force ? 0u : IO_NEW),
	    slice_buf(&pem), e);
	if (ret == 0 && (ret = print_runtime(key, e)) < 0 && !force)
		/* a key nobody has the runtime data of */
		(void)unlink(key_path);
	buf_free(&pem);
	key_free(key);
	return ret;
}

static int
show_key(struct err *e)
{
	struct key *key = NULL;
	int ret;

	if (vault_key(key_path, &key, e) < 0)
		return -1;
	ret = print_runtime(key, e);
	key_free(key);
	return ret;
}

static int
release(const struct endpoint_key *url, const struct key *wrap,
    const struct certs *roots, struct buf *jwk, struct err *e)
{
	struct buf token = {0}, body = {0}, answer = {0}, fresh = {0};
	struct slice from = answer_path != NULL ?
	    slice_str(io_name(answer_path)) :
	    slice_from(slice_buf(&url->base), strlen("https://"));
	const char *sent = nonce;
	int ret;

	if (nonce == NULL && answer_path == NULL) {
		ask_nonce(&fresh);
		sent = (const char *)fresh.p;
	}
	if ((ret = vault_token(token_path, wrap, &token, e)) < 0)
		goto out;
	vault.token = slice_buf(&token);
	akv_body(slice_head(vault.token, dry ? 0 : token.n), enc, sent, &body);
	if (dry) {
		buf_add(jwk, slice_buf(&body));
		goto out;
	}
	if (answer_path == NULL)
		ret = vault_release(&vault, url, &body, &answer, e);
	else if ((ret = io_read(answer_path, AKV_ANSWER_MAX, &answer,
	    e)) == 0 && (ret = saved_akv(slice_buf(&answer),
	    io_name(answer_path), e)) < 0)
		goto out;
	if (ret == 0 && (ret = akv_open(slice_buf(&answer), &(struct akv_asked){
	    .key = url, .enc = enc, .nonce = sent, .roots = roots, .wrap = wrap,
	    .at = (int64_t)time(NULL)}, jwk, e)) < 0)
		(void)err_in(e, "%.*s", (int)from.n, from.p);
out:
	buf_free(&token);
	buf_free(&body);
	buf_free(&answer);
	buf_free(&fresh);
	return ret;
}

static int
run(const char *address, struct err *e)
{
	struct endpoint_key url = {0};
	struct certs roots = {0};
	unsigned secret = dry || show ? 0 : IO_SECRET;
	struct key *wrap = NULL;
	struct buf jwk = {0};
	int ret = -1;

	/* all that can be known to fail fails before anything is sent */
	guard_may(GUARD_READ, vault.ask.cacert);
	guard_may(GUARD_READ, vault.bearer_path);
	guard_may(GUARD_READ, vault.secret_path);
	guard_may(GUARD_READ, getenv("AZURE_CLIENT_CERTIFICATE_PATH"));
	guard_may(GUARD_READ, getenv("AZURE_FEDERATED_TOKEN_FILE"));
	http_guard(vault.ask.verbose);
	if (endpoint_key(address, &url, e) < 0 ||
	    io_may_write(output, secret, e) < 0 ||
	    io_prepare(output, secret, e) < 0 ||
	    (!dry && !show && sidecar == NULL &&
	    (vault_key(key_path, &wrap, e) < 0 ||
	    vault_roots(roots_path, &roots, e) < 0)))
		goto out;
	ret = show ? vault_show(&vault, &url, &jwk, e) :
	    sidecar != NULL ? sidecar_release(&vault, sidecar, endpoint, &url,
	    &jwk, e) :
	    release(&url, wrap, &roots, &jwk, e);
	buf_addc(&jwk, '\n');
	if (ret == 0)
		ret = io_write(output, secret, slice_buf(&jwk), e);
out:
	endpoint_key_free(&url);
	key_free(wrap);
	certs_free(&roots);
	buf_free(&jwk);
	return ret;
}

int
main(int argc, char **argv)
{
	struct err e = {0};
	int n;

	guard_secrets();
	n = opt_parse(&tool, argc, &argv);
	command_line(n);
	vault.ask.timeout = (unsigned)timeout.value;
	vault.ask.exact = timeout.set;
	vault.ask.retries = (unsigned)retry.value;
	if ((generate ? make_key(&e) : again ? show_key(&e) :
	    run(argv[0], &e)) < 0)
		return err_report(&e);
	return E_OK;
}

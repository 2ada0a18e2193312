/* snp-certs -- see snp-certs(1). */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "azure/endpoint.h"
#include "evidence/kds.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "host/evidence.h"
#include "net/askopt.h"
#include "net/collect.h"

static struct evidence_files files;
static struct ask network;
static struct collect how = {.kds.ask = &network};
static struct opt_list from;
static struct opt_num timeout = ASKOPT_TIMEOUT_NUM, retry = ASKOPT_RETRY_NUM;
static struct opt_time at;
static const char *output, *kds;

static const struct opt opts[] = {
	{0, "at", OPT_TIME, &at, "TIME", "judge certificates by TIME, not now"},
	ASKOPT_CACERT(network),
	{0, "crl", OPT_FLAG, &how.crl, NULL,
	    "the revocation list of their product too"},
	{0, "from", OPT_LIST, &from, "kds|thim|FILE",
	    "a service, or certificates, or a folder (default kds)"},
	{0, "kds", OPT_TEXT, &kds, "URL",
	    "the key server (default " KDS_BASE ")"},
	{0, "offline", OPT_FLAG, &how.offline, NULL, "ask nobody"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write to FILE, whole or not at all"},
	ASKOPT_RETRY(retry),
	{0, "root", OPT_TEXT, &files.root, "FILE", "trust this ARK, not AMD's"},
	ASKOPT_TIMEOUT(timeout),
	ASKOPT_VERBOSE(network),
	{0},
};

static const struct tool tool = {
	.name = "snp-certs",
	.summary = "find the certificates that prove an SEV-SNP report",
	.usage = "[--from SOURCE]... [--crl] [--offline] [-o FILE] [REPORT]",
	.operand = "REPORT", .min = 0, .max = 1, .opts = opts,
	.common = "from crl offline output",
	.example = "snp-certs --crl -o certs.pem report.bin",
};

static void
command_line(void)
{
	size_t i;

	for (i = 0; i < from.n; i++) {
		if (strcmp(from.v[i], "kds") != 0 &&
		    strcmp(from.v[i], "thim") != 0)
			continue;
		if (from.n > 1)
			opt_wrong("--from %s stands alone", from.v[i]);
		how.from = from.v[i][0] == 'k' ? COLLECT_KDS : COLLECT_THIM;
		return;
	}
	if (from.n > 0)
		how.from = COLLECT_FILES;
	how.files = from;
}

static void
print(struct collected *c, struct buf *out)
{
	int i;

	for (i = 0; i < AMD_CHAIN; i++)
		cert_pem(c->picked.v[i], out);
	if (c->crl.n > 0)
		cert_crl_pem(slice_buf(&c->crl), out);
}

/* What a person should know beside the certificates. */
static void
remark(const struct collected *c)
{
	struct slice s = slice_buf(&c->stale), line;
	struct buf text = {0};

	for (; s.n > 0; s = slice_from(s, line.n + 1)) {
		line = slice_head(s, slice_find(s, '\n'));
		err_warn("in the cache, and not right: %.*s", (int)line.n,
		    (const char *)line.p);
	}
	if (c->no_cache.text[0] != '\0')
		err_warn("nothing is kept: %s", c->no_cache.text);
	if (network.verbose && c->picked.v[AMD_LEAF] != NULL) {
		picked_text(&c->picked, &text);
		err_note("%.*s", (int)text.n, (const char *)text.p);
	}
	buf_free(&text);
}

int
main(int argc, char **argv)
{
	struct collected found = {0};
	struct evidence v = {0};
	struct buf out = {0}, base = {0};
	struct err e;
	int ret;

	if (opt_parse(&tool, argc, &argv) > 0)
		files.report = argv[0];
	command_line();
	network.timeout = (unsigned)timeout.value;
	network.retries = (unsigned)retry.value;
	how.at = at.set ? at.at : (int64_t)time(NULL);
	how.root_name = files.root;
	how.guard = true;
	ret = endpoint_issuer(kds != NULL ? kds : KDS_BASE, &base, &e);
	how.kds.base = slice_buf(&base);
	if (ret < 0)
		(void)err_in(&e, "--kds");
	else if ((ret = evidence_report(&files, &v, &e)) == 0 &&
	    (ret = evidence_root(&files, &v, &e)) == 0) {
		how.root = v.root.n > 0 ? v.root.v[0] : NULL;
		ask_begin(&network);
		ret = io_prepare(output, 0, &e);
	}
	if (ret == 0) {
		ret = collect(&how, v.report, &found, &e);
		remark(&found);
	}
	if (ret == 0) {
		print(&found, &out);
		ret = io_write(output, 0, slice_buf(&out), &e);
	}
	collected_free(&found);
	evidence_free(&v);
	buf_free(&out);
	buf_free(&base);
	free(from.v);
	return ret < 0 ? err_report(&e) : E_OK;
}

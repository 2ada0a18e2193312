/* snp-report -- see snp-report(1). */
#include <stdlib.h>
#include <string.h>

#include "evidence/certtable.h"
#include "azure/endpoint.h"
#include "evidence/report.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "host/context.h"
#include "host/runtimefile.h"
#include "net/http.h"
#include "net/metadata.h"
#include "device/sev.h"
#include "net/sidecar.h"

static const char *runtime_path, *data_hex, *output;
static const char *certs_path, *endorsement_path;
static const char *source = "auto";
static struct opt_num vmpl = {.max = SEV_VMPL_MAX};

static const struct opt opts[] = {
	{0, "certs-out", OPT_TEXT, &certs_path, "FILE",
	    "write the platform's certificates to FILE"},
	{0, "endorsement-out", OPT_TEXT, &endorsement_path, "FILE",
	    "write a sidecar's UVM endorsement to FILE"},
	{'d', "report-data", OPT_TEXT, &data_hex, "HEX",
	    "report data: 64 bytes, or a digest of 32 or 48"},
	{'l', "vmpl", OPT_NUM, &vmpl, "N",
	    "privilege level the report is for, 0 to 3 (default 0)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write the report to FILE"},
	{'r', "runtime-data", OPT_TEXT, &runtime_path, "FILE",
	    "report data: the file's SHA-256, then zeros"},
	{'s', "source", OPT_TEXT, &source,
	    "auto|sev-guest|sev|tsm|vtpm|URL",
	    "a device, or an SKR sidecar (default auto)"},
	{0},
};

static const struct tool tool = {
	.name = "snp-report",
	.summary = "print a hardware-signed SEV-SNP attestation report",
	.usage = "[-r FILE | -d HEX] [-l N] [-s SOURCE] [--certs-out FILE] "
	    "[-o FILE]\n"
	    "-s URL -r FILE [--certs-out FILE] [--endorsement-out FILE] "
	    "[-o FILE]",
	.opts = opts,
	.common = "runtime-data source certs-out output",
	.example = "snp-report -r runtime.json -o report.bin",
};

static bool
is_url(const char *s)
{
	return strstr(s, "://") != NULL;
}

static enum sev_source
device(const char *name)
{
	static const char *const names[] = {
		[SEV_AUTO] = "auto", [SEV_GUEST] = "sev-guest",
		[SEV_LEGACY] = "sev", [SEV_TSM] = "tsm",
		[SEV_VTPM] = "vtpm",
	};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum sev_source)i;
	opt_wrong_word("source", "auto|sev-guest|sev|tsm|vtpm|URL", name);
}

/* What came, whoever gave it. */
struct got {
	struct buf report, certs, endorsement;
};

/* One request serves for all that the sidecar has. */
static int
all_of_sidecar(const char *base, struct slice runtime, struct got *g,
    struct err *e)
{
	struct skr_combined c = {0};

	if (sidecar_evidence(base, runtime, &c, e) < 0)
		return -1;
	buf_add(&g->report, slice_buf(&c.report));
	buf_add(&g->certs, slice_buf(&c.certs));
	buf_add(&g->endorsement, slice_buf(&c.endorsement));
	skr_combined_free(&c);
	if (endorsement_path != NULL && g->endorsement.n == 0)
		return err_set(e, E_INPUT, "%s: the sidecar has no "
		    "endorsement", base);
	return 0;
}

static int
from_sidecar(struct slice runtime, struct got *g, struct err *e)
{
	struct buf base = {0};
	int ret;

	if ((ret = endpoint_sidecar(source, &base, e)) == 0) {
		buf_addc(&base, '\0');
		if (certs_path != NULL || endorsement_path != NULL)
			ret = all_of_sidecar((char *)base.p, runtime, g, e);
		else
			ret = sidecar_report((char *)base.p, runtime,
			    &g->report, e);
	}
	buf_free(&base);
	return ret;
}

/* A host that has no whole chain is as one that has none. */
static int
find_certs(const struct sev_answer *a, struct buf *out, struct err *e)
{
	bool vlek = snp_signer(slice_buf(&a->report)) == SNP_SIGNER_VLEK;
	struct certtable table;

	if (certtable_read(slice_buf(&a->certs), &table, e) < 0)
		return -1;
	if (certtable_pem(&table, vlek, out, e) == 0 ||
	    metadata_thim(out, e) == 0)
		return 0;
	if (context_dir(NULL) != NULL)
		(void)err_hint(e, "the host gave no chain with the report; "
		    "snp-verify and maa-token take those of %s",
		    context_dir(NULL));
	else if (e->hint[0] == '\0')
		(void)err_hint(e, "the host gave no chain with the report; "
		    "a sidecar may have one: -s URL");
	return err_in(e, "certificates");
}

static int
from_device(struct slice runtime, struct got *g, struct err *e)
{
	struct sev_request rq = {.vmpl = (uint32_t)vmpl.value,
	    .given = runtime_path != NULL || data_hex != NULL,
	    .certs = certs_path != NULL, .blob = true};
	struct sev_answer answer = {0};
	int ret = 0;

	if (runtime_path != NULL)
		snp_runtime_report_data(runtime, rq.data);
	if (data_hex != NULL && snp_hex_report_data(data_hex, rq.data, e) < 0)
		return -1;
	if (sev_report(device(source), &rq, &answer, e) < 0)
		return -1;
	buf_add(&g->report, slice_buf(answer.blob.n > 0 ? &answer.blob :
	    &answer.report));
	if (certs_path != NULL)
		ret = find_certs(&answer, &g->certs, e);
	sev_free(&answer);
	return ret;
}

/* Whatever else was asked for, then the report. */
static int
write_all(const struct got *g, struct err *e)
{
	if (certs_path != NULL &&
	    io_write(certs_path, 0, slice_buf(&g->certs), e) < 0)
		return -1;
	if (endorsement_path != NULL && io_write(endorsement_path, 0,
	    slice_buf(&g->endorsement), e) < 0)
		return -1;
	return io_write(output, IO_BINARY, slice_buf(&g->report), e);
}

/* One file takes one result. */
static void
check_outputs(void)
{
	const char *const to[] = {output != NULL ? output : "-", certs_path,
	    endorsement_path};
	size_t i, j;

	for (i = 1; i < sizeof to / sizeof *to; i++)
		for (j = 0; to[i] != NULL && j < i; j++)
			if (to[j] != NULL && strcmp(to[i], to[j]) == 0)
				opt_wrong("two results cannot go to %s",
				    strcmp(to[i], "-") == 0 ?
				    "standard output" : to[i]);
}

static void
check_usage(void)
{
	check_outputs();
	if (runtime_path != NULL && data_hex != NULL)
		opt_wrong("-r and -d exclude each other");
	if (!is_url(source)) {
		(void)device(source);
		if (endorsement_path != NULL)
			opt_missing("only a sidecar gives an endorsement",
			    "a sidecar, -s URL,");
		return;
	}
	if (data_hex != NULL || vmpl.set)
		opt_wrong("a sidecar hashes the runtime data and chooses the "
		    "VMPL by itself: -r, not -d or -l");
	if (runtime_path == NULL)
		opt_missing("a sidecar hashes it by itself",
		    "the runtime data, -r,");
}

int
main(int argc, char **argv)
{
	struct buf runtime = {0};
	struct got got = {0};
	struct err e;
	int status = E_OK;

	(void)opt_parse(&tool, argc, &argv);
	check_usage();
	http_guard(false);
	if (io_may_write(output, IO_BINARY, &e) < 0 ||
	    io_prepare(certs_path, 0, &e) < 0 ||
	    io_prepare(endorsement_path, 0, &e) < 0 ||
	    io_prepare(output, IO_BINARY, &e) < 0 ||
	    (runtime_path != NULL &&
	    runtimefile_read(runtime_path, &runtime, &e) < 0) ||
	    (is_url(source) ? from_sidecar : from_device)(slice_buf(&runtime),
	    &got, &e) < 0 ||
	    write_all(&got, &e) < 0)
		status = err_report(&e);
	buf_free(&runtime);
	buf_free(&got.report);
	buf_free(&got.certs);
	buf_free(&got.endorsement);
	return status;
}

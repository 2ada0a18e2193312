/* snp-report -- see snp-report(1). */
#include <stdlib.h>
#include <string.h>

#include "format/endpoint.h"
#include "format/snp.h"
#include "ground/io.h"
#include "ground/opt.h"
#include "world/sev.h"
#include "world/sidecar.h"

static const char *runtime_path, *data_hex, *output;
static const char *source = "auto";
static struct opt_num vmpl = {.max = SEV_VMPL_MAX};

static const struct opt opts[] = {
	{'d', "report-data", OPT_TEXT, &data_hex, "HEX",
	    "report data: 64 bytes, or a digest of 32 or 48"},
	{'l', "vmpl", OPT_NUM, &vmpl, "N",
	    "privilege level the report is for, 0 to 3 (default 0)"},
	{'o', "output", OPT_TEXT, &output, "FILE",
	    "write the report to FILE"},
	{'r', "runtime-data", OPT_TEXT, &runtime_path, "FILE",
	    "report data: the file's SHA-256, then zeros"},
	{'s', "source", OPT_TEXT, &source, "SOURCE",
	    "auto, sev-guest, sev, tsm, or an SKR sidecar's URL"},
	{0},
};

static const struct tool tool = {
	.name = "snp-report",
	.summary = "print a hardware-signed SEV-SNP attestation report",
	.usage = "[-r FILE | -d HEX] [-l N] [-s SOURCE] [-o FILE]",
	.opts = opts,
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
	};
	size_t i;

	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return (enum sev_source)i;
	opt_wrong("--source: not auto, sev-guest, sev, tsm or a URL: %s",
	    name);
}

static int
from_sidecar(struct slice runtime, struct buf *report, struct err *e)
{
	struct buf base = {0};
	int ret;

	if ((ret = endpoint_sidecar(source, &base, e)) == 0) {
		buf_addc(&base, '\0');
		ret = sidecar_report((char *)base.p, runtime, report, e);
	}
	buf_free(&base);
	return ret;
}

static int
from_device(struct slice runtime, struct buf *report, struct err *e)
{
	struct sev_request rq = {.vmpl = (uint32_t)vmpl.value};
	struct sev_answer answer = {0};

	if (runtime_path != NULL)
		snp_runtime_report_data(runtime, rq.data);
	if (data_hex != NULL && snp_hex_report_data(data_hex, rq.data, e) < 0)
		return -1;
	if (sev_report(device(source), &rq, &answer, e) < 0)
		return -1;
	buf_add(report, slice_buf(&answer.report));
	sev_free(&answer);
	return 0;
}

static void
check_usage(void)
{
	if (runtime_path != NULL && data_hex != NULL)
		opt_wrong("-r and -d exclude each other");
	if (!is_url(source)) {
		(void)device(source);
		return;
	}
	if (data_hex != NULL || vmpl.set)
		opt_wrong("a sidecar hashes the runtime data and chooses the "
		    "VMPL by itself: -r, not -d or -l");
	if (runtime_path == NULL)
		opt_wrong("a sidecar needs the runtime data: -r is missing");
}

int
main(int argc, char **argv)
{
	struct buf runtime = {0}, report = {0};
	struct err e;
	int status = E_OK;

	(void)opt_parse(&tool, argc, &argv);
	check_usage();
	if (io_may_write(output, IO_BINARY, &e) < 0 ||
	    (runtime_path != NULL &&
	    io_read(runtime_path, SNP_RUNTIME_MAX, &runtime, &e) < 0) ||
	    (is_url(source) ? from_sidecar : from_device)(slice_buf(&runtime),
	    &report, &e) < 0 ||
	    io_write(output, IO_BINARY, slice_buf(&report), &e) < 0)
		status = err_report(&e);
	buf_free(&runtime);
	buf_free(&report);
	return status;
}

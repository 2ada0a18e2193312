/* sev.c -- see sev.h. */
#include "device/sev.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "codec/bytes.h"
#include "codec/hex.h"
#include "evidence/fwstatus.h"

static const struct {
	const char *path;
	int (*report)(const struct sev_request *, struct sev_answer *,
	    struct err *);
} sources[] = {
	[SEV_GUEST] = {"/dev/sev-guest", sev_guest_report},
	[SEV_LEGACY] = {"/dev/sev", sev_legacy_report},
	[SEV_TSM] = {"/sys/kernel/config/tsm/report", sev_tsm_report},
	[SEV_VTPM] = {"/dev/tpmrm0", sev_vtpm_report},
};

const char *
sev_path(enum sev_source source)
{
	return sources[source].path;
}

static const char vmpck[] = "the guest's message key (VMPCK) may now be "
    "disabled: if later requests fail too, only a restart of the guest "
    "brings it back";

static const char no_device[] = "in a container, the device must be passed "
    "in; in a guest, 'modprobe sev-guest' makes it";

int
sev_absent(const char *hint, struct err *e)
{
	if (access("/dev/tpmrm0", F_OK) == 0 || access("/dev/tpm0", F_OK) == 0)
		hint = "an Azure confidential VM keeps its report in the "
		    "vTPM: snp-report -s vtpm > report.hcl";
	return err_hint(e, "%s", hint);
}

int
sev_open(const char *path, struct err *e)
{
	int fd = open(path, O_RDWR | O_CLOEXEC), why = errno;

	if (fd >= 0)
		return fd;
	(void)err_sys(e, "%s", path);
	if (why == ENOENT)
		return sev_absent(no_device, e);
	if (why == EACCES || why == EPERM)
		return err_hint(e, "the device is root's: run as root, or "
		    "give the container the right to it");
	return -1;
}

static int
firmware_failed(const char *path, const char *what, uint32_t code,
    struct err *e)
{
	return err_set(e, E_SYSTEM, "%s: %s %u (0x%x) %s", path, what, code,
	    code, fwstatus_name(code));
}

/* EIO: the hypervisor's word counts before the firmware's, which was then not
 * asked or did not get to answer. */
static int
failed_eio(const char *path, uint32_t firmware, uint32_t hypervisor,
    struct err *e)
{
	if (hypervisor == 1)
		return err_set(e, E_SYSTEM, "%s: hypervisor error 1: its "
		    "certificate table does not fit %d bytes", path,
		    SEV_CERTS_MAX);
	if (hypervisor == 2) {
		(void)err_set(e, E_SYSTEM, "%s: hypervisor error 2: busy",
		    path);
		return err_hint(e, "it limits how often a guest may ask: "
		    "try again in some seconds");
	}
	if (hypervisor != 0)
		(void)err_set(e, E_SYSTEM, "%s: hypervisor error %u (0x%x)",
		    path, hypervisor, hypervisor);
	else if (firmware == 0)
		(void)err_sys(e, "%s: report request", path);
	else if (firmware == FW_NOT_CALLED)
		(void)err_set(e, E_SYSTEM, "%s: the firmware was never "
		    "called", path);
	else
		(void)firmware_failed(path, "firmware error", firmware, e);
	if (hypervisor == 0 && firmware == FW_INVALID_PARAM)
		return err_hint(e, "ask for the VMPL the guest runs at, or a "
		    "higher one, with -l; %s", vmpck);
	return err_hint(e, "%s", vmpck);
}

int
sev_failed(const char *path, uint32_t firmware, uint32_t hypervisor,
    struct err *e)
{
	switch (errno) {
	case EIO:
		return failed_eio(path, firmware, hypervisor, e);
	case ENOTTY:
		(void)err_set(e, E_SYSTEM, "%s: report request not known: "
		    "another device's driver, or the guest's message key "
		    "(VMPCK) is disabled", path);
		return err_hint(e, "where dmesg says 'VMPCK is disabled', "
		    "only a restart of the guest brings it back");
	case EBADMSG:
		(void)err_set(e, E_SYSTEM, "%s: the firmware's answer is not "
		    "authentic or out of sequence", path);
		return err_hint(e, "%s", vmpck);
	case ENOSR:
		return err_set(e, E_SYSTEM, "%s: no memory to share with the "
		    "hypervisor", path);
	case ETIMEDOUT:
		(void)err_set(e, E_SYSTEM, "%s: the hypervisor was busy for "
		    "as long as the kernel waits", path);
		return err_hint(e, "it limits how often a guest may ask: "
		    "try again in a minute");
	default:
		return err_sys(e, "%s: report request", path);
	}
}

int
sev_response(const char *path, struct slice message, struct sev_answer *a,
    struct err *e)
{
	enum { HEAD = 32 };	/* bytes before the report */
	uint32_t status = le32(message.p), size = le32(message.p + 4);

	if (status != 0) {
		(void)firmware_failed(path, "report refused with status",
		    status, e);
		if (status == FW_INVALID_PARAM)
			return err_hint(e, "ask for the VMPL the guest runs "
			    "at, or a higher one, with -l");
		return -1;
	}
	if (size != SNP_SIZE)
		return err_set(e, E_SYSTEM, "%s: a report of %u bytes "
		    "instead of %d", path, size, SNP_SIZE);
	buf_add(&a->report, slice_head(slice_from(message, HEAD), SNP_SIZE));
	return 0;
}

/* The interface's answer is the machine's, so what is wrong with it is
 * E_SYSTEM; another's report data is the answer no. */
static int
check(const char *path, const struct sev_request *rq,
    const struct sev_answer *a, struct err *e)
{
	struct slice r = slice_buf(&a->report);
	struct buf is = {0};
	bool blob = a->blob.n > 0;

	if (snp_check(r, e) < 0) {
		e->code = E_SYSTEM;
		return err_in(e, "%s", path);
	}
	/* in a blob the data is where sev_vtpm_report() compared it */
	if (blob || slice_eq(snp_report_data(r), slice_of(rq->data,
	    sizeof rq->data)))
		return 0;
	hex_encode(snp_report_data(r), &is);
	(void)err_set(e, E_NO, "%s: the report carries other report data "
	    "than asked for: %.*s", path, (int)is.n, (const char *)is.p);
	buf_free(&is);
	return -1;
}

/* A report is never made up: who is no guest is told so. */
static int
no_guest(bool tpm, struct err *e)
{
	(void)err_set(e, E_SYSTEM, "not an SEV-SNP guest: no /dev/sev-guest, "
	    "/dev/sev or /sys/kernel/config/tsm/report%s", tpm ?
	    ", and no report in the TPM" : "");
	return tpm ? err_hint(e, "%s", no_device) : sev_absent(no_device, e);
}

int
sev_report(enum sev_source source, const struct sev_request *rq,
    struct sev_answer *out, struct err *e)
{
	bool any = source == SEV_AUTO;
	struct sev_answer a = {0};
	int i, ret;

	for (i = SEV_GUEST; source == SEV_AUTO && i <= (rq->blob ? SEV_VTPM :
	    SEV_TSM); i++)
		if (access(sources[i].path, F_OK) == 0)
			source = (enum sev_source)i;
	if (source == SEV_AUTO)
		return no_guest(false, e);
	ret = sources[source].report(rq, &a, e);
	if (any && a.absent)
		ret = no_guest(true, e);
	if (ret == 0)
		ret = check(sources[source].path, rq, &a, e);
	if (ret == 0)
		*out = a;
	else
		sev_free(&a);
	return ret;
}

bool
sev_present(void)
{
	int i;

	for (i = SEV_GUEST; i <= SEV_TSM; i++)
		if (access(sources[i].path, F_OK) == 0)
			return true;
	return false;
}

void
sev_free(struct sev_answer *a)
{
	buf_free(&a->report);
	buf_free(&a->certs);
	buf_free(&a->blob);
}

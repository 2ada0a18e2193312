/* sev.h -- attestation reports from the guest's own interfaces.  One attempt
 * on one of them, whatever happens: a firmware error or a lost answer
 * disables the guest's message key (VMPCK) until it is restarted.  (A vTPM is
 * asked until it has what was wanted; no key is at stake there.)  World. */
#ifndef DEVICE_SEV_H
#define DEVICE_SEV_H

#include "evidence/report.h"

enum sev_source {
	SEV_AUTO,	/* the first of the others that exists */
	SEV_GUEST,	/* /dev/sev-guest: Linux 5.19 and later */
	SEV_LEGACY,	/* /dev/sev: the 5.15 kernel of older pools */
	SEV_TSM,	/* configfs-tsm: Linux 6.7 and later */
	SEV_VTPM,	/* /dev/tpmrm0: Azure's confidential VMs */
};

enum {
	SEV_VMPL_MAX = 3,
	SEV_CERTS_MAX = 0x4000,	/* bytes of the host's certificate table */
};

struct sev_request {
	uint8_t data[SNP_REPORT_DATA_SIZE];
	uint32_t vmpl;
	bool given;		/* data is not just the default */
	bool certs;		/* the host's certificates are wanted too */
	bool blob;		/* SEV_AUTO may take a vTPM, as the last */
};

/* {0} is empty; sev_free() releases. */
struct sev_answer {
	struct buf report;	/* SNP_SIZE bytes */
	struct buf certs;	/* the table of certtable.h, or empty */
	struct buf blob;	/* of a vTPM: what the report was in (hcl.h),
				 * zeros behind it */
	bool absent;		/* there is a TPM, and no report in it */
};

/* Get a report and check it: status, size, version, and that it carries the
 * report data asked for (E_NO if not); a vTPM's has it, if it is given, as user
 * data of the blob, whose runtime data the report binds.  No interface there,
 * or one that fails: E_SYSTEM, with the firmware's code by number and name. */
int sev_report(enum sev_source, const struct sev_request *,
    struct sev_answer *, struct err *);
void sev_free(struct sev_answer *);

/* One of the interfaces but a vTPM is there, whether or not it answers. */
bool sev_present(void);

/* Where the interface is, but for SEV_AUTO. */
const char *sev_path(enum sev_source);

/* The interfaces, one file each; for sev.c. */
int sev_guest_report(const struct sev_request *, struct sev_answer *,
    struct err *);
int sev_legacy_report(const struct sev_request *, struct sev_answer *,
    struct err *);
int sev_tsm_report(const struct sev_request *, struct sev_answer *,
    struct err *);
int sev_vtpm_report(const struct sev_request *, struct sev_answer *,
    struct err *);

/* For them: the number of a request that is read and written, in the type that
 * libc's ioctl() has for it (musl's as in POSIX). */
#ifdef __GLIBC__
#define SEV_IOCTL(number, size) _IOC(_IOC_READ | _IOC_WRITE, 'S', number, size)
#else
#define SEV_IOCTL(number, size) \
	(int)_IOC(_IOC_READ | _IOC_WRITE, 'S', number, size)
#endif
/* Open a device, or say why not. */
int sev_open(const char *path, struct err *);
/* Where an interface is missing: the hint, or on a machine with a vTPM that
 * an Azure confidential VM has its report there.  Returns -1. */
int sev_absent(const char *hint, struct err *);
/* A response message (AMD 56860, MSG_REPORT_RSP: status, size, 24 reserved
 * bytes, report): its status and size, then the report into the answer. */
int sev_response(const char *path, struct slice message, struct sev_answer *,
    struct err *);
/* What errno and the two halves of exitinfo2 say.  Returns -1. */
int sev_failed(const char *path, uint32_t firmware, uint32_t hypervisor,
    struct err *);

#endif

/*
 * sev.h: the stand-in for the SNP guest devices: what its files share.
 * sev.c takes the place of the system calls, sev-device.c answers the ioctls,
 * sev-report.c makes and signs reports, sev-tsm.c is the configfs tree,
 * sev-tpm.c the TPM of an Azure confidential VM.
 * Linked as one shared object, with libcrypto, and preloaded into a tool.
 */
#ifndef FAKE_SEV_H
#define FAKE_SEV_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	REPORT_SIZE = 1184,	/* bytes; ABI table 23 */
	CERTS_MAX = 0x4000,	/* bytes of certificate table, as the kernel */
	NO_FW_CALL = 0xff,	/* PSP_RET_NO_FW_CALL, the kernel's preset */
};

/* --- settings, read from the environment (sev-report.c) --- */
const char *fake_env(const char *name);
int	fake_number(const char *name, unsigned long long *n);
int	fake_errno(const char *name);		/* 0: not set */
int	fake_has(const char *interface);	/* is it in FAKE_SEV_DEVICE? */
void	fake_log(const char *format, ...)
	    __attribute__((format(printf, 1, 2)));

/* --- reports (sev-report.c) --- */

/*
 * Loads keys and certificates once, while the process may still open files;
 * with FAKE_SEV_AFRESH each time, as FAKE_SEV_PKI may be a link that is moved:
 * the firmware was updated.
 * Returns 0, or -1 with a line on standard error.
 */
int	fake_prepare(void);

/* One try at the firmware: what it and the hypervisor said. */
struct fake_answer {
	int	 error;			/* errno, or 0 */
	uint32_t fw_error;
	uint32_t vmm_error;
	uint32_t status;		/* of the response message */
	uint32_t size;			/* report_size of the response */
	uint8_t	 report[REPORT_SIZE];
};

void	fake_firmware(const uint8_t data[64], uint32_t vmpl, int rsvd_set,
	    struct fake_answer *a);
const uint8_t *fake_certs(size_t *n);	/* NULL: the host has none */

/* --- devices (sev-device.c) --- */
int	fake_guest_ioctl(unsigned long request, void *arg);
int	fake_legacy_ioctl(unsigned long request, void *arg);

/* --- configfs-tsm (sev-tsm.c): paths are below tsm/report --- */
#define	TSM_ROOT "/sys/kernel/config/tsm/report"
int	tsm_path(const char *path);		/* is it in the tree? */
int	tsm_exists(const char *path, int *is_dir, mode_t *mode);
int	tsm_mkdir(const char *path);
int	tsm_rmdir(const char *path);
int	tsm_open(const char *path, int flags);	/* fd, or -1 and errno */
int	tsm_is(int fd);
ssize_t	tsm_write(int fd, const void *p, size_t n);
int	tsm_fill(int fd);		/* before a read: 0, or -1 and errno */
int	tsm_close(int fd);		/* before the real close */
int	tsm_dir_path(int fd, char *path, size_t size);

/* --- a vTPM's NV indices (sev-tpm.c): bytes in, bytes out --- */
ssize_t	tpm_send(const void *p, size_t n);	/* n, or -1 and errno */
ssize_t	tpm_take(void *p, size_t n);

#endif

/*
 * sev.c: preloaded, stands in for the SNP guest devices and configfs-tsm.
 *
 * cc -std=gnu11 -D_GNU_SOURCE -shared -fPIC -o fake-sev.so sev*.c -lcrypto
 *
 * FAKE_SEV_PKI          set made by tests/fake/pki; unset: no device at all
 * FAKE_SEV_DEVICE       comma list of sev-guest (default), sev, tsm, tpm; none
 * FAKE_SEV_HOST_DATA    64 hex digits, or
 * FAKE_SEV_POLICY       file whose bytes (decoded, if all base64) are hashed
 * FAKE_SEV_MEASUREMENT  96 hex digits (default: the file "measurement")
 * FAKE_SEV_GUEST_POLICY 0x… (default 0x3001f)
 * FAKE_SEV_VERSION      of the report: 2, 3 (default), 5, …
 * FAKE_SEV_PATCH        OFFSET:HEX,… bytes changed before signing
 * FAKE_SEV_REPORT       file with a report to hand out as it is
 * FAKE_SEV_CERTS        file with the host's certificate table
 * FAKE_SEV_LOG          a line is appended per request
 * faults:
 * FAKE_SEV_OPEN_ERRNO   of open, and of mkdir in configfs
 * FAKE_SEV_ERRNO        of the ioctl, and of reading outblob
 * FAKE_SEV_FW_ERROR FAKE_SEV_VMM_ERROR   EIO with these codes
 * FAKE_SEV_STATUS FAKE_SEV_SIZE          in the response, the ioctl being 0
 * FAKE_SEV_ECHO=wrong   the report carries other report data
 * FAKE_SEV_VMPL_FLOOR   a lower VMPL is refused with status 0x16
 * FAKE_SEV_PROVIDER FAKE_SEV_TSM_TAKEN=N FAKE_SEV_TSM_RACE=N
 * FAKE_SEV_TSM_ERRNO FAKE_SEV_TSM_OPEN_ERRNO FAKE_SEV_TSM_SHORT=N
 *                       see sev-tsm.c
 * FAKE_TPM_…            see sev-tpm.c
 */
#undef _FORTIFY_SOURCE	/* which makes some of these functions inline */

#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sev.h"

enum kind { REAL, ABSENT, GUEST, LEGACY, TPM, TSM };

enum { FDS = 1024 };
static unsigned char kinds[FDS];	/* enum kind of each descriptor */

/* Found at the first use: a constructor would run before the sanitizer's. */
#define	NEXT(f, name) do {						\
	if ((f) == NULL && (*(void **)&(f) = dlsym(RTLD_NEXT, name)) == NULL) \
		abort();						\
} while (0)

static enum kind
device(const char *interface, enum kind kind)
{
	return fake_has(interface) ? kind : ABSENT;
}

/* What a path is; *full is it made absolute where it lies in configfs. */
static enum kind
look(int dir, const char *path, char full[PATH_MAX])
{
	char parent[PATH_MAX];

	if (path == NULL)
		return REAL;
	snprintf(full, PATH_MAX, "%s", path);
	if (dir != AT_FDCWD && path[0] != '/' &&
	    tsm_dir_path(dir, parent, sizeof(parent)) == 0)
		snprintf(full, PATH_MAX, "%.2000s/%.2000s", parent, path);
	if (strcmp(full, "/dev/sev-guest") == 0)
		return device("sev-guest", GUEST);
	if (strcmp(full, "/dev/sev") == 0)
		return device("sev", LEGACY);
	if (strcmp(full, "/dev/tpmrm0") == 0 || strcmp(full, "/dev/tpm0") == 0)
		return device("tpm", TPM);
	if (tsm_path(full))
		return device("tsm", TSM);
	return REAL;
}

static int
no(int error)
{
	errno = error;
	return -1;
}

/* A device is /dev/null underneath, so that fstat says character device. */
static int
open_fake(enum kind kind, const char *path, int flags)
{
	int fd, error = fake_errno("FAKE_SEV_OPEN_ERRNO");

	if (kind == ABSENT)
		return no(ENOENT);
	if (kind == TSM)
		return tsm_open(path, flags);
	if (error != 0)
		return no(error);
	if (fake_prepare() != 0)
		return no(ENXIO);
	fd = (int)syscall(SYS_openat, AT_FDCWD, "/dev/null",
	    O_RDWR | (flags & O_CLOEXEC), 0);
	if (fd >= FDS)
		abort();
	if (fd >= 0)
		kinds[fd] = (unsigned char)kind;
	return fd;
}

static int
any_open(int dir, const char *path, int flags, mode_t mode)
{
	static int (*next)(int, const char *, int, ...);
	char full[PATH_MAX];
	enum kind kind = look(dir, path, full);

	if (kind != REAL)
		return open_fake(kind, full, flags);
	NEXT(next, "openat");
	return next(dir, path, flags, mode);
}

/* The mode is there only when a file may be made. */
#define	MODE(mode, flags) do {						\
	va_list ap;							\
	if (((flags) & O_CREAT) != 0 || ((flags) & O_TMPFILE) == O_TMPFILE) {\
		va_start(ap, flags);					\
		(mode) = va_arg(ap, mode_t);				\
		va_end(ap);						\
	}								\
} while (0)

int
open(const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE(mode, flags);
	return any_open(AT_FDCWD, path, flags, mode);
}

int
openat(int dir, const char *path, int flags, ...)
{
	mode_t mode = 0;

	MODE(mode, flags);
	return any_open(dir, path, flags, mode);
}

/* On 64-bit Linux the other spellings are the same function. */
int __open_2(const char *, int);
int __openat_2(int, const char *, int);

int
__open_2(const char *path, int flags)
{
	return any_open(AT_FDCWD, path, flags, 0);
}

int
__openat_2(int dir, const char *path, int flags)
{
	return any_open(dir, path, flags, 0);
}

int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
int __open64_2(const char *, int) __attribute__((alias("__open_2")));
int __openat64_2(int, const char *, int) __attribute__((alias("__openat_2")));

int
close(int fd)
{
	static int (*next)(int);

	if (tsm_is(fd))
		tsm_close(fd);
	if (fd >= 0 && fd < FDS)
		kinds[fd] = REAL;
	NEXT(next, "close");
	return next(fd);
}

int
ioctl(int fd, unsigned long request, ...)
{
	static int (*next)(int, unsigned long, ...);
	int kind = fd >= 0 && fd < FDS ? kinds[fd] : REAL, error = errno;
	va_list ap;
	void *arg;

	va_start(ap, request);
	arg = va_arg(ap, void *);
	va_end(ap);
	NEXT(next, "ioctl");
	if (kind != GUEST && kind != LEGACY)
		return next(fd, request, arg);
	/* Refused by /dev/null, but strace(1) sees and counts it. */
	syscall(SYS_ioctl, fd, request, arg);
	errno = error;
	error = kind == GUEST ? fake_guest_ioctl(request, arg) :
	    fake_legacy_ioctl(request, arg);
	return error != 0 ? no(error) : 0;
}

ssize_t
read(int fd, void *p, size_t n)
{
	static ssize_t (*next)(int, void *, size_t);

	if (fd >= 0 && fd < FDS && kinds[fd] == TPM)
		return tpm_take(p, n);
	if (tsm_is(fd) && tsm_fill(fd) != 0)
		return -1;
	NEXT(next, "read");
	return next(fd, p, n);
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	static ssize_t (*next)(int, void *, size_t, off_t);

	if (tsm_is(fd) && tsm_fill(fd) != 0)
		return -1;
	NEXT(next, "pread");
	return next(fd, p, n, at);
}

ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));

ssize_t
write(int fd, const void *p, size_t n)
{
	static ssize_t (*next)(int, const void *, size_t);

	if (fd >= 0 && fd < FDS && kinds[fd] == TPM)
		return tpm_send(p, n);
	if (tsm_is(fd))
		return tsm_write(fd, p, n);
	NEXT(next, "write");
	return next(fd, p, n);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	static int (*next)(int, const char *, mode_t);
	char full[PATH_MAX];
	enum kind kind = look(dir, path, full);

	if (kind != REAL)
		return kind == TSM ? tsm_mkdir(full) : no(ENOENT);
	NEXT(next, "mkdirat");
	return next(dir, path, mode);
}

int
mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int
unlinkat(int dir, const char *path, int flags)
{
	static int (*next)(int, const char *, int);
	char full[PATH_MAX];
	enum kind kind = look(dir, path, full);

	if (kind == TSM)
		return (flags & AT_REMOVEDIR) != 0 ? tsm_rmdir(full) :
		    no(EPERM);
	if (kind != REAL)
		return no(ENOENT);
	NEXT(next, "unlinkat");
	return next(dir, path, flags);
}

int
rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}

/* Existence: 0 and *mode for what stands in, -1 and errno, or 1: real. */
static int
exists(int dir, const char *path, mode_t *mode)
{
	char full[PATH_MAX];
	int is_dir;

	*mode = S_IFCHR | 0600;
	switch (look(dir, path, full)) {
	case REAL:
		return 1;
	case ABSENT:
		return no(ENOENT);
	case TSM:
		if (!tsm_exists(full, &is_dir, mode))
			return no(ENOENT);
		*mode |= is_dir ? S_IFDIR : S_IFREG;
		return 0;
	default:
		return 0;
	}
}

int
faccessat(int dir, const char *path, int how, int flags)
{
	static int (*next)(int, const char *, int, int);
	mode_t mode;
	int e = exists(dir, path, &mode);

	if (e <= 0)
		return e;
	NEXT(next, "faccessat");
	return next(dir, path, how, flags);
}

int
access(const char *path, int how)
{
	return faccessat(AT_FDCWD, path, how, 0);
}

int
fstatat(int dir, const char *restrict path, struct stat *restrict st, int flags)
{
	static int (*next)(int, const char *, struct stat *, int);
	mode_t mode;
	int e = exists(dir, path, &mode);

	if (e < 0)
		return e;
	NEXT(next, "fstatat");
	if (e > 0)
		return next(dir, path, st, flags);
	e = next(AT_FDCWD, "/dev/null", st, 0);
	st->st_mode = mode;
	return e;
}

int
stat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, 0);
}

int
lstat(const char *restrict path, struct stat *restrict st)
{
	return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int fstatat64(int, const char *restrict, struct stat64 *restrict, int);
int stat64(const char *restrict, struct stat64 *restrict);
int lstat64(const char *restrict, struct stat64 *restrict);

int
fstatat64(int dir, const char *restrict path, struct stat64 *restrict st,
    int flags)
{
	return fstatat(dir, path, (struct stat *)st, flags);
}

int
stat64(const char *restrict path, struct stat64 *restrict st)
{
	return stat(path, (struct stat *)st);
}

int
lstat64(const char *restrict path, struct stat64 *restrict st)
{
	return lstat(path, (struct stat *)st);
}

int
statx(int dir, const char *restrict path, int flags, unsigned int mask,
    struct statx *restrict st)
{
	static int (*next)(int, const char *, int, unsigned int,
	    struct statx *);
	mode_t mode;
	int e = exists(dir, path, &mode);

	if (e < 0)
		return e;
	NEXT(next, "statx");
	if (e > 0)
		return next(dir, path, flags, mask, st);
	e = next(AT_FDCWD, "/dev/null", 0, mask, st);
	st->stx_mode = (uint16_t)mode;
	return e;
}

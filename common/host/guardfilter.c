/* guardfilter.c -- see guard.h.  A list of what is refused, not of what is
 * allowed: it need not follow libc from one version to the next. */
#include "host/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

#define FIELD(name) (uint32_t)offsetof(struct seccomp_data, name)
#define LOAD(at) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (at))
#define REFUSE(number) \
	BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (number))
#define ALLOW BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
/* If the accumulator is value, refuse. */
#define IF_REFUSE(value) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(value), 0, 1), \
	REFUSE(EPERM)
/* The low half of a system call's argument. */
#define ARGUMENT(i) (FIELD(args) + 8 * (i) + \
	(__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 4 : 0))
/* If the call is this one, judge the flags of an open(2) in argument i:
 * for writing alone, or a directory (to sync it), else refused. */
#define IF_OPEN(call, i) \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (call), 0, 6), \
	LOAD(ARGUMENT(i)), \
	BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, O_DIRECTORY, 2, 0), \
	BPF_STMT(BPF_ALU | BPF_AND | BPF_K, O_ACCMODE), \
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, O_WRONLY, 0, 1), \
	ALLOW, \
	REFUSE(EACCES)

static const struct sock_filter always[] = {
	/* another architecture's numbers mean other calls */
	LOAD(FIELD(arch)),
	BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCH, 1, 0),
	REFUSE(ENOSYS),
	LOAD(FIELD(nr)),
#ifdef __x86_64__
	/* x32 likewise */
	BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
	REFUSE(ENOSYS),
#endif
	IF_REFUSE(SYS_execve),
	IF_REFUSE(SYS_execveat),
	IF_REFUSE(SYS_socket),
	IF_REFUSE(SYS_connect),
	IF_REFUSE(SYS_io_uring_setup),
	IF_REFUSE(SYS_process_vm_readv),
	IF_REFUSE(SYS_process_vm_writev),
};

static const struct sock_filter no_reading[] = {
	IF_REFUSE(SYS_openat2),
	IF_REFUSE(SYS_open_by_handle_at),
	IF_OPEN(SYS_openat, 2),
#ifdef SYS_open
	LOAD(FIELD(nr)),
	IF_OPEN(SYS_open, 1),
#endif
};

static const struct sock_filter rest[] = {
	ALLOW,
};

void
guard_filter(bool more)
{
	struct sock_filter all[sizeof always / sizeof *always +
	    sizeof no_reading / sizeof *no_reading + 1];
	struct sock_fprog program = {.filter = all};
	size_t n = sizeof always / sizeof *always;

	if (ARCH == 0)
		return;
	memcpy(all, always, sizeof always);
	if (!more) {
		memcpy(all + n, no_reading, sizeof no_reading);
		n += sizeof no_reading / sizeof *no_reading;
	}
	memcpy(all + n, rest, sizeof rest);
	program.len = (unsigned short)(n + 1);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		(void)prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0,
		    0);
}

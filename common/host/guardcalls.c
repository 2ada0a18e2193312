/* guardcalls.c -- the system calls that a filter makes once its inputs are
 * open, on x86-64 and arm64, with glibc 2.36 to 2.41 and musl; found by
 * strace(1) over the tests.  Everything else is refused with EPERM.
 *
 *	what			what is left to an intruder
 *	read and write		descriptors that are open: the inputs, the
 *				result, the standard ones
 *	newfstatat		whether a file is there, how large it is
 *	link, rename, unlink	the result's own names, and no others
 *	open, with more		the operands' names, to read, and no others
 *	memory			none to be executed
 *	threads			as many as the limits allow
 *	signals			to this process
 *	ioctl, fcntl		what asks; a pipe may be made larger
 *	a tool that finds names	files, as far as its user may, but no device's
 *	on its way		or process's own commands
 *	clocks, random bytes, identity, how much memory there is: to know them
 */
#include "host/guard_in.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <termios.h>

/* Calls that one machine or the other does not have, or that the headers do
 * not know yet. */
#ifndef SYS_open
#define SYS_open		-1
#define SYS_link		-1
#define SYS_unlink		-1
#define SYS_rename		-1
#define SYS_poll		-1
#define SYS_arch_prctl		-1
#define SYS_readlink		-1
#define SYS_getpgrp		-1
#define SYS_time		-1
#define SYS_getdents		-1
#define SYS_stat		-1
#define SYS_lstat		-1
#define SYS_access		-1
#define SYS_mkdir		-1
#endif
#ifndef SYS_renameat
#define SYS_renameat		-1
#endif
#ifndef SYS_rseq
#define SYS_rseq		-1
#endif
#ifndef SYS_clone3
#define SYS_clone3		435
#endif

/* TCGETS2, whose definition wants a structure that libc's headers hide. */
#define ASK_TERMIOS		0x802c542au

static const struct guard_call calls[] = {
	/* descriptors that are open */
	{SYS_read, GUARD_ALWAYS}, {SYS_write, GUARD_ALWAYS},
	{SYS_readv, GUARD_ALWAYS}, {SYS_writev, GUARD_ALWAYS},
	{SYS_pread64, GUARD_ALWAYS}, {SYS_pwrite64, GUARD_ALWAYS},
	{SYS_lseek, GUARD_ALWAYS}, {SYS_close, GUARD_ALWAYS},
	{SYS_fstat, GUARD_ALWAYS}, {SYS_newfstatat, GUARD_STAT},
	{SYS_fsync, GUARD_ALWAYS}, {SYS_fadvise64, GUARD_ALWAYS},
	{SYS_poll, GUARD_ALWAYS}, {SYS_ppoll, GUARD_ALWAYS},
	{SYS_ioctl, GUARD_IOCTL}, {SYS_fcntl, GUARD_FCNTL},
	/* the result's names, and operands */
	{SYS_linkat, GUARD_NAME_1_3}, {SYS_link, GUARD_NAME_0_1},
	{SYS_rename, GUARD_NAME_0_1}, {SYS_renameat, GUARD_NAME_1_3},
	{SYS_renameat2, GUARD_NAME_1_3}, {SYS_unlink, GUARD_NAME_0},
	{SYS_unlinkat, GUARD_NAME_1},
	{SYS_open, GUARD_OPEN}, {SYS_openat, GUARD_OPENAT},
	/* memory */
	{SYS_brk, GUARD_ALWAYS}, {SYS_mmap, GUARD_MAP},
	{SYS_munmap, GUARD_ABOVE}, {SYS_mremap, GUARD_REMAP},
	{SYS_madvise, GUARD_ABOVE}, {SYS_mprotect, GUARD_PROTECT},
	/* threads; without clone3 the C library falls back on clone, whose
	 * flags a filter can see */
	{SYS_futex, GUARD_ALWAYS}, {SYS_clone, GUARD_THREAD},
	{SYS_clone3, GUARD_UNKNOWN}, {SYS_set_robust_list, GUARD_ALWAYS},
	{SYS_rseq, GUARD_ALWAYS}, {SYS_set_tid_address, GUARD_ALWAYS},
	{SYS_sched_getaffinity, GUARD_ALWAYS},
	{SYS_sched_yield, GUARD_ALWAYS}, {SYS_membarrier, GUARD_ALWAYS},
	{SYS_gettid, GUARD_ALWAYS}, {SYS_getpid, GUARD_ALWAYS},
	{SYS_sigaltstack, GUARD_ALWAYS}, {SYS_prlimit64, GUARD_LIMITS},
	{SYS_getcpu, GUARD_ALWAYS},
	/* signals and the end */
	{SYS_rt_sigaction, GUARD_ALWAYS}, {SYS_rt_sigprocmask, GUARD_ALWAYS},
	{SYS_rt_sigreturn, GUARD_ALWAYS}, {SYS_restart_syscall, GUARD_ALWAYS},
	{SYS_kill, GUARD_OURSELVES}, {SYS_tgkill, GUARD_OURSELVES},
	{SYS_exit, GUARD_ALWAYS}, {SYS_exit_group, GUARD_ALWAYS},
	/* clocks where the kernel lends no page for them, random bytes */
	{SYS_clock_gettime, GUARD_ALWAYS}, {SYS_gettimeofday, GUARD_ALWAYS},
	{SYS_clock_nanosleep, GUARD_ALWAYS}, {SYS_nanosleep, GUARD_ALWAYS},
	{SYS_time, GUARD_ALWAYS}, {SYS_getrandom, GUARD_ALWAYS},
	/* how much there is; qsort(3) asks for the memory */
	{SYS_sysinfo, GUARD_ALWAYS}, {SYS_uname, GUARD_ALWAYS},
	{SYS_getuid, GUARD_ALWAYS}, {SYS_geteuid, GUARD_ALWAYS},
	{SYS_getgid, GUARD_ALWAYS}, {SYS_getegid, GUARD_ALWAYS},
};
const struct guard_list guard_calls = {calls, sizeof calls / sizeof *calls};

static const struct guard_call look[] = {
	{SYS_newfstatat, GUARD_ALWAYS}, {SYS_stat, GUARD_ALWAYS},
	{SYS_lstat, GUARD_ALWAYS}, {SYS_access, GUARD_ALWAYS},
	{SYS_faccessat, GUARD_ALWAYS}, {SYS_getdents64, GUARD_ALWAYS},
	{SYS_getdents, GUARD_ALWAYS}, {SYS_readlink, GUARD_ALWAYS},
	{SYS_readlinkat, GUARD_ALWAYS}, {SYS_getcwd, GUARD_ALWAYS},
};
const struct guard_list guard_look = {look, sizeof look / sizeof *look};

static const struct guard_call change[] = {
	{SYS_open, GUARD_ALWAYS}, {SYS_openat, GUARD_ALWAYS},
	{SYS_mkdir, GUARD_ALWAYS}, {SYS_mkdirat, GUARD_ALWAYS},
	{SYS_ftruncate, GUARD_ALWAYS}, {SYS_link, GUARD_ALWAYS},
	{SYS_linkat, GUARD_ALWAYS}, {SYS_rename, GUARD_ALWAYS},
	{SYS_renameat, GUARD_ALWAYS}, {SYS_renameat2, GUARD_ALWAYS},
	{SYS_unlink, GUARD_ALWAYS}, {SYS_unlinkat, GUARD_ALWAYS},
};
const struct guard_list guard_change = {change,
    sizeof change / sizeof *change};

/* A sanitizer looks at the process from a thread like no other, and reads
 * its map and its program to name places. */
static const struct guard_call san[] = {
	{SYS_clone, GUARD_ALWAYS}, {SYS_ptrace, GUARD_ALWAYS},
	{SYS_wait4, GUARD_ALWAYS}, {SYS_prctl, GUARD_ALWAYS},
	{SYS_getdents64, GUARD_ALWAYS}, {SYS_getdents, GUARD_ALWAYS},
	{SYS_readlink, GUARD_ALWAYS},
	{SYS_readlinkat, GUARD_ALWAYS}, {SYS_getppid, GUARD_ALWAYS},
	{SYS_dup, GUARD_ALWAYS}, {SYS_tgkill, GUARD_ALWAYS},
};
const struct guard_list guard_san = {san, sizeof san / sizeof *san};

const unsigned guard_ioctls[] = {TIOCGWINSZ, TCGETS, ASK_TERMIOS, FIONREAD};
const size_t guard_ioctls_n = sizeof guard_ioctls / sizeof *guard_ioctls;

const unsigned guard_fcntls[] = {F_GETFD, F_GETFL, F_DUPFD_CLOEXEC,
    F_GETPIPE_SZ,
    F_SETPIPE_SZ};
const size_t guard_fcntls_n = sizeof guard_fcntls / sizeof *guard_fcntls;

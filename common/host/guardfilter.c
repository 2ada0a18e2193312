/* guardfilter.c -- see guard.h: the list of guardcalls.c made a filter of
 * system calls, seccomp(2). */
#include "host/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "crypto/hash.h"
#include "host/guard_in.h"

#if defined(__x86_64__)
#define ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCH AUDIT_ARCH_AARCH64
#else
#define ARCH 0
#endif

enum {
	PROGRAM_MAX = 1024,	/* steps; the kernel takes 4096 */
	NEWEST = 461,		/* above it nobody here knows any, x32's too */
	THREAD_MUST = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND |
	    CLONE_THREAD,
	/* no other name space; of the 32 bits the lowest 8 are a signal */
	THREAD_NOT = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
	    CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET |
	    CLONE_PTRACE | CLONE_VFORK | CLONE_PARENT | 0xff,
	/* harmless beside O_RDONLY */
	OPEN_MAY = O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW | 0100000
	    /* O_LARGEFILE as the kernel has it */,
};

/* A program, and what it is made for. */
struct program {
	struct sock_filter step[PROGRAM_MAX];
	size_t n;
	struct names_range names[NAMES_USES];
	bool all[NAMES_USES];	/* any name will do */
	bool more, any, san;
};

/* Linked in with sanitizers, else NULL. */
extern void __asan_init(void) __attribute__((weak));

#define FIELD(name) (uint32_t)offsetof(struct seccomp_data, name)
/* The halves of a system call's argument. */
#define BIG (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
#define LOW(i) (FIELD(args) + 8 * (uint32_t)(i) + (BIG ? 4 : 0))
#define HIGH(i) (FIELD(args) + 8 * (uint32_t)(i) + (BIG ? 0 : 4))

static void
step(struct program *p, unsigned code, uint32_t k, size_t yes, size_t no)
{
	if (p->n < PROGRAM_MAX)
		p->step[p->n] = (struct sock_filter){(uint16_t)code,
		    (uint8_t)yes, (uint8_t)no, k};
	p->n++;
}

static void
load(struct program *p, uint32_t at)
{
	step(p, BPF_LD | BPF_W | BPF_ABS, at, 0, 0);
}

/* Skip so many steps if the accumulator equals k, else so many. */
static void
equal(struct program *p, uint32_t k, size_t yes, size_t no)
{
	step(p, BPF_JMP | BPF_JEQ | BPF_K, k, yes, no);
}

static void
give(struct program *p, uint32_t answer)
{
	step(p, BPF_RET | BPF_K, answer, 0, 0);
}

static void
allow(struct program *p)
{
	give(p, SECCOMP_RET_ALLOW);
}

static void
refuse(struct program *p, int number)
{
	give(p, SECCOMP_RET_ERRNO | (uint32_t)number);
}

/* Go on if a bit of mask is in the lower half of argument i not set as in
 * want; else refuse. */
static void
bits(struct program *p, int i, uint32_t mask, uint32_t want)
{
	load(p, LOW(i));
	step(p, BPF_ALU | BPF_AND | BPF_K, mask, 0, 0);
	equal(p, want, 1, 0);
	refuse(p, EPERM);
}

/* Go on if argument i is exactly this. */
static void
exactly(struct program *p, int i, uint32_t want)
{
	load(p, LOW(i));
	equal(p, want, 1, 0);
	refuse(p, EPERM);
}

static void
one_of(struct program *p, int i, const unsigned *v, size_t n)
{
	load(p, LOW(i));
	for (; n > 0; n--) {
		equal(p, *v++, 0, 1);
		allow(p);
	}
	refuse(p, EPERM);
}

/* Go on if argument i, an address where something begins, is above the
 * names. */
static void
above(struct program *p, int i)
{
	load(p, HIGH(i));
	equal(p, 0, 0, 3);
	load(p, LOW(i));
	step(p, BPF_JMP | BPF_JGE | BPF_K, NAMES_END, 1, 0);
	refuse(p, EPERM);
}

/* Go on if argument i points to a name kept for that use. */
static void
named(struct program *p, int i, enum names_use use)
{
	const struct names_range *r = &p->names[use];

	if (p->all[use])
		return;
	load(p, HIGH(i));
	equal(p, 0, 0, 3);
	load(p, LOW(i));
	step(p, BPF_JMP | BPF_JGE | BPF_K, r->start, 0, 1);
	step(p, BPF_JMP | BPF_JGE | BPF_K, r->end, 0, 1);
	refuse(p, EACCES);
}

/* A relative name is one of the working directory's. */
static void
named_at(struct program *p, int i, enum names_use use)
{
	exactly(p, i - 1, (uint32_t)AT_FDCWD);
	named(p, i, use);
}

/* Opened for reading alone, of an operand; a sanitizer lists directories. */
static void
opened(struct program *p, int flags)
{
	if (p->san) {
		load(p, LOW(flags));
		step(p, BPF_ALU | BPF_AND | BPF_K, O_DIRECTORY | O_ACCMODE,
		    0, 0);
		equal(p, O_DIRECTORY | O_RDONLY, 0, 1);
		allow(p);
	}
	if (!p->more) {
		refuse(p, EACCES);
		return;
	}
	load(p, LOW(flags));
	step(p, BPF_ALU | BPF_AND | BPF_K, ~(uint32_t)OPEN_MAY, 0, 0);
	equal(p, O_RDONLY, 1, 0);
	refuse(p, EACCES);
	if (flags == 2)
		exactly(p, 0, (uint32_t)AT_FDCWD);
	named(p, flags - 1, NAMES_READ);
	allow(p);
}

static void
mapped(struct program *p)
{
	bits(p, 2, PROT_EXEC, 0);
	/* no address is anywhere but at the names */
	load(p, HIGH(0));
	equal(p, 0, 0, 5);
	load(p, LOW(0));
	equal(p, 0, 1, 0);
	step(p, BPF_JMP | BPF_JGE | BPF_K, NAMES_END, 2, 3);
	load(p, LOW(3));
	step(p, BPF_JMP | BPF_JSET | BPF_K, MAP_FIXED, 1, 0);
	allow(p);
	refuse(p, EPERM);
}

static void
limits(struct program *p)
{
	exactly(p, 0, 0);
	load(p, LOW(2));
	equal(p, 0, 0, 3);
	load(p, HIGH(2));
	equal(p, 0, 0, 1);
	allow(p);
	refuse(p, EPERM);
}

/* What a rule asks of the arguments; ends in an answer. */
static void
arguments(struct program *p, enum guard_rule rule)
{
	switch (rule) {
	case GUARD_ALWAYS:
		break;
	case GUARD_OURSELVES:
		exactly(p, 0, (uint32_t)getpid());
		break;
	case GUARD_THREAD:
		bits(p, 0, THREAD_MUST | THREAD_NOT, THREAD_MUST);
		break;
	case GUARD_MAP:
		mapped(p);
		return;
	case GUARD_PROTECT:
		bits(p, 2, PROT_EXEC, 0);
		above(p, 0);
		break;
	case GUARD_REMAP:
		bits(p, 3, MREMAP_FIXED, 0);
		above(p, 0);
		break;
	case GUARD_ABOVE:
		above(p, 0);
		break;
	case GUARD_IOCTL:
		one_of(p, 1, guard_ioctls, guard_ioctls_n);
		return;
	case GUARD_FCNTL:
		one_of(p, 1, guard_fcntls, guard_fcntls_n);
		return;
	case GUARD_LIMITS:
		limits(p);
		return;
	case GUARD_STAT:
		exactly(p, 3, AT_EMPTY_PATH);
		break;
	case GUARD_NAME_0:
		named(p, 0, NAMES_MADE);
		break;
	case GUARD_NAME_0_1:
		named(p, 0, NAMES_MADE);
		named(p, 1, NAMES_MADE);
		break;
	case GUARD_NAME_1:
		named_at(p, 1, NAMES_MADE);
		break;
	case GUARD_NAME_1_3:
		named_at(p, 1, NAMES_MADE);
		named_at(p, 3, NAMES_MADE);
		break;
	case GUARD_OPEN:
		opened(p, 1);
		return;
	case GUARD_OPENAT:
		opened(p, 2);
		return;
	case GUARD_UNKNOWN:
		refuse(p, ENOSYS);
		return;
	}
	allow(p);
}

/* The steps for one call are jumped over by all others. */
static void
add(struct program *p, const struct guard_call *call)
{
	size_t at = p->n;

	if (call->number < 0)
		return;
	equal(p, (uint32_t)call->number, 0, 0);
	arguments(p, call->rule);
	if (at < PROGRAM_MAX)
		p->step[at].jf = (uint8_t)(p->n - at - 1);
}

static void
compile(struct program *p)
{
	size_t i;

	/* another architecture's numbers mean other calls */
	load(p, FIELD(arch));
	equal(p, ARCH, 1, 0);
	refuse(p, ENOSYS);
	load(p, FIELD(nr));
	step(p, BPF_JMP | BPF_JGT | BPF_K, NEWEST, 0, 1);
	refuse(p, ENOSYS);
	for (i = 0; p->san && i < guard_san_n; i++)
		add(p, &guard_san[i]);
	for (i = 0; p->any && i < guard_any_n; i++)
		add(p, &guard_any[i]);
	for (i = 0; i < guard_calls_n; i++)
		add(p, &guard_calls[i]);
	refuse(p, EPERM);
}

/* For all threads where the kernel knows how, else for this one. */
static unsigned
set(const struct program *p)
{
	struct sock_fprog program = {.len = (unsigned short)p->n,
	    .filter = (struct sock_filter *)(uintptr_t)p->step};

	if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
	    SECCOMP_FILTER_FLAG_TSYNC, &program) == 0)
		return GUARD_SECCOMP | GUARD_THREADS;
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0)
		return GUARD_SECCOMP;
	return 0;
}

const char *
guard_operand(const char *path)
{
	return names_keep(NAMES_READ, path);
}

unsigned
guard_filter(bool more)
{
	struct program p = {.more = more, .san = __asan_init != NULL};
	unsigned done = 0;

	/* what it reads of the system, it reads now */
	hash_ready();
	names_shut(p.names, p.all);
	p.any = more && p.names[NAMES_READ].end == 0 && !p.all[NAMES_READ];
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	if (!p.san && guard_landlock(more, p.any))
		done |= GUARD_LANDLOCK;
	if (ARCH == 0)
		return done;
	compile(&p);
	return p.n <= PROGRAM_MAX ? done | set(&p) : done;
}

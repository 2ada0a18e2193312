/* guardfilter.c -- see guard.h: the list of guardcalls.c made a filter of
 * system calls, seccomp(2). */
#include "host/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/netlink.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
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
	struct guard_wish wish;
	bool san;
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
	if (!p->wish.more) {
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

/* Opened to be read, or with all of accmode too; nothing made or cut. */
static void
looked_at(struct program *p, int flags, uint32_t accmode)
{
	bits(p, flags, ~(uint32_t)(OPEN_MAY | O_DIRECTORY) & ~accmode, 0);
}

/* What is to be executed is a file's, and cannot be written. */
static void
library(struct program *p)
{
	load(p, LOW(2));
	step(p, BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 5);
	step(p, BPF_JMP | BPF_JSET | BPF_K, PROT_WRITE, 3, 0);
	load(p, LOW(3));
	step(p, BPF_ALU | BPF_AND | BPF_K, MAP_ANONYMOUS | MAP_TYPE, 0, 0);
	equal(p, MAP_PRIVATE, 1, 0);
	refuse(p, EPERM);
}

/* Streams and datagrams; of the kernel's tables those of addresses. */
static void
families(struct program *p)
{
	load(p, LOW(0));
	if (p->wish.local) {
		equal(p, AF_UNIX, 0, 1);
		allow(p);
	}
	equal(p, AF_NETLINK, 0, 4);
	load(p, LOW(2));
	equal(p, NETLINK_ROUTE, 0, 1);
	allow(p);
	refuse(p, EPERM);
	equal(p, AF_INET, 2, 0);
	equal(p, AF_INET6, 1, 0);
	refuse(p, EPERM);
	load(p, LOW(1));
	step(p, BPF_ALU | BPF_AND | BPF_K, 0xf, 0, 0);
	equal(p, SOCK_STREAM, 1, 0);
	equal(p, SOCK_DGRAM, 0, 1);
	allow(p);
	refuse(p, EPERM);
}

/* SO_ATTACH_FILTER is a program for the kernel, as are those from 50 on, where
 * the firewalls' are too. */
static void
settings(struct program *p)
{
	load(p, LOW(2));
	step(p, BPF_JMP | BPF_JGE | BPF_K, SO_ATTACH_BPF, 3, 0);
	equal(p, SO_ATTACH_FILTER, 0, 3);
	load(p, LOW(1));
	equal(p, SOL_SOCKET, 0, 1);
	refuse(p, EPERM);
}

static void
controls(struct program *p)
{
	size_t n = guard_net_ioctls_n;

	if (!p->wish.net)
		one_of(p, 1, guard_ioctls, guard_ioctls_n);
	else
		one_of(p, 1, guard_net_ioctls, p->wish.serves ? n :
		    n - guard_device_ioctls_n);
}

static void
mapped(struct program *p, bool libraries)
{
	if (libraries)
		library(p);
	else
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
	case GUARD_MAP_LIBRARY:
		mapped(p, rule == GUARD_MAP_LIBRARY);
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
		controls(p);
		return;
	case GUARD_FCNTL:
		if (p->wish.net)
			one_of(p, 1, guard_net_fcntls, guard_net_fcntls_n);
		else
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
	case GUARD_READING:
		looked_at(p, 1, 0);
		break;
	case GUARD_READING_AT:
		looked_at(p, 2, 0);
		break;
	case GUARD_USING:
		looked_at(p, 1, O_ACCMODE);
		break;
	case GUARD_USING_AT:
		looked_at(p, 2, O_ACCMODE);
		break;
	case GUARD_SOCKET:
		families(p);
		return;
	case GUARD_PAIR:
		exactly(p, 0, AF_UNIX);
		break;
	case GUARD_BIND:
		exactly(p, 2, sizeof(struct sockaddr_nl));
		break;
	case GUARD_SETTING:
		settings(p);
		break;
	case GUARD_TITLE:
		exactly(p, 0, PR_SET_NAME);
		break;
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
add_all(struct program *p, bool wanted, const struct guard_list *list)
{
	size_t i;

	for (i = 0; wanted && i < list->n; i++)
		add(p, &list->v[i]);
}

static void
compile(struct program *p)
{
	const struct guard_wish *w = &p->wish;

	/* another architecture's numbers mean other calls */
	load(p, FIELD(arch));
	equal(p, ARCH, 1, 0);
	refuse(p, ENOSYS);
	load(p, FIELD(nr));
	step(p, BPF_JMP | BPF_JGT | BPF_K, NEWEST, 0, 1);
	refuse(p, ENOSYS);
	add_all(p, p->san, &guard_san);
	add_all(p, w->any || w->net, &guard_look);
	add_all(p, w->any || w->makes, &guard_change);
	add_all(p, w->serves, &guard_serve);
	add_all(p, w->net, &guard_net);
	add_all(p, true, &guard_calls);
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
guard_set(struct guard_wish wish)
{
	struct program p = {.wish = wish, .san = __asan_init != NULL};
	unsigned done = 0;

	/* what it reads of the system, it reads now */
	hash_ready();
	names_shut(p.names, p.all);
	p.wish.any = wish.more && p.names[NAMES_READ].end == 0 &&
	    !p.all[NAMES_READ];
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return 0;
	if (!p.san && guard_landlock(&p.wish))
		done |= GUARD_LANDLOCK;
	if (ARCH == 0)
		return done;
	compile(&p);
	return p.n <= PROGRAM_MAX ? done | set(&p) : done;
}

unsigned
guard_filter(bool more)
{
	return guard_set((struct guard_wish){.more = more});
}

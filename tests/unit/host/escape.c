/* What code that has taken a filter over can do behind the guard: each row is
 * tried from inside, in a process of its own, and refused by the kernel. */
#include "host/guard.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "ground/io.h"
#include "unit/child.h"
#include "unit/tap.h"

/* Newer than some headers; the same on all machines. */
enum { PIDFD_OPEN = 434, OPENAT2 = 437, PIDFD_GETFD = 438, URING = 425,
    URING_ENTER = 426, CLONE3 = 435, CLOSE_RANGE = 436, LANDLOCK = 444,
    MSEAL = 462, LATER = 500 };

static char dir[] = "/tmp/escape.XXXXXX";
static char evil[64], result[64], operand[64];
static pid_t victim;
static int terminal, socket_fd;
static char *memory;	/* a page */

#define TRY(name, what) static long name(void) { return (long)(what); }
TRY(read_file, open("/etc/passwd", O_RDONLY))
TRY(read_write, open("/etc/passwd", O_RDWR))
TRY(read_path, open("/etc/passwd", O_PATH))
TRY(read_dir, open("/", O_RDONLY | O_DIRECTORY))
TRY(read_again, open("/proc/self/fd/0", O_RDONLY))
TRY(read_openat2, syscall(OPENAT2, AT_FDCWD, "/etc/passwd", memory, 24))
TRY(read_handle, syscall(SYS_open_by_handle_at, AT_FDCWD, memory, 0))
TRY(handle, syscall(SYS_name_to_handle_at, AT_FDCWD, "/", memory, memory, 0))
TRY(write_new, open(evil, O_WRONLY | O_CREAT, 0755))
TRY(write_old, open(operand, O_WRONLY))
TRY(write_append, open(operand, O_WRONLY | O_APPEND))
TRY(write_trunc, open(operand, O_RDONLY | O_TRUNC))
TRY(write_creat, open(evil, O_RDONLY | O_CREAT, 0755))
TRY(write_nameless, open(dir, O_RDWR | O_TMPFILE, 0600))
TRY(write_memory, open("/proc/self/mem", O_WRONLY))
TRY(cut, truncate(operand, 0))
TRY(cut_open, ftruncate(STDIN_FILENO, 0))
TRY(away, unlink(operand))
TRY(away_at, unlinkat(AT_FDCWD, operand, 0))
TRY(moved, rename(operand, evil))
TRY(moved_at, renameat(AT_FDCWD, operand, AT_FDCWD, evil))
TRY(moved_over, syscall(SYS_renameat2, AT_FDCWD, result, AT_FDCWD, operand, 0))
TRY(linked, link(operand, evil))
TRY(linked_open, linkat(AT_FDCWD, "/proc/self/fd/0", AT_FDCWD, evil,
    AT_SYMLINK_FOLLOW))
TRY(pointing, symlink("/etc/passwd", evil))
TRY(made_dir, mkdir(evil, 0700))
TRY(made_fifo, mkfifo(evil, 0600))
TRY(mode, chmod(operand, 0777))
TRY(mode_open, fchmod(STDIN_FILENO, 0777))
TRY(owner, chown(operand, 0, 0))
TRY(moved_dir, chdir("/"))
TRY(new_root, chroot("/"))
TRY(target, readlink("/proc/self/exe", memory, 64))
TRY(stat_name, syscall(SYS_newfstatat, AT_FDCWD, "/etc/passwd", memory, 0))
TRY(run, execve("/bin/true", (char *[]){memory, NULL}, NULL))
TRY(run_at, syscall(SYS_execveat, STDIN_FILENO, "", NULL, NULL, 0x1000))
TRY(memory_file, syscall(SYS_memfd_create, "x", 0))
TRY(run_memory, mprotect(memory, 4096, PROT_READ | PROT_EXEC))
/* past musl, which says ENOMEM then */
TRY(run_map, syscall(SYS_mmap, NULL, 4096, PROT_READ | PROT_EXEC,
    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
TRY(run_file, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE,
    STDIN_FILENO, 0))
TRY(internet, socket(AF_INET, SOCK_STREAM, 0))
TRY(internet6, socket(AF_INET6, SOCK_DGRAM, 0))
TRY(local, socket(AF_UNIX, SOCK_STREAM, 0))
TRY(pair, socketpair(AF_UNIX, SOCK_DGRAM, 0, (int *)(void *)memory))
TRY(sent, sendto(socket_fd, "x", 1, 0, NULL, 0))
TRY(connected, connect(socket_fd, (void *)memory, 16))
TRY(received, recv(socket_fd, memory, 1, MSG_DONTWAIT))
TRY(ring, syscall(URING, 4, memory))
TRY(ring_enter, syscall(URING_ENTER, -1, 0, 0, 0, NULL, 0))
TRY(traced, ptrace(PTRACE_SEIZE, victim, 0, 0))
TRY(peeked, syscall(SYS_process_vm_readv, victim, memory, 0, memory, 0, 0))
TRY(poked, syscall(SYS_process_vm_writev, victim, memory, 0, memory, 0, 0))
TRY(handle_of, syscall(PIDFD_OPEN, victim, 0))
TRY(descriptor_of, syscall(PIDFD_GETFD, -1, 1, 0))
TRY(killed, kill(victim, 0))
TRY(killed_all, kill(-1, 0))
TRY(killed_thread, syscall(SYS_tgkill, victim, victim, 0))
TRY(killed_any, syscall(SYS_tkill, victim, 0))
TRY(queued, syscall(SYS_rt_sigqueueinfo, victim, 0, memory))
TRY(process, syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0))
TRY(process3, syscall(CLONE3, memory, 64))
TRY(own_users, unshare(CLONE_NEWUSER))
TRY(other_space, setns(STDIN_FILENO, 0))
TRY(mounted, syscall(SYS_mount, "none", "/tmp", "tmpfs", 0, NULL))
TRY(shared, syscall(SYS_shmget, 0, 4096, 01600))
TRY(queue, syscall(SYS_msgget, 0, 01600))
TRY(keys, syscall(SYS_keyctl, 0, -3, 0))
TRY(bpf, syscall(SYS_bpf, 0, memory, 8))
TRY(counters, syscall(SYS_perf_event_open, memory, 0, -1, -1, 0))
TRY(faults, syscall(SYS_userfaultfd, 0))
TRY(dumpable, prctl(PR_SET_DUMPABLE, 1, 0, 0, 0))
TRY(limit, setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0}))
TRY(limit_of, syscall(SYS_prlimit64, victim, RLIMIT_CORE, NULL, memory))
TRY(user, syscall(SYS_setuid, getuid()))
TRY(typed, ioctl(terminal, TIOCSTI, "x"))
TRY(terminal_taken, ioctl(terminal, TIOCSCTTY, 0))
TRY(console, ioctl(terminal, 0x541c /* TIOCLINUX */, memory))
TRY(signalled, fcntl(STDIN_FILENO, F_SETOWN, victim))
TRY(copied, fcntl(STDIN_FILENO, F_DUPFD, 0))
TRY(copied2, dup2(STDIN_FILENO, 9))
TRY(closed, syscall(CLOSE_RANGE, 3, 9, 0))
TRY(landlock, syscall(LANDLOCK, NULL, 0, 1))
TRY(sealed, syscall(MSEAL, memory, 4096, 0))
TRY(unborn, syscall(LATER, 0, 0))
/* the memory that says which names may be used */
TRY(names_writable, mprotect((void *)0x10000, 4096, PROT_READ | PROT_WRITE))
TRY(names_away, munmap((void *)0x10000, 4096))
TRY(names_around, syscall(SYS_munmap, 0, 1 << 30))
TRY(names_dropped, madvise((void *)0x10000, 4096, MADV_DONTNEED))
TRY(names_over, mmap((void *)0x10000, 4096, PROT_READ | PROT_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0))
TRY(names_hint, mmap((void *)0x10000, 4096, PROT_READ | PROT_WRITE,
    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
TRY(names_null, mmap(NULL, 1 << 30, PROT_READ | PROT_WRITE, MAP_PRIVATE |
    MAP_ANONYMOUS | MAP_FIXED | MAP_NORESERVE, -1, 0))
TRY(names_moved, mremap(memory, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED,
    (void *)0x10000))
TRY(names_taken, mremap((void *)0x10000, 4096, 8192, MREMAP_MAYMOVE))
/* what the network leaves of it */
TRY(read_other, open(operand, O_RDONLY))
TRY(read_process, open("/proc/1/cmdline", O_RDONLY))
TRY(read_tmp, open("/tmp", O_RDONLY | O_DIRECTORY))
TRY(internet_raw, socket(AF_INET, SOCK_RAW, 1))
TRY(internet_odd, socket(AF_INET6, SOCK_SEQPACKET, 0))
TRY(packets, socket(AF_PACKET, SOCK_RAW, 0))
TRY(kernel_diag, socket(AF_NETLINK, SOCK_RAW, 4 /* NETLINK_SOCK_DIAG */))
TRY(kernel_crypto, socket(38 /* AF_ALG */, SOCK_SEQPACKET, 0))
TRY(host_side, socket(40 /* AF_VSOCK */, SOCK_STREAM, 0))
TRY(bound, bind(socket_fd, (void *)memory, 16))
TRY(listens, listen(socket_fd, 1))
TRY(accepts, accept(socket_fd, NULL, NULL))
TRY(filters, setsockopt(socket_fd, SOL_SOCKET, SO_ATTACH_FILTER, memory, 16))
TRY(firewall, setsockopt(socket_fd, 0, 64 /* IPT_SO_SET_REPLACE */, memory, 4))
TRY(run_written, mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
    MAP_PRIVATE, STDIN_FILENO, 0))
TRY(run_shared, mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_SHARED,
    STDIN_FILENO, 0))

/* Who has need of a call that others are refused; FILES: it is refused to a
 * tool that asks services by Landlock alone; WRITES: to one that serves. */
enum { SANITIZER = 1, NETWORK = 2, LOCAL = 4, FILES = 8, OFFLINE = 16,
    SERVER = 32, WRITES = 64 };

static const struct {
	const char *what;
	long (*act)(void);
	unsigned but;	/* allowed to ... */
} rows[] = {
#define ROW(name) {#name, name, 0}
#define BUT(name, who) {#name, name, who}
	BUT(read_file, NETWORK), BUT(read_write, WRITES), ROW(read_path),
	BUT(read_dir, SANITIZER | FILES), BUT(read_again, FILES),
	ROW(read_openat2), ROW(read_handle), ROW(handle), ROW(write_new),
	BUT(write_old, WRITES), BUT(write_append, WRITES), ROW(write_trunc),
	ROW(write_creat), ROW(write_nameless), BUT(write_memory, WRITES),
	ROW(cut), ROW(cut_open), ROW(away), ROW(away_at), ROW(moved),
	ROW(moved_at), ROW(moved_over), ROW(linked), ROW(linked_open),
	ROW(pointing), BUT(made_dir, WRITES), ROW(made_fifo), ROW(mode),
	ROW(mode_open), ROW(owner), ROW(moved_dir), ROW(new_root),
	BUT(target, SANITIZER | NETWORK), BUT(stat_name, NETWORK), ROW(run),
	ROW(run_at), ROW(memory_file), ROW(run_memory), ROW(run_map),
	BUT(run_file, NETWORK), BUT(internet, NETWORK),
	BUT(internet6, NETWORK), BUT(local, LOCAL), BUT(pair, NETWORK),
	BUT(sent, NETWORK), BUT(connected, NETWORK), BUT(received, NETWORK),
	ROW(ring), ROW(ring_enter), BUT(traced, SANITIZER), ROW(peeked),
	ROW(poked), ROW(handle_of), ROW(descriptor_of), ROW(killed),
	ROW(killed_all), BUT(killed_thread, SANITIZER), ROW(killed_any),
	ROW(queued), BUT(process, SANITIZER), ROW(process3), ROW(own_users),
	ROW(other_space), ROW(mounted), ROW(shared), ROW(queue), ROW(keys),
	ROW(bpf), ROW(counters), ROW(faults), BUT(dumpable, SANITIZER),
	ROW(limit), ROW(limit_of), ROW(user), ROW(typed), ROW(terminal_taken),
	ROW(console), ROW(signalled), ROW(copied), ROW(copied2), ROW(closed),
	ROW(landlock), ROW(sealed), ROW(unborn), ROW(names_writable),
	ROW(names_away), ROW(names_around), ROW(names_dropped),
	ROW(names_over), ROW(names_hint), ROW(names_null), ROW(names_moved),
	ROW(names_taken), BUT(read_other, FILES | OFFLINE),
	BUT(read_process, FILES | OFFLINE), BUT(read_tmp, SANITIZER | FILES),
	ROW(internet_raw), ROW(internet_odd), ROW(packets), ROW(kernel_diag),
	ROW(kernel_crypto), ROW(host_side), ROW(bound), ROW(listens),
	ROW(filters), ROW(firewall), ROW(run_written), ROW(run_shared),
	BUT(accepts, SERVER),
};

/* How a row is tried. */
static long (*act)(void);
static bool more, made, threaded;
static enum { FILTER, ASKS, SERVES } kind;

static int
answer(void)
{
	errno = 0;
	return act() < 0 ? errno : 0;
}

/* A thread that was there before the guard, held until it is set. */
static pthread_mutex_t hold = PTHREAD_MUTEX_INITIALIZER;

static void *
held(void *got)
{
	(void)pthread_mutex_lock(&hold);
	*(int *)got = answer();
	(void)pthread_mutex_unlock(&hold);
	return NULL;
}

static int
inside(void)
{
	pthread_t t = pthread_self();
	struct err e;
	int got = -1;

	guard_secrets();
	(void)pthread_mutex_lock(&hold);
	if (threaded && pthread_create(&t, NULL, held, &got) != 0)
		return 255;
	if (made && io_prepare(result, 0, &e) < 0)
		return 255;
	if (more)
		(void)guard_operand(operand);
	if (((kind == FILTER ? guard_filter(more) : guard_network(kind ==
	    SERVES)) & GUARD_SECCOMP) == 0)
		return 254;
	(void)pthread_mutex_unlock(&hold);
	if (!threaded)
		return answer();
	(void)pthread_join(t, NULL);
	return got;
}

static bool
sanitized(void)
{
	extern void __asan_init(void) __attribute__((weak));

	return __asan_init != NULL;
}

/* Whether the kernel has Landlock, as the guard says. */
static int
by_landlock(void)
{
	return (guard_filter(false) & GUARD_LANDLOCK) != 0;
}

static unsigned
allowed(void)
{
	static int landlock = -1;
	struct buf said = {0};
	unsigned but = sanitized() ? SANITIZER : 0;

	if (landlock < 0)
		landlock = child(STDERR_FILENO, by_landlock, &said);
	buf_free(&said);
	if (kind == FILTER)
		return more ? but | OFFLINE : but;
	but |= NETWORK | LOCAL | (kind == SERVES ? SERVER : 0);
	if (landlock == 0)
		but |= FILES | (kind == SERVES ? WRITES : 0);
	return but;
}

static void
all_rows(const char *how)
{
	struct buf said = {0};
	size_t i;
	int got;

	for (i = 0; i < sizeof rows / sizeof *rows; i++) {
		act = rows[i].act;
		if ((rows[i].but & allowed()) != 0)
			continue;
		got = child(STDERR_FILENO, inside, &said);
		CHECK(got == EPERM || got == EACCES || got == ENOSYS,
		    "%s, %s: %d", rows[i].what, how, got);
	}
	buf_free(&said);
}

/* That the guard it is which refuses. */
static void
without(void)
{
	static long (*const free_to[])(void) = {read_file, read_dir, write_new,
	    write_old, away, pointing, made_dir, local, pair, memory_file,
	    run_map, killed, dumpable, target, copied};
	struct buf said = {0};
	size_t i;

	for (i = 0; i < sizeof free_to / sizeof *free_to; i++) {
		act = free_to[i];
		CHECK(child(STDERR_FILENO, answer, &said) == 0,
		    "without a guard, %zu", i);
		(void)remove(evil);
	}
	buf_free(&said);
}

/* What is left: the result, by the names that were kept. */
static int
result_written(void)
{
	struct err e;

	if (io_prepare(result, IO_SECRET, &e) < 0)
		return 255;
	(void)guard_filter(more);
	return io_write(result, IO_SECRET, slice_str("x"), &e) < 0 ? 1 : 0;
}

static int
operand_read(void)
{
	const char *kept = guard_operand(operand);
	struct buf text = {0};
	struct err e;
	int ret;

	(void)guard_filter(true);
	ret = io_read(kept, 10, &text, &e) == 0 &&
	    slice_is(slice_buf(&text), "old") ? 0 : 1;
	buf_free(&text);
	return ret;
}

static int
ended_by_signal(void)
{
	(void)guard_filter(false);
	(void)kill(getpid(), SIGTERM);
	return 1;
}

static void
what_is_left(void)
{
	struct buf said = {0};
	struct stat st;

	more = false;
	CHECK(child(STDERR_FILENO, result_written, &said) == 0 &&
	    stat(result, &st) == 0 && st.st_size == 1, "a result");
	more = true;
	CHECK(child(STDERR_FILENO, result_written, &said) == 0,
	    "over the old one");
	CHECK(child(STDERR_FILENO, operand_read, &said) == 0, "an operand");
	CHECK(child(STDERR_FILENO, ended_by_signal, &said) != 1,
	    "a signal to itself");
	buf_free(&said);
}

int
main(void)
{
	struct err e;
	int old;

	terminal = posix_openpt(O_RDWR | O_NOCTTY);
	socket_fd = socket(AF_UNIX, SOCK_STREAM, 0);
	memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE |
	    MAP_ANONYMOUS, -1, 0);
	if (mkdtemp(dir) == NULL || memory == MAP_FAILED)
		return 1;
	victim = getpid();
	(void)snprintf(evil, sizeof evil, "%s/evil", dir);
	(void)snprintf(result, sizeof result, "%s/result", dir);
	(void)snprintf(operand, sizeof operand, "%s/operand", dir);
	old = io_write(operand, 0, slice_str("old"), &e) < 0 ? -1 :
	    open(operand, O_RDWR);
	(void)dup2(old, STDIN_FILENO);
	without();
	(void)io_write(operand, 0, slice_str("old"), &e);
	made = true;
	all_rows("with a result");
	made = false;
	all_rows("without one");
	more = true;
	all_rows("with operands to come");
	more = false;
	threaded = true;
	all_rows("from a thread made before");
	threaded = false;
	made = true;
	kind = ASKS;
	all_rows("when services may be asked");
	kind = SERVES;
	all_rows("when it serves");
	kind = FILTER;
	what_is_left();
	CHECK(access(evil, F_OK) < 0 && unlink(result) == 0 &&
	    unlink(operand) == 0 && rmdir(dir) == 0, "nothing else was left");
	return tap_done();
}

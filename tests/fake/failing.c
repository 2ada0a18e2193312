/*
 * failing.c: preloaded, lets one call of a kind fail, as on a machine without
 * memory, room, descriptors or luck.  For glibc.
 *
 * FAKE_FAIL       the kind: malloc, open, read, write, fsync, rename, close,
 *                 random, thread, socket, connect, send, recv, poll
 * FAKE_FAIL_AT    the number of the call of that kind that fails, from 1; those
 *                 before and after it do not
 * FAKE_FAIL_SAID  a file that has a byte in it when it has failed
 *
 * What libraries call counts too, but for what glibc calls inside itself.
 */
#undef _FORTIFY_SOURCE	/* which makes some of these functions inline */

#include <sys/random.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

enum { SAID = 900 };	/* a descriptor that nobody else gets */

static const char *kind;
static atomic_long left;

__attribute__((constructor))
static void
begin(void)
{
	const char *at = getenv("FAKE_FAIL_AT"), *said;
	long fd;

	kind = getenv("FAKE_FAIL");
	if (kind == NULL || at == NULL)
		return;
	/* now, since a guard lets nothing be opened later; and not by open(3),
	 * which counts */
	if ((said = getenv("FAKE_FAIL_SAID")) != NULL) {
		fd = syscall(SYS_openat, AT_FDCWD, said,
		    O_WRONLY | O_CREAT | O_TRUNC, 0600);
		(void)syscall(SYS_dup3, fd, SAID, O_CLOEXEC);
		(void)syscall(SYS_close, fd);
	}
	atomic_store(&left, strtol(at, NULL, 10));
}

/* Is this the call that fails? */
static int
fails(const char *of, int error)
{
	if (atomic_load(&left) <= 0 || strcmp(kind, of) != 0 ||
	    atomic_fetch_sub(&left, 1) != 1)
		return 0;
	(void)syscall(SYS_write, SAID, "!", 1);
	errno = error;
	return 1;
}

void *
malloc(size_t n)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails("malloc", ENOMEM) ? NULL : __libc_realloc(p, n);
}

/* The functions below: the library's own unless it is their turn. */
#define REAL(ret, name, ...)						\
	static ret (*real)(__VA_ARGS__);				\
	if (real == NULL)						\
		*(void **)&real = dlsym(RTLD_NEXT, #name)

#define FAILING(ret, name, of, error, wrong, params, args, ...)		\
	ret name params							\
	{								\
		REAL(ret, name, __VA_ARGS__);				\
		return fails(of, error) ? (wrong) : real args;		\
	}

static mode_t
mode_of(int flags, va_list more)
{
	return (flags & (O_CREAT | __O_TMPFILE)) ? va_arg(more, mode_t) : 0;
}

#define OPENS(name)							\
	int name(const char *path, int flags, ...)			\
	{								\
		REAL(int, name, const char *, int, ...);		\
		va_list more;						\
		va_start(more, flags);					\
		mode_t mode = mode_of(flags, more);			\
		va_end(more);						\
		return fails("open", EMFILE) ? -1 :			\
		    real(path, flags, mode);				\
	}
#define OPENS_AT(name)							\
	int name(int at, const char *path, int flags, ...)		\
	{								\
		REAL(int, name, int, const char *, int, ...);		\
		va_list more;						\
		va_start(more, flags);					\
		mode_t mode = mode_of(flags, more);			\
		va_end(more);						\
		return fails("open", EMFILE) ? -1 :			\
		    real(at, path, flags, mode);			\
	}
OPENS(open)
OPENS(open64)
OPENS_AT(openat)
OPENS_AT(openat64)
FAILING(FILE *, fopen, "open", EMFILE, NULL,
    (const char *path, const char *how), (path, how),
    const char *, const char *)

FAILING(ssize_t, read, "read", EIO, -1, (int fd, void *p, size_t n),
    (fd, p, n), int, void *, size_t)
FAILING(ssize_t, pread, "read", EIO, -1,
    (int fd, void *p, size_t n, off_t at), (fd, p, n, at),
    int, void *, size_t, off_t)
FAILING(ssize_t, write, "write", ENOSPC, -1,
    (int fd, const void *p, size_t n), (fd, p, n), int, const void *, size_t)
FAILING(int, fsync, "fsync", EIO, -1, (int fd), (fd), int)
FAILING(int, rename, "rename", EIO, -1, (const char *a, const char *b),
    (a, b), const char *, const char *)
FAILING(int, linkat, "rename", EIO, -1,
    (int a, const char *from, int b, const char *to, int flags),
    (a, from, b, to, flags), int, const char *, int, const char *, int)
FAILING(int, renameat, "rename", EIO, -1,
    (int a, const char *from, int b, const char *to),
    (a, from, b, to), int, const char *, int, const char *)
FAILING(ssize_t, getrandom, "random", ENOSYS, -1,
    (void *p, size_t n, unsigned flags), (p, n, flags),
    void *, size_t, unsigned)
FAILING(int, pthread_create, "thread", EAGAIN, EAGAIN,
    (pthread_t *t, const pthread_attr_t *a, void *(*f)(void *), void *p),
    (t, a, f, p), pthread_t *, const pthread_attr_t *, void *(*)(void *),
    void *)
FAILING(int, socket, "socket", EMFILE, -1, (int d, int t, int p), (d, t, p),
    int, int, int)
FAILING(int, connect, "connect", ENETUNREACH, -1,
    (int fd, __CONST_SOCKADDR_ARG to, socklen_t n), (fd, to, n),
    int, __CONST_SOCKADDR_ARG, socklen_t)
FAILING(ssize_t, send, "send", ECONNRESET, -1,
    (int fd, const void *p, size_t n, int flags), (fd, p, n, flags),
    int, const void *, size_t, int)
FAILING(ssize_t, recv, "recv", ECONNRESET, -1,
    (int fd, void *p, size_t n, int flags), (fd, p, n, flags),
    int, void *, size_t, int)
FAILING(int, poll, "poll", ENOMEM, -1, (struct pollfd *p, nfds_t n, int ms),
    (p, n, ms), struct pollfd *, nfds_t, int)
FAILING(int, ppoll, "poll", ENOMEM, -1,
    (struct pollfd *p, nfds_t n, const struct timespec *t, const sigset_t *s),
    (p, n, t, s), struct pollfd *, nfds_t, const struct timespec *,
    const sigset_t *)

/* It closes all the same, as Linux does. */
int
close(int fd)
{
	REAL(int, close, int);
	int ret = real(fd);

	return fails("close", EIO) ? -1 : ret;
}

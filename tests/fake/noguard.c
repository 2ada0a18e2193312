/*
 * noguard.c: linked into a program or preloaded, makes the kernel one without
 * seccomp and Landlock, so that what looks at the program from inside
 * (gcov, valgrind) can do so to the end; and lets gcov write what it counted
 * where a program ends at once.  With $NOGUARD_TRACED an ordinary user's
 * tracer may read its memory too.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

long syscall(long, ...);
int prctl(int, ...);
void __gcov_dump(void) __attribute__((weak));

long
syscall(long number, ...)
{
	static long (*real)(long, ...);
	long a[6];
	va_list ap;
	int i;

	if (number == SYS_seccomp || number == SYS_landlock_create_ruleset) {
		errno = ENOSYS;
		return -1;
	}
	va_start(ap, number);
	for (i = 0; i < 6; i++)
		a[i] = va_arg(ap, long);
	va_end(ap);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

int
prctl(int option, ...)
{
	static int (*real)(int, ...);
	unsigned long a[4];
	va_list ap;
	int i;

	if (option == PR_SET_SECCOMP) {
		errno = EINVAL;
		return -1;
	}
	if (option == PR_SET_DUMPABLE && getenv("NOGUARD_TRACED") != NULL)
		return 0;
	va_start(ap, option);
	for (i = 0; i < 4; i++)
		a[i] = va_arg(ap, unsigned long);
	va_end(ap);
	if (real == NULL)
		*(void **)&real = dlsym(RTLD_NEXT, "prctl");
	return real(option, a[0], a[1], a[2], a[3]);
}

void
_exit(int status)
{
	void (*real)(int);

	if (__gcov_dump != NULL)
		__gcov_dump();
	*(void **)&real = dlsym(RTLD_NEXT, "_exit");
	real(status);
	__builtin_unreachable();
}

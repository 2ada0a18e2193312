/* tap.h -- a unit test in C prints TAP: CHECK() any number of times, then
 * return tap_done() from main.  Names are printf formats, so that a row of a
 * table can say which one it is. */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

static int tap_run, tap_bad;

/* Whatever stands in a name, it stays one line of TAP without directive. */
__attribute__((format(printf, 1, 0)))
static inline void
tap_name(const char *fmt, va_list ap)
{
	char name[400];
	const char *p;

	(void)vsnprintf(name, sizeof name, fmt, ap);
	for (p = name; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == '#')
			(void)printf("\\x%02x", (unsigned)(unsigned char)*p);
		else
			(void)putchar(*p);
}

__attribute__((format(printf, 4, 5)))
static inline bool
tap_check(bool good, const char *what, int line, const char *fmt, ...)
{
	va_list ap;

	(void)printf("%sok %d - ", good ? "" : "not ", ++tap_run);
	va_start(ap, fmt);
	tap_name(fmt, ap);
	va_end(ap);
	(void)putchar('\n');
	if (!good) {
		tap_bad++;
		(void)printf("# line %d: %s\n", line, what);
	}
	return good;
}

/* Ask cond, under a name: CHECK(n == 3, "three") or with a format. */
#define CHECK(cond, ...) \
	tap_check((cond), #cond, __LINE__, __VA_ARGS__)

/* Say that something could not be asked here, and why. */
static inline void
tap_skip(const char *name, const char *why)
{
	(void)printf("ok %d - %s # SKIP %s\n", ++tap_run, name, why);
}

/* The plan, last; returns what main returns. */
static inline int
tap_done(void)
{
	(void)printf("1..%d\n", tap_run);
	/* now: a sanitizer that complains at the exit flushes nothing */
	if (fflush(stdout) != 0)
		return 1;
	return tap_bad == 0 ? 0 : 1;
}

#endif

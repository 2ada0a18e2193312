/*
 * nomem.c: preloaded, lets memory run out.  For glibc.
 *
 * FAKE_NOMEM_AT   the number of the allocation that fails, from 1; those
 *                 before and after it do not
 */
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);

static atomic_long left;

__attribute__((constructor))
static void
begin(void)
{
	const char *at = getenv("FAKE_NOMEM_AT");

	if (at != NULL)
		atomic_store(&left, strtol(at, NULL, 10));
}

static int
fails(void)
{
	if (atomic_load(&left) <= 0 || atomic_fetch_sub(&left, 1) != 1)
		return 0;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}

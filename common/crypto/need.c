/* need.c -- see need.h. */
#include "crypto/need.h"

#include <stdlib.h>

#include <openssl/crypto.h>

#include "ground/err.h"
#include "ground/wipe.h"

void
need(bool ok, const char *what)
{
	struct err e;

	if (ok)
		return;
	(void)err_set(&e, E_SYSTEM, "libcrypto: no %s", what);
	/* what atexit handlers would flush is no result */
	err_exit(err_report(&e));
}

/* libcrypto's own allocator, but that a failure ends the process.  libcrypto
 * reports one in many ways, as a bad signature or a malformed key among them,
 * and does not survive all of them (3.0 crashes where a lock could not be
 * made): nobody above could tell it from an answer.  What is given back is
 * wiped: libcrypto does so with keys, but not with what it read from a
 * connection. */
static void *
take(size_t n, const char *file, int line)
{
	void *p;

	(void)file;
	(void)line;
	if (n == 0)
		return NULL;
	if ((p = malloc(n)) == NULL)
		err_nomem();
	return p;
}

static void
give(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	wipe_free(p);
}

static void *
change(void *p, size_t n, const char *file, int line)
{
	void *q;

	if (n == 0) {
		give(p, file, line);
		return NULL;
	}
	if ((q = wipe_realloc(p, n)) == NULL)
		err_nomem();
	return q;
}

/* Before libcrypto's first allocation; later it is refused, as where a
 * preloaded library made one, and done without. */
__attribute__((constructor))
static void
first(void)
{
	(void)CRYPTO_set_mem_functions(take, change, give);
}

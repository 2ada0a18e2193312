/* need.c -- see need.h. */
#include "crypto/need.h"

#include <unistd.h>

#include "ground/err.h"

void
need(bool ok, const char *what)
{
	struct err e;

	if (ok)
		return;
	(void)err_set(&e, E_SYSTEM, "libcrypto: no %s", what);
	/* _exit: what atexit handlers would flush is no result */
	_exit(err_report(&e));
}

/* guard.c -- see guard.h. */
#include "host/guard.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void
guard_secrets(void)
{
	const struct rlimit none = {0, 0};

	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	(void)setrlimit(RLIMIT_CORE, &none);
}

/* pending.c -- see pending.h. */
#include "ground/pending.h"

#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

enum { PENDING_MAX = 8 };	/* results under way at once */

static const char *volatile pending[PENDING_MAX];

void
pending_clear(void)
{
	const char *name;
	size_t i;

	for (i = 0; i < PENDING_MAX; i++)
		if ((name = pending[i]) != NULL) {
			pending[i] = NULL;
			(void)unlink(name);
		}
}

/* kill(2) and not raise(3): the C libraries do the latter by different calls,
 * of which a filter knows one (host/guard.h). */
static void
on_signal(int sig)
{
	pending_clear();
	(void)signal(sig, SIG_DFL);
	(void)kill(getpid(), sig);
}

static void
watch_signals(void)
{
	static const int sigs[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE};
	struct sigaction sa = {.sa_handler = on_signal}, was;
	size_t i;

	for (i = 0; i < sizeof sigs / sizeof *sigs; i++)
		if (sigaction(sigs[i], NULL, &was) == 0 &&
		    was.sa_handler == SIG_DFL)
			(void)sigaction(sigs[i], &sa, NULL);
	/* main may end without having written what it made ready */
	(void)atexit(pending_clear);
}

bool
pending_add(const char *name)
{
	static bool watched;
	size_t i;

	if (!watched)
		watch_signals();
	watched = true;
	for (i = 0; i < PENDING_MAX; i++)
		if (pending[i] == NULL) {
			pending[i] = name;
			return true;
		}
	return false;
}

void
pending_done(const char *name)
{
	size_t i;

	for (i = 0; i < PENDING_MAX; i++)
		if (pending[i] == name)
			pending[i] = NULL;
}

/*
 * jq-count.c: preloaded, says how many jq programs a tool made ready.
 *
 * FAKE_JQ_COUNT   file to which the numbers of calls of jq_init and
 *                 jq_compile are written at the end
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <jv.h>
#include <jq.h>

static atomic_int inits, compiles;
static int out = -1;

/* Opened first thing: a tool may give up the right to. */
__attribute__((constructor))
static void
begin(void)
{
	const char *path = getenv("FAKE_JQ_COUNT");

	if (path != NULL)
		out = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		    0600);
}

__attribute__((destructor))
static void
finish(void)
{
	if (out >= 0)
		(void)dprintf(out, "%d %d\n", atomic_load(&inits),
		    atomic_load(&compiles));
}

jq_state *
jq_init(void)
{
	jq_state *(*real)(void);

	*(void **)&real = dlsym(RTLD_NEXT, "jq_init");
	atomic_fetch_add(&inits, 1);
	return real != NULL ? real() : NULL;
}

int
jq_compile(jq_state *jq, const char *program)
{
	int (*real)(jq_state *, const char *);

	*(void **)&real = dlsym(RTLD_NEXT, "jq_compile");
	atomic_fetch_add(&compiles, 1);
	return real != NULL ? real(jq, program) : 0;
}

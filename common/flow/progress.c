/* progress.c -- see progress.h. */
#include "flow/progress.h"

#include <stdio.h>
#include <time.h>

#include "ground/err.h"
#include "host/terminal.h"

enum {
	EVERY = 500,		/* milliseconds from line to line */
	EVERY_LOG = 2000,	/* where they stay */
};

static uint64_t
now(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void
progress_start(struct progress *p, bool wanted, bool sized, uint64_t size)
{
	*p = (struct progress){.terminal = terminal_erases(),
	    .sized = sized && size > 0, .size = size};
	p->on = !err_quiet && (wanted ||
	    (p->terminal && sized && size >= PROGRESS_LARGE));
	if (p->on)
		p->began = p->said = now();
}

/* As people say it: three digits and a binary prefix. */
static void
amount(double bytes, char *out, size_t n)
{
	static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB",
	    "PiB", "EiB"};
	size_t i = 0;

	for (; bytes >= 1000 && i + 1 < sizeof units / sizeof *units; i++)
		bytes /= 1024;
	(void)snprintf(out, n, "%.*f %s", i == 0 || bytes >= 100 ? 0 :
	    bytes >= 10 ? 1 : 2, bytes, units[i]);
}

static void
say(struct progress *p, uint64_t done, uint64_t ms)
{
	char have[32], all[32], rate[32], share[64] = "", left[48] = "";
	double speed = (double)done * 1000 / (double)(ms > 0 ? ms : 1);
	uint64_t rest;

	amount((double)done, have, sizeof have);
	amount(speed, rate, sizeof rate);
	if (p->sized && done <= p->size && speed > 0) {
		amount((double)p->size, all, sizeof all);
		(void)snprintf(share, sizeof share, " of %s (%d%%)", all,
		    (int)(100.0 * (double)done / (double)p->size));
		rest = (uint64_t)((double)(p->size - done) / speed + 0.5);
		(void)snprintf(left, sizeof left, ", %ju:%02u:%02u left",
		    (uintmax_t)(rest / 3600), (unsigned)(rest / 60 % 60),
		    (unsigned)(rest % 60));
	}
	(void)fprintf(stderr, "%s%s: progress: %s%s, %s/s%s%s",
	    p->terminal ? "\r" : "", err_tool, have, share, rate, left,
	    p->terminal ? "\033[K" : "\n");
	(void)fflush(stderr);
	p->shown = true;
}

void
progress_at(struct progress *p, uint64_t done)
{
	uint64_t t;

	if (!p->on)
		return;
	p->done = done;
	t = now();
	if (t - p->said < (p->terminal ? EVERY : EVERY_LOG))
		return;
	p->said = t;
	say(p, done, t - p->began);
}

void
progress_end(struct progress *p)
{
	if (p->shown && p->terminal) {
		(void)fputs("\r\033[K", stderr);
		(void)fflush(stderr);
	} else if (p->on && !p->terminal) {
		say(p, p->done, now() - p->began);
	}
	p->on = p->shown = false;
}

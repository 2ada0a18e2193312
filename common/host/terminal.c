/* terminal.c -- see terminal.h. */
#include "host/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

bool
terminal_is(void)
{
	return isatty(STDOUT_FILENO) == 1;
}

bool
terminal_attended(void)
{
	return isatty(STDERR_FILENO) == 1;
}

static bool
dumb(void)
{
	const char *term = getenv("TERM");

	return term != NULL && strcmp(term, "dumb") == 0;
}

bool
terminal_erases(void)
{
	return terminal_attended() && !dumb();
}

bool
terminal_colour(void)
{
	const char *no = getenv("NO_COLOR");

	return terminal_is() && (no == NULL || *no == '\0') && !dumb();
}

unsigned
terminal_width(void)
{
	struct winsize size;

	if (!terminal_is() || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 ||
	    size.ws_col == 0)
		return 80;
	return size.ws_col;
}

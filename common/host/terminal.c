/* terminal.c -- see terminal.h. */
#include "host/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ground/io.h"

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

bool
terminal_marks(void)
{
	static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
	const char *v = NULL;
	size_t i;

	for (i = 0; i < 3 && (v == NULL || *v == '\0'); i++)
		v = getenv(names[i]);
	v = v != NULL ? strchr(v, '.') : NULL;
	return v != NULL && (strncasecmp(v, ".utf-8", 6) == 0 ||
	    strncasecmp(v, ".utf8", 5) == 0);
}

struct lay
terminal_lay(const char *path)
{
	if (!io_is_std(path) || !terminal_is())
		return (struct lay){0, false};
	return (struct lay){terminal_width(), terminal_colour()};
}

/* err.c -- see err.h. */
#include "ground/err.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "ground/buf.h"
#include "ground/lay.h"
#include "ground/pending.h"
#include "ground/secret.h"
#include "ground/text.h"

enum { INDENT = 4 };	/* columns of what goes on in a next line */

const char *err_tool = "teeutils";
bool err_quiet;

__attribute__((format(printf, 3, 0)))
static void
set_text(struct err *e, enum status code, const char *fmt, va_list ap)
{
	e->code = code;
	e->hint[0] = '\0';
	(void)vsnprintf(e->text, sizeof e->text, fmt, ap);
}

int
err_set(struct err *e, enum status code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	set_text(e, code, fmt, ap);
	va_end(ap);
	return -1;
}

int
err_sys(struct err *e, const char *fmt, ...)
{
	const char *why = strerror(errno);
	va_list ap;
	size_t n;

	va_start(ap, fmt);
	set_text(e, E_SYSTEM, fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	/* messages begin in lower case, but "RPC ..." stays as it is */
	(void)snprintf(e->text + n, sizeof e->text - n, ": %c%s",
	    islower((unsigned char)why[1]) ? tolower((unsigned char)why[0]) :
	    why[0], why + 1);
	return -1;
}

int
err_in(struct err *e, const char *fmt, ...)
{
	char was[ERR_TEXT_MAX];
	va_list ap;
	size_t n;

	memcpy(was, e->text, sizeof was);
	va_start(ap, fmt);
	(void)vsnprintf(e->text, sizeof e->text, fmt, ap);
	va_end(ap);
	n = strlen(e->text);
	(void)snprintf(e->text + n, sizeof e->text - n, ": %s", was);
	return -1;
}

int
err_hint(struct err *e, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e->hint, sizeof e->hint, fmt, ap);
	va_end(ap);
	return -1;
}

/* Append a line as it is or, to a terminal, which would break it wherever it
 * ends, in a word or a hash too, broken at blanks. */
static void
lay(struct slice text, struct buf *out)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		lay_wrap(text, 0, INDENT, size.ws_col, out);
	else
		buf_add(out, text);
}

/* One write(2) a line, so that lines of tools in one pipe do not mix.  True
 * if there was a secret in it, which was not repeated. */
static bool
line(const char *label, const char *text)
{
	struct buf b = {0}, tame = {0}, laid = {0};
	bool hidden;
	ssize_t done;

	hidden = secret_hide(slice_str(text), &tame);
	buf_addf(&b, "%s: %s", err_tool, label);
	text_escape(slice_buf(&tame), &b);
	lay(slice_buf(&b), &laid);
	buf_addc(&laid, '\n');
	/* nowhere to complain to if this fails */
	done = write(STDERR_FILENO, laid.p, laid.n);
	(void)done;
	buf_free(&tame);
	buf_free(&laid);
	buf_free(&b);
	return hidden;
}

int
err_report(const struct err *e)
{
	/* who pasted one is told so, and needs no other hint */
	if (line("", e->text) && secret_argued())
		(void)line("hint: ", "tokens and keys are read from files or "
		    "the standard input; on a command line everyone on this "
		    "machine can read them");
	else if (e->hint[0] != '\0')
		(void)line("hint: ", e->hint);
	return (int)e->code;
}

void
err_warn(const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list ap;

	if (err_quiet)
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)line("warning: ", text);
}

void
err_note(const char *fmt, ...)
{
	char text[ERR_TEXT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)line("note: ", text);
}

void
err_nomem(void)
{
	/* no allocation here: stdio's standard error is unbuffered */
	(void)fprintf(stderr, "%s: out of memory\n", err_tool);
	err_exit(E_SYSTEM);
}

void
err_exit(int status)
{
	pending_clear();
	_exit(status);
}

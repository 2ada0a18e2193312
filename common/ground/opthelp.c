/* opthelp.c -- see opt_in.h. */
#include "ground/opt_in.h"

#include <stdlib.h>

#include "ground/io.h"

enum {
	COLUMNS = 79,	/* of a line of --help */
	HELP_AT = 31,	/* the column its texts begin at */
};

static void finish(struct buf *) __attribute__((noreturn));

static void
finish(struct buf *text)
{
	struct err e;
	int status = E_OK;

	if (io_write(NULL, 0, slice_buf(text), &e) < 0)
		status = err_report(&e);
	buf_free(text);
	exit(status);
}

void
opt_dump(const struct tool *t, const struct opt *const rows[], size_t n)
{
	struct buf b = {0};
	size_t i;

	buf_addf(&b, "tool\t%s\t%s\n", t->name, t->summary);
	for (i = 0; i < n; i++)
		buf_addf(&b, "option\t%c\t%s\t%s\t%s\n",
		    rows[i]->letter != 0 ? rows[i]->letter : '-',
		    rows[i]->name, rows[i]->arg != NULL ? rows[i]->arg : "-",
		    rows[i]->help);
	if (t->operand != NULL)
		buf_addf(&b, "operand\t%s\n", t->operand);
	finish(&b);
}

/* Text wrapped at its blanks to COLUMNS, later lines indented like the
 * first, which begins at column at. */
static void
wrap(struct buf *b, size_t at, const char *text, size_t n)
{
	size_t room = COLUMNS - at, cut;

	while (n > room) {
		for (cut = room; cut > 0 && text[cut] != ' '; cut--)
			continue;
		if (cut == 0)
			break;
		buf_addf(b, "%.*s\n%*s", (int)cut, text, (int)at, "");
		text += cut + 1;
		n -= cut + 1;
	}
	buf_addf(b, "%.*s\n", (int)n, text);
}

/* A long list of choices goes on, after a bar, in the next line. */
static void
help_arg(struct buf *b, size_t at, const char *arg)
{
	size_t room = COLUMNS - at, n = strlen(arg), cut;

	while (n > room) {
		for (cut = room; cut > 0 && arg[cut - 1] != '|'; cut--)
			continue;
		if (cut == 0)
			break;
		buf_addf(b, "%.*s\n%*s", (int)cut, arg, (int)at, "");
		arg += cut;
		n -= cut;
	}
	buf_adds(b, arg);
}

static void
help_option(struct buf *b, const struct opt *o)
{
	size_t was = b->n;

	if (o->letter != 0)
		buf_addf(b, "  -%c, ", o->letter);
	else
		buf_adds(b, "      ");
	buf_addf(b, "--%s%s", o->name, o->arg != NULL ? " " : "");
	if (o->arg != NULL)
		help_arg(b, b->n - was, o->arg);
	if (b->n - was > HELP_AT - 1)
		buf_addf(b, "\n%*s", HELP_AT, "");
	else
		buf_addf(b, "%*s", (int)(HELP_AT - (b->n - was)), "");
	wrap(b, HELP_AT, o->help, strlen(o->help));
}

void
opt_help(const struct tool *t, const struct opt *const rows[], size_t n)
{
	struct buf b = {0};
	const char *line = t->usage, *lead = "usage:";
	size_t i, len;

	buf_addf(&b, "%s - %s\n\n", t->name, t->summary);
	for (; *line != '\0'; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		buf_addf(&b, "%-6s %s ", lead, t->name);
		wrap(&b, 8 + strlen(t->name), line, len);
		lead = "";
	}
	buf_addc(&b, '\n');
	for (i = 0; i < n; i++)
		help_option(&b, rows[i]);
	buf_addf(&b, "\nexit status: 0 done, 1 the answer is no, 2 usage, "
	    "3 bad input, 4 machine,\n5 network, 6 refused by the service; "
	    "see %s(1) and teeutils(7)\n", t->name);
	finish(&b);
}

void
opt_version(const struct tool *t)
{
	struct buf b = {0};

	buf_addf(&b, "%s (teeutils) %s\n", t->name, VERSION);
	finish(&b);
}

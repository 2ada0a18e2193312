/* opthelp.c -- see opt_in.h. */
#include "ground/opt_in.h"

#include <stdlib.h>

#include "ground/io.h"
#include "ground/lay.h"

enum {
	COLUMNS = 79,	/* of a line of --help */
	HELP_AT = 31,	/* the column its texts begin at */
	HELP_LINES = 23,	/* of a terminal, with one for the prompt */
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
	if (t->words != NULL)
		t->words(&b);
	finish(&b);
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
	lay_wrap(slice_str(o->help), HELP_AT, HELP_AT, COLUMNS, b);
	buf_addc(b, '\n');
}

/* Where a usage line may end: before a group in brackets, an option, or an
 * operand, but neither in a group nor before an option's value.  Returns how
 * many of its n bytes come before that, at most room if it can be. */
static size_t
usage_end(const char *line, size_t n, size_t room)
{
	size_t i, end = 0, word = 0;
	int depth = 0;
	bool value = false;	/* of the option before it */

	for (i = 0; i < n; i++) {
		depth += (line[i] == '[') - (line[i] == ']');
		if (line[i] != ' ')
			continue;
		value = line[word] == '-' && line[i + 1] != '-' &&
		    line[i + 1] != '[';
		word = i + 1;
		if (depth > 0 || value || line[i + 1] == '|' ||
		    line[i - 1] == '|')
			continue;
		if (end > 0 && i > room)
			return end;
		end = i;
	}
	return n <= room || end == 0 ? n : end;
}

static void
help_usage(const struct tool *t, struct buf *b)
{
	const char *line = t->usage, *lead = "usage:";
	size_t at = sizeof "usage:" + strlen(t->name) + 1, len, cut;

	for (; *line != '\0'; line += len + (line[len] == '\n')) {
		len = strcspn(line, "\n");
		buf_addf(b, "%-6s %s ", lead, t->name);
		while ((cut = usage_end(line, len, COLUMNS - at)) < len) {
			buf_addf(b, "%.*s\n%*s", (int)cut, line, (int)at, "");
			line += cut + 1;
			len -= cut + 1;
		}
		buf_addf(b, "%.*s\n", (int)len, line);
		lead = "";
	}
}

/* The next name of a list with blanks, empty at its end. */
static struct slice
next_name(const char **list)
{
	struct slice name;

	*list += strspn(*list, " ");
	name = slice_of(*list, strcspn(*list, " "));
	*list += name.n;
	return name;
}

static bool
is_common(const struct tool *t, const char *name)
{
	const char *list = t->common;
	struct slice s;

	do
		s = next_name(&list);
	while (s.n > 0 && !slice_is(s, name));
	return s.n > 0;
}

/* The common options in the order of their list, and then, perhaps, the
 * others. */
static void
help_options(const struct tool *t, const struct opt *const rows[], size_t n,
    bool all, struct buf *b)
{
	const char *list = t->common;
	struct buf more = {0};
	struct slice name;
	size_t i;

	while ((name = next_name(&list)).n > 0)
		for (i = 0; i < n; i++)
			if (slice_is(name, rows[i]->name))
				help_option(b, rows[i]);
	if (!all) {
		buf_addf(&more, "print this help; all %zu options: "
		    "--help=all%c", n, '\0');
		help_option(b, &(struct opt){'h', "help", OPT_FLAG, NULL, NULL,
		    (const char *)more.p});
		buf_free(&more);
		return;
	}
	buf_addc(b, '\n');
	for (i = 0; i < n; i++)
		if (!is_common(t, rows[i]->name))
			help_option(b, rows[i]);
}

static void
help_text(const struct tool *t, const struct opt *const rows[], size_t n,
    bool all, struct buf *b)
{
	buf_addf(b, "%s - %s\n\n", t->name, t->summary);
	help_usage(t, b);
	buf_addc(b, '\n');
	help_options(t, rows, n, all, b);
	buf_addf(b, "\nexit status: 0 yes, 1 no, 2 usage, 3 input, 4 machine, "
	    "5 network, 6 refused\nexample: %s\n", t->example);
}

void
opt_help(const struct tool *t, const struct opt *const rows[], size_t n,
    bool all)
{
	struct buf b = {0};
	size_t lines = 0, i;

	help_text(t, rows, n, true, &b);
	for (i = 0; i < b.n; i++)
		lines += b.p[i] == '\n';
	if (!all && lines > HELP_LINES) {
		buf_cut(&b, 0);
		help_text(t, rows, n, false, &b);
	}
	finish(&b);
}

void
opt_version(const struct tool *t)
{
	struct buf b = {0};

	buf_addf(&b, "%s (teeutils) %s\n", t->name, VERSION);
	if (t->about != NULL)
		t->about(&b);
	finish(&b);
}

/* opt.c -- see opt.h. */
#include "ground/opt.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ground/err.h"
#include "ground/io.h"
#include "ground/opt_in.h"
#include "ground/secret.h"

enum { OPTS_MAX = 64 };	/* rows in a table, our own three included */

static bool want_help, want_all, want_version;
static const struct opt ours[] = {
	{'h', "help", OPT_FLAG, &want_help, NULL,
	    "print this help, with =all of every option"},
	{'q', "quiet", OPT_FLAG, &err_quiet, NULL, "print no warnings"},
	{'V', "version", OPT_FLAG, &want_version, NULL, "print the version"},
};

/* Days from 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t
days(int64_t y, int64_t m, int64_t d)
{
	int64_t era, yoe, doy;

	y -= m <= 2;
	era = y / 400;
	yoe = y - era * 400;
	doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static bool
all_digits(const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (!isdigit((unsigned char)s[i]))
			return false;
	return n > 0;
}

static int
two(const char *s)
{
	return (s[0] - '0') * 10 + s[1] - '0';
}

bool
opt_time_parse(const char *t, int64_t *at)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31,
	    30, 31};
	static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
	int year, month, day;
	size_t i, n = strlen(t);

	if (n <= 12 && all_digits(t, n)) {
		*at = strtoll(t, NULL, 10);
		return true;
	}
	if (n != sizeof form - 1)
		return false;
	for (i = 0; i < n; i++)
		if (form[i] == 'd' ? !isdigit((unsigned char)t[i]) :
		    t[i] != form[i])
			return false;
	year = two(t) * 100 + two(t + 2);
	month = two(t + 5);
	day = two(t + 8);
	if (year < 1970 || month < 1 || month > 12 || day < 1 ||
	    two(t + 11) > 23 || two(t + 14) > 59 || two(t + 17) > 59)
		return false;
	if (day > length[month - 1] && !(month == 2 && day == 29 &&
	    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)))
		return false;
	*at = days(year, month, day) * 86400 + two(t + 11) * 3600 +
	    two(t + 14) * 60 + two(t + 17);
	return true;
}

static bool
is_choice(const char *words, const char *value)
{
	size_t n = strlen(value), len;

	for (;; words += len + 1) {
		len = strcspn(words, "|");
		if (len == n && memcmp(words, value, n) == 0)
			return true;
		if (words[len] == '\0')
			return false;
	}
}

static void
take_num(const struct opt *o, const char *value)
{
	struct opt_num *num = o->to;

	errno = 0;
	if (all_digits(value, strlen(value)))
		num->value = strtoull(value, NULL, 10);
	else
		errno = EINVAL;
	if (errno != 0 || num->value < num->min || num->value > num->max)
		opt_wrong("--%s: not a number from %llu to %llu: %s", o->name,
		    (unsigned long long)num->min, (unsigned long long)num->max,
		    value);
	num->set = true;
}

/* A check that is asked for twice: which one was meant is not for us. */
static void
once(const struct opt *o, bool before)
{
	if (before)
		opt_wrong("--%s is given twice, and only one can count",
		    o->name);
}

static void
take(const struct opt *o, const char *value)
{
	struct opt_list *list;
	struct opt_time *when;

	switch (o->kind) {
	case OPT_FLAG:
		want_all |= o->to == &want_help && value != NULL;
		if (value != NULL && strcmp(value, "all") != 0)
			opt_wrong_word(o->name, "all", value);
		*(bool *)o->to = true;
		return;
	case OPT_CHOICE:
		if (!is_choice(o->arg, value))
			opt_wrong_word(o->name, o->arg, value);
		*(const char **)o->to = value;
		return;
	case OPT_TEXT_ONCE:
		once(o, *(const char **)o->to != NULL);
		__attribute__((fallthrough));
	case OPT_TEXT:
		*(const char **)o->to = value;
		return;
	case OPT_LIST:
		list = o->to;
		list->v = realloc(list->v, (list->n + 1) * sizeof *list->v);
		if (list->v == NULL)
			err_nomem();
		list->v[list->n++] = value;
		return;
	case OPT_NUM_ONCE:
		once(o, ((struct opt_num *)o->to)->set);
		__attribute__((fallthrough));
	case OPT_NUM:
		take_num(o, value);
		return;
	case OPT_TIME:
		when = o->to;
		if (!opt_time_parse(value, &when->at))
			opt_wrong("--%s: neither epoch seconds nor "
			    "YYYY-MM-DDTHH:MM:SSZ: %s", o->name, value);
		when->set = true;
		return;
	}
}

/* The tool's rows, then ours, in the order of the manual: by name. */
static size_t
gather(const struct tool *t, const struct opt *rows[])
{
	const struct opt *row, *swap;
	size_t n = 0, i, j;

	for (row = t->opts; row->name != NULL && n < OPTS_MAX - 3; row++)
		rows[n++] = row;
	for (i = 0; i < sizeof ours / sizeof *ours; i++)
		rows[n++] = &ours[i];
	for (i = 1; i < n; i++)
		for (j = i; j > 0 &&
		    strcmp(rows[j]->name, rows[j - 1]->name) < 0; j--) {
			swap = rows[j];
			rows[j] = rows[j - 1];
			rows[j - 1] = swap;
		}
	return n;
}

static void
getopt_tables(const struct opt *const rows[], size_t n, char *letters,
    struct option *longs)
{
	size_t i;

	*letters++ = ':';
	for (i = 0; i < n; i++) {
		longs[i] = (struct option){rows[i]->name,
		    rows[i]->to == &want_help ? optional_argument :
		    rows[i]->kind == OPT_FLAG ? no_argument :
		    required_argument, NULL, OPT_FIRST + (int)i};
		if (rows[i]->letter == 0)
			continue;
		*letters++ = rows[i]->letter;
		if (rows[i]->kind != OPT_FLAG)
			*letters++ = ':';
	}
	*letters = '\0';
	longs[n] = (struct option){0};
}

int
opt_parse(const struct tool *t, int argc, char ***argv)
{
	const struct opt *rows[OPTS_MAX];
	struct option longs[OPTS_MAX + 1];
	char letters[2 * OPTS_MAX + 2];
	size_t n = gather(t, rows), i;
	int c;

	err_tool = t->name;
	opt_instead = t->instead;
	io_start();
	for (i = 1; i < (size_t)argc; i++)
		secret_argument((*argv)[i]);
	if (argc == 2 && strcmp((*argv)[1], "--options") == 0)
		opt_dump(t, rows, n);
	getopt_tables(rows, n, letters, longs);
	opterr = 0;
	while ((c = getopt_long(argc, *argv, letters, longs, NULL)) != -1) {
		if (c == '?' || c == ':')
			opt_unknown(rows, n, *argv, c);
		for (i = 0; i < n; i++)
			if (c == OPT_FIRST + (int)i || c == rows[i]->letter)
				take(rows[i], optarg);
	}
	if (want_help)
		opt_help(t, rows, n, want_all);
	if (want_version)
		opt_version(t);
	argc -= optind;
	*argv += optind;
	if (argc < t->min)
		opt_missing(NULL, t->operand);
	if (t->max >= 0 && argc > t->max)
		opt_wrong("one operand too many: %s", (*argv)[t->max]);
	return argc;
}

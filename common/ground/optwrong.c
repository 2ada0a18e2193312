/* optwrong.c -- what is wrong with a command line, said so that one can mend
 * it; see opt.h and opt_in.h. */
#include "ground/opt_in.h"

#include <ctype.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ground/err.h"
#include "ground/spell.h"

const struct opt_instead *opt_instead;

void
opt_wrong_hint(const char *hint, const char *fmt, ...)
{
	struct err e = {.code = E_USAGE};
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(e.text, sizeof e.text, fmt, ap);
	va_end(ap);
	(void)err_hint(&e, "%s", hint);
	exit(err_report(&e));
}

void
opt_wrong(const char *fmt, ...)
{
	char text[ERR_TEXT_MAX], hint[ERR_HINT_MAX];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	(void)snprintf(hint, sizeof hint, "'%s --help' lists the options",
	    err_tool);
	opt_wrong_hint(hint, "%s", text);
}

void
opt_missing(const char *hint, const char *what)
{
	if (hint == NULL)
		opt_wrong("%s must be given", what);
	opt_wrong_hint(hint, "%s must be given", what);
}

/* The hint for what is no word of the option; NULL if there is none. */
static const char *
instead_of(const char *option, const char *given)
{
	const struct opt_instead *i = opt_instead;

	for (; i != NULL && i->option != NULL; i++)
		if (strcmp(i->option, option) == 0 && (given == NULL ?
		    i->word == NULL : i->word != NULL &&
		    strcmp(i->word, given) == 0))
			return i->hint;
	return NULL;
}

void
opt_wrong_word(const char *option, const char *words, const char *given)
{
	static const char what[] = "--%s: not one of %s: %s";
	const char *word, *hint = instead_of(option, given);
	char near[ERR_HINT_MAX];
	struct spell s;
	size_t n;

	spell_start(&s, slice_str(given));
	for (word = words; *word != '\0'; word += n + (word[n] == '|')) {
		n = strcspn(word, "|");
		spell_try(&s, slice_of(word, n));
	}
	if (hint == NULL && s.best.n > 0) {
		(void)snprintf(near, sizeof near, "did you mean %.*s?",
		    (int)s.best.n, (const char *)s.best.p);
		hint = near;
	}
	if (hint == NULL)
		hint = instead_of(option, NULL);
	if (hint == NULL)
		opt_wrong(what, option, words, given);
	opt_wrong_hint(hint, what, option, words, given);
}

/* The long option that begins in more than one way; false if it does not. */
static bool
ambiguous(const struct opt *const rows[], size_t n, struct slice given,
    char hint[ERR_HINT_MAX])
{
	size_t i, found = 0, at = 0;

	for (i = 0; i < n && at < ERR_HINT_MAX; i++)
		if (strlen(rows[i]->name) > given.n &&
		    memcmp(rows[i]->name, given.p, given.n) == 0)
			at += (size_t)snprintf(hint + at, ERR_HINT_MAX - at,
			    "%s--%s", found++ > 0 ? ", " : "it may be ",
			    rows[i]->name);
	return found > 1;
}

/* "--name" or "--name=value". */
static void
unknown_name(const struct opt *const rows[], size_t n, const char *arg)
{
	struct slice given = slice_str(arg + 2);
	char hint[ERR_HINT_MAX];
	struct spell s;
	size_t i;

	given = slice_head(given, slice_find(given, '='));
	if (ambiguous(rows, n, given, hint))
		opt_wrong_hint(hint, "ambiguous option: --%.*s", (int)given.n,
		    (const char *)given.p);
	spell_start(&s, given);
	for (i = 0; i < n; i++)
		spell_try(&s, slice_str(rows[i]->name));
	if (s.best.n == 0)
		opt_wrong("unknown option: --%.*s", (int)given.n,
		    (const char *)given.p);
	(void)snprintf(hint, sizeof hint, "did you mean --%.*s?",
	    (int)s.best.n, (const char *)s.best.p);
	opt_wrong_hint(hint, "unknown option: --%.*s", (int)given.n,
	    (const char *)given.p);
}

/* A letter that is none, but is in the other case. */
static void
unknown_letter(const struct opt *const rows[], size_t n, int letter)
{
	int other = isupper(letter) ? tolower(letter) : toupper(letter);
	char hint[ERR_HINT_MAX];
	size_t i;

	for (i = 0; i < n && rows[i]->letter != other; i++)
		continue;
	if (i == n || !isalpha(letter))
		opt_wrong("unknown option: -%c", letter);
	(void)snprintf(hint, sizeof hint, "did you mean -%c, --%s?", other,
	    rows[i]->name);
	opt_wrong_hint(hint, "unknown option: -%c", letter);
}

void
opt_unknown(const struct opt *const rows[], size_t n, char **argv, int c)
{
	const struct opt *row = optopt >= OPT_FIRST &&
	    (size_t)(optopt - OPT_FIRST) < n ? rows[optopt - OPT_FIRST] : NULL;
	size_t i;

	for (i = 0; i < n && row == NULL; i++)
		if (optopt != 0 && rows[i]->letter == optopt)
			row = rows[i];
	if (c == ':' && row != NULL && optopt < OPT_FIRST)
		opt_wrong("option -%c needs an argument, %s", optopt, row->arg);
	if (c == ':' && row != NULL)
		opt_wrong("option --%s needs an argument, %s", row->name,
		    row->arg);
	if (row != NULL)
		opt_wrong("option takes no argument: --%s", row->name);
	if (optopt > 0 && optopt < OPT_FIRST)
		unknown_letter(rows, n, optopt);
	unknown_name(rows, n, argv[optind - 1]);
	abort();
}

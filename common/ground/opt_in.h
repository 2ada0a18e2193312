/* opt_in.h -- what a table of options prints.  Ground: private to opt. */
#ifndef GROUND_OPT_IN_H
#define GROUND_OPT_IN_H

#include "ground/opt.h"

/* What getopt_long() calls the first row, by its long name; the next one is
 * one more.  Letters are below. */
enum { OPT_FIRST = 256 };

/* Of the tool that is parsed for. */
extern const struct opt_instead *opt_instead;

/* Say what is wrong where getopt_long() gave c, '?' or ':', and exit: 2.  The
 * near option, or those that an abbreviation may stand for, are named. */
void opt_unknown(const struct opt *const rows[], size_t n, char **argv, int c)
    __attribute__((noreturn));

/* All rows, sorted by name.  Each prints on standard output and exits: 0, or
 * 4 if that cannot be written.  all: --help=all. */
void opt_help(const struct tool *, const struct opt *const rows[], size_t n,
    bool all) __attribute__((noreturn));
/* For scripts: tab-separated lines "tool NAME SUMMARY", "option LETTER NAME
 * METAVARIABLE HELP" and "operand NAME", then what the tool has to add. */
void opt_dump(const struct tool *, const struct opt *const rows[], size_t n)
    __attribute__((noreturn));
void opt_version(const struct tool *) __attribute__((noreturn));

#endif

/* opt.h -- one table of options a tool: it feeds the parser (over
 * getopt_long), --help, the hidden --options dump that completions are made
 * from, and the test that the manual documents exactly these.  Ground. */
#ifndef GROUND_OPT_H
#define GROUND_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opt_kind {
	OPT_FLAG,	/* to: bool */
	OPT_TEXT,	/* to: const char *; the last one given counts */
	OPT_TEXT_ONCE,	/* the same, but two are wrong: what is a check must
			 * not silently be none; NULL to begin with */
	OPT_CHOICE,	/* the same; one of the words of arg, "hex|base64" */
	OPT_LIST,	/* to: struct opt_list; may be given many times */
	OPT_NUM,	/* to: struct opt_num; decimal, within min and max */
	OPT_NUM_ONCE,	/* the same, but two are wrong */
	OPT_TIME,	/* to: struct opt_time */
};

/* Borrowed from argv; release v with free(). */
struct opt_list {
	const char **v;
	size_t n;
};

struct opt_num {
	uint64_t value, min, max;
	bool set;
};

/* Epoch seconds, given as such or as YYYY-MM-DDTHH:MM:SSZ. */
struct opt_time {
	int64_t at;
	bool set;
};

struct opt {
	char letter;		/* 0: long name only */
	const char *name;
	enum opt_kind kind;
	void *to;
	const char *arg;	/* metavariable; NULL with OPT_FLAG */
	const char *help;	/* one line, lower case, no period */
};

/* What people give an option that is none of its words, and what to do instead;
 * a word that is NULL is any other.  A row of zeros ends them. */
struct opt_instead {
	const char *option, *word, *hint;
};

/* A row of zeros ends opts.  -h, -q and -V are every tool's and stand in no
 * table.  usage holds the synopsis lines after the tool's name, one a line;
 * operands their names for the completions, "FILE" or NULL.  common names the
 * options that --help begins with, "key output"; if all of them do not fit a
 * terminal of 24 lines it shows no others, but for --help=all.  example is a
 * command, whose second line, if it has one, is after a backslash.  words, or
 * NULL, appends lines "words OPTION WORD WORD..." to --options, tabs between
 * the three: values that are offered, and not the only ones.  about, or NULL,
 * appends lines to what --version prints, and is called once all options are
 * read. */
struct buf;
struct tool {
	const char *name, *summary, *usage, *operand;
	int min, max;		/* operands; max < 0: any number */
	const struct opt *opts;
	const char *common, *example;
	void (*words)(struct buf *), (*about)(struct buf *);
	const struct opt_instead *instead;	/* NULL: nothing */
};

/* Parse and set the targets; returns how many operands there are and moves
 * *argv to the first.  Prints and exits by itself for --help, --version
 * (0, or 4 if that cannot be written) and a wrong command line (2). */
int opt_parse(const struct tool *, int argc, char ***argv);

/* Say why the command line is wrong, and exit with 2. */
void opt_wrong(const char *fmt, ...)
    __attribute__((format(printf, 1, 2), noreturn));
/* The same with a hint instead of the pointer to --help. */
void opt_wrong_hint(const char *hint, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), noreturn));

/* "WHAT must be given", which is an option, an operand, or both of it.  A hint
 * that is NULL is the pointer to --help. */
void opt_missing(const char *hint, const char *what)
    __attribute__((noreturn));
/* The option's value is none of the words, "hex|base64"; the near one is
 * named. */
void opt_wrong_word(const char *option, const char *words, const char *given)
    __attribute__((noreturn));

/* Epoch seconds of an OPT_TIME value; false if text is neither form. */
bool opt_time_parse(const char *text, int64_t *at);

#endif

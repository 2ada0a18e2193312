/* err.h -- one failure: its class, which is the exit status, and one line.
 * Ground. */
#ifndef GROUND_ERR_H
#define GROUND_ERR_H

#include <stdbool.h>

/* The exit statuses of every tool; teeutils(7) has the table. */
enum status {
	E_OK = 0,	/* done; the answer is yes */
	E_NO = 1,	/* understood, and the answer is no */
	E_USAGE = 2,	/* the command line is wrong */
	E_INPUT = 3,	/* malformed, truncated, too large, unknown kind */
	E_SYSTEM = 4,	/* file, device, memory, not a guest */
	E_NETWORK = 5,	/* not reached, timed out, 408/429/5xx */
	E_REFUSED = 6,	/* the service understood and refused */
};

enum {
	ERR_TEXT_MAX = 1024,	/* bytes with the NUL; longer text is cut */
	ERR_HINT_MAX = 512,
};

/* text is "object: reason" without the tool's name; hint may be empty.
 * Text from outside may stand in both as it came: err_report() escapes. */
struct err {
	enum status code;
	char text[ERR_TEXT_MAX];
	char hint[ERR_HINT_MAX];
};

/* The tool's name, for messages; opt_parse() sets it. */
extern const char *err_tool;
/* No warnings (-q); opt_parse() sets it. */
extern bool err_quiet;

/* Set class and text, clear the hint.  Returns -1, so that a failure path
 * is one statement: return err_set(e, E_INPUT, "jws: ..."). */
int err_set(struct err *, enum status, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with E_SYSTEM and ": " and the text of errno behind. */
int err_sys(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Put "context: " in front of the text.  Returns -1. */
int err_in(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
/* Say what to do about it.  Returns -1. */
int err_hint(struct err *, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Print "tool: text" and, if there is one, "tool: hint: ..." on standard
 * error, control characters and invalid UTF-8 escaped as \xHH and tokens and
 * keys hidden (secret.h): each a line, on a terminal broken at blanks where
 * that ends.  Returns the class.  For main alone. */
int err_report(const struct err *);
/* Print "tool: warning: ..." unless err_quiet.  For main alone. */
void err_warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* Print "tool: note: ...", which -v or a question asked for.  For main
 * alone. */
void err_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/* End the process, status 4: memory is out. */
void err_nomem(void) __attribute__((noreturn));
/* End it without what atexit(3) holds, but leave no temporary name. */
void err_exit(int status) __attribute__((noreturn));

#endif

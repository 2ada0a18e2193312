/* terminal.h -- the terminal that somebody may sit at.  World. */
#ifndef HOST_TERMINAL_H
#define HOST_TERMINAL_H

#include <stdbool.h>

#include "ground/buf.h"
#include "ground/err.h"
#include "ground/lay.h"

/* Standard output is a terminal. */
bool terminal_is(void);
/* And colours are welcome: NO_COLOR unset or empty, TERM not "dumb". */
bool terminal_colour(void);
/* Its columns; 80 if it is none or does not say. */
unsigned terminal_width(void);

/* A mark that is no ASCII may be shown: the locale's characters are UTF-8, by
 * LC_ALL, LC_CTYPE or LANG. */
bool terminal_marks(void);
/* How a report to that file, NULL or "-" for standard output, is laid out: by
 * width and in colour on a terminal, else not at all. */
struct lay terminal_lay(const char *path);

/* Standard error is one: somebody sees what is said there. */
bool terminal_attended(void);
/* And a line there can be taken away again: TERM is not "dumb". */
bool terminal_erases(void);
/* Ask on the controlling terminal for a line that is not shown, of at most max
 * bytes, and append it without its line end.  A signal that would end or stop
 * the process does so once the terminal is as it was; one that was stopped asks
 * again when it goes on.  E_SYSTEM if there is no
 * terminal, E_INPUT for a longer line or none. */
int terminal_ask(const char *prompt, size_t max, struct buf *out,
    struct err *);

#endif

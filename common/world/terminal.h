/* terminal.h -- the terminal that standard output may be.  World. */
#ifndef WORLD_TERMINAL_H
#define WORLD_TERMINAL_H

#include <stdbool.h>

/* Standard output is a terminal. */
bool terminal_is(void);
/* And colours are welcome: NO_COLOR unset or empty, TERM not "dumb". */
bool terminal_colour(void);
/* Its columns; 80 if it is none or does not say. */
unsigned terminal_width(void);

#endif

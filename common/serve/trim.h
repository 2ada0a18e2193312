/* trim.h -- memory that start-up touched and service does not need.
 * World. */
#ifndef SERVE_TRIM_H
#define SERVE_TRIM_H

/* Give back the pages of code and constants that this process has mapped from
 * its executable and libraries: those needed again come back from the page
 * cache at the next touch.  Nothing that was written to is among them. */
void trim_image(void);

#endif

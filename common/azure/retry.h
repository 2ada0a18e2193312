/* retry.h -- when to ask a service again: Retry-After (RFC 9110 section
 * 10.2.3) and the wait between two attempts.  Pure. */
#ifndef AZURE_RETRY_H
#define AZURE_RETRY_H

#include <stdbool.h>
#include <stdint.h>

#include "ground/buf.h"

enum {
	RETRY_FIRST = 1000,	/* milliseconds: the first wait at most */
	RETRY_MAX = 30000,	/* milliseconds: any wait at most */
};

/* An answer with this status may be another one in a moment: 408, 429 and
 * 5xx but for 501 and 505. */
bool retry_status(long status);

/* Seconds from now until the time a Retry-After value names: a count, or a
 * date in the form "Sun, 06 Nov 1994 08:49:37 GMT" (a past one is 0); -1 if it
 * is neither.  now is epoch seconds. */
long retry_after(struct slice value, int64_t now);

/* Milliseconds to wait before the attempt after the first n (n from 1): half
 * of RETRY_FIRST * 2^(n-1) and up to the same again as random says, evenly;
 * never less than after seconds (unless that is -1), never more than
 * RETRY_MAX. */
unsigned retry_wait(unsigned n, long after, uint32_t random);

/* How often at all. */
struct retry {
	unsigned retries;	/* attempts after the first */
	bool patient;		/* as many as there is time for, unless
				 * retries is 0 */
};
/* Whether to make one more attempt after done (from 1) that failed in a way
 * that may pass, and how many milliseconds to wait before: not if that would
 * not be before the time left, in milliseconds, is over. */
bool retry_more(const struct retry *, unsigned done, long after, int64_t left,
    uint32_t random, unsigned *ms);

#endif

/* The retry schedule: attempts, jitter bounds, Retry-After in both forms, the
 * cap. */
#include "format/retry.h"

#include "tap.h"

enum { NOW = 784111777 };	/* Sun, 06 Nov 1994 08:49:37 GMT */

static const struct {
	const char *text;
	long want;
} values[] = {
	{"0", 0}, {"7", 7}, {" 120 ", 120}, {"99999999999999999999", 999999999},
	{"Sun, 06 Nov 1994 08:49:37 GMT", 0},
	{"Sun, 06 Nov 1994 08:49:47 GMT", 10},
	{"Sun, 06 Nov 1994 09:49:37 GMT", 3600},
	{"Sat, 05 Nov 1994 08:49:37 GMT", 0},
	{"Wed, 30 Nov 1994 08:49:37 GMT", 24 * 86400},
	{"", -1}, {"soon", -1}, {"-1", -1}, {"1.5", -1}, {"7s", -1},
	{"Sun, 06 Nov 1994 08:49:37", -1},
	{"Sun, 06 Nov 1994 08:49:37 GMT+1", -1},
	{"Sunday, 06-Nov-94 08:49:37 GMT", -1},
	{"Sun, 06 ovD 1994 08:49:37 GMT", -1},
	{"Sun, 06 Nov 1994 25:49:37 GMT", -1},
	{"Sun, 06 Nov 1994 08:49:37 GMT                                     "
	    "                    x", -1},
};

static void
check_bounds(unsigned n, unsigned low, unsigned high)
{
	CHECK(retry_wait(n, -1, 0) == low, "wait %u, least", n);
	CHECK(retry_wait(n, -1, UINT32_MAX) == high, "wait %u, most", n);
	CHECK(retry_wait(n, -1, UINT32_MAX / 2) >= low + (high - low) / 2 - 1 &&
	    retry_wait(n, -1, UINT32_MAX / 2) <= low + (high - low) / 2 + 1,
	    "wait %u, middle", n);
}

int
main(void)
{
	size_t i;
	long s;

	for (i = 0; i < sizeof values / sizeof *values; i++)
		CHECK(retry_after(slice_str(values[i].text), NOW) ==
		    values[i].want, "Retry-After: %s", values[i].text);
	check_bounds(1, 500, 1000);
	check_bounds(2, 1000, 2000);
	check_bounds(3, 2000, 4000);
	check_bounds(4, 4000, 8000);
	check_bounds(5, 8000, 16000);
	check_bounds(6, 15000, 30000);
	check_bounds(7, 15000, 30000);
	check_bounds(4000000000U, 15000, 30000);
	for (s = 0; s < 40; s++)
		CHECK(retry_wait(1, s, 0) >= (s < 30 ? s : 30) * 1000 &&
		    retry_wait(1, s, UINT32_MAX) >= (s < 30 ? s : 30) * 1000 &&
		    retry_wait(1, s, UINT32_MAX) <= RETRY_MAX,
		    "never before a Retry-After of %ld, never after the cap",
		    s);
	CHECK(retry_wait(1, 999999999, 0) == RETRY_MAX, "the cap");
	CHECK(retry_wait(1, 0, 0) == 500, "Retry-After: 0 still waits");
	for (s = 100; s < 600; s++)
		if (retry_status(s) != (s == 408 || s == 429 || (s >= 500 &&
		    s != 501 && s != 505)))
			break;
	CHECK(s == 600, "which statuses may pass");
	return tap_done();
}

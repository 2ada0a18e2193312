/* The retry schedule: attempts, jitter bounds, Retry-After in both forms, the
 * cap. */
#include "azure/retry.h"

#include "unit/tap.h"

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

/* How many attempts are made within left ms if each takes took, and when the
 * last one begins. */
static unsigned
attempts(struct retry r, int64_t left, unsigned took, long after,
    uint32_t random, int64_t *last)
{
	int64_t at = took;
	unsigned done = 1, ms;

	*last = 0;
	while (done < 1000 && retry_more(&r, done, after, left - at, random,
	    &ms)) {
		*last = at + ms;
		at = *last + took;
		done++;
	}
	return done;
}

static void
check_attempts(void)
{
	struct retry r = {0};
	int64_t last;
	unsigned n;

	for (n = 0; n <= 20; n++) {
		r.retries = n;
		CHECK(attempts(r, INT64_MAX, 10, -1, 7, &last) == n + 1,
		    "%u after the first", n);
	}
	r.retries = 20;
	CHECK(attempts(r, 60000, 0, -1, UINT32_MAX, &last) == 6 &&
	    last == 31000, "1, 2, 4, 8, 16 s, and no sixth wait of 30 s");
	CHECK(attempts(r, 1000, 0, -1, UINT32_MAX, &last) == 1,
	    "none when the time is over");
	CHECK(attempts(r, 1001, 0, -1, UINT32_MAX, &last) == 2 &&
	    last == 1000, "one just before");
	CHECK(attempts(r, 60000, 0, 3600, 0, &last) == 2 && last == RETRY_MAX,
	    "Retry-After over the cap: after the cap");
	CHECK(attempts(r, 20000, 0, 3600, 0, &last) == 1 && last == 0,
	    "Retry-After over the timeout: not at all");
	r = (struct retry){.retries = 1, .patient = true};
	CHECK(attempts(r, 60000, 5, -1, 0, &last) > 2 && last < 60000,
	    "what may be starting is asked until the timeout");
	r.retries = 0;
	CHECK(attempts(r, 60000, 5, -1, 0, &last) == 1, "but for --retry 0");
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
	check_attempts();
	return tap_done();
}

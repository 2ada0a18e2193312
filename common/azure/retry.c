/* retry.c -- see retry.h. */
#include "azure/retry.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

bool
retry_status(long status)
{
	return status == 408 || status == 429 ||
	    (status >= 500 && status != 501 && status != 505);
}

/* The form of RFC 9110 section 5.6.7 that servers must send. */
static bool
http_date(const char *s, int64_t *at)
{
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char day[4], month[4];
	const char *m;
	struct tm tm = {0};
	int end = 0;

	if (sscanf(s, "%3[A-Za-z], %2d %3s %4d %2d:%2d:%2d GMT%n", day,
	    &tm.tm_mday, month, &tm.tm_year, &tm.tm_hour, &tm.tm_min,
	    &tm.tm_sec, &end) != 7 || end == 0 || s[end] != '\0' ||
	    strlen(month) != 3 || (m = strstr(months, month)) == NULL ||
	    (m - months) % 3 != 0 || tm.tm_year < 1970 || tm.tm_mday < 1 ||
	    tm.tm_mday > 31 || tm.tm_hour < 0 || tm.tm_hour > 23 ||
	    tm.tm_min < 0 || tm.tm_min > 59 || tm.tm_sec < 0 || tm.tm_sec > 60)
		return false;
	tm.tm_mon = (int)(m - months) / 3;
	tm.tm_year -= 1900;
	*at = timegm(&tm);
	return true;
}

long
retry_after(struct slice value, int64_t now)
{
	char text[64];
	int64_t at;
	size_t i;

	value = slice_trim(value);
	if (value.n == 0 || value.n >= sizeof text)
		return -1;
	memcpy(text, value.p, value.n);
	text[value.n] = '\0';
	for (i = 0; isdigit((unsigned char)text[i]); i++)
		;
	if (text[i] == '\0')
		/* more digits than that is for ever, too */
		return i > 9 ? 999999999 : strtol(text, NULL, 10);
	if (!http_date(text, &at))
		return -1;
	return at <= now ? 0 : at - now > 999999999 ? 999999999 :
	    (long)(at - now);
}

unsigned
retry_wait(unsigned n, long after, uint32_t random)
{
	uint64_t most = RETRY_MAX, ms;

	if (n >= 1 && n <= 5)
		most = (uint64_t)RETRY_FIRST << (n - 1);
	/* half fixed, half by lot: clients that failed together part */
	ms = most / 2 + (most / 2 + 1) * random / ((uint64_t)UINT32_MAX + 1);
	if (after >= 0 && (uint64_t)after > ms / 1000)
		ms = (uint64_t)after * 1000 + ms / 4;
	return ms > RETRY_MAX ? RETRY_MAX : (unsigned)ms;
}

bool
retry_more(const struct retry *r, unsigned done, long after, int64_t left,
    uint32_t random, unsigned *ms)
{
	if (done > r->retries && (!r->patient || r->retries == 0))
		return false;
	*ms = retry_wait(done, after, random);
	return *ms < left;
}

/* decimal.c -- numbers in their decimal digits.  See decimal.h. */
#include "value/decimal.h"

#include <stdlib.h>
#include <string.h>

/* 0.D times 10 to the power of point + exp, D being the digits first to
 * past of the text (one '.' among them not counted), neither beginning nor
 * ending in 0. */
struct decimal {
	bool minus, zero;
	const uint8_t *first, *past;
	int64_t point;
	bool exp_minus;
	struct slice exp;	/* digits */
};

static bool
is_exp(uint8_t c)
{
	return c == 'e' || c == 'E';
}

static struct decimal
decimal(struct slice s)
{
	const uint8_t *p = s.p, *end = s.p + s.n, *mant, *dot = NULL, *q;
	struct decimal d = {0};

	d.minus = *p == '-';
	mant = d.minus ? p + 1 : p;
	for (p = mant; p < end && !is_exp(*p); p++)
		if (*p == '.')
			dot = p;
	d.past = p;
	if (p < end) {
		p++;
		d.exp_minus = *p == '-';
		p += *p == '-' || *p == '+';
		d.exp = slice_of(p, (size_t)(end - p));
	}
	for (d.first = mant; d.first < d.past && (*d.first == '0' ||
	    *d.first == '.'); d.first++)
		;
	d.zero = d.first == d.past;
	if (d.zero)
		return d;
	q = dot != NULL ? dot : d.past;
	/* digits before the point, or minus the zeros behind it */
	d.point = q - d.first + (d.first > q);
	while (d.past[-1] == '0' || d.past[-1] == '.')
		d.past--;
	return d;
}

static int
by_digits(const struct decimal *a, const struct decimal *b)
{
	const uint8_t *p = a->first, *q = b->first;

	for (;;) {
		p += p < a->past && *p == '.';
		q += q < b->past && *q == '.';
		if (p == a->past || q == b->past)
			return (q == b->past) - (p == a->past);
		if (*p != *q)
			return *p < *q ? -1 : 1;
		p++;
		q++;
	}
}

/* The digit i places before the end of s, signed. */
static int
place(struct slice s, size_t i, bool minus)
{
	int digit = i < s.n ? s.p[s.n - 1 - i] - '0' : 0;

	return minus ? -digit : digit;
}

/* Exponents may have any number of digits.  Their difference is built from
 * the highest digit down; once it is too large for any text's point to
 * make up for, the digits to come cannot bring it back. */
static int
by_power(const struct decimal *a, const struct decimal *b)
{
	size_t i = a->exp.n > b->exp.n ? a->exp.n : b->exp.n;
	const int64_t enough = (int64_t)1 << 40;
	int64_t diff = 0;

	while (i-- > 0) {
		diff = diff * 10 + place(a->exp, i, a->exp_minus) -
		    place(b->exp, i, b->exp_minus);
		if (diff > enough || diff < -enough)
			return diff < 0 ? -1 : 1;
	}
	diff += a->point - b->point;
	return (diff > 0) - (diff < 0);
}

int
decimal_order(struct slice sa, struct slice sb)
{
	struct decimal a = decimal(sa), b = decimal(sb);
	int order;

	if (a.zero || b.zero)
		return a.zero && b.zero ? 0 : a.zero ? (b.minus ? 1 : -1) :
		    (a.minus ? -1 : 1);
	if (a.minus != b.minus)
		return a.minus ? -1 : 1;
	order = by_power(&a, &b);
	if (order == 0)
		order = by_digits(&a, &b);
	return a.minus ? -order : order;
}

size_t
decimal_digits(struct slice s)
{
	struct decimal d = decimal(s);
	size_t n = (size_t)(d.past - d.first);

	return d.zero ? 0 : n - (memchr(d.first, '.', n) != NULL);
}

double
decimal_double(struct slice s)
{
	char *copy = slice_dup(s);
	double d = strtod(copy, NULL);

	free(copy);
	return d;
}

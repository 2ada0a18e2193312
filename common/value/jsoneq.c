/* jsoneq.c -- are two values the same?  Numbers as decimals of any length
 * and exponent, never as floating point.  See json.h. */
#include "value/json_in.h"

#include <stdlib.h>

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

/* Are the digits the same? */
static bool
same_digits(const struct decimal *a, const struct decimal *b)
{
	const uint8_t *p = a->first, *q = b->first;

	for (;;) {
		p += p < a->past && *p == '.';
		q += q < b->past && *q == '.';
		if (p == a->past || q == b->past)
			return p == a->past && q == b->past;
		if (*p++ != *q++)
			return false;
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
static bool
same_power(const struct decimal *a, const struct decimal *b)
{
	size_t i = a->exp.n > b->exp.n ? a->exp.n : b->exp.n;
	const int64_t enough = (int64_t)1 << 40;
	int64_t diff = 0;

	while (i-- > 0) {
		diff = diff * 10 + place(a->exp, i, a->exp_minus) -
		    place(b->exp, i, b->exp_minus);
		if (diff > enough || diff < -enough)
			return false;
	}
	return a->point + diff == b->point;
}

static bool
same_number(struct slice sa, struct slice sb)
{
	struct decimal a = decimal(sa), b = decimal(sb);

	if (a.zero || b.zero)
		return a.zero && b.zero;
	return a.minus == b.minus && same_digits(&a, &b) &&
	    same_power(&a, &b);
}

static bool
same_arrays(struct json_val a, struct json_val b)
{
	a = json_first(a);
	b = json_first(b);
	for (; json_has(a); a = json_next(a), b = json_next(b))
		if (!json_equal(a, b))
			return false;
	return true;
}

/* By sorted names: whoever wrote them cannot make this quadratic. */
static bool
same_objects(struct json_val a, struct json_val b)
{
	struct name *na, *nb;
	bool same = true;
	size_t n, i;

	if (json_count(a) == 0)
		return true;
	na = json_names(a.doc, a.at, &n);
	nb = json_names(b.doc, b.at, &n);
	for (i = 0; i < n && same; i++)
		same = na[i].hash == nb[i].hash &&
		    json_order(a.doc, &a.doc->v[na[i].node],
		    b.doc, &b.doc->v[nb[i].node]) == 0 &&
		    json_equal((struct json_val){a.doc, na[i].node + 1},
		    (struct json_val){b.doc, nb[i].node + 1});
	free(na);
	free(nb);
	return same;
}

bool
json_equal(struct json_val a, struct json_val b)
{
	/* nothing is not even equal to nothing: two absent claims must not
	 * pass for a match */
	if (!json_has(a) || !json_has(b) || json_kind(a) != json_kind(b) ||
	    json_count(a) != json_count(b))
		return false;
	switch (json_kind(a)) {
	case JSON_NULL:
	case JSON_FALSE:
	case JSON_TRUE:
		return true;
	case JSON_NUMBER:
		return same_number(json_span(a), json_span(b));
	case JSON_STRING:
		return json_order(a.doc, &a.doc->v[a.at],
		    b.doc, &b.doc->v[b.at]) == 0;
	case JSON_ARRAY:
		return same_arrays(a, b);
	case JSON_OBJECT:
		return same_objects(a, b);
	}
	return false;
}

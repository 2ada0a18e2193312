/* filternum.c -- the numbers of a jq program and of its text, as doubles.
 *
 * libjq 1.6 knows doubles only, so that 12345678901234567891 and ...890 would
 * be one; 1.7 compares some numbers by their digits and others as doubles.
 * Both are given doubles that compare as the numbers do; a minus is put to
 * them afterwards, so that -(1) is -1 whatever the digits.  See filter_in.h. */
#include "value/filter_in.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "value/decimal.h"

enum {
	SHORT_DIGITS = 15,	/* DBL_DIG: a double tells all of these apart */
	SHOWN_MAX = 40,		/* bytes of a number in a message */
};

/* Where doubles have all their digits, with room for a step beyond. */
static const double least = 1e-290, most = 1e290;

static bool
is_short(struct slice text)
{
	return decimal_digits(text) <= SHORT_DIGITS;
}

static void
gather(struct filter_numbers *set, struct slice text)
{
	if (set->n == set->room) {
		set->room = set->room * 2 + 8;
		set->v = realloc(set->v, set->room * sizeof *set->v);
		if (set->v == NULL)
			err_nomem();
	}
	set->v[set->n++] = (struct filter_long){.text = text};
}

static double
settled(const struct filter_numbers *set, struct slice text)
{
	size_t low = 0, high = set->n, mid;
	int order;

	while (low < high) {
		mid = low + (high - low) / 2;
		order = decimal_order(text, set->v[mid].text);
		if (order == 0)
			return set->v[mid].value;
		if (order < 0)
			high = mid;
		else
			low = mid + 1;
	}
	return NAN;	/* not reached: each was gathered */
}

int
filter_number(struct filter_numbers *set, struct slice text, double *out,
    struct err *e)
{
	bool minus = text.p[0] == '-';
	struct slice abs = slice_from(text, minus);
	double d = decimal_double(abs);

	if (decimal_digits(text) > 0 && (d < least || d > most))
		return err_set(e, E_INPUT, "filter: %.*s%s is no number for "
		    "libjq", (int)(text.n < SHOWN_MAX ? text.n : SHOWN_MAX),
		    (const char *)text.p, text.n > SHOWN_MAX ? "..." : "");
	if (!is_short(text)) {
		if (!set->settled)
			gather(set, abs);
		d = set->settled ? settled(set, abs) : 0;
	}
	*out = minus ? -d : d;
	return 0;
}

static int
by_value(const void *a, const void *b)
{
	return decimal_order(((const struct filter_long *)a)->text,
	    ((const struct filter_long *)b)->text);
}

/* The double beside d, which is more than 0 and far from the largest. */
static double
beside(double d, bool up)
{
	uint64_t bits;

	memcpy(&bits, &d, sizeof bits);
	bits += up ? 1 : UINT64_MAX;
	memcpy(&d, &bits, sizeof d);
	return d;
}

/* The short number whose double this is: its text, or none. */
static struct slice
short_of(double d, char text[32])
{
	(void)snprintf(text, 32, "%.*g", SHORT_DIGITS, d);
	return decimal_double(slice_str(text)) == d ? slice_str(text) :
	    slice_of(NULL, 0);
}

/* The nearest double, or where that is a short number's the one beside it,
 * on the number's own side. */
static double
nearest(struct slice text)
{
	double d = decimal_double(text);
	char near[32];
	struct slice s = short_of(d, near);

	if (s.n == 0)
		return d;
	return beside(d, decimal_order(text, s) > 0);
}

/* In ascending order; one that would be no greater than the one before moves
 * up a step.  It never passes a short number, since it would stop at its
 * double first. */
int
filter_settle(struct filter_numbers *set, struct err *e)
{
	struct filter_long *v = set->v;
	char near[32];
	size_t i;

	if (set->n > 0)
		qsort(v, set->n, sizeof *v, by_value);
	for (i = 0; i < set->n; i++) {
		if (i > 0 && by_value(&v[i - 1], &v[i]) == 0) {
			v[i].value = v[i - 1].value;
			continue;
		}
		v[i].value = nearest(v[i].text);
		if (i > 0 && v[i].value <= v[i - 1].value)
			v[i].value = beside(v[i - 1].value, true);
		if (short_of(v[i].value, near).n > 0)
			return err_set(e, E_NO, "filter: numbers closer to "
			    "each other than libjq can tell");
	}
	set->settled = true;
	return 0;
}

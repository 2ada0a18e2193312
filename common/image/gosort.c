/* gosort.c -- pattern-defeating quicksort (arXiv:2106.05123) with the choices
 * of Go's package sort, version 1.19 and later.  The platform sorts attributes
 * with a comparison that is no order, so that what comes out depends on every
 * step; of twelve or fewer it is insertion. */
#include "image/ext4_in.h"

enum {
	INSERTION_MAX = 12,
	NINTHER_MIN = 50,	/* elements for a median of medians */
	SHIFT_MIN = 50,		/* elements for moving single ones */
	MOVES_MAX = 5,
	SWAPS_MAX = 12,
};

static bool
less(const struct gosort *s, size_t i, size_t j)
{
	return s->less(s->ctx, i, j);
}

static void
swap(const struct gosort *s, size_t i, size_t j)
{
	s->swap(s->ctx, i, j);
}

static void
insertion(const struct gosort *s, size_t a, size_t b)
{
	size_t i, j;

	for (i = a + 1; i < b; i++)
		for (j = i; j > a && less(s, j, j - 1); j--)
			swap(s, j, j - 1);
}

static void
sift_down(const struct gosort *s, size_t root, size_t n, size_t a)
{
	size_t child;

	while ((child = 2 * root + 1) < n) {
		if (child + 1 < n && less(s, a + child, a + child + 1))
			child++;
		if (!less(s, a + root, a + child))
			return;
		swap(s, a + root, a + child);
		root = child;
	}
}

static void
heap(const struct gosort *s, size_t a, size_t b)
{
	size_t n = b - a, i;

	for (i = (n - 1) / 2 + 1; i-- > 0;)
		sift_down(s, i, n, a);
	for (i = n; i-- > 0;) {
		swap(s, a, a + i);
		sift_down(s, 0, i, a);
	}
}

static size_t
bits(size_t n)
{
	size_t count = 0;

	for (; n > 0; n >>= 1)
		count++;
	return count;
}

/* Three elements in the middle change places with others. */
static void
break_patterns(const struct gosort *s, size_t a, size_t b)
{
	size_t n = b - a, i, other;
	uint64_t random = n, mask = ((uint64_t)1 << bits(n)) - 1;

	for (i = 0; i < 3; i++) {
		random ^= random << 13;
		random ^= random >> 7;
		random ^= random << 17;
		other = (size_t)(random & mask);
		if (other >= n)
			other -= n;
		swap(s, a + n / 4 * 2 - 1 + i, a + other);
	}
}

static void
order(const struct gosort *s, size_t *x, size_t *y, size_t *swaps)
{
	size_t was = *x;

	if (!less(s, *y, *x))
		return;
	(*swaps)++;
	*x = *y;
	*y = was;
}

static size_t
median(const struct gosort *s, size_t x, size_t y, size_t z, size_t *swaps)
{
	order(s, &x, &y, swaps);
	order(s, &y, &z, swaps);
	order(s, &x, &y, swaps);
	return y;
}

static size_t
choose_pivot(const struct gosort *s, size_t a, size_t b, size_t *swaps)
{
	size_t quarter = (b - a) / 4, at[3], i;

	for (i = 0; i < 3; i++)
		at[i] = a + quarter * (i + 1);
	if (b - a >= NINTHER_MIN)
		for (i = 0; i < 3; i++)
			at[i] = median(s, at[i] - 1, at[i], at[i] + 1, swaps);
	return median(s, at[0], at[1], at[2], swaps);
}

static void
reverse(const struct gosort *s, size_t a, size_t b)
{
	while (a + 1 < b)
		swap(s, a++, --b);
}

/* Few things are out of place: put them there; true if all is well then. */
static bool
mend(const struct gosort *s, size_t a, size_t b)
{
	size_t i = a + 1, j, moves;

	for (moves = 0; moves < MOVES_MAX; moves++) {
		while (i < b && !less(s, i, i - 1))
			i++;
		if (i == b)
			return true;
		if (b - a < SHIFT_MIN)
			return false;
		swap(s, i, i - 1);
		/* down to the very first, not to a */
		if (i - a >= 2)
			for (j = i - 1; j >= 1 && less(s, j, j - 1); j--)
				swap(s, j, j - 1);
		if (b - i >= 2)
			for (j = i + 1; j < b && less(s, j, j - 1); j++)
				swap(s, j, j - 1);
	}
	return false;
}

/* What is less than the pivot to the left, the pivot between: its place.
 * *was: nothing had to move. */
static size_t
partition(const struct gosort *s, size_t a, size_t b, size_t pivot, bool *was)
{
	size_t i = a + 1, j = b - 1;

	*was = true;
	swap(s, a, pivot);
	for (;;) {
		while (i <= j && less(s, i, a))
			i++;
		while (i <= j && !less(s, j, a))
			j--;
		if (i > j)
			break;
		*was = false;
		swap(s, i++, j--);
	}
	swap(s, j, a);
	return j;
}

/* What is equal to the pivot to the left: where the greater ones begin. */
static size_t
partition_equal(const struct gosort *s, size_t a, size_t b, size_t pivot)
{
	size_t i = a + 1, j = b - 1;

	swap(s, a, pivot);
	for (;;) {
		while (i <= j && !less(s, a, i))
			i++;
		while (i <= j && less(s, a, j))
			j--;
		if (i > j)
			return i;
		swap(s, i++, j--);
	}
}

/* Of two parts the smaller one is sorted by calling this again. */
static void
sort(const struct gosort *s, size_t a, size_t b, size_t limit)
{
	bool balanced = true, partitioned = true;
	size_t n, pivot, middle, swaps, smaller;

	while ((n = b - a) > INSERTION_MAX) {
		if (limit == 0) {
			heap(s, a, b);
			return;
		}
		if (!balanced) {
			break_patterns(s, a, b);
			limit--;
		}
		swaps = 0;
		pivot = choose_pivot(s, a, b, &swaps);
		if (swaps == SWAPS_MAX) {
			reverse(s, a, b);
			pivot = b - 1 - (pivot - a);
			swaps = 0;
		}
		if (balanced && partitioned && swaps == 0 && mend(s, a, b))
			return;
		if (a > 0 && !less(s, a - 1, pivot)) {
			a = partition_equal(s, a, b, pivot);
			continue;
		}
		middle = partition(s, a, b, pivot, &partitioned);
		smaller = middle - a < b - middle ? middle - a : b - middle;
		balanced = smaller >= n / 8;
		if (middle - a < b - middle) {
			sort(s, a, middle, limit);
			a = middle + 1;
		} else {
			sort(s, middle + 1, b, limit);
			b = middle;
		}
	}
	insertion(s, a, b);
}

void
gosort(const struct gosort *s, size_t n)
{
	sort(s, 0, n, bits(n));
}

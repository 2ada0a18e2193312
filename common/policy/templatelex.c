/* templatelex.c -- see templatelex.h. */
#include "policy/templatelex.h"

bool
templatelex_at(struct slice *left, char c)
{
	while (left->n > 0 && (left->p[0] == ' ' || left->p[0] == '\t' ||
	    left->p[0] == '\r' || left->p[0] == '\n'))
		*left = slice_from(*left, 1);
	return left->n > 0 && left->p[0] == (uint8_t)c;
}

bool
templatelex_eat(struct slice *left, char c)
{
	if (!templatelex_at(left, c))
		return false;
	*left = slice_from(*left, 1);
	return true;
}

struct slice
templatelex_word(struct slice *left)
{
	struct slice w;
	size_t n = 0;
	uint8_t c;

	(void)templatelex_at(left, 0);
	for (; n < left->n; n++) {
		c = left->p[n];
		if (!((c | 32) >= 'a' && (c | 32) <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '_' && c != '$')
			break;
	}
	w = slice_head(*left, n);
	*left = slice_from(*left, n);
	return w;
}

bool
templatelex_quoted(struct slice *left, struct buf *out)
{
	size_t n;

	if (!templatelex_eat(left, '\''))
		return false;
	for (;;) {
		n = slice_find(*left, '\'');
		if (n == left->n)
			return false;
		buf_add(out, slice_head(*left, n));
		*left = slice_from(*left, n + 1);
		if (left->n == 0 || left->p[0] != '\'')
			return true;
		buf_addc(out, '\'');
		*left = slice_from(*left, 1);
	}
}

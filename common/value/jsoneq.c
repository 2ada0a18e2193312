/* jsoneq.c -- are two values the same?  Numbers as decimals of any length
 * and exponent, never as floating point.  See json.h. */
#include "value/json_in.h"

#include <stdlib.h>

#include "value/decimal.h"

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
		return decimal_order(json_span(a), json_span(b)) == 0;
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

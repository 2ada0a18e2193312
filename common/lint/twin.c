/* twin.c -- containers of a policy that cannot be told apart. */
#include "lint/lint_in.h"

#include <stdio.h>
#include <stdlib.h>

#include "policy/canon.h"

struct twin {
	struct buf text;	/* what it means, less what sets it apart */
	size_t i;
	bool stdio;
};

static int
order(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	int d = policycanon_order(&x->text, &y->text);

	return d != 0 ? d : x->i < y->i ? -1 : x->i > y->i;
}

/* Names do not count, and what lets the framework choose between two. */
static bool
is_apart(struct json_val member)
{
	return json_text_is(json_name(member), "id") ||
	    json_text_is(json_name(member), "name") ||
	    json_text_is(json_name(member), "allow_stdio_access");
}

/* All that counts of a container, in one form. */
static struct buf
essence(struct json_val c)
{
	size_t n = json_count(c), i, k = 0;
	struct buf text = {0}, *part;
	struct json_val v = json_first(c);

	if ((part = calloc(n + 1, sizeof *part)) == NULL)
		err_nomem();
	for (; json_has(v); v = json_next(v)) {
		if (is_apart(v))
			continue;
		json_compact(json_name(v), &part[k]);
		policycanon(v, &part[k++]);
	}
	qsort(part, k, sizeof *part, policycanon_order);
	for (i = 0; i < k; i++) {
		buf_add(&text, slice_buf(&part[i]));
		buf_free(&part[i]);
	}
	free(part);
	return text;
}

static void
say(struct judge *j, const struct twin *a, const struct twin *b)
{
	char where[40];

	(void)snprintf(where, sizeof where, "containers[%zu]", b->i);
	if (a->stdio == b->stdio)
		lint_say(j, LINT_NOTE, where, NULL,
		    "the same as containers[%zu]", a->i);
	else
		lint_say(j, LINT_BROKEN, where, NULL, "differs from "
		    "containers[%zu] in allow_stdio_access only: the "
		    "framework refuses both", a->i);
}

void
lint_twins(struct judge *j, struct json_val list)
{
	size_t n = json_count(list), i;
	struct json_val v = json_first(list);
	struct twin *t;

	if ((t = calloc(n + 1, sizeof *t)) == NULL)
		err_nomem();
	for (i = 0; i < n; i++, v = json_next(v)) {
		t[i] = (struct twin){essence(v), i, false};
		(void)json_bool(json_get(v, "allow_stdio_access"),
		    &t[i].stdio);
	}
	qsort(t, n, sizeof *t, order);
	for (i = 1; i < n; i++)
		if (slice_eq(slice_buf(&t[i - 1].text),
		    slice_buf(&t[i].text)))
			say(j, &t[i - 1], &t[i]);
	for (i = 0; i < n; i++)
		buf_free(&t[i].text);
	free(t);
}

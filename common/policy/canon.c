/* canon.c -- see canon.h. */
#include "policy/canon.h"

#include <stdlib.h>

#include "policy/rego.h"

int
policycanon_order(const void *a, const void *b)
{
	const struct buf *x = a, *y = b;
	size_t n = x->n < y->n ? x->n : y->n;
	int d = n > 0 ? memcmp(x->p, y->p, n) : 0;

	if (d != 0)
		return d;
	return x->n < y->n ? -1 : x->n > y->n;
}

/* The framework takes it as a set: what is to run needs to match some element,
 * wherever it stands.  Of all other lists, a command's words, layers from the
 * base up and whatever is not known here, the order counts. */
static bool
is_free(struct json_val array)
{
	static const char *const names[] = {"containers", "fragments",
	    "external_processes", "platform_rules", "allowed_log_providers",
	    "transparency_trust_lists", "env_rules", "mounts", "options",
	    "exec_processes", "signals", "group_idnames", "includes",
	    "bounding", "effective", "inheritable", "permitted", "ambient"};
	struct json_val name = json_name(array);
	size_t i;

	/* {"line":1,"value":[...]} of rego.h stands for the name it has */
	if (json_text_is(name, "value"))
		name = json_name(json_parent(array));
	for (i = 0; i < sizeof names / sizeof *names; i++)
		if (json_text_is(name, names[i]))
			return true;
	return rego_is_set(array);
}

static void
add_scalar(struct json_val v, struct buf *out)
{
	struct buf text = {0};
	struct err e;

	if (!json_is(v, JSON_STRING)) {
		buf_add(out, json_span(v));
		return;
	}
	(void)json_text(v, "text", &text, &e);
	json_quote(slice_buf(&text), out);
	buf_free(&text);
}

/* One element or member. */
static void
add_part(struct json_val v, struct buf *out)
{
	if (json_has(json_name(v))) {
		add_scalar(json_name(v), out);
		buf_addc(out, ':');
	}
	policycanon(v, out);
}

void
policycanon(struct json_val v, struct buf *out)
{
	bool array = json_is(v, JSON_ARRAY);
	size_t n = json_count(v), i = 0;
	struct json_val at;
	struct buf *part;

	if (!array && !json_is(v, JSON_OBJECT)) {
		add_scalar(v, out);
		return;
	}
	if ((part = calloc(n + 1, sizeof *part)) == NULL)
		err_nomem();
	for (at = json_first(v); json_has(at); at = json_next(at))
		add_part(at, &part[i++]);
	if (!array || is_free(v))
		qsort(part, n, sizeof *part, policycanon_order);
	buf_addc(out, array ? '[' : '{');
	for (i = 0; i < n; i++) {
		if (i > 0)
			buf_addc(out, ',');
		buf_add(out, slice_buf(&part[i]));
		buf_free(&part[i]);
	}
	buf_addc(out, array ? ']' : '}');
	free(part);
}

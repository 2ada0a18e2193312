/* cycle.c -- rules of a policy that lead back to themselves: the platform
 * does not compile them.  What is not literal is looked at by the names that
 * stand in it. */
#include "lint/lint_in.h"

#include <stdlib.h>

/* A rule by its place among all, and how far it has been followed. */
struct walk {
	struct judge *j;
	struct buf own;		/* "data.policy" */
	unsigned char *state;	/* by the line of the rule: 1 open, 2 done */
	size_t lines;
	struct slice start;	/* the name, of what is not literal */
	unsigned depth;
	bool found;
};

enum { DEPTH_MAX = 1000 };	/* rules that lead to rules; beyond are names
				 * that no platform knows, which is said */

static void follow(struct walk *, struct slice name);

/* What a reference leads to: a rule of the policy, or all of them. */
static void
reference(struct walk *w, struct slice ref)
{
	struct slice own = slice_buf(&w->own), name;

	if (slice_is(ref, "data") || slice_eq(ref, own)) {
		w->found = true;
		return;
	}
	if (ref.n <= own.n || !slice_eq(slice_head(ref, own.n), own) ||
	    ref.p[own.n] != '.')
		return;
	name = slice_from(ref, own.n + 1);
	follow(w, slice_head(name, slice_find(name, '.')));
}

static void
value(struct walk *w, struct json_val v)
{
	struct json_val in;
	struct buf text = {0};

	if (rego_is_ref(v, NULL)) {
		lint_text_of(json_first(v), &text);
		reference(w, slice_buf(&text));
		buf_free(&text);
		return;
	}
	for (in = json_first(v); json_has(in) && !w->found;
	    in = json_next(in))
		value(w, in);
}

/* The statements about a name that are not literal, by what they name. */
static void
unread(struct walk *w, struct slice name)
{
	struct json_val v, use;
	struct buf text = {0};

	for (v = json_first(rego_uses(w->j->rego)); json_has(v) &&
	    !w->found; v = json_next(v)) {
		if (!json_text_eq(json_get(v, "name"), name))
			continue;
		if (w->depth++ == DEPTH_MAX)
			break;
		for (use = json_first(json_get(v, "uses")); json_has(use);
		    use = json_next(use)) {
			buf_cut(&text, 0);
			lint_text_of(use, &text);
			if (slice_eq(slice_buf(&text), name))
				w->found = true;
			else if (slice_starts(slice_buf(&text), "data."))
				reference(w, slice_buf(&text));
		}
		w->depth--;
	}
	buf_free(&text);
}

static void
follow(struct walk *w, struct slice name)
{
	struct json_val rule = json_get_s(rego_rules(w->j->rego), name);
	int64_t line = 0;

	w->found |= name.n > 0 && slice_eq(name, w->start);
	if (w->found || w->depth == DEPTH_MAX)
		return;
	if (!json_has(rule)) {
		unread(w, name);
		return;
	}
	(void)json_int(json_get(rule, "line"), &line);
	if (line < 0 || (size_t)line >= w->lines ||
	    w->state[line] == 2)
		return;
	w->found |= w->state[line] == 1;
	w->state[line] = 1;
	w->depth++;
	if (!w->found)
		value(w, json_get(rule, "value"));
	w->depth--;
	w->state[line] = 2;
}

static void
say(struct judge *j, struct slice name)
{
	char *text = slice_dup(name);

	lint_say(j, LINT_BROKEN, text, NULL, "it leads back to itself, which "
	    "no platform compiles");
	free(text);
}

void
lint_cycles(struct judge *j)
{
	struct walk w = {.j = j, .lines = j->rego->bytes + 2};
	struct json_val v;
	struct buf name = {0};

	buf_adds(&w.own, "data.");
	buf_add(&w.own, slice_buf(&j->out->package));
	if ((w.state = calloc(w.lines, 1)) == NULL)
		err_nomem();
	for (v = json_first(rego_rules(j->rego)); json_has(v);
	    v = json_next(v)) {
		buf_cut(&name, 0);
		lint_text_of(json_name(v), &name);
		w.found = false;
		follow(&w, slice_buf(&name));
		if (w.found)
			say(j, slice_buf(&name));
	}
	for (v = json_first(rego_uses(j->rego)); json_has(v);
	    v = json_next(v)) {
		buf_cut(&name, 0);
		lint_text_of(json_get(v, "name"), &name);
		w.found = false;
		w.start = slice_buf(&name);
		unread(&w, w.start);
		if (w.found && name.n > 0)
			say(j, slice_buf(&name));
	}
	buf_free(&name);
	buf_free(&w.own);
	free(w.state);
}

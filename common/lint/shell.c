/* shell.c -- texts of a command in which a shell puts the values of variables:
 * where the host chooses such a value, it chooses what runs. */
#include "lint/lint_in.h"

#include <stdlib.h>

static const char by_text[] = "strategy string";

enum {
	ASKED_MAX = 1 << 17,	/* patterns of several names, of one policy */
	SAID_MAX = 10,		/* names, of one container */
};

/* --- rules by which the host chooses a value --- */

/* A rule about one name alone, or about several. */
struct choice {
	struct slice name;
	struct json_val rule;
};

/* Those of a list: by their name, and those of several names. */
struct loose {
	struct choice *one, *many;
	size_t ones, manies;
};

static void
choice_add(struct choice **v, size_t *n, struct choice c)
{
	struct choice *more;

	if ((*n & (*n - 1)) == 0) {
		more = reallocarray(*v, *n > 0 ? 2 * *n : 1, sizeof *more);
		if (more == NULL)
			err_nomem();
		*v = more;
	}
	(*v)[(*n)++] = c;
}

static int
order_of(const void *a, const void *b)
{
	const struct choice *x = a, *y = b;

	return slice_order(x->name, y->name);
}

/* What is not a text, and of which more than one fits. */
static void
loose_add(struct judge *j, struct loose *l, struct json_val list)
{
	const struct envrule *r;
	struct json_val v;

	for (v = json_first(list); json_has(v); v = json_next(v)) {
		r = envrules_judge(j->rules, v);
		if (r->is == ENVRULE_FIXED || r->is == ENVRULE_EXACT)
			continue;
		if (r->name.n > 0)
			choice_add(&l->one, &l->ones, (struct choice){
			    slice_buf(&r->name), v});
		else
			choice_add(&l->many, &l->manies, (struct choice){
			    .rule = v});
	}
}

static void
loose_sort(struct loose *l)
{
	if (l->ones > 0)
		qsort(l->one, l->ones, sizeof *l->one, order_of);
}

static void
loose_free(struct loose *l)
{
	free(l->one);
	free(l->many);
}

static bool
lets(const struct choice *c, struct slice name)
{
	char *text = slice_dup(name);
	bool yes = envrule_lets(c->rule, text);

	free(text);
	return yes;
}

/* A rule lets the host choose the value of the variable of that name. */
static bool
chosen(struct judge *j, const struct loose *l, struct slice name)
{
	size_t low = 0, high = l->ones, mid, i;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (slice_order(l->one[mid].name, name) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	for (; low < l->ones && slice_order(l->one[low].name, name) == 0; low++)
		if (lets(&l->one[low], name))
			return true;
	for (i = 0; i < l->manies && j->asked < ASKED_MAX; i++, j->asked++)
		if (lets(&l->many[i], name))
			return true;
	return false;
}

/* The platform adds its rules to those of every container. */
static const struct loose *
platform(struct judge *j)
{
	struct json_val v = json_first(rego_value(j->rego, "platform_rules"));

	if (j->platform != NULL)
		return j->platform;
	if ((j->platform = calloc(1, sizeof *j->platform)) == NULL)
		err_nomem();
	if (!lint_framework_before(j, VERSION(0, 5, 0)))
		for (; json_has(v); v = json_next(v))
			loose_add(j, j->platform, json_get(v, "env_rules"));
	loose_sort(j->platform);
	return j->platform;
}

void
lint_command_free(struct judge *j)
{
	if (j->platform != NULL)
		loose_free(j->platform);
	free(j->platform);
}

/* --- variables of a text --- */

static size_t
name_length(struct slice s)
{
	size_t n = 0;

	while (n < s.n && ((s.p[n] >= '0' && s.p[n] <= '9') ||
	    s.p[n] == '_' || ((s.p[n] | 32) >= 'a' && (s.p[n] | 32) <= 'z')))
		n++;
	return n;
}

static bool
skip(struct slice *s, const char *prefix)
{
	bool is = slice_starts(*s, prefix);

	if (is)
		*s = slice_from(*s, strlen(prefix));
	return is;
}

/* Names by which a text asks for variables. */
struct names {
	struct choice *v;
	size_t n;
};

static void
name_add(struct names *names, struct slice *s, size_t n)
{
	if (n > 0)
		choice_add(&names->v, &names->n, (struct choice){
		    .name = slice_head(*s, n)});
	*s = slice_from(*s, n);
}

/* $NAME, ${NAME, ${!NAME, $((NAME, $[NAME, $env:NAME; %NAME% on Windows;
 * printenv NAME.  A length, ${#NAME}, tells nothing. */
static void
of_shell(struct slice s, struct names *names)
{
	size_t n;

	while (s.n > 0) {
		if (skip(&s, "$")) {
			if (!skip(&s, "((") && !skip(&s, "["))
				(void)skip(&s, "{");
			(void)skip(&s, "!");
			(void)skip(&s, "env:");
			name_add(names, &s, name_length(s));
		} else if (skip(&s, "%")) {
			n = name_length(s);
			if (n < s.n && s.p[n] == '%')
				name_add(names, &s, n);
		} else if (skip(&s, "printenv ")) {
			name_add(names, &s, name_length(s));
		} else {
			s = slice_from(s, 1);
		}
	}
}

/* A program of an interpreter that runs others: any of its words may be a
 * variable's name. */
static void
of_interpreter(struct slice s, struct names *names)
{
	static const char *const runs[] = {"system", "exec", "eval", "popen",
	    "spawn", "subprocess", "child_process", "`", "qx"};
	bool any = false;
	size_t i, n;

	for (i = 0; i < sizeof runs / sizeof *runs; i++)
		any |= slice_search(s, runs[i]) < s.n;
	while (any && s.n > 0) {
		n = name_length(s);
		if (n > 0)
			name_add(names, &s, n);
		else
			s = slice_from(s, 1);
	}
}

/* Options behind which a text for a shell stands, of what is none itself. */
static bool
is_text_option(struct slice s)
{
	return slice_is(s, "-c") || slice_is(s, "--sh-exec") ||
	    slice_is(s, "--command");
}

/* A word with others in it, as commands of Windows are, or behind a mark. */
static bool
is_command(struct slice s)
{
	return slice_find(s, ' ') < s.n || slice_find(s, ':') < s.n;
}

/* The names that the words of a command ask for; text has the words. */
static void
collect(struct json_val command, struct buf *text, struct names *names)
{
	bool shell = false, interpreter = false, launched = false;
	struct json_val v = json_first(command);
	bool first = true, is;
	struct slice s;
	size_t at;

	for (; json_has(v); v = json_next(v)) {
		/* what is there does not move: there is room for all */
		at = text->n;
		lint_text_of(v, text);
		s = slice_from(slice_buf(text), at);
		is = lint_runs_others(s, first) && !lint_interprets(s);
		/* a word may be a whole command */
		if (shell || (is && is_command(s)))
			of_shell(s, names);
		if (interpreter)
			of_interpreter(s, names);
		shell |= is;
		shell |= launched && is_text_option(s);
		interpreter |= lint_interprets(s);
		launched |= lint_launches(s) || slice_is(s, "nc") ||
		    slice_is(s, "ncat") || slice_is(s, "netcat");
		first = false;
	}
}

void
lint_command(struct judge *j, const char *where, struct json_val c)
{
	struct json_val command = json_get(c, "command");
	struct loose own = {0};
	struct names names = {0};
	struct buf text = {0};
	size_t i, said = 0;
	struct slice name;

	if (!json_is(command, JSON_ARRAY))
		return;
	(void)buf_more(&text, json_span(command).n);
	buf_cut(&text, 0);
	collect(command, &text, &names);
	if (names.n > 0) {
		qsort(names.v, names.n, sizeof *names.v, order_of);
		loose_add(j, &own, json_get(c, "env_rules"));
		loose_sort(&own);
	}
	for (i = 0; i < names.n && said < SAID_MAX; i++) {
		name = names.v[i].name;
		if ((i > 0 && slice_order(names.v[i - 1].name, name) == 0) ||
		    !(chosen(j, &own, name) || chosen(j, platform(j), name)))
			continue;
		lint_say(j, LINT_UNSAFE, where, by_text, "command: a shell "
		    "is given $%.*s, whose value the host chooses",
		    (int)(name.n < 60 ? name.n : 60), (const char *)name.p);
		said++;
	}
	if (names.n > 0 && j->asked == ASKED_MAX)
		lint_say(j, LINT_UNSURE, where, NULL, "command: too many "
		    "variables and patterns to ask which of them fit");
	loose_free(&own);
	free(names.v);
	buf_free(&text);
}

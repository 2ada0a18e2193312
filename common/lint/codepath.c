/* codepath.c -- where a container has its programs and libraries: the paths
 * that its commands name where a program, a script or a library stands, those
 * of its variables that say where such are looked for, and where it begins to
 * work. */
#include "lint/codepath.h"

#include <stdlib.h>

#include "ground/err.h"
#include "lint/envname.h"
#include "lint/lint_in.h"

void
lint_clean(struct slice path, struct buf *out)
{
	struct slice part;
	size_t n;

	buf_cut(out, 0);
	while (path.n > 0) {
		n = slice_find(path, '/');
		part = slice_head(path, n);
		path = slice_from(path, n + 1);
		if (part.n == 0 || slice_is(part, "."))
			continue;
		if (!slice_is(part, "..")) {
			buf_addc(out, '/');
			buf_add(out, part);
			continue;
		}
		while (out->n > 0 && out->p[out->n - 1] != '/')
			buf_cut(out, out->n - 1);
		if (out->n > 0)
			buf_cut(out, out->n - 1);
	}
}

/* --- paths by their order --- */

static void
add(struct codepaths *p, struct slice path)
{
	struct buf clean = {0};

	lint_clean(path, &clean);
	/* all is in the root, which says nothing */
	if (clean.n > 0) {
		buf_add(&p->text, slice_buf(&clean));
		buf_addc(&p->text, '\0');
		p->n++;
	}
	buf_free(&clean);
}

static int
order_of(const void *a, const void *b)
{
	return slice_order(*(const struct slice *)a, *(const struct slice *)b);
}

void
codepaths_sort(struct codepaths *p)
{
	struct slice left = slice_buf(&p->text);
	size_t i;

	free(p->v);
	if ((p->v = calloc(p->n + 1, sizeof *p->v)) == NULL)
		err_nomem();
	for (i = 0; i < p->n; i++) {
		p->v[i] = slice_head(left, slice_find(left, '\0'));
		left = slice_from(left, p->v[i].n + 1);
	}
	qsort(p->v, p->n, sizeof *p->v, order_of);
}

void
codepaths_free(struct codepaths *p)
{
	free(p->v);
	buf_free(&p->text);
	*p = (struct codepaths){0};
}

/* The first that is not before that. */
static struct slice
from(const struct codepaths *p, struct slice what)
{
	size_t low = 0, high = p->n, mid;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (slice_order(p->v[mid], what) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low < p->n ? p->v[low] : (struct slice){0};
}

bool
codepaths_in(const struct codepaths *p, struct slice folder)
{
	struct buf below = {0};
	bool in;

	buf_add(&below, folder);
	buf_addc(&below, '/');
	in = slice_order(from(p, folder), folder) == 0 ||
	    slice_eq(slice_head(from(p, slice_buf(&below)), below.n),
	    slice_buf(&below));
	buf_free(&below);
	return in;
}

/* --- what names them --- */

/* What stands between ends and is a path. */
static void
add_parts(struct codepaths *p, struct slice s, const char *ends)
{
	size_t n;

	for (; s.n > 0; s = slice_from(s, n + 1)) {
		for (n = 0; n < s.n && (s.p[n] == '\0' ||
		    strchr(ends, s.p[n]) == NULL); n++)
			;
		if (slice_starts(s, "/"))
			add(p, slice_head(s, n));
	}
}

/* NAME=VALUE of a name that says where programs, libraries or modules are. */
static void
variable(struct codepaths *p, struct slice s)
{
	size_t at = slice_find(s, '=');

	if (at < s.n && envname_has_code(slice_head(s, at)))
		add_parts(p, slice_from(s, at + 1), ":;=, ");
}

/* Options of interpreters and loaders with code right behind them. */
static void
option(struct codepaths *p, struct slice s)
{
	static const char *const v[] = {"-I", "-r", "-javaagent:",
	    "-agentpath:", "-Djava.library.path=", "-Xbootclasspath:",
	    "-Xbootclasspath/a:", "--require=", "--import=", "--loader=",
	    "--experimental-loader=", "--module-path=", "--class-path=",
	    "--library-path=", "--preload=", "--init-file=", "--rcfile=",
	    "--chdir=", "--pythonpath="};
	size_t i;

	for (i = 0; i < sizeof v / sizeof *v; i++)
		if (slice_starts(s, v[i]))
			add_parts(p, slice_from(s, strlen(v[i])), ":=,");
}

/* How far the words of a command have been read. */
struct walk {
	bool program;	/* one may stand here */
	bool on;	/* behind the first, whose options may come before */
	bool shell;	/* a text of its own may follow */
};

/* find(1) starts what is behind it, env(1) and others what is behind all of
 * their options. */
static bool
is_mark(struct slice s)
{
	return slice_is(s, "-exec") || slice_is(s, "-execdir") ||
	    slice_is(s, "-ok") || slice_is(s, "-okdir");
}

static bool
is_one_word(struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		if (s.p[i] == '\0' || strchr(" \t\n;|&()`", s.p[i]) != NULL)
			return false;
	return true;
}

static void
word(struct codepaths *p, struct walk *w, struct slice s)
{
	bool runs = lint_runs_others(s, w->program);
	struct slice first = slice_head(s, slice_find(s, ' '));

	if (w->program && slice_starts(s, "-")) {
		option(p, s);
	} else if (w->program && slice_starts(s, "/")) {
		add_parts(p, first, ":");
		w->program = false;
	} else if (w->program) {
		variable(p, first);
	}
	w->program = (w->program && w->on) || is_mark(s) ||
	    lint_launches(s) || runs;
	w->shell |= runs && !lint_interprets(s);
	w->on = true;
}

/* Words of a shell behind which another command stands, or a folder. */
static bool
is_keyword(struct slice s)
{
	static const char *const v[] = {"exec", "eval", "command", "builtin",
	    "export", "then", "do", "else", "elif", "if", "while", "until",
	    "time", "!", "source", ".", "cd", "pushd"};
	size_t i;

	for (i = 0; i < sizeof v / sizeof *v; i++)
		if (slice_is(s, v[i]))
			return true;
	return false;
}

/* The next word of a text, without what quotes it; what ends commands before
 * it begins one. */
static struct slice
next(struct slice *text, struct walk *w)
{
	static const char between[] = " \t\r\"'\\", ends[] = ";|&()`{}\n";
	struct slice s;
	size_t n = 0;

	for (; text->n > 0 && (*text->p == '\0' || strchr(between, *text->p) !=
	    NULL || strchr(ends, *text->p) != NULL);
	    *text = slice_from(*text, 1))
		if (*text->p != '\0' && strchr(ends, *text->p) != NULL)
			*w = (struct walk){.program = true};
	while (n < text->n && (text->p[n] == '\0' ||
	    (strchr(between, text->p[n]) == NULL &&
	    strchr(ends, text->p[n]) == NULL)))
		n++;
	s = slice_head(*text, n);
	*text = slice_from(*text, n);
	return s;
}

/* A text that a shell is given. */
static void
script(struct codepaths *p, struct slice text)
{
	struct walk w = {.program = true};
	bool file = false;
	struct slice s;

	while ((s = next(&text, &w)).n > 0) {
		/* what a command reads or writes is no program */
		if (!file && !(w.program && !w.on && is_keyword(s)))
			word(p, &w, s);
		/* NAME=VALUE before a command */
		if (slice_find(s, '=') < s.n && !slice_starts(s, "-") &&
		    !slice_starts(s, "/"))
			w = (struct walk){.program = true};
		file = s.p[s.n - 1] == '>' || s.p[s.n - 1] == '<';
	}
}

static void
command(struct codepaths *p, struct json_val list)
{
	struct json_val v = json_first(list);
	struct walk w = {.program = true};
	struct buf text = {0};

	for (; json_has(v); v = json_next(v)) {
		buf_cut(&text, 0);
		lint_text_of(v, &text);
		if (w.shell && !is_one_word(slice_buf(&text)))
			script(p, slice_buf(&text));
		else
			word(p, &w, slice_buf(&text));
	}
	buf_free(&text);
}

/* A rule by a text, or a pattern that may be read as one. */
static void
rule(struct codepaths *p, struct json_val r)
{
	struct buf text = {0};

	lint_text_of(json_get(r, "pattern"), &text);
	variable(p, slice_buf(&text));
	buf_cut(&text, 0);
	lint_text_of(json_get(r, "name"), &text);
	buf_addc(&text, '=');
	lint_text_of(json_get(r, "value"), &text);
	variable(p, slice_buf(&text));
	buf_free(&text);
}

void
codepaths_add(struct codepaths *p, struct json_val c)
{
	struct json_val v = json_first(json_get(c, "exec_processes"));
	struct buf text = {0};

	command(p, json_get(c, "command"));
	for (; json_has(v); v = json_next(v))
		command(p, json_get(v, "command"));
	for (v = json_first(json_get(c, "env_rules")); json_has(v);
	    v = json_next(v))
		rule(p, v);
	lint_text_of(json_get(c, "working_dir"), &text);
	add(p, slice_buf(&text));
	buf_free(&text);
}

/* lintcontainer.c -- the containers of a policy, one by one. */
#include "format/lint_in.h"

#include <stdio.h>
#include <stdlib.h>

static const char pause_layer[] =
    "16b514057a06ad665f92c02863aca074fd5976c755d26bff16365299169e8415";

static bool
is_pause(struct json_val c)
{
	struct json_val layers = json_get(c, "layers");

	return json_count(layers) == 1 &&
	    json_text_is(json_first(layers), pause_layer);
}

/* A member that must be true or false. */
static void
boolean(struct judge *j, const char *where, struct json_val c,
    const char *name, bool safe, enum lint_level level, const char *allows)
{
	struct json_val v = json_get(c, name);
	bool is = false;

	if (json_has(v) && !json_bool(v, &is))
		lint_say(j, LINT_UNSURE, where, NULL, "%s is not literal",
		    name);
	else if (is != safe)
		lint_say(j, level, where, safe ? "true" : "false", "%s: %s",
		    name, allows);
}

static bool
is_shell(struct json_val word)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ash",
	    "zsh", "ksh", "fish", "busybox", "pwsh", "powershell",
	    "powershell.exe", "pwsh.exe", "cmd", "cmd.exe", "python",
	    "python3", "perl", "env"};
	struct buf text = {0};
	struct slice base;
	struct err e;
	size_t i, at;
	bool is = false;

	if (!json_is(word, JSON_STRING) ||
	    json_text(word, "command", &text, &e) < 0)
		return true;	/* who knows */
	base = slice_buf(&text);
	while ((at = slice_find(base, '/')) < base.n ||
	    (at = slice_find(base, '\\')) < base.n)
		base = slice_from(base, at + 1);
	for (i = 0; i < sizeof shells / sizeof *shells; i++)
		is |= slice_is(base, shells[i]);
	buf_free(&text);
	return is;
}

static void
exec_processes(struct judge *j, const char *where, struct json_val list)
{
	struct json_val v, word;
	struct buf text = {0};

	if (json_has(list) && !json_is(list, JSON_ARRAY) &&
	    !json_is(list, JSON_NULL))
		lint_say(j, LINT_UNSURE, where, "[]",
		    "exec_processes is not a list");
	for (v = json_first(list); json_has(v); v = json_next(v)) {
		word = json_first(json_get(v, "command"));
		buf_cut(&text, 0);
		lint_quote(word, &text);
		if (is_shell(word))
			lint_say(j, LINT_UNSAFE, where, "[]", "exec_processes: "
			    "the host may start a shell: %.*s", (int)text.n,
			    (const char *)text.p);
		else
			lint_say(j, LINT_NOTE, where, NULL, "exec_processes: "
			    "the host may start %.*s", (int)text.n,
			    (const char *)text.p);
	}
	buf_free(&text);
}

static void
user(struct judge *j, const char *where, struct json_val u)
{
	struct json_val id = json_get(u, "user_idname"), v;
	bool any;

	if (json_is(u, JSON_STRING))
		return;		/* of a Windows container */
	any = !json_has(id) ||
	    json_text_is(json_get(id, "strategy"), "any");
	for (v = json_first(json_get(u, "group_idnames")); json_has(v) && !any;
	    v = json_next(v))
		any = json_text_is(json_get(v, "strategy"), "any");
	if (any)
		lint_say(j, LINT_WEAK, where, "strategy id or name",
		    "user: the host chooses user and groups, root included");
}

static bool
is_hex64(struct json_val v)
{
	struct slice s = json_span(v);
	size_t i;

	if (!json_is(v, JSON_STRING) || s.n != 66)
		return false;
	for (i = 1; i < 65; i++)
		if (!((s.p[i] >= '0' && s.p[i] <= '9') ||
		    (s.p[i] >= 'a' && s.p[i] <= 'f')))
			return false;
	return true;
}

/* What cannot run at all. */
static void
runnable(struct judge *j, const char *where, struct json_val c)
{
	struct json_val layers = json_get(c, "layers"),
	    command = json_get(c, "command"), v;
	bool bad = false;

	if (json_count(layers) == 0 &&
	    json_count(json_get(c, "mounted_cim")) == 0)
		lint_say(j, LINT_BROKEN, where, NULL, "it has no layers");
	for (v = json_first(layers); json_has(v); v = json_next(v))
		bad |= !is_hex64(v);
	if (bad)
		lint_say(j, LINT_BROKEN, where, NULL,
		    "a layer is not 64 hex digits in lower case");
	if (json_count(command) == 0)
		lint_say(j, LINT_BROKEN, where, NULL, "it has no command, and "
		    "so matches no container");
}

static void
mounts(struct judge *j, const char *where, struct json_val list)
{
	struct json_val v, o;
	struct buf text = {0};
	bool rw;

	for (v = json_first(list); json_has(v); v = json_next(v)) {
		if (json_text_is(json_get(v, "destination"),
		    "/etc/resolv.conf"))
			continue;
		rw = false;
		for (o = json_first(json_get(v, "options")); json_has(o);
		    o = json_next(o))
			rw |= json_text_is(o, "rw");
		buf_cut(&text, 0);
		lint_quote(json_get(v, "destination"), &text);
		if (rw)
			lint_say(j, LINT_WEAK, where, "ro", "mounts: %.*s is "
			    "the host's and may be written", (int)text.n,
			    (const char *)text.p);
	}
	buf_free(&text);
}

static void
signals(struct judge *j, const char *where, struct json_val list)
{
	struct json_val v;
	int64_t n;

	for (v = json_first(list); json_has(v); v = json_next(v))
		if (!json_int(v, &n) || n != 15) {
			lint_say(j, LINT_NOTE, where, NULL, "signals: the "
			    "host may send others than SIGTERM");
			return;
		}
}

static void
container(struct judge *j, const char *where, struct json_val c)
{
	struct json_val v;

	boolean(j, where, c, "allow_stdio_access", false, LINT_UNSAFE,
	    "the host reads its output and writes its input");
	boolean(j, where, c, "allow_elevated", false, LINT_UNSAFE,
	    "it may run privileged");
	exec_processes(j, where, json_get(c, "exec_processes"));
	runnable(j, where, c);
	if (is_pause(c))
		return;		/* the platform's; the rest is its business */
	user(j, where, json_get(c, "user"));
	signals(j, where, json_get(c, "signals"));
	lint_environment(j, where, json_get(c, "env_rules"));
	if (json_has(json_get(c, "mounted_cim")) ||
	    json_is(json_get(c, "user"), JSON_STRING))
		return;		/* Windows has none of what follows */
	boolean(j, where, c, "no_new_privileges", true, LINT_WEAK,
	    "its processes may gain privileges by setuid programs");
	v = json_get(c, "capabilities");
	if (!json_has(v) || json_is(v, JSON_NULL))
		lint_say(j, LINT_WEAK, where, "the sets it needs",
		    "capabilities: those of the runtime, all if privileged");
	v = json_get(c, "seccomp_profile_sha256");
	if (!json_has(v) || json_text_is(v, ""))
		lint_say(j, LINT_WEAK, where, "a profile's hash",
		    "seccomp_profile_sha256: it runs without a profile");
	mounts(j, where, json_get(c, "mounts"));
}

/* Where a container is, and what it is called. */
static void
place(struct json_val c, size_t i, struct buf *out)
{
	struct json_val name = json_get(c, "name");

	if (!json_is(name, JSON_STRING))
		name = json_get(c, "id");
	buf_cut(out, 0);
	buf_addf(out, "containers[%zu]", i);
	if (is_pause(c)) {
		buf_adds(out, " pause");
	} else if (json_is(name, JSON_STRING)) {
		buf_addc(out, ' ');
		lint_quote(name, out);
	}
	buf_addc(out, '\0');
}

/* A container's text without what only names it, or lets the framework choose
 * between two. */
static struct buf
essence(struct json_val c)
{
	static const char *const apart[] = {"id", "name",
	    "allow_stdio_access"};
	struct buf text = {0};
	struct json_val v;
	size_t i;
	bool skip;

	for (v = json_first(c); json_has(v); v = json_next(v)) {
		skip = false;
		for (i = 0; i < sizeof apart / sizeof *apart; i++)
			skip |= json_text_is(json_name(v), apart[i]);
		if (skip)
			continue;
		buf_add(&text, json_span(json_name(v)));
		json_compact(v, &text);
	}
	return text;
}

struct twin {
	struct buf text;
	size_t i;
	bool stdio;
};

static int
order(const void *a, const void *b)
{
	const struct twin *x = a, *y = b;
	size_t n = x->text.n < y->text.n ? x->text.n : y->text.n;
	int d = n > 0 ? memcmp(x->text.p, y->text.p, n) : 0;

	if (d != 0)
		return d;
	if (x->text.n != y->text.n)
		return x->text.n < y->text.n ? -1 : 1;
	return x->i < y->i ? -1 : x->i > y->i;
}

/* Containers that cannot be told apart. */
static void
twins(struct judge *j, struct json_val list, size_t n)
{
	struct twin *t;
	struct json_val v = json_first(list);
	char where[40];
	size_t i;

	if ((t = calloc(n + 1, sizeof *t)) == NULL)
		err_nomem();
	for (i = 0; i < n; i++, v = json_next(v)) {
		t[i] = (struct twin){essence(v), i, false};
		(void)json_bool(json_get(v, "allow_stdio_access"),
		    &t[i].stdio);
	}
	qsort(t, n, sizeof *t, order);
	for (i = 1; i < n; i++) {
		if (!slice_eq(slice_buf(&t[i - 1].text),
		    slice_buf(&t[i].text)))
			continue;
		(void)snprintf(where, sizeof where, "containers[%zu]", t[i].i);
		if (t[i].stdio == t[i - 1].stdio)
			lint_say(j, LINT_NOTE, where, NULL,
			    "the same as containers[%zu]", t[i - 1].i);
		else
			lint_say(j, LINT_BROKEN, where, NULL, "differs from "
			    "containers[%zu] in allow_stdio_access only: the "
			    "framework refuses both", t[i - 1].i);
	}
	for (i = 0; i < n; i++)
		buf_free(&t[i].text);
	free(t);
}

void
lint_containers(struct judge *j)
{
	struct json_val list = rego_value(j->rego, "containers"), v;
	struct buf where = {0};
	size_t i = 0;

	if (!rego_sure(j->rego, "containers") ||
	    (json_has(list) && !json_is(list, JSON_ARRAY)) ||
	    json_count(list) > LINT_CONTAINERS_MAX) {
		lint_say(j, LINT_UNSURE, "containers", NULL,
		    "not a list, or more than %d", LINT_CONTAINERS_MAX);
		return;
	}
	for (v = json_first(list); json_has(v); v = json_next(v)) {
		place(v, i++, &where);
		if (json_is(v, JSON_OBJECT) && !lint_refers(v))
			container(j, (char *)where.p, v);
		else
			lint_say(j, LINT_UNSURE, (char *)where.p, NULL,
			    "not literal");
	}
	twins(j, list, json_count(list));
	buf_free(&where);
}

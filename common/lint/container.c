/* container.c -- the containers of a policy, one by one. */
#include "lint/lint_in.h"

#include <stdio.h>

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

/* A member that must be a list, or null where it may be; what it holds, or
 * nothing. */
static struct json_val
list(struct judge *j, const char *where, struct json_val c, const char *name)
{
	struct json_val v = json_get(c, name);

	if (json_is(v, JSON_ARRAY) || json_is(v, JSON_NULL))
		return v;
	if (json_has(v))
		lint_say(j, LINT_UNSURE, where, NULL, "%s is not a list",
		    name);
	return (struct json_val){0};
}

/* The program that a command's first word names: no path, in lower case and
 * without .exe.  On Windows one word holds all of a command. */
static void
program(struct slice word, struct buf *out)
{
	static const char exe[] = ".exe";
	size_t at, i;

	while ((at = slice_find(word, '/')) < word.n ||
	    (at = slice_find(word, '\\')) < word.n)
		word = slice_from(word, at + 1);
	word = slice_head(word, slice_find(word, ' '));
	word = slice_head(word, slice_find(word, '"'));
	for (i = 0; i < word.n; i++)
		buf_addc(out, word.p[i] >= 'A' && word.p[i] <= 'Z' ?
		    word.p[i] | 32 : word.p[i]);
	at = sizeof exe - 1;
	if (out->n > at && slice_is(slice_from(slice_buf(out), out->n - at),
	    exe))
		buf_cut(out, out->n - at);
}

static bool
runs_others(struct slice name)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ash",
	    "zsh", "ksh", "mksh", "csh", "tcsh", "rbash", "fish", "busybox",
	    "toybox", "pwsh", "powershell", "cmd", "cscript", "wscript",
	    "mshta", "env", "su", "sudo", "chroot", "nsenter", "unshare",
	    "xargs", "gdb", "awk", "gawk", "mawk"};
	/* python3.11 and the like */
	static const char *const interpreters[] = {"python", "perl", "ruby",
	    "node", "php", "lua"};
	size_t i;

	for (i = 0; i < sizeof shells / sizeof *shells; i++)
		if (slice_is(name, shells[i]))
			return true;
	for (i = 0; i < sizeof interpreters / sizeof *interpreters; i++)
		if (slice_starts(name, interpreters[i]))
			return true;
	return false;
}

/* It runs what it is told to: a shell, an interpreter, or what starts one.
 * What comes first counts, whether it is behind a path with blanks or not. */
static bool
is_shell(struct json_val word)
{
	struct buf text = {0}, name = {0};
	struct slice first;
	bool is;

	if (!json_is(word, JSON_STRING))
		return true;	/* who knows */
	lint_text_of(word, &text);
	program(slice_buf(&text), &name);
	is = runs_others(slice_buf(&name));
	buf_cut(&name, 0);
	first = slice_buf(&text);
	program(slice_head(first, slice_find(first, ' ')), &name);
	is |= runs_others(slice_buf(&name));
	buf_free(&name);
	buf_free(&text);
	return is;
}

static void
exec_processes(struct judge *j, const char *where, struct json_val c)
{
	struct json_val v = json_first(list(j, where, c, "exec_processes"));
	struct json_val word;
	struct buf text = {0};

	for (; json_has(v); v = json_next(v)) {
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
		boolean(j, where, v, "allow_stdio_access", false, LINT_UNSAFE,
		    "the host reads the output of what it starts");
	}
	buf_free(&text);
}

/* Whether a user or group is of the host's choosing: any, or whatever fits a
 * pattern, which older platforms do not anchor. */
static bool
is_any(struct json_val id)
{
	return json_text_is(json_get(id, "strategy"), "any") ||
	    json_text_is(json_get(id, "strategy"), "re2");
}

static bool
is_one(struct json_val id)
{
	return json_text_is(json_get(id, "strategy"), "id") ||
	    json_text_is(json_get(id, "strategy"), "name");
}

static void
user(struct judge *j, const char *where, struct json_val u)
{
	struct json_val id = json_get(u, "user_idname"), v;
	bool any = !json_has(id) || is_any(id), unsure = !any && !is_one(id);

	if (json_is(u, JSON_STRING))
		return;		/* of a Windows container */
	for (v = json_first(json_get(u, "group_idnames")); json_has(v);
	    v = json_next(v)) {
		any |= is_any(v);
		unsure |= !is_any(v) && !is_one(v);
	}
	if (unsure)
		lint_say(j, LINT_UNSURE, where, "strategy id or name",
		    "user: a strategy that is not known");
	else if (any)
		lint_say(j, LINT_WEAK, where, "strategy id or name",
		    "user: the host chooses user and groups, root included");
}

/* Those of a runtime when nobody asks for any. */
static bool
is_usual(struct json_val capability)
{
	static const char *const usual[] = {"CAP_AUDIT_WRITE", "CAP_CHOWN",
	    "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL",
	    "CAP_MKNOD", "CAP_NET_BIND_SERVICE", "CAP_NET_RAW",
	    "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP", "CAP_SETUID",
	    "CAP_SYS_CHROOT"};
	size_t i;

	for (i = 0; i < sizeof usual / sizeof *usual; i++)
		if (json_text_is(capability, usual[i]))
			return true;
	return false;
}

static void
capabilities(struct judge *j, const char *where, struct json_val c)
{
	struct json_val set, v;
	struct buf text = {0};

	if (!json_has(c) || json_is(c, JSON_NULL)) {
		lint_say(j, LINT_WEAK, where, "the sets it needs",
		    "capabilities: those of the runtime, all if privileged");
		return;
	}
	if (!json_is(c, JSON_OBJECT))
		lint_say(j, LINT_UNSURE, where, NULL,
		    "capabilities: neither null nor sets");
	for (set = json_first(c); json_has(set); set = json_next(set))
		for (v = json_first(set); json_has(v); v = json_next(v)) {
			if (is_usual(v) || text.n > 0)
				continue;
			lint_quote(v, &text);
			lint_say(j, LINT_WEAK, where, "the sets it needs",
			    "capabilities: beyond those of a runtime: %.*s",
			    (int)text.n, (const char *)text.p);
		}
	buf_free(&text);
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
	struct json_val layers = list(j, where, c, "layers"),
	    command = list(j, where, c, "command"), v;
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

/* The one that every container has. */
static bool
is_resolver(struct json_val mount)
{
	return json_text_is(json_get(mount, "destination"),
	    "/etc/resolv.conf") && json_text_is(json_get(mount, "source"),
	    "sandbox:///tmp/atlas/resolvconf/.+");
}

static void
mounts(struct judge *j, const char *where, struct json_val mount)
{
	struct json_val o;
	struct buf text = {0};
	bool ro;

	for (; json_has(mount); mount = json_next(mount)) {
		if (is_resolver(mount))
			continue;
		ro = false;
		for (o = json_first(json_get(mount, "options")); json_has(o);
		    o = json_next(o))
			ro |= json_text_is(o, "ro");
		buf_cut(&text, 0);
		lint_quote(json_get(mount, "destination"), &text);
		lint_say(j, ro ? LINT_NOTE : LINT_WEAK, where, ro ? NULL :
		    "ro", "mounts: what is in %.*s is the host's%s",
		    (int)text.n, (const char *)text.p, ro ? "" :
		    " and may be written");
	}
	buf_free(&text);
}

static void
signals(struct judge *j, const char *where, struct json_val v)
{
	int64_t n;

	for (; json_has(v); v = json_next(v))
		if (!json_int(v, &n) || n != 15) {
			lint_say(j, LINT_NOTE, where, NULL, "signals: the "
			    "host may send others than SIGTERM");
			return;
		}
}

/* What a Windows container has not. */
static void
linux_only(struct judge *j, const char *where, struct json_val c)
{
	struct json_val v;

	boolean(j, where, c, "no_new_privileges", true, LINT_WEAK,
	    "its processes may gain privileges by setuid programs");
	capabilities(j, where, json_get(c, "capabilities"));
	v = json_get(c, "seccomp_profile_sha256");
	if (!json_has(v) || json_text_is(v, ""))
		lint_say(j, LINT_WEAK, where, "a profile's hash",
		    "seccomp_profile_sha256: it runs without a profile");
	mounts(j, where, json_first(list(j, where, c, "mounts")));
}

/* By its user, which is an object elsewhere, and by what it does not name. */
static bool
is_windows(struct json_val c)
{
	return json_is(json_get(c, "user"), JSON_STRING) &&
	    !json_has(json_get(c, "capabilities")) &&
	    !json_has(json_get(c, "seccomp_profile_sha256")) &&
	    !json_has(json_get(c, "no_new_privileges")) &&
	    !json_has(json_get(c, "mounts"));
}

static void
container(struct judge *j, const char *where, struct json_val c)
{
	boolean(j, where, c, "allow_stdio_access", false, LINT_UNSAFE,
	    "the host reads its output and writes its input");
	boolean(j, where, c, "allow_elevated", false, LINT_UNSAFE,
	    "it may run privileged");
	exec_processes(j, where, c);
	runnable(j, where, c);
	if (is_pause(c))
		return;		/* the platform's; the rest is its business */
	user(j, where, json_get(c, "user"));
	signals(j, where, json_first(list(j, where, c, "signals")));
	lint_environment(j, where, json_get(c, "env_rules"));
	if (!is_windows(c))
		linux_only(j, where, c);
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
	lint_twins(j, list);
	buf_free(&where);
}
